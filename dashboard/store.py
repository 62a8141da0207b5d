"""The one gate to the data: what the published snapshot says, on behalf of a viewer.

Pages hold no SQL. Every question carries the viewer, and this module holds the only cache. Its key is (snapshot path
and checksum, role, unit, question): a viewer never gets what another was shown. What every reader may see is made once
for all of them (``common``). A newly published snapshot is used from the next rerun on.
"""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import polars as pl

from dashboard import opened
from dashboard.identity import Viewer
from dashboard.opened import Connection, asked, require_whole, whole
from dashboard.rights import REFUSED, Right, may
from dashboard.watch import gathered, tell
from etl.errors import SnapshotError, UserError
from etl.paths import data_folder
from etl.snapshot import Snapshot, before, current, find, pointed

T = TypeVar("T")
Answer = tuple[object, frozenset[str]]  # and whose rows of firms were read for it


@dataclass
class Shelf:
    """Answers by their question, those asked for last at its end. most: how many are kept."""

    most: int
    kept: OrderedDict[tuple[Hashable, ...], Answer] = field(default_factory=OrderedDict)


# A part of a page takes some 3 KB packed, other answers 20 KB and more: a crowd's parts are kept, by which the rest is
# hardly asked for again.
_answers, _texts = Shelf(256), Shelf(4096)
_turns: WeakValueDictionary[tuple[Hashable, ...], threading.Lock] = WeakValueDictionary()
_lock = threading.Lock()
ALL_UNITS, QUARANTINE = "全部", "隔离行"  # whose rows are read, where it is no single unit's
FIRMS_HIDDEN = "企业名单只向市领导和工作专班开放，县市区只能看本地企业；当前账号在这里只能看到家数。"
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
            require_whole(now)
        return Gate(now, viewer) if now else None
    except SnapshotError:
        published = pointed(data) or ""
        for older in before(data, published):
            if whole(older):
                return Gate(older, viewer, published or "（空）")
        raise


def meta(gate: Gate) -> Meta:
    """The snapshot's own description."""
    return common(gate, _meta, "select key, value from meta")


def _meta(rows: pl.DataFrame) -> Meta:
    said = dict(rows.iter_rows())
    return Meta(said["snapshot"], said["created_at"], said["latest_period"], said["demo"] == "true")


def trade(gate: Gate) -> pl.DataFrame:
    """Imports and exports in yuan: one row per city or unit × period."""
    return public(gate, TRADE)


def sources(gate: Gate) -> tuple[Source, ...]:
    """How fresh each kind of input is, newest first."""
    return tuple(Source(*row) for row in public(gate, SOURCES).iter_rows())


def quarantined(gate: Gate) -> int:
    """How many rows wait in quarantine."""
    return int(public(gate, "select count(*) from quarantine_row").item())


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

    Whose rows of firms were read for it is told each time. A question must not ask itself in the end.
    """
    return _remembered(_own(gate, question), build)


def remember_text(gate: Gate, question: tuple[Hashable, ...], build: Callable[[], str]) -> str:
    """As ``remember``, for a part of a page: kept packed, so that many more of them are."""
    return _unpacked(_remembered(_own(gate, question), lambda: zlib.compress(build().encode(), 1), _texts))


@lru_cache(maxsize=32)  # what is asked for again at once
def _unpacked(text: bytes) -> str:
    return zlib.decompress(text).decode()


def common(gate: Gate, build: Callable[[pl.DataFrame], T], query: str, *values: str | int) -> T:
    """What a module's function makes of one query's rows, once per snapshot for all viewers. Treat it as read-only.

    Only for what every reader may see, or what is veiled for each before it is handed on.
    """
    return shared(gate, (build, query, *values), lambda: build(_query(gate.snapshot, query, values)))


def shared(gate: Gate, question: tuple[Hashable, ...], build: Callable[[], T]) -> T:
    """The answer to a question that is the same whoever asks, built once per snapshot; else as ``common``."""
    require_whole(gate.snapshot)
    return _remembered((*_printed(gate.snapshot), "common", *question), build)


def public(gate: Gate, query: str, *values: str | int) -> pl.DataFrame:
    """One query's rows, which every reader may see as they are, once per snapshot for all viewers."""
    return common(gate, as_they_are, query, *values)


def as_they_are(rows: pl.DataFrame) -> pl.DataFrame:
    """What ``common`` keeps where nothing need be made of a query's rows."""
    return rows


def _own(gate: Gate, question: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """A question as this viewer's role and unit ask it of this snapshot."""
    return *_printed(gate.snapshot), gate.viewer.role, gate.viewer.unit, *question


def _printed(snapshot: Snapshot) -> tuple[Hashable, ...]:
    return snapshot.path, snapshot.sha256


def _remembered(key: tuple[Hashable, ...], build: Callable[[], T], shelf: Shelf = _answers) -> T:
    found = _recalled(key, shelf)
    if not found:
        with _lock:
            turn = _turns.setdefault(key, threading.Lock())
        with (
            turn
        ):  # whoever asks meanwhile waits for this answer: many sessions ask the same after a new snapshot
            found = _recalled(key, shelf) or _built(key, build, shelf)
    for item in found[1]:
        tell(item)
    return cast(T, found[0])


def _recalled(key: tuple[Hashable, ...], shelf: Shelf) -> Answer | None:
    with _lock:
        found = shelf.kept.get(key)
        if found:
            shelf.kept.move_to_end(key)
    return found


def _built(key: tuple[Hashable, ...], build: Callable[[], object], shelf: Shelf) -> Answer:
    with gathered() as whose:
        answer = build()
    with _lock:
        shelf.kept[key] = answer, frozenset(whose)
        while len(shelf.kept) > shelf.most:
            shelf.kept.popitem(last=False)
    return answer, frozenset(whose)


def forget() -> None:
    """Empty the cache, and close what is open (for tests and benchmarks)."""
    forget_answers()
    opened.forget()


def forget_answers() -> None:
    """Empty the cache (for benchmarks)."""
    with _lock:
        for shelf in (_answers, _texts):
            shelf.kept.clear()


def read(gate: Gate, query: str, *values: str | int) -> list[tuple[Any, ...]]:
    """One query's rows, remembered; treat them as read-only.

    A snapshot damaged or of another version is one Chinese sentence, never a traceback.
    """
    require_whole(gate.snapshot)
    return remember(gate, ("query", query, *values), lambda: _fetched(gate.snapshot, query, values))


def glance(snapshot: Snapshot, query: str) -> list[tuple[Any, ...]]:
    """One small query without checking the whole file, for lists of many snapshots: opening one checks it.

    Nothing of firms may be asked this way. A snapshot that cannot be read is a SnapshotError.
    """
    return _fetched(snapshot, query, ())


def ask(gate: Gate, question: Callable[[Connection], T]) -> T:
    """What a function of the ETL finds in the snapshot; not remembered. Errors as for ``read``."""
    require_whole(gate.snapshot)
    return asked(gate.snapshot, question)


def _fetched(snapshot: Snapshot, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
    """As ``_query``, for few rows, which take longer to become a frame than to be read."""
    return asked(snapshot, lambda con: con.execute(query, values or None).fetchall())


def _query(snapshot: Snapshot, query: str, values: tuple[str | int, ...]) -> pl.DataFrame:
    return asked(snapshot, lambda con: _rows(con, query, values))


def _rows(connection: Connection, query: str, values: tuple[str | int, ...]) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql(query, params=values or None).pl()
    return found
