"""Reading a whole column of cells: each distinct one once, plain numbers on a fast path.

The second of each answer marks the filled cells that could not be read; it is None where there are none.
"""

from collections.abc import Callable

import polars as pl

from etl import cells

Read = Callable[[pl.Expr], pl.Expr]
Answer = tuple[pl.Series, pl.Series | None]
CELL = pl.col("cell")
MOST_KNOWN = 200_000


def read_cells(raw: pl.Series, read: Read) -> pl.Series:
    """Every cell read, one by one."""
    return pl.select(cell=raw).select(read(CELL)).to_series()


class Distinct:
    """Reads a column that repeats itself, and remembers its cells over all blocks of a table."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._cells = pl.Series(dtype=pl.String)
        self._values = read_cells(self._cells, read)
        self._unread = self._cells

    def __call__(self, raw: pl.Series) -> Answer:
        values = self._known(raw)
        if values.null_count() > raw.null_count():
            new = raw.filter(values.is_null()).drop_nulls().unique()
            new = new.filter(~new.is_in(self._cells.implode()))
            if 2 * new.len() > raw.len() or new.len() > MOST_KNOWN:
                values = read_cells(raw, self._read)
                return values, _unread(raw, values)
            if new.len():
                self._learn(new)
                values = self._known(raw)
        mask = raw.is_in(self._unread.implode()).fill_null(False) if self._unread.len() else None
        return values, mask if mask is not None and mask.any() else None

    def _known(self, raw: pl.Series) -> pl.Series:
        if not self._cells.len():
            return pl.repeat(None, raw.len(), dtype=self._values.dtype, eager=True)
        return raw.replace_strict(self._cells, self._values, default=None, return_dtype=self._values.dtype)

    def _learn(self, new: pl.Series) -> None:
        values = read_cells(new, self._read)
        unread = _unread(new, values)
        if self._cells.len() + new.len() > MOST_KNOWN:
            self._cells, self._values = self._cells.clear(), self._values.clear()
        self._cells, self._values = pl.concat([self._cells, new]), pl.concat([self._values, values])
        if unread is not None:
            self._unread = pl.concat([self._unread, new.filter(unread)])


class Numbers:
    """Reads a column of numbers: plain ones, nearly all of a large file, several times as fast as the others."""

    def __init__(self, read: Read, read_plain: Read) -> None:
        self._read_plain = read_plain
        self._others = Distinct(read)

    def __call__(self, raw: pl.Series) -> Answer:
        plain = read_cells(raw, lambda cell: pl.when(cell.str.contains(cells.PLAIN_NUMBER)).then(cell))
        quick = read_cells(plain, self._read_plain)
        if quick.null_count() == raw.null_count():
            return quick, None
        values, unread = self._others(pl.select(pl.when(quick.is_null()).then(raw)).to_series())
        return pl.select(pl.when(quick.is_null()).then(values).otherwise(quick)).to_series(), unread


def _unread(raw: pl.Series, values: pl.Series) -> pl.Series | None:
    """Which cells are filled, though nothing was read from them."""
    if values.null_count() == raw.null_count():
        return None
    mask = values.is_null() & read_cells(raw, lambda cell: cells.tidy(cell).is_not_null())
    return mask if mask.any() else None
