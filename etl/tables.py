"""What a file is once opened: tables of text, with damage marked where it is.

A mark stands in the cell it concerns: U+FFFD, one letter, what is to be told, U+FFFD. So damage
travels with its row to the quarantine, whatever reader finds it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

HEAD_ROWS = 60
MAX_COLUMNS = 700
MAX_DETAIL = 300
MARK = "\ufffd"
BAD_BYTE, BAD_QUOTES, TOO_WIDE, CUT, NO_RESULT, CELL_ERROR, LOST_DIGITS = "bqwcfel"
ROW_SORTS = BAD_QUOTES + TOO_WIDE + CUT  # of damage to the whole row
CELL_SORTS = NO_RESULT + CELL_ERROR + LOST_DIGITS  # of damage to nothing but their own cell
CELL_MARKS = rf"{MARK}[{CELL_SORTS}]([^{MARK}]*){MARK}"
MARK_PATTERN = rf"{MARK}([{BAD_BYTE}{ROW_SORTS}{CELL_SORTS}])([^{MARK}]*){MARK}"
DAY_ZERO = "1899-12-30"  # of the numbers that stand for days


Merge = tuple[int, int, int]


@dataclass(frozen=True)
class Table:
    """One visible sheet, or a whole text file (sheet "").

    head: the first rows as (row number, cells). frames: all rows in order, columns ``row`` (Int32,
    1 is the sheet's first), ``damaged`` (Boolean: a mark stands in the row), ``c0`` … (String, or an Enum
    of the frame's distinct cells; null or empty where the cell is).

    left: how many columns of the sheet stand before c0. day_zero: of its serial dates. merged: cells over several
    rows of one column, as (column, first row, last row).
    """

    sheet: str
    head: list[tuple[int, list[str]]]
    frames: Callable[[], Iterator[pl.DataFrame]]
    left: int = 0
    day_zero: str = DAY_ZERO
    merged: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A file's tables, and what the sender should know about how it was read."""

    tables: list[Table]
    notes: list[str]


def mark(sort: str, detail: str) -> str:
    """The text of a mark; the detail is cut to what a reader needs, and marks within it lose their own signs."""
    return f"{MARK}{sort}{detail.replace(MARK, '')[:MAX_DETAIL]}{MARK}"


def table_of_rows(sheet: str, frame: pl.DataFrame, marked: bool) -> Table:
    """A table held whole in memory; the frame has String columns only, one row a sheet row.

    marked: whether marks may stand in cells.
    """
    cells = frame.rename({name: f"c{index}" for index, name in enumerate(frame.columns)})
    found = pl.any_horizontal(pl.all().str.contains(MARK, literal=True).fill_null(False))
    damaged = found if marked else pl.lit(False)
    rows = pl.int_range(1, pl.len() + 1, dtype=pl.Int32)
    whole = cells.select(rows.alias("row"), damaged.alias("damaged"), pl.all())
    return Table(sheet, head_of(cells), lambda: iter((whole,)))


def head_of(cells: pl.DataFrame) -> list[tuple[int, list[str]]]:
    """The first rows with their numbers, empty cells as empty text."""
    rows = cells.head(HEAD_ROWS).rows()
    return [(number, [cell or "" for cell in row]) for number, row in enumerate(rows, start=1)]
