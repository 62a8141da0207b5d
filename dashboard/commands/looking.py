"""trade-kpi status, explain, snapshots, rollback and diff."""

import json
from typing import Annotated, Any

import duckdb
import typer

from dashboard import console
from dashboard.commands.logged import operated
from dashboard.commands.options import AsJson, Data, Period, Place, unit_code
from dashboard.commands.published import chosen_period, meta, opened
from etl import snapshot
from etl.diff import compare
from etl.errors import UserError
from etl.explain import EXPLAINED, SCOREBOARD_COLUMNS
from etl.explain import explain as explain_number
from etl.paths import data_folder
from etl.policy import Policy, load_policy
from etl.reconcile import agreements


def status(period: Period = None, unit: Place = None, as_json: AsJson = False, data: Data = None) -> None:
    """红绿灯总表：● 已达标　◐ 序时达标　▼ 滞后　○ 暂无数据。"""
    policy = load_policy()
    with opened(data_folder(data)) as con:
        about = meta(con)
        chosen = chosen_period(con, period)
        place = unit_code(policy, unit) if unit else None
        board = _scoreboard(con, policy, chosen, place)
        agreed = agreements(con, chosen)
    if as_json:
        head = {"snapshot": about["snapshot"], "demo": about["demo"] == "true", "period": chosen}
        rows = [{name: row[name] for name in SCOREBOARD_COLUMNS} for row in board]
        print(json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=1))
        return
    console.print_status(policy, board, place or policy.document.city, about, chosen)
    console.print_agreement(agreed)


def explain(
    indicator: Annotated[str, typer.Argument(help="指标代号或名称，如 import_share", metavar="指标")],
    unit: Place = None,
    period: Period = None,
    as_json: AsJson = False,
    rows: Annotated[int, typer.Option("--rows", help="最多列出多少来源行", metavar="行数")] = 50,
    data: Data = None,
) -> None:
    """追溯一个数字：条文、公式、SQL、数值、来源文件和行。"""
    policy = load_policy()
    chosen = policy.indicator(indicator)
    place = unit_code(policy, unit) if unit else policy.document.city
    with opened(data_folder(data)) as con:
        month = chosen_period(con, period)
        found = explain_number(con, policy, chosen, place, month, limit=100_000 if as_json else rows)
    if as_json:
        print(json.dumps(console.explanation(policy, found), ensure_ascii=False, indent=1))
        return
    console.print_explanation(policy, found)


def snapshots(data: Data = None) -> None:
    """列出快照，→ 为当前发布的。"""
    folder = data_folder(data)
    now = snapshot.current(folder)
    for item in snapshot.history(folder):
        mark = "→" if now and item.id == now.id else " "
        console.out.print(
            f"{mark} {item.id}  {item.path.stat().st_size / 1e6:.1f} MB  sha256 {item.sha256[:12]}"
        )
    if now is None:
        console.out.print("还没有快照，请先加载文件：trade-kpi load 文件夹")


def rollback(
    id: Annotated[str, typer.Argument(help="快照编号，见 trade-kpi snapshots", metavar="编号")],
    data: Data = None,
) -> None:
    """换回较早的快照。"""
    operated(data_folder(data), "换回快照", {"快照": id})
    snapshot.rollback(data_folder(data), id)
    console.out.print(f"已换回快照 {id}；看板下次刷新时生效。")


def diff(
    before: Annotated[
        str | None, typer.Argument(help="较早的快照，不写为当前的上一个", metavar="快照A")
    ] = None,
    after: Annotated[str | None, typer.Argument(help="较新的快照，不写为当前的", metavar="快照B")] = None,
    data: Data = None,
) -> None:
    """两个快照之间哪些指标、县市区、月份的数值或灯变了。"""
    folder = data_folder(data)
    new = snapshot.find(folder, after) if after else snapshot.current(folder)
    old = snapshot.find(folder, before) if before else new and snapshot.previous(new)
    if old is None or new is None:
        raise UserError("只有一个快照，没有可比的；加载新文件后再比。")
    console.print_changes(load_policy(), compare(old, new), old.id, new.id)


def _scoreboard(
    con: duckdb.DuckDBPyConnection, policy: Policy, period: str, unit: str | None
) -> list[dict[str, Any]]:
    """The scoreboard's rows of one month, in the policy's order of indicators and units; none of an indicator it dropped."""
    rows = con.execute(
        f"""select {", ".join(f"board.{name}" for name in EXPLAINED)}
        from scoreboard as board inner join unit on unit.unit = board.unit
        where board.period = ? and (? is null or board.unit = ?)
        order by unit.display_order""",
        [period, unit, unit],
    ).fetchall()
    order = {indicator.id: indicator.order for indicator in policy.indicators}
    found = [dict(zip(EXPLAINED, row, strict=True)) for row in rows]
    return sorted(
        (row for row in found if row["indicator"] in order), key=lambda row: order[row["indicator"]]
    )
