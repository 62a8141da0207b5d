"""Reading a whole column of cells: each distinct one once in a file, plain numbers on a fast path.

A column is String, or an Enum of its block's distinct cells. The second of each answer marks the filled
cells that could not be read; it is None where there are none.
"""

from collections.abc import Callable

import polars as pl

from etl import cells

Read = Callable[[pl.Expr], pl.Expr]
Answer = tuple[pl.Series, pl.Series | None]
CELL = pl.col("cell")
REPEATED = 0.5  # of the cells: with more distinct ones than that it is quicker to read them all
SAMPLE = 1_000  # cells that tell as much in nearly all columns
MOST_KNOWN = 200_000  # distinct cells of a column that are remembered; then all are forgotten


def worked_out(rows: pl.DataFrame, *wanted: pl.Expr) -> pl.DataFrame:
    """Expressions over rows, each part of them once.

    A reader names what it made of a cell several times, and an eager select works it out as often.
    """
    return rows.lazy().select(wanted).collect()


def read_cells(raw: pl.Series, read: Read) -> pl.Series:
    """Every cell read, one by one."""
    return worked_out(pl.select(cell=raw), read(CELL)).to_series()


class Distinct:
    """Reads columns of any kind, and remembers what it read: the blocks of a file, one after the other, hold much
    the same cells."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._forget()

    def _forget(self) -> None:
        self._places: dict[str, int] = {}  # by cell, where in the next two its value stands
        self._values: pl.Series | None = None
        self._unread = pl.Series(dtype=pl.Boolean)

    def __call__(self, raw: pl.Series) -> Answer:
        """The column read."""
        if isinstance(raw.dtype, pl.Enum):
            return _of_enum(raw, self._recalled)
        if _is_repeated(raw.head(SAMPLE)) and _is_repeated(raw):
            return _of_enum(raw.cast(pl.Enum(raw.drop_nulls().unique())), self._recalled)
        return _read(raw, self._read)

    def _recalled(self, distinct: pl.Series) -> Answer:
        asked = distinct.to_list()
        if self._values is None or not self._places.keys() >= set(asked):
            self._learn(distinct, asked)
        assert self._values is not None
        places = pl.Series([self._places[cell] for cell in asked], dtype=pl.UInt32)
        unread = self._unread.gather(places)
        return self._values.gather(places), unread if unread.any() else None

    def _learn(self, distinct: pl.Series, asked: list[str]) -> None:
        """Read the cells that are not known yet."""
        if len(self._places) + len(asked) > MOST_KNOWN:
            self._forget()
        new = distinct.filter(pl.Series([cell not in self._places for cell in asked], dtype=pl.Boolean))
        values, mask = _read(new, self._read)
        unread = pl.repeat(False, len(new), eager=True) if mask is None else mask
        self._places |= {cell: place for place, cell in enumerate(new.to_list(), len(self._places))}
        self._values = values if self._values is None else pl.concat([self._values, values])
        self._unread = pl.concat([self._unread, unread])


class Numbers:
    """Reads columns of numbers: plain ones, nearly all of a large file, several times as fast as the others.

    plain: the reader of cells like PLAIN_NUMBER, careful: that of all.
    """

    def __init__(self, plain: Read, careful: Read) -> None:
        self._plain, self._careful = plain, Distinct(careful)

    def plain(self, cell: pl.Expr) -> pl.Expr:
        """The plain numbers of a String column, null for any other cell: polars works several out at once."""
        return pl.when(cell.str.contains(cells.PLAIN_NUMBER)).then(self._plain(cell))

    def __call__(self, raw: pl.Series, plain: pl.Series | None = None) -> Answer:
        """The column read; ``plain``: its plain numbers where they are known already."""
        if isinstance(raw.dtype, pl.Enum):
            return _of_enum(raw, self)
        quick = pl.select(cell=raw).select(self.plain(CELL)).to_series() if plain is None else plain
        if quick.null_count() == raw.null_count():
            return quick, None
        values, unread = self._careful(pl.select(pl.when(quick.is_null()).then(raw)).to_series())
        return pl.select(pl.when(quick.is_null()).then(values).otherwise(quick)).to_series(), unread


def _is_repeated(raw: pl.Series) -> bool:
    return raw.n_unique() <= REPEATED * raw.len()


def _of_enum(raw: pl.Series, read: Callable[[pl.Series], Answer]) -> Answer:
    assert isinstance(raw.dtype, pl.Enum)
    values, unread = read(raw.dtype.categories)
    codes = raw.to_physical()
    mask = None if unread is None else unread.gather(codes).fill_null(False)
    return values.gather(codes), mask if mask is not None and mask.any() else None


def _read(raw: pl.Series, read: Read) -> Answer:
    """The values, and which cells are filled, though nothing was read from them."""
    values = read_cells(raw, read)
    if values.null_count() == raw.null_count():
        return values, None
    mask = values.is_null() & read_cells(raw, lambda cell: cells.tidy(cell).is_not_null())
    return values, mask if mask.any() else None
