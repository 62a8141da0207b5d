"""Snapshots opened read-only for the dashboard: whole ones alone, locked, and none of another version.

A server keeps the last ones open, since opening one takes far longer than a question. What cannot be read is one
Chinese sentence, never a traceback.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import duckdb

from etl.errors import SnapshotError
from etl.policy import load_policy
from etl.snapshot import Snapshot, verify
from etl.warehouse import require_city, require_version

T = TypeVar("T")
Connection = duckdb.DuckDBPyConnection
MOST_OPEN = 4  # snapshots
MOST_ASKED = 2000  # questions of one that stays open, before it is opened anew
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}
# What a file that stays open may keep of itself in memory, so that it is not most of the machine's.
STAYING = {**CONFIG, "memory_limit": "2GB"}


@dataclass
class Kept:
    """A snapshot that stays open. asked: how many questions it had; asking: how many it has at the moment."""

    connection: Connection
    asked: int = 0
    asking: int = 0

    @property
    def worn(self) -> bool:
        """Whether to open it anew."""
        return self.asked >= MOST_ASKED and not self.asking


_open: OrderedDict[Snapshot, Kept] = OrderedDict()
_opening = threading.Lock()
_staying = threading.Event()


def require_whole(snapshot: Snapshot) -> None:
    """Raise SnapshotError unless the file is as it was published."""
    if not whole(snapshot):
        verify(snapshot)


def whole(snapshot: Snapshot) -> bool:
    """Whether the file is as it was published; what was found out holds until it is written to."""
    try:
        found = snapshot.path.stat()
    except OSError:
        return False
    return _verified(snapshot, (found.st_ino, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=64)
def _verified(snapshot: Snapshot, stamp: tuple[int, int, int]) -> bool:
    try:
        verify(snapshot)
    except SnapshotError:
        return False
    return True


def stay_open() -> None:
    """From now on this process keeps the last snapshots open.

    For the server, where nobody else opens one in another way, which would fail meanwhile.
    """
    _staying.set()


def forget() -> None:
    """Close what stays open, and know of no file whether it is whole (for tests and benchmarks)."""
    with _opening:
        while _open:
            _open.popitem()[1].connection.close()
    _verified.cache_clear()


@contextmanager
def held(snapshot: Snapshot) -> Iterator[None]:
    """Keep the snapshot open meanwhile: many questions in a row then open one file, not one each.

    Only where nobody else in the process opens it: another way of opening it would fail meanwhile.
    """
    with ExitStack() as ended:
        # A snapshot that cannot be opened is said by the first question, in its own words.
        with suppress(duckdb.Error):
            ended.enter_context(duckdb.connect(str(snapshot.path), read_only=True, config=CONFIG))
        yield


def asked(snapshot: Snapshot, question: Callable[[Connection], T]) -> T:
    """What a function finds in the snapshot; SnapshotError where it cannot be read."""
    try:
        with _kept_open(snapshot) if _staying.is_set() else _connected(snapshot, CONFIG) as connection:
            return question(connection)
    except duckdb.Error:
        raise SnapshotError(
            f"快照「{snapshot.id}」无法读取，可能已损坏。请用 trade-kpi rollback 换回上一个快照，或重新加载数据。"
        ) from None


@contextmanager
def _kept_open(snapshot: Snapshot) -> Iterator[Connection]:
    """A way of one's own into a snapshot that stays open. A file that was replaced is opened anew.

    So is one that had many questions, as soon as it has none: DuckDB keeps a note of every piece of memory that a join
    or a window let go, some 4 KB a question, until there are tens of thousands of them (its pull request 23444).
    """
    with _opening:
        for other, kept in list(_open.items()):
            if other.path == snapshot.path and (other != snapshot or kept.worn):
                _open.pop(other).connection.close()
        if snapshot not in _open:
            _open[snapshot] = Kept(_connected(snapshot, STAYING))
        _open.move_to_end(snapshot)
        while len(_open) > MOST_OPEN:
            _open.popitem(last=False)[1].connection.close()
        kept = _open[snapshot]
        cursor = kept.connection.cursor()
        kept.asked, kept.asking = kept.asked + 1, kept.asking + 1
    try:
        with cursor:
            yield cursor
    finally:
        with _opening:
            kept.asking -= 1


def _connected(snapshot: Snapshot, config: dict[str, str | bool | int | float | list[str]]) -> Connection:
    """A snapshot opened to be read alone, of the version that this program reads and of the policy's city."""
    connection = duckdb.connect(str(snapshot.path), read_only=True, config=config)
    try:
        require_version(connection)
        require_city(connection, load_policy())
    except BaseException:
        connection.close()
        raise
    return connection
