"""The SQLite files beside the snapshots: one writer at a time, whole transactions, readers that change nothing.

Both raise sqlite3.Error or OSError; whoever calls knows what the file is for and says it in a sentence.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Literal

from etl.seen import stamp

WAIT_SECONDS = 5.0  # for another process
TURN_SECONDS = 30.0  # for the other threads of this one
_turns: dict[Path, threading.RLock] = {}


def unchanged(path: Path) -> Hashable | None:
    """A print of a file with what is not yet written into it, as ``etl.seen.stamp`` makes them."""
    return stamp(path, path.with_name(f"{path.name}-wal"))


def reading(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection to a file that is there, to read with alone."""
    address = f"{path.as_uri()}?mode=ro"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS))


@contextlib.contextmanager
def writing(
    path: Path, schema: str, synchronous: Literal["full", "normal"] = "full"
) -> Iterator[sqlite3.Connection]:
    """One transaction that no other writer comes between; nothing is kept when it raises. Makes what is missing.

    The threads of a process take turns: SQLite's own way of waiting is to look again and again, and of two hundred that
    do so some never find it free.
    """
    with (
        _turn(path),
        contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as con,
    ):
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


@contextlib.contextmanager
def _turn(path: Path) -> Iterator[None]:
    """This thread's turn to write; SQLite decides where it does not come in time."""
    turn = _turns.setdefault(path, threading.RLock())
    mine = turn.acquire(timeout=TURN_SECONDS)
    try:
        yield
    finally:
        if mine:
            turn.release()
