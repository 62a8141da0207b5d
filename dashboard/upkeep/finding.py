"""What one check of the installation found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the doctor. name: what was looked at; said: what was found; todo: what to do, empty where good."""

    name: str
    good: bool
    said: str
    todo: str = ""


def found(name: str, faults: str, good: str, todo: str) -> Finding:
    """Good in those words where there are no faults."""
    return Finding(name, False, faults, todo) if faults else Finding(name, True, good)
