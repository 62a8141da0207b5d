"""追溯: the files and rows behind the number on show, listed on demand. Pure."""

from collections.abc import Iterable

from dashboard import download, format, words
from dashboard.address import View, href
from dashboard.board import Light
from dashboard.download import Cell
from dashboard.html import link, panel, scrolled, table, text
from dashboard.questions.lineage import MOST_ROWS, Trace
from etl.explain import SourceFile, SourceRow
from etl.policy import Policy

HIDDEN = "其中{}行涉及企业，当前账号不能逐行查看，只列文件和行数。"
HEADER = ("文件", "工作表", "行", "名称", "数值", "更正自", "文件校验")


def section(policy: Policy, view: View, light: Light | None, trace: Trace | None) -> str:
    """The panel; without a trace it offers to list the rows, which are read only then."""
    indicator = policy.indicator(view.indicator)
    value = words.value(policy, light) if light else format.DASH
    said = (
        f"{format.period(view.period)}{policy.unit(view.unit).short}{indicator.name}"
        f"（{indicator.basis}）{value}，由哪些文件的哪些行得出。"
    )
    return panel("追溯", f"<p>{text(said)}{_found(view, trace)}", "tk-trace")


def _found(view: View, trace: Trace | None) -> str:
    """What follows the sentence, in its paragraph and below."""
    if trace is None:
        return f"{link(href('indicator', view, trace='rows'), '列出来源文件和行', 'tk-all')}</p>"
    close = f"{link(href('indicator', view, trace=''), '收起', 'tk-all')}</p>"
    if not trace.total:
        return close + '<p class="tk-empty">没有来源行：没有加载相应的文件，或其中没有符合口径的行。</p>'
    files = table("", ("文件", "种类", "行数"), [_file(item) for item in trace.files])
    hidden = f'<p class="tk-note">{HIDDEN.format(trace.hidden)}</p>' if trace.hidden else ""
    count = f"<h3>来自{len(trace.files)}个文件，共{trace.total:,}行</h3>"
    return f"{close}{count}{scrolled('来源文件', files)}{hidden}{_rows(trace)}"


def _file(item: SourceFile) -> tuple[str, ...]:
    return item.name, item.label, f"{item.rows:,}"


def _rows(trace: Trace) -> str:
    if not trace.rows:
        return ""
    names = HEADER[:6] if any(row.repaired for row in trace.rows) else HEADER[:5]
    cells = [tuple(str(cell) for cell in row[: len(names)]) for row in rows(trace.rows)]
    listed = scrolled("来源行", table("", names, cells))
    known = trace.total - trace.hidden
    more = f"（列出前{MOST_ROWS}行，下载可得全部）" if known > len(cells) else ""
    return f'<h3>逐行{more}</h3><div class="tk-rows">{listed}</div>'


def rows(found: Iterable[SourceRow]) -> list[tuple[Cell, ...]]:
    """The rows to take along; row: as the spreadsheet numbers it."""
    return [
        (
            row.file,
            row.sheet or format.DASH,
            row.row,
            row.label,
            format.grouped(row.figures),
            row.repaired,
            row.sha256,
        )
        for row in found
    ]


def book(found: Iterable[SourceRow]) -> bytes:
    """The rows to take along as a workbook."""
    return download.as_xlsx("来源行", HEADER, rows(found))
