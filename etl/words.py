"""Texts that repeat in a large table, each kept once in a snapshot: rows hold its key in the table ``word``.

To store such texts in every row takes DuckDB longer than all else of the row. Columns that contracts declare with
``word`` are kept so; whoever reads the rows sees a view with the texts in place (``warehouse.create_tables``).
"""

import duckdb
import polars as pl

from etl.contracts import WORD, Source
from etl.warehouse import append


class Words:
    """The keys of a snapshot's texts, for as long as one file is written: from 1 on, in the order of their coming."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._count = 0
        self._keys = pl.Series(dtype=pl.Int32)  # by the number of the category; null where it has none
        # held, since polars numbers the categories anew once no column is left that has any
        self._known = con.sql("select text from word order by key").pl()["text"].cast(WORD)
        self._number(self._known)

    def append(self, source: Source, rows: pl.DataFrame) -> None:
        """Add rows to what a source has, with keys in place of words; texts that are new are noted."""
        keys = [self._coded(column) for column in rows if column.dtype == WORD]
        append(self._con, source.stored, rows.with_columns(keys))

    def _coded(self, column: pl.Series) -> pl.Series:
        numbers = column.to_physical()
        self._make_room(numbers)
        keys = self._keys.gather(numbers)
        if keys.null_count() > column.null_count():
            self._note(column.filter(keys.is_null()).drop_nulls().unique(maintain_order=True))
            keys = self._keys.gather(numbers)
        return keys.alias(column.name)

    def _note(self, new: pl.Series) -> None:
        """Keep words that the snapshot does not have yet."""
        first = self._count + 1
        self._number(new)
        keys = pl.int_range(first, self._count + 1, dtype=pl.Int32, eager=True)
        append(self._con, "word", pl.DataFrame({"key": keys, "text": new.cast(pl.String)}))

    def _number(self, words: pl.Series) -> None:
        """Give the words the next keys."""
        numbers = words.to_physical()
        self._make_room(numbers)
        keys = pl.int_range(self._count + 1, self._count + len(words) + 1, dtype=pl.Int32, eager=True)
        self._keys = self._keys.scatter(numbers, keys)
        self._count += len(words)

    def _make_room(self, numbers: pl.Series) -> None:
        largest = numbers.max()
        if isinstance(largest, int) and largest >= len(self._keys):
            self._keys = self._keys.extend_constant(None, largest + 1 - len(self._keys))
