"""Rows on their way into a table: gathered into large pieces, and written while the next ones are read."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import polars as pl

AT_ONCE = 300_000  # rows: a piece of about so many in one block of memory keeps all cores of DuckDB busy


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
        if sum(piece.height for piece in self._waiting) >= AT_ONCE:
            self._pass_on()

    def settle(self) -> None:
        """Wait until nothing is being written."""
        if self._writing:
            writing, self._writing = self._writing, None
            writing.result()

    def _pass_on(self) -> None:
        self.settle()
        if self._waiting:
            piece = pl.concat(self._waiting, rechunk=True)
            self._waiting.clear()
            self._writing = self._pool.submit(self._write, piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._pool:
            if error is None:
                self._pass_on()
                self.settle()
