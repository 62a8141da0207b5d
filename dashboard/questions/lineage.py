"""The files and rows that a number rests on, as far as the viewer may see them."""

from dataclasses import dataclass

from dashboard import store
from dashboard.rights import may
from dashboard.store import Gate
from etl.explain import ALL_ROWS, Listed, SourceFile, SourceRow, sources
from etl.policy import Indicator
from etl.sources import ALL

MOST_ROWS = 200
MOST_TAKEN = 200_000  # rows of a file to take along; a spreadsheet holds a million
# Rows of any other kind, also of one that nobody knows, may be of single firms.
FIRMLESS_KINDS = frozenset(source.kind for source in ALL if not source.names_firms)


@dataclass(frozen=True)
class Trace:
    """Where a number comes from. files: each with its number of rows; rows: the first of them that may be shown.

    hidden: how many rows are of firms that the viewer may not see.
    """

    files: tuple[SourceFile, ...]
    rows: tuple[SourceRow, ...]
    hidden: int

    @property
    def total(self) -> int:
        """All rows, shown or not."""
        return sum(file.rows for file in self.files)


def trace(gate: Gate, indicator: Indicator, unit: str, period: str) -> Trace:
    """The way back from one number. It reads facts, so a page asks only when the reader does."""
    listed = _listed(gate, unit)

    def found() -> Trace:
        files, rows = store.ask(gate, lambda con: sources(con, indicator, unit, period, MOST_ROWS, listed))
        return Trace(files, rows, sum(file.hidden for file in files))

    return store.remember(gate, ("trace", indicator.id, unit, period), found)


def taken(gate: Gate, indicator: Indicator, unit: str, period: str) -> tuple[SourceRow, ...]:
    """The rows to take along, as far as the viewer may see them; never kept."""
    listed = _listed(gate, unit)
    return store.ask(gate, lambda con: sources(con, indicator, unit, period, MOST_TAKEN, listed))[1]


def _listed(gate: Gate, unit: str) -> Listed:
    """The rows that the viewer may read: a county of its firms those of months in which they were its own."""
    if not store.sees_firms(gate, unit):
        return Listed(FIRMLESS_KINDS)
    store.require_firms(gate, unit)  # which tells that they are read
    return ALL_ROWS if may(gate.viewer, "all_firms") else Listed(own_alone=True)
