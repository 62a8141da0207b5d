"""Rows on their way into a table: gathered into large pieces, and written while the next ones are read."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import polars as pl

ROW_GROUP = 122_880  # rows that DuckDB keeps together: it writes whole groups at half the cost of parts
AT_ONCE = 2 * ROW_GROUP  # in one block of memory, so that all its cores are busy


class Writer:
    """Hands rows to ``write`` in another thread, one large piece after the other.

    ``settle`` waits for what is being written: whoever shares the connection calls it first. Leaving the
    ``with`` block writes the rest; an error of ``write`` comes out at the next call.
    """

    def __init__(self, write: Callable[[pl.DataFrame], None]) -> None:
        self._write = write
        self._pool = ThreadPoolExecutor(1)
        self._waiting: list[pl.DataFrame] = []
        self._writing: Future[None] | None = None

    def add(self, rows: pl.DataFrame) -> None:
        """Take more rows."""
        self._waiting.append(rows)
        while sum(piece.height for piece in self._waiting) >= AT_ONCE:
            together = pl.concat(self._waiting)
            self._waiting = [together[AT_ONCE:]]
            self._pass_on(together[:AT_ONCE])

    def settle(self) -> None:
        """Wait until nothing is being written."""
        if self._writing:
            writing, self._writing = self._writing, None
            writing.result()

    def _pass_on(self, rows: pl.DataFrame) -> None:
        piece = rows.rechunk()
        self.settle()
        self._writing = self._pool.submit(self._write, piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._pool:
            if error is None and self._waiting:
                self._pass_on(pl.concat(self._waiting))
            if error is None:
                self.settle()
