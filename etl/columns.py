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
MOST_KNOWN = 200_000  # distinct cells of a column that are remembered


def worked_out(rows: pl.DataFrame, *wanted: pl.Expr) -> pl.DataFrame:
    """Expressions over rows, each part of them once.

    A reader names what it made of a cell several times, and an eager select works it out as often.
    """
    return rows.lazy().select(wanted).collect()


def read_cells(raw: pl.Series, read: Read) -> pl.Series:
    """Every cell read, one by one."""
    return worked_out(pl.select(cell=raw), read(CELL)).to_series()


class Distinct:
    """Reads columns of any kind, and remembers what it read: the blocks of a file hold much the same cells.

    Blocks may be read at once: two that find the same new cell both read it, and one of the answers stays.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: pl.DataFrame | None = None  # cell, value, unread: one row per distinct cell

    def __call__(self, raw: pl.Series) -> Answer:
        """The column read."""
        if isinstance(raw.dtype, pl.Enum):
            return _of_enum(raw, self._recalled)
        if _is_repeated(raw.head(SAMPLE)) and _is_repeated(raw):
            return _of_enum(raw.cast(pl.Enum(raw.drop_nulls().unique())), self._recalled)
        return _read(raw, self._read)

    def _recalled(self, distinct: pl.Series) -> Answer:
        asked = distinct.alias("cell").to_frame()
        known = self._known
        if known is None or (found := _looked_up(asked, known))["unread"].null_count():
            new = asked if known is None else asked.filter(found["unread"].is_null())
            values, unread = _read(new["cell"], self._read)
            mask = pl.repeat(False, new.height, eager=True) if unread is None else unread
            fresh = new.with_columns(value=values, unread=mask)
            known = fresh if known is None else pl.concat([known, fresh])
            if known.height <= MOST_KNOWN:
                self._known = known
            found = _looked_up(asked, known)
        _, values, unread = found
        return values, unread if unread.any() else None


def _looked_up(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """What is known of the cells asked for, nulls of those that are new."""
    return asked.join(known, on="cell", how="left", maintain_order="left")


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
