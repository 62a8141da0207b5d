"""The one gate to the data: opens the published snapshot read-only, on behalf of a viewer.

Pages hold no SQL. Every question carries the viewer, and this module holds the only cache, whose key
is (snapshot path and checksum, role, unit, question): a viewer never gets what another was shown, and a
newly published snapshot is used from the next rerun on.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import duckdb
import polars as pl

from dashboard.identity import Role, Viewer
from etl.errors import SnapshotError, UserError
from etl.paths import data_folder
from etl.snapshot import Snapshot, current, verify

T = TypeVar("T")
MOST_KEPT = 512
_kept: OrderedDict[tuple[Hashable, ...], object] = OrderedDict()
_lock = threading.Lock()
READERS: frozenset[Role] = frozenset({"leader", "task_force", "county", "loader"})
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
           ttm_total, ttm_export, ttm_import, yoy_total, yoy_export, yoy_import, months
    from unit_trade order by unit, period
"""


class Forbidden(UserError):
    """The viewer's role may not read the board."""


@dataclass(frozen=True)
class Gate:
    """A viewer at a snapshot: what every question is asked through."""

    snapshot: Snapshot
    viewer: Viewer


@dataclass(frozen=True)
class Meta:
    """What a snapshot says of itself. latest_period: ``YYYY-MM``; created_at: ISO 8601."""

    snapshot: str
    created_at: str
    latest_period: str
    demo: bool


@dataclass(frozen=True)
class Source:
    """How fresh one kind of input is. latest_period: ``YYYY-MM`` or None for undated kinds."""

    kind: str
    label: str
    latest_period: str | None


def open_gate(viewer: Viewer, data: Path | None = None) -> Gate | None:
    """The published snapshot for that viewer; None before the first load."""
    if viewer.role not in READERS:
        raise Forbidden("当前账号无权查看指标数据，请联系系统管理员。")
    snapshot = current(data_folder(data))
    return Gate(snapshot, viewer) if snapshot else None


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
    rows = read(gate, "select kind, label, latest_period from freshness order by latest_period desc, kind")
    return tuple(Source(*row) for row in rows.iter_rows())


def quarantined(gate: Gate) -> int:
    """How many rows wait in quarantine."""
    return int(read(gate, "select count(*) from quarantine").item())


def remember(gate: Gate, question: tuple[Hashable, ...], build: Callable[[], T]) -> T:
    """The answer to a question, built once per snapshot, role and unit. Treat it as read-only.

    Two sessions that ask at the same moment may both build it; the answers are equal.
    """
    viewer, snapshot = gate.viewer, gate.snapshot
    key = (snapshot.path, snapshot.sha256, viewer.role, viewer.unit, *question)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast(T, _kept[key])
    answer = build()
    with _lock:
        _kept[key] = answer
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return answer


def forget() -> None:
    """Empty the cache (for tests and benchmarks)."""
    with _lock:
        _kept.clear()


def read(gate: Gate, query: str) -> pl.DataFrame:
    """One query, remembered; a damaged snapshot is one Chinese sentence, never a traceback."""
    remember(gate, ("verified",), lambda: verify(gate.snapshot))
    return remember(gate, ("query", query), lambda: _query(gate.snapshot, query))


def _query(snapshot: Snapshot, query: str) -> pl.DataFrame:
    try:
        with duckdb.connect(str(snapshot.path), read_only=True, config=CONFIG) as connection:
            frame: pl.DataFrame = connection.sql(query).pl()
            return frame
    except duckdb.Error:
        raise SnapshotError(
            f"快照「{snapshot.id}」无法读取，可能已损坏。请用 trade-kpi rollback 换回上一个快照，或重新加载数据。"
        ) from None
