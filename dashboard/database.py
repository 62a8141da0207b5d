"""The SQLite files beside the snapshots: one writer at a time, whole transactions, readers that change nothing.

Both raise sqlite3.Error or OSError; whoever calls knows what the file is for and says it in a sentence.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

WAIT_SECONDS = 5.0


def reading(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection to a file that is there, to read with alone."""
    address = f"{path.as_uri()}?mode=ro"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS))


@contextlib.contextmanager
def writing(
    path: Path, schema: str, synchronous: Literal["full", "normal"] = "full"
) -> Iterator[sqlite3.Connection]:
    """One transaction that no other writer comes between; nothing is kept when it raises. Makes what is missing."""
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as con:
        con.execute("pragma journal_mode = wal")
        con.execute(f"pragma synchronous = {synchronous}")
        con.executescript(f"begin immediate; {schema} commit;")
        con.execute("begin immediate")
        try:
            yield con
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")
