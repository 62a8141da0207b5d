"""The money of the document: its items as data, payments checked against them, and who may still apply."""
