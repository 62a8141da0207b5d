"""Questions to the snapshot, one module a topic: small functions that take the gate and give records."""
