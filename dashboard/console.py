"""What the command line prints: a line a file, the table of lights, a number's way back to its rows."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dashboard import format as fmt
from dashboard import words
from dashboard.board import Light, level_of
from etl.policy import Policy

# What loads and explains files takes its time to import, which most commands need not wait for.
if TYPE_CHECKING:
    from etl.apply import FileResult
    from etl.diff import Change
    from etl.explain import Explanation
    from etl.load import Report
    from etl.reconcile import Agreement

COLOURS = {"red": "red", "green": "green", "grey": "bright_black", "": "default"}
PIPE_WIDTH = 140
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def print_report(report: "Report", published: bool = True, quiet: bool = False) -> None:
    for file in report.files:
        if not quiet or file.refused or file.quarantined:
            _print_file(file)
    if report.snapshot and report.files and all(file.unchanged for file in report.files):
        out.print(f"内容都已在库中；规则改过，已按现在的规则发布快照 {report.snapshot.id}。")
    elif report.snapshot:
        total = sum(file.rows_read for file in report.files)
        bad = sum(file.quarantined for file in report.files)
        out.print(
            f"已发布快照 {report.snapshot.id}：{len(report.files)} 个文件，{total} 行，其中隔离 {bad} 行。"
        )
    elif published and not any(file.refused for file in report.files):
        out.print("内容都已在库中，没有发布新快照。")
    elif published:
        out.print("没有发布新快照，已发布的数据不变。")
    else:
        out.print("检查完毕，没有发布。")


def _print_file(file: "FileResult") -> None:
    if file.refused:
        err.print(f"[red]拒收[/red] {escape(file.name)}：{escape(file.refused)}")
        return
    counts = f"读取 {file.rows_read} = 接受 {file.accepted} + 隔离 {file.quarantined} + 跳过 {file.skipped}"
    known = "（已在库中）" if file.unchanged else ""
    out.print(escape(f"{file.name}  {file.label} {file.kind}  {file.periods or '—'}  {counts}{known}"))
    for note in file.notes:
        out.print(f"  提示：{escape(note)}")


def print_status(
    policy: Policy, board: list[dict[str, Any]], place: str, meta: dict[str, str], period: str
) -> None:
    table = Table(
        title=f"{policy.unit(place).name}  {period}",
        title_justify="left",
        header_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("条", "指标", "状态", "数值", "目标", "进度", "说明"):
        table.add_column(heading, overflow="fold")
    for row in board:
        if row["unit"] == place:
            light = Light(**row, since="", rank=None, extra="")
            indicator, level = level_of(policy, light)
            table.add_row(
                indicator.clause,
                indicator.name,
                f"[{COLOURS[light.tone]}]{words.SHAPE[light.status]} {words.STATUS[light.status]}[/]",
                str(words.value(policy, light)),
                fmt.target(indicator, level, light.target),
                words.standing(policy, light),
                escape(light.note),
            )
    if meta["demo"] == "true":
        out.print("[bold red]演示数据[/bold red]")
    out.print(table)
    out.print(f"快照 {meta['snapshot']}，依据 {policy.document.number}")


def print_waiting(rows: Sequence[tuple[int, str, str, int]]) -> None:
    """What waits in quarantine: a line a file with its number, kind and rows."""
    if not rows:
        out.print("没有隔离的行。")
    for file_id, name, kind, count in rows:
        out.print(escape(f"{file_id}  {name}  {kind}  {count} 行"))


def print_agreement(found: Sequence["Agreement"]) -> None:
    """One line: how far the month's sources agree."""
    if found:
        out.print(f"对账　{words.agreement(found)}")


def print_changes(policy: Policy, changes: Sequence["Change"], before: str, after: str) -> None:
    """What changed between two snapshots: a line for each new month, and one for each value or light that was revised."""
    revised = [item for item in changes if not item.added]
    turned = sum(item.turned for item in revised)
    out.print(f"快照 {before} → {after}：修订 {len(revised)} 处，其中 {turned} 处变灯")
    for line in words.arrivals(changes):
        out.print(line)
    for item in revised:
        out.print("".join(span.text for span in words.revision(policy, item)))


def explanation(policy: Policy, found: "Explanation") -> dict[str, Any]:
    indicator = found.indicator
    clause = policy.document.clause(indicator.clause)
    return {
        "indicator": indicator.id,
        "name": indicator.name,
        "unit": found.unit,
        "period": found.period,
        "document": policy.document.number,
        "clause": f"{clause.number}、{clause.title}",
        "quote": indicator.quote,
        "responsible": clause.responsible,
        "formula": indicator.formula,
        "caveats": list(indicator.caveats),
        "sql": found.sql,
        "parameters": {name: str(value) for name, value in found.parameters.items()},
        **{name: getattr(found, name) for name in ("value", "target", "pace", "gap", "status", "note")},
        "source_rows": [vars(row) for row in found.rows],
        "source_rows_total": found.total_rows,
    }


def print_explanation(policy: Policy, found: "Explanation") -> None:
    indicator = found.indicator
    clause = policy.document.clause(indicator.clause)
    figures = {
        name: getattr(found, name)
        for name in ("value", "target", "pace", "gap", "status", "note", "deadline")
    }
    light = Light(indicator.id, found.unit, found.period, **figures, since="", rank=None, extra="")
    target = fmt.target(indicator, level_of(policy, light)[1], found.target)
    out.print(f"[bold]{indicator.name}[/bold]  {policy.unit(found.unit).name}  {found.period}")
    out.print(f"条文　{policy.document.number} 第{clause.number}条「{clause.title}」：{indicator.quote}")
    out.print(f"公式　{indicator.formula}")
    out.print(
        f"数值　{words.value(policy, light)}（{found.value!r}），{target or '没有目标'}，"
        f"{words.SHAPE[light.status]} {words.STATUS[light.status]}，{words.standing(policy, light)}"
    )
    if found.note:
        out.print(f"说明　{escape(found.note)}")
    for caveat in indicator.caveats:
        out.print(f"注意　{caveat}")
    out.print(f"\nSQL　etl/sql/measures/{indicator.measure}.sql，参数 {escape(str(found.parameters))}")
    out.print(escape(found.sql.strip()))
    out.print(f"\n来源　共 {found.total_rows} 行，列出 {len(found.rows)} 行")
    for row in found.rows:
        sheet = f" 工作表「{row.sheet}」" if row.sheet else ""
        mends = f"  更正自 {row.repaired}" if row.repaired else ""
        out.print(
            escape(
                f"  {row.file}{sheet} 第{row.row}行  {row.label}  {fmt.grouped(row.figures)}{mends}  (sha256 {row.sha256[:12]})"
            )
        )
