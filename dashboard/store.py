"""The one gate to the data: opens the published snapshot read-only, on behalf of a viewer.

Pages hold no SQL. Every question carries the viewer, and this module holds the only cache, whose key
is (snapshot path and checksum, role, unit, question): a viewer never gets what another was shown, and a
newly published snapshot is used from the next rerun on.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb
import polars as pl

from dashboard.identity import Viewer
from dashboard.rights import REFUSED, Right, may
from dashboard.watch import gathered, tell
from etl.errors import SnapshotError, UserError
from etl.paths import data_folder
from etl.snapshot import Snapshot, before, current, find, pointed, verify
from etl.warehouse import require_version

T = TypeVar("T")
MOST_KEPT = 512
MOST_OPEN = 4  # snapshots
_kept: OrderedDict[tuple[Hashable, ...], tuple[object, frozenset[str]]] = OrderedDict()
_lock = threading.Lock()
_open: OrderedDict[Snapshot, duckdb.DuckDBPyConnection] = OrderedDict()
_opening = threading.Lock()
_staying = threading.Event()
ALL_UNITS, QUARANTINE = "全部", "隔离行"  # whose rows are read, where it is no single unit's
FIRMS_HIDDEN = "企业名单只向市领导和工作专班开放，县市区只能看本地企业；当前账号在这里只能看到家数。"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}
SCOREBOARD = """
    select indicator, unit, period, value, target, pace, gap, status, note, since, rank, deadline, extra
    from scoreboard order by indicator, unit, period
"""
TRADE = """
    select unit, period, month_total, month_export, month_import, ytd_total, ytd_export, ytd_import,
           ttm_total, ttm_export, ttm_import, yoy_total, yoy_export, yoy_import, months, source
    from unit_trade order by unit, period
"""


SOURCES = """
    select kind, label, latest_period, loaded_at, cast(files as integer),
           kind in (select kind from coverage) as monthly
    from freshness order by latest_period desc nulls last, kind
"""


# What a file that stays open may keep of itself in memory, so that it is not most of the machine's.
STAYING = {**CONFIG, "memory_limit": "2GB"}


class Forbidden(UserError):
    """The viewer's role may not read this."""


@dataclass(frozen=True)
class Gate:
    """A viewer at a snapshot: what every question is asked through.

    instead_of: the id of the published snapshot, where that is damaged and this one stands in for it.
    """

    snapshot: Snapshot
    viewer: Viewer
    instead_of: str = field(default="", compare=False)


@dataclass(frozen=True)
class Meta:
    """What a snapshot says of itself. latest_period: ``YYYY-MM``; created_at: ISO 8601."""

    snapshot: str
    created_at: str
    latest_period: str
    demo: bool

    @property
    def ends(self) -> tuple[str, str]:
        """What ends each row of a table to take along: the snapshot, and whether its data are invented."""
        return self.snapshot, "演示数据" if self.demo else "正式数据"


@dataclass(frozen=True)
class Source:
    """How fresh one kind of input is. latest_period: ``YYYY-MM`` or None for undated kinds.

    loaded_at: of the newest of its files. monthly: whether a file is owed each month; else it is a ledger.
    """

    kind: str
    label: str
    latest_period: str | None
    loaded_at: datetime
    files: int
    monthly: bool


def require(viewer: Viewer, right: Right) -> None:
    """Raise Forbidden, in words for that right, unless the viewer has it."""
    if not may(viewer, right):
        raise Forbidden(REFUSED[right])


def open_gate(
    viewer: Viewer, data: Path | None = None, snapshot: str = "", stand_in: bool = False
) -> Gate | None:
    """The published snapshot for that viewer, or the one of that id; None before the first load.

    stand_in: where the published one is damaged, the newest whole one before it, so that people can go on reading.
    """
    require(viewer, "figures")
    folder = data_folder(data)
    if stand_in and not snapshot:
        return _standing(viewer, folder)
    found = find(folder, snapshot) if snapshot else current(folder)
    return Gate(found, viewer) if found else None


def _standing(viewer: Viewer, data: Path) -> Gate | None:
    try:
        now = current(data)
        if now:
            _require_whole(now)
        return Gate(now, viewer) if now else None
    except SnapshotError:
        published = pointed(data) or ""
        for older in before(data, published):
            if whole(older):
                return Gate(older, viewer, published or "（空）")
        raise


def _require_whole(snapshot: Snapshot) -> None:
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


def meta(gate: Gate) -> Meta:
    """The snapshot's own description."""
    said = dict(read(gate, "select key, value from meta").iter_rows())
    return Meta(said["snapshot"], said["created_at"], said["latest_period"], said["demo"] == "true")


def scoreboard(gate: Gate) -> pl.DataFrame:
    """Every light: one row per indicator × unit × period; shares as fractions."""
    return read(gate, SCOREBOARD)


def unit_ranks(gate: Gate) -> pl.DataFrame:
    """综合位次: one row per unit × period."""
    return read(gate, "select unit, period, coloured, green, met, rank from unit_rank")


def trade(gate: Gate) -> pl.DataFrame:
    """Imports and exports in yuan: one row per city or unit × period."""
    return read(gate, TRADE)


def sources(gate: Gate) -> tuple[Source, ...]:
    """How fresh each kind of input is, newest first."""
    return tuple(Source(*row) for row in read(gate, SOURCES).iter_rows())


def quarantined(gate: Gate) -> int:
    """How many rows wait in quarantine."""
    return int(read(gate, "select count(*) from quarantine_row").item())


def sees_rows(gate: Gate) -> bool:
    """Whether the viewer may see what stands in single rows, which may name firms."""
    return may(gate.viewer, "rows")


def sees_firms(gate: Gate, unit: str) -> bool:
    """Whether the viewer may see single firms of that unit (the city's code: of all units).

    Leaders and the task force see all, a county its own unit's, nobody else any.
    """
    viewer = gate.viewer
    return may(viewer, "all_firms") or (may(viewer, "own_firms") and viewer.unit == unit)


def firm_scope(gate: Gate) -> str:
    """The unit whose firms the viewer may see, empty for all units; Forbidden where it is none."""
    if may(gate.viewer, "all_firms"):
        tell(ALL_UNITS)
        return ""
    unit = gate.viewer.unit
    if not unit:  # never taken for all units
        raise Forbidden(FIRMS_HIDDEN)
    require_firms(gate, unit)
    return unit


def require_firms(gate: Gate, unit: str) -> None:
    """Raise Forbidden unless the viewer may see single firms of that unit; it is told that they are read."""
    if not sees_firms(gate, unit):
        raise Forbidden(FIRMS_HIDDEN)
    tell(unit)


def remember(gate: Gate, question: tuple[Hashable, ...], build: Callable[[], T]) -> T:
    """The answer to a question, built once per snapshot, role and unit. Treat it as read-only.

    Two sessions that ask at the same moment may both build it; the answers are equal. Whose rows of firms were read
    for it is told each time.
    """
    viewer, snapshot = gate.viewer, gate.snapshot
    key = (snapshot.path, snapshot.sha256, viewer.role, viewer.unit, *question)
    with _lock:
        found = _kept.get(key)
        if found:
            _kept.move_to_end(key)
    if not found:
        with gathered() as whose:
            answer = build()
        found = answer, frozenset(whose)
        with _lock:
            _kept[key] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    for item in found[1]:
        tell(item)
    return cast(T, found[0])


def forget() -> None:
    """Empty the cache and close what stays open (for tests and benchmarks)."""
    with _lock:
        _kept.clear()
    with _opening:
        while _open:
            _open.popitem()[1].close()
    _verified.cache_clear()


def stay_open() -> None:
    """From now on this process keeps the last snapshots open, as opening one takes far longer than a question.

    For the server, where nobody else opens one in another way, which would fail meanwhile.
    """
    _staying.set()


def read(gate: Gate, query: str, *values: str | int) -> pl.DataFrame:
    """One query, remembered; a snapshot damaged or of another version is one Chinese sentence, never a traceback."""
    _require_whole(gate.snapshot)
    return remember(gate, ("query", query, *values), lambda: _query(gate.snapshot, query, values))


def glance(snapshot: Snapshot, query: str) -> list[tuple[Any, ...]]:
    """One small query without checking the whole file, for lists of many snapshots: opening one checks it.

    Nothing of firms may be asked this way. A snapshot that cannot be read is a SnapshotError.
    """
    return _query(snapshot, query, ()).rows()


def ask(gate: Gate, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """What a function of the ETL finds in the snapshot; not remembered. Errors as for ``read``."""
    _require_whole(gate.snapshot)
    return _opened(gate.snapshot, question)


@contextmanager
def held(gate: Gate) -> Iterator[None]:
    """Keep the snapshot open meanwhile: many questions in a row then open one file, not one each.

    Only where nobody else in the process opens it: another way of opening it would fail meanwhile.
    """
    ended = ExitStack()
    with ended:
        # A snapshot that cannot be opened is said by the first question, in its own words.
        with suppress(duckdb.Error):
            ended.enter_context(duckdb.connect(str(gate.snapshot.path), read_only=True, config=CONFIG))
        yield


def _query(snapshot: Snapshot, query: str, values: tuple[str | int, ...]) -> pl.DataFrame:
    def frame(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
        found: pl.DataFrame = connection.sql(query, params=values or None).pl()
        return found

    return _opened(snapshot, frame)


def _opened(snapshot: Snapshot, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    try:
        with _kept_open(snapshot) if _staying.is_set() else _connected(snapshot, CONFIG) as connection:
            return question(connection)
    except duckdb.Error:
        raise SnapshotError(
            f"快照「{snapshot.id}」无法读取，可能已损坏。请用 trade-kpi rollback 换回上一个快照，或重新加载数据。"
        ) from None


def _kept_open(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """A way of one's own into a snapshot that stays open. A file that was replaced is opened anew."""
    with _opening:
        if snapshot not in _open:
            for other in [item for item in _open if item.path == snapshot.path]:
                _open.pop(other).close()
            _open[snapshot] = _connected(snapshot, STAYING)
        _open.move_to_end(snapshot)
        while len(_open) > MOST_OPEN:
            _open.popitem(last=False)[1].close()
        return _open[snapshot].cursor()


def _connected(
    snapshot: Snapshot, config: dict[str, str | bool | int | float | list[str]]
) -> duckdb.DuckDBPyConnection:
    """A snapshot opened to be read alone, of the version that this program reads."""
    connection = duckdb.connect(str(snapshot.path), read_only=True, config=config)
    try:
        require_version(connection)
    except BaseException:
        connection.close()
        raise
    return connection
