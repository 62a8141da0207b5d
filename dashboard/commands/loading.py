"""trade-kpi load, check, demo, template and quarantine: files on their way in."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard import console
from dashboard.commands import serving
from dashboard.commands.logged import operated
from dashboard.commands.options import Data, Kind, Period, Port
from dashboard.commands.published import meta, opened
from etl import load as loader
from etl import snapshot
from etl.apply import Options
from etl.demo import CUSTOMS_PUBLIC, write_demo
from etl.errors import UserError
from etl.layout import Hints
from etl.load import Report
from etl.paths import data_folder
from etl.policy import load_policy
from etl.quarantine import BY_FILE
from etl.repair_book import export
from etl.sources import BY_KIND
from etl.template import write_template
from etl.titles import months_in

LOGGED = 2000  # characters of the names of loaded files in the audit log
Paths = Annotated[list[Path], typer.Argument(help="要加载的文件或文件夹", metavar="路径")]
Flow = Annotated[
    str | None, typer.Option("--flow", help="进口 或 出口，文件里没有方向时指明", metavar="方向")
]
PeriodHint = Annotated[
    str | None, typer.Option("--period", help="统计月份，文件里没有时指明，如 2025-09", metavar="月份")
]
UnitHint = Annotated[str | None, typer.Option("--unit", help="金额单位：元、万元、亿元", metavar="单位")]
Currency = Annotated[str | None, typer.Option("--currency", help="币种，如 CNY", metavar="币种")]


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


def recompute(data: Data = None) -> None:
    """政策目录或 data/reference 改过之后，按现在的规则重新计算已加载的数据并发布；没有改过的不发布。"""
    folder = data_folder(data)
    with opened(folder):
        pass  # one sentence where there is nothing to work out anew
    operated(folder, "重新计算", {"政策目录": load_policy().folder.name})
    published = _load_with_progress(folder, (), Options()).snapshot
    console.out.print(
        f"已按现在的规则发布快照 {published.id}。" if published else "规则没有改过，没有发布新快照。"
    )


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
    with opened(data_folder(data)) as con:
        if output is None:
            files = con.execute(BY_FILE).fetchall()
            console.print_waiting(
                [
                    (number, name, f"{BY_KIND[sort].label} {sort}", count)
                    for number, name, sort, count in files
                    if file in ("", str(number), name) and chosen in ("", sort)
                ]
            )
            return
        written, total = export(con, output, load_policy(), file, chosen)
    if not written:
        raise UserError("没有这样的隔离行，请用 trade-kpi quarantine 查看有哪些。")
    some = f"（共 {total} 行，其余请改正原文件再发）" if total > written else ""
    console.out.print(
        f"已写出 {written} 行{some}：{output}，改好标色的内容后直接加载：trade-kpi load {output}"
    )


def _last_month() -> dt.date:
    return (dt.date.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _run_load(paths: Sequence[Path], hints: Hints, options: Options, data: Path) -> None:
    files = list(loader.with_hints(loader.expand(paths), hints))
    if options.publish:
        names = "、".join(path.name for path, _ in files)
        operated(data, "加载文件", {"文件": names[:LOGGED], "放行原因": options.confirm or ""})
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

        return loader.load(data, files, options, step)


def _known_kind(kind: str | None) -> str | None:
    if kind is not None and kind not in BY_KIND:
        raise UserError(f"没有「{kind}」这种文件，请从以下选择：{'、'.join(BY_KIND)}。")
    return kind


def _is_demo(data: Path) -> bool:
    with opened(data) as con:
        return meta(con)["demo"] == "true"
