"""What one check of the installation found."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NAMED = 3


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


def some(names: Sequence[str], what: str) -> str:
    """How many there are of what, and the first of them by name; empty for none."""
    first = "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")
    return f"{len(names)} {what}：{first}" if names else ""
