"""The published snapshot as the command line reads it: whoever sits at the machine may read the file itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dashboard import store
from dashboard.identity import operator
from dashboard.store import Gate
from etl import snapshot
from etl.errors import UserError
from etl.policy import load_policy
from etl.warehouse import first_row, require_city, require_version

NO_DATA = "还没有数据，请先加载文件：trade-kpi load 文件夹，或用 trade-kpi demo 看演示。"

NO_MONTH = (
    "已加载的文件里没有任何一个月的进出口、跨境电商或退税数据，请先加载；资金台账用 trade-kpi support 查看。"
)


def gate_of(data: Path, snapshot: str = "") -> Gate:
    """The published snapshot, or the one of that id, as whoever sits at the machine sees it; UserError before the first load."""
    gate = store.open_gate(operator(), data, snapshot)
    if gate is None:
        raise UserError(NO_DATA)
    return gate


@contextmanager
def opened(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot, read-only, after a check that it is there."""
    published = snapshot.current(data)
    if published is None:
        raise UserError(NO_DATA)
    snapshot.verify(published)
    try:
        con = duckdb.connect(str(published.path), read_only=True)
    except duckdb.Error:
        raise UserError(
            f"快照「{published.id}」打不开（文件已损坏），请用 trade-kpi rollback 换回上一个快照。"
        ) from None
    with con:
        require_version(con)
        require_city(con, load_policy())
        yield con


def meta(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the snapshot says of itself."""
    return dict(con.execute("select key, value from meta").fetchall())


def chosen_period(con: duckdb.DuckDBPyConnection, period: str | None) -> str:
    """The month asked for, else the newest; UserError with the months that there are."""
    known = first_row(con, "select min(period), max(period) from scoreboard")
    chosen = period or meta(con)["latest_period"]
    if not first_row(con, "select 1 from scoreboard where period = ? limit 1", [chosen]):
        if not (known and known[0]):
            raise UserError(NO_MONTH)
        span = f"{known[0]} 至 {known[1]}"
        raise UserError(f"没有 {chosen} 的数据，现有月份为 {span}，月份请写成 2025-09 这样。")
    return chosen
