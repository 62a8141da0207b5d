"""The annotations that stand beside a chart on another page."""

from collections.abc import Hashable, Sequence
from datetime import date

from dashboard.notes import book
from dashboard.notes.record import Annotation
from dashboard.parts import notes as parts
from dashboard.shell import Ground


def draw(ground: Ground, topic: str, notes: Sequence[Annotation]) -> str:
    """The list of what the chart's numbered marks say. topic: the one indicator they are about, or ``all``."""
    writes = book.may_write(ground.gate.viewer)
    return parts.beside(ground.policy, ground.view, topic, notes, date.today(), writes)


def key(ground: Ground, notes: Sequence[Annotation]) -> tuple[Hashable, ...]:
    """What a page with that list depends on beside its view: an annotation may change or fall due at any time."""
    return (*notes, date.today())


def show(ground: Ground, topic: str, notes: Sequence[Annotation]) -> None:
    """The same list as a part of its own."""
    ground.show("noted", lambda: draw(ground, topic, notes), *key(ground, notes))
