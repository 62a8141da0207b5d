"""Who is told when rows of firms are read: the page under way, whether the answer was kept or is asked anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Told = Callable[[str], None]
_told: ContextVar[Told | None] = ContextVar("told", default=None)


@contextmanager
def watched(told: Told) -> Iterator[None]:
    """Within, ``told`` hears whose rows are read before anybody gets them; what it raises keeps them back."""
    before = _told.set(told)
    try:
        yield
    finally:
        _told.reset(before)


@contextmanager
def gathered() -> Iterator[set[str]]:
    """Within, what is read is gathered, to be told with each use of the answer that is kept."""
    whose: set[str] = set()
    with watched(whose.add):
        yield whose


def tell(whose: str) -> None:
    """Rows of firms are about to be read. whose: a unit's code, the city's for all, or what else they are of."""
    if told := _told.get():
        told(whose)
