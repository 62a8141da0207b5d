"""trade-kpi: load, check, status, explain, demo, serve, snapshots, rollback.

Thin: each command parses, calls the ETL or the store, and prints. A user's mistake is one Chinese
sentence on standard error and exit code 2.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard import chinese, console
from dashboard.commands import audits, serving, users
from dashboard.commands.brief import brief
from dashboard.commands.support import eligible, support
from dashboard.commands.upkeep import backup, doctor, restore
from dashboard.commands.users import Data
from etl import load as loading
from etl import snapshot
from etl.apply import Options
from etl.demo import CUSTOMS_PUBLIC, write_demo
from etl.diff import compare
from etl.errors import UserError
from etl.explain import EXPLAINED, SCOREBOARD_COLUMNS
from etl.explain import explain as explain_number
from etl.layout import Hints
from etl.load import Report
from etl.paths import data_folder
from etl.policy import Policy, load_policy
from etl.quarantine import BY_FILE
from etl.reconcile import agreements
from etl.repair_book import export
from etl.sources import BY_KIND
from etl.template import write_template
from etl.titles import months_in
from etl.warehouse import first_row, require_version

app = typer.Typer(
    name="trade-kpi",
    help="外贸指标监测：加载文件、查看指标、追溯数字、启动看板。",
    cls=chinese.Group,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

LOGGED = 2000  # characters of the names of loaded files in the audit log

app.add_typer(users.app)
app.add_typer(audits.app)
Paths = Annotated[list[Path], typer.Argument(help="要加载的文件或文件夹", metavar="路径")]
Kind = Annotated[
    str | None, typer.Option("--kind", help="文件种类，认不出表头时指明，如 firm_month", metavar="种类")
]
Flow = Annotated[
    str | None, typer.Option("--flow", help="进口 或 出口，文件里没有方向时指明", metavar="方向")
]
PeriodHint = Annotated[
    str | None, typer.Option("--period", help="统计月份，文件里没有时指明，如 2025-09", metavar="月份")
]
UnitHint = Annotated[str | None, typer.Option("--unit", help="金额单位：元、万元、亿元", metavar="单位")]
Currency = Annotated[str | None, typer.Option("--currency", help="币种，如 CNY", metavar="币种")]
Place = Annotated[str | None, typer.Option("--unit", help="县市区代码或名称，不写为全市", metavar="县市区")]
Period = Annotated[
    str | None, typer.Option("--period", help="统计月份，如 2025-09；不写为最新", metavar="月份")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Port = Annotated[int, typer.Option("--port", help="端口", metavar="端口")]


@app.command(cls=chinese.Command)
def load(
    paths: Paths,
    kind: Kind = None,
    flow: Flow = None,
    period: PeriodHint = None,
    unit: UnitHint = None,
    currency: Currency = None,
    replace: Annotated[bool, typer.Option("--replace", help="台账类文件整本替换，而不是按行更新")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有一个文件被拒收，就都不发布")] = False,
    confirm: Annotated[
        str | None, typer.Option("--confirm", help="扣留的文件核对无误后放行，写明原因", metavar="原因")
    ] = None,
    data: Data = None,
) -> None:
    """加载文件并发布新快照。退出码：0 全部正常，1 有行被隔离，2 有文件被拒收。"""
    options = Options(replace=replace, strict=strict, confirm=confirm)
    _run_load(paths, Hints(_known_kind(kind), flow, period, unit, currency), options, data_folder(data))


@app.command(cls=chinese.Command)
def check(
    paths: Paths,
    kind: Kind = None,
    flow: Flow = None,
    period: PeriodHint = None,
    unit: UnitHint = None,
    currency: Currency = None,
    data: Data = None,
) -> None:
    """只检查，不发布；输出和退出码同 load。"""
    hints = Hints(_known_kind(kind), flow, period, unit, currency)
    _run_load(paths, hints, Options(publish=False), data_folder(data))


@app.command(cls=chinese.Command)
def status(period: Period = None, unit: Place = None, as_json: AsJson = False, data: Data = None) -> None:
    """红绿灯总表：● 已达标　◐ 序时达标　▼ 滞后　○ 暂无数据。"""
    policy = load_policy()
    with _open(data_folder(data)) as con:
        meta = _meta(con)
        chosen = _period(con, period, meta)
        place = _unit(policy, unit) if unit else None
        board = _scoreboard(con, policy, chosen, place)
        agreed = agreements(con, chosen)
    if as_json:
        head = {"snapshot": meta["snapshot"], "demo": meta["demo"] == "true", "period": chosen}
        rows = [{name: row[name] for name in SCOREBOARD_COLUMNS} for row in board]
        print(json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=1))
        return
    console.print_status(policy, board, place or policy.document.city, meta, chosen)
    console.print_agreement(agreed)


@app.command(cls=chinese.Command)
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
    place = _unit(policy, unit) if unit else policy.document.city
    with _open(data_folder(data)) as con:
        month = _period(con, period, _meta(con))
        found = explain_number(con, policy, chosen, place, month, limit=100_000 if as_json else rows)
    if as_json:
        print(json.dumps(console.explanation(policy, found), ensure_ascii=False, indent=1))
        return
    console.print_explanation(policy, found)


@app.command(cls=chinese.Command)
def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="建好后是否启动看板")] = True,
    port: Port = 8501,
    data: Data = None,
) -> None:
    """生成演示数据、按正常流程加载，并启动看板（已建好的不再重建）。"""
    folder = data_folder(data)
    if snapshot.current(folder) is None:
        raw = folder / "demo"
        with console.err.status("正在生成演示文件……"):
            files = [(path, Hints()) for path in write_demo(raw)]
        files += [(raw / path, Hints(flow=flow)) for path, flow in CUSTOMS_PUBLIC]
        report = _load_with_progress(folder, files, Options(demo=True))
        console.print_report(report, quiet=True)
    elif not _is_demo(folder):
        raise UserError(f"{folder} 里已有正式数据，演示数据不能混入；请用 --data 另选一个目录。")
    if serve:
        raise typer.Exit(serving.demo(folder, port))


@app.command(cls=chinese.Command)
def serve(
    port: Port = 8501,
    address: Annotated[
        str, typer.Option("--address", help="监听的地址；不是本机地址的，先要有账号", metavar="地址")
    ] = "127.0.0.1",
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="浏览器里用的域名或地址，可写多个；经代理访问时指明", metavar="域名"),
    ] = None,
    proxy: Annotated[bool, typer.Option("--proxy", help="信任本机代理传来的身份")] = False,
    data: Data = None,
) -> None:
    """启动看板，默认只在本机监听（127.0.0.1），须登录使用。"""
    raise typer.Exit(serving.real(data_folder(data), port, address, host or [], proxy))


@app.command(cls=chinese.Command)
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


@app.command(cls=chinese.Command)
def rollback(
    id: Annotated[str, typer.Argument(help="快照编号，见 trade-kpi snapshots", metavar="编号")],
    data: Data = None,
) -> None:
    """换回较早的快照。"""
    users.operated(data_folder(data), "换回快照", {"快照": id})
    snapshot.rollback(data_folder(data), id)
    console.out.print(f"已换回快照 {id}；看板下次刷新时生效。")


@app.command(cls=chinese.Command)
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


@app.command(cls=chinese.Command)
def template(
    kind: Annotated[str, typer.Argument(help="文件种类，如 firm_month", metavar="种类")],
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个文件（.xlsx）", metavar="文件")],
    period: Period = None,
) -> None:
    """生成某种文件的空白模板：表头、单位、下拉列表、示例和说明。"""
    _known_kind(kind)
    stated = [named for named in months_in(period or "") if named[1]]
    if period and not stated:
        raise UserError(f"--period「{period}」不是月份，请写成 2025-09 这样。")
    month = dt.date(stated[0][0], stated[0][1], 1) if stated else _last_month()
    write_template(BY_KIND[kind], load_policy(), output, month)
    console.out.print(f"已生成 {output}，填好后直接加载：trade-kpi load {output}")


@app.command(cls=chinese.Command)
def quarantine(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="写到哪个文件（.xlsx）；不写则只列出", metavar="文件"),
    ] = None,
    file: Annotated[str, typer.Option("--file", help="只要一个文件的，写编号或文件名", metavar="文件")] = "",
    kind: Kind = None,
    data: Data = None,
) -> None:
    """列出隔离的行，或写成工作簿，发件人改好后直接加载。"""
    chosen = _known_kind(kind) or ""
    with _open(data_folder(data)) as con:
        if output is None:
            files = con.execute(BY_FILE).fetchall()
            console.print_waiting(
                [row for row in files if file in ("", str(row[0]), row[1]) and chosen in ("", row[2])]
            )
            return
        written, total = export(con, output, load_policy(), file, chosen)
    if not written:
        raise UserError("没有这样的隔离行，请用 trade-kpi quarantine 查看有哪些。")
    some = f"（共 {total} 行，其余请改正原文件再发）" if total > written else ""
    console.out.print(
        f"已写出 {written} 行{some}：{output}，改好标色的内容后直接加载：trade-kpi load {output}"
    )


app.command(cls=chinese.Command)(support)
app.command(cls=chinese.Command)(eligible)
app.command(cls=chinese.Command)(brief)
for command in (doctor, backup, restore):
    app.command(cls=chinese.Command)(command)


def _last_month() -> dt.date:
    return (dt.date.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def main() -> None:
    """Run the command line; a fault that the user can mend is one sentence and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except chinese.UsageMistake as error:
        console.err.print(f"[red]错误：[/red]{escape(chinese.sentence(error))}")
        sys.exit(2)
    except UserError as error:
        console.err.print(f"[red]错误：[/red]{escape(str(error))}")
        sys.exit(2)


def _run_load(paths: Sequence[Path], hints: Hints, options: Options, data: Path) -> None:
    files = list(loading.with_hints(loading.expand(paths), hints))
    if options.publish:
        names = "、".join(path.name for path, _ in files)
        users.operated(data, "加载文件", {"文件": names[:LOGGED], "放行原因": options.confirm or ""})
    report = _load_with_progress(data, files, options)
    console.print_report(report, published=options.publish)
    raise typer.Exit(report.exit_code)


def _load_with_progress(data: Path, files: Sequence[tuple[Path, Hints]], options: Options) -> Report:
    """Load with a progress bar, shown where a person watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console.err, transient=True, disable=not console.err.is_terminal) as bar:
        task = bar.add_task("加载", total=len(files) + 2)

        def step(stage: str) -> None:
            bar.update(task, advance=1, description=escape(stage[:40]))

        return loading.load(data, files, options, step)


def _known_kind(kind: str | None) -> str | None:
    if kind is not None and kind not in BY_KIND:
        raise UserError(f"没有「{kind}」这种文件，请从以下选择：{'、'.join(BY_KIND)}。")
    return kind


@contextmanager
def _open(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot, read-only, after a check that it is there."""
    published = snapshot.current(data)
    if published is None:
        raise UserError("还没有数据，请先加载文件：trade-kpi load 文件夹，或用 trade-kpi demo 看演示。")
    snapshot.verify(published)
    try:
        con = duckdb.connect(str(published.path), read_only=True)
    except duckdb.Error:
        raise UserError(
            f"快照「{published.id}」打不开（文件已损坏），请用 trade-kpi rollback 换回上一个快照。"
        ) from None
    with con:
        require_version(con)
        yield con


def _meta(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("select key, value from meta").fetchall())


def _is_demo(data: Path) -> bool:
    with _open(data) as con:
        return _meta(con)["demo"] == "true"


def _period(con: duckdb.DuckDBPyConnection, period: str | None, meta: dict[str, str]) -> str:
    known = first_row(con, "select min(period), max(period) from scoreboard")
    chosen = period or meta["latest_period"]
    if not first_row(con, "select 1 from scoreboard where period = ? limit 1", [chosen]):
        span = f"{known[0]} 至 {known[1]}" if known and known[0] else "空"
        raise UserError(f"没有 {chosen} 的数据，现有月份为 {span}，月份请写成 2025-09 这样。")
    return chosen


def _unit(policy: Policy, text: str) -> str:
    for unit in policy.units:
        if text in (unit.code, unit.name, unit.short, *unit.aliases, *unit.former):
            return unit.code
    return policy.unit(text).code


def _scoreboard(
    con: duckdb.DuckDBPyConnection, policy: Policy, period: str, unit: str | None
) -> list[dict[str, Any]]:
    """The scoreboard's rows of one month, in the policy's order of indicators and units."""
    rows = con.execute(
        f"""select {", ".join(f"board.{name}" for name in EXPLAINED)}
        from scoreboard as board inner join unit on unit.unit = board.unit
        where board.period = ? and (? is null or board.unit = ?)
        order by unit.display_order""",
        [period, unit, unit],
    ).fetchall()
    order = {indicator.id: indicator.order for indicator in policy.indicators}
    found = [dict(zip(EXPLAINED, row, strict=True)) for row in rows]
    return sorted(found, key=lambda row: order[row["indicator"]])


if __name__ == "__main__":
    main()
