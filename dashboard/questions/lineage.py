"""The files and rows that a number rests on, as far as the viewer may see them."""

from dataclasses import dataclass

from dashboard import store
from dashboard.store import Gate
from etl.explain import SourceFile, SourceRow, source_files, source_rows
from etl.policy import Indicator
from etl.sources import ALL

MOST_ROWS = 200
MOST_TAKEN = 200_000  # rows of a file to take along; a spreadsheet holds a million
# A file that identifies firms by their code names firms in every row.
FIRM_KINDS = frozenset(source.kind for source in ALL if "uscc" in source.schema.column_names())


@dataclass(frozen=True)
class Trace:
    """Where a number comes from. files: each with its number of rows; rows: the first of them that may be shown.

    hidden: how many rows name firms that the viewer may not see.
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
    hidden = _hidden(gate, unit)

    def found() -> Trace:
        files = store.ask(gate, lambda con: source_files(con, indicator, unit, period))
        rows = store.ask(gate, lambda con: source_rows(con, indicator, unit, period, MOST_ROWS, hidden))
        return Trace(files, rows, sum(file.rows for file in files if file.kind in hidden))

    return store.remember(gate, ("trace", indicator.id, unit, period), found)


def taken(gate: Gate, indicator: Indicator, unit: str, period: str) -> tuple[SourceRow, ...]:
    """The rows to take along, as far as the viewer may see them; never kept."""
    hidden = _hidden(gate, unit)
    return store.ask(gate, lambda con: source_rows(con, indicator, unit, period, MOST_TAKEN, hidden))


def _hidden(gate: Gate, unit: str) -> frozenset[str]:
    """The kinds of files whose rows the viewer may only count."""
    if not store.sees_firms(gate, unit):
        return FIRM_KINDS
    store.require_firms(gate, unit)  # which tells that they are read
    return frozenset()
