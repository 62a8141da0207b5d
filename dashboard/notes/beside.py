"""The annotations that stand beside a chart on another page: one line for the page to say."""

from collections.abc import Sequence
from datetime import date

from dashboard.notes import book
from dashboard.notes.record import Annotation
from dashboard.parts import notes as parts
from dashboard.shell import Ground


def show(ground: Ground, topic: str, notes: Sequence[Annotation]) -> None:
    """List what the chart's numbered marks say. topic: the one indicator they are about, or ``all``."""
    today, writes = date.today(), book.may_write(ground.gate.viewer)
    key = (*((note.id, note.version) for note in notes), today)
    ground.show("noted", lambda: parts.beside(ground.policy, ground.view, topic, notes, today, writes), *key)
