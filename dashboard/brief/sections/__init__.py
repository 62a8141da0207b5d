"""The sections of a brief, a module each: ``build`` makes one from the facts. ``compose`` puts them together."""
