"""Annotations as small numbered marks on a chart of one light over time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.board import Light
from dashboard.notes.record import Annotation
from dashboard.parts.notes import brief, numbered

LONGEST = 120  # characters; the whole text stands in the list below


@dataclass(frozen=True)
class Mark:
    """An annotation at a month: the number that it bears in the list, and what it says in brief."""

    number: str
    words: str


Marks = Mapping[str, Sequence[Mark]]  # by month


def of(lights: Sequence[Light], notes: Sequence[Annotation]) -> Marks:
    """The marks of a chart of those lights.

    notes: as they are listed beside it, in the same order and numbering; those about other things bear no mark.
    """
    here = {(light.indicator, light.unit, light.period) for light in lights}
    found: dict[str, list[Mark]] = {}
    for number, note in numbered(notes):
        if (note.indicator, note.unit, note.period) in here:
            found.setdefault(note.period, []).append(Mark(number, _short(brief(note))))
    return found


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"
