"""Blocks of delimited text that are perfectly regular: parsed as bytes, each repeated cell decoded once.

A block counts as regular when its bytes prove it: it is well-formed, without line breaks within cells,
each row as wide as the header, each byte text. Anything else is left to the slower ways.
"""

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import csv

from etl.buffers import column_of, content_of
from etl.encoding import count_of
from etl.tables import MARK

QUOTE, LINE_FEED, CARRIAGE_RETURN = b'"\n\r'
ODD_SIGNS = [MARK, "\ufeff"]  # what an earlier conversion lost, and a byte-order mark in the middle
REPEATED = 0.25  # of the rows: a column with more distinct cells than that is kept as it is


class RegularParser:
    """Parses the blocks of one file, and learns from them which columns repeat themselves."""

    def __init__(self, encoding: str, delimiter: str, width: int) -> None:
        self._encoding, self._delimiter = encoding, delimiter
        self._names = [f"c{index}" for index in range(width)]
        self._distinct: set[str] = set()

    def __call__(self, data: bytes) -> pl.DataFrame | None:
        """The cells of a block (c0 …): String, or an Enum of the block's cells; None where anything is odd."""
        if not is_well_formed(data, self._delimiter):
            return None
        try:
            table = self._parsed(data)
            if table.num_rows != line_count(data):
                return None  # there are line breaks within quotes
            columns = {name: self._texts(name, table[name].combine_chunks()) for name in self._names}
        except (pa.ArrowInvalid, UnicodeError):
            return None
        return pl.DataFrame(columns)

    def _parsed(self, data: bytes) -> pa.Table:
        repeated = pa.dictionary(pa.int32(), pa.binary())
        types = {name: pa.binary() if name in self._distinct else repeated for name in self._names}
        return csv.read_csv(
            pa.py_buffer(data),
            csv.ReadOptions(column_names=self._names, use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(delimiter=self._delimiter, ignore_empty_lines=False),
            csv.ConvertOptions(
                check_utf8=False, column_types=types, null_values=[""], strings_can_be_null=True
            ),
        )

    def _texts(self, name: str, column: pa.Array) -> pl.Series:
        if not pa.types.is_dictionary(column.type):
            return self._decoded(column)
        distinct = self._decoded(column.dictionary)
        codes = pl.Series(column.indices)
        if distinct.len() > REPEATED * codes.len():
            self._distinct.add(name)
            return distinct.gather(codes)
        return codes.cast(pl.UInt32).cat.to(pl.Enum(distinct))

    def _decoded(self, cells: pa.Array) -> pl.Series:
        """The texts of cells; UnicodeError where they are none, or odd."""
        if content_of(cells).isascii():
            return pl.Series(cells.cast(pa.string()), dtype=pl.String)
        # a line break is no part of a longer character, so no cell can reach into the next one
        text = b"\n".join(cell or b"" for cell in cells.to_pylist()).decode(self._encoding)
        if any(sign in text for sign in ODD_SIGNS):
            raise UnicodeError
        return pl.Series(text.split("\n"), dtype=pl.String)


def line_count(data: bytes) -> int:
    """The lines of a block, the last one with or without a line break."""
    return count_of(b"\n", data) + (data[-1:] != b"\n")


def is_well_formed(data: bytes, delimiter: str) -> bool:
    """Whether the bytes are records by the letter: no zero bytes, LF or CR LF, quotes only around or doubled in cells.

    Quotes open and close in turn. One that opens stands at a cell's start, one that closes at its end; a
    doubled quote closes and opens at once.
    """
    if b"\0" in data:
        return False
    signs = column_of(data)
    before, after = signs.shift(1, fill_value=LINE_FEED), signs.shift(-1, fill_value=LINE_FEED)
    quotes = signs == QUOTE
    opened, closed = before.filter(quotes).gather_every(2), after.filter(quotes).gather_every(2, offset=1)
    edges = [ord(delimiter), LINE_FEED, QUOTE]
    return (
        len(opened) == len(closed)
        and (after.filter(signs == CARRIAGE_RETURN) == LINE_FEED).all()
        and opened.is_in(edges).all()
        and closed.is_in([*edges, CARRIAGE_RETURN]).all()
    )
