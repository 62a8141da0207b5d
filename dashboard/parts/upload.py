"""上传数据 as HTML: what became of each file, what would be quarantined and changed, what was published. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from dashboard import format, quality, words
from dashboard.address import View, href
from dashboard.board import Tone
from dashboard.desk import Checked
from dashboard.html import link, panel, spans, text
from dashboard.store import Source
from dashboard.words import Span
from etl.apply import FileResult
from etl.diff import Change
from etl.load import Report
from etl.policy import Policy
from etl.rehearse import MOST_FAULTS, Rehearsal
from etl.supersede import TAKE_WHOLE

LACKS = {
    "kind": "认不出表头，请对照模板改列名后再发，或在下面指明种类。",
    "flow": "文件里没有进出口方向，请在下面指明。",
    "period": "标题、工作表名和文件名里都没有统计月份，请在下面指明。",
    "unit": "没有写明金额单位，请在下面指明。",
    "currency": "金额列没有写明币种，请在下面指明。",
}
INTRODUCTION = "把收到的文件放进来，先检查，确认后再发布；检查不改动任何数据。"


def sentence(checked: Checked | None, done: tuple[Report, Checked] | None) -> str:
    """The page in one line of words: what to do, what the check found, or what was published."""
    if checked:
        said = _found(checked.found)
    elif done:
        said = _published(done[0])
    else:
        said = [Span(INTRODUCTION)]
    return f'<div class="tk-sentence"><h1>{spans(said)}</h1></div>'


def _published(report: Report) -> list[Span]:
    if report.snapshot is None:
        return [Span("没有发布新快照，已发布的数据不变。")]
    taken = [file for file in report.files if file.taken]
    rows, bad = sum(file.rows_read for file in taken), sum(file.quarantined for file in taken)
    return [
        Span("已发布快照"),
        Span(report.snapshot.id, "green", True),
        Span(f"：{len(taken)}个文件，{rows}行，其中隔离{bad}行。"),
    ]


def _found(found: Rehearsal) -> list[Span]:
    files = found.report.files
    ready = sum(file.taken for file in files)
    parts = [Span(f"{len(files)}个文件中"), Span(f"{ready}个可以发布", "green" if ready else "", bool(ready))]
    for word, count in (
        ("扣留", sum(bool(file.held) for file in files)),
        ("待补充", sum(bool(file.lacks) for file in files)),
        ("拒收", sum(bool(file.refused) and not file.held and not file.lacks for file in files)),
    ):
        parts += (
            [Span("，"), Span(f"{count}个{word}", "grey" if word == "待补充" else "red", True)]
            if count
            else []
        )
    known = sum(file.unchanged for file in files)
    bad = sum(file.quarantined for file in files if not file.unchanged)
    parts += [Span(f"，{known}个已在库中")] if known else []
    parts += [Span("；"), Span(f"隔离{bad}行", "red", True)] if bad else []
    if ready and found.changes is not None:
        parts.append(Span("；发布后" + quality.summary(found.changes)))
        return parts
    return [*parts, Span("。")]


def refusal(said: str) -> str:
    """Why a check or a publishing did not come to its end."""
    return f'<p class="tk-refusal" role="alert"><b>没有完成</b>{text(said)}</p>' if said else ""


def files(results: Sequence[FileResult], done: bool = False) -> str:
    """A line a file: what became of it, its kind and month, and where its rows went; then notes and reasons."""
    inner = "".join(f"<li>{_file(item, done)}</li>" for item in results)
    return panel("发布的文件" if done else "检查结果", f'<ul class="tk-checked">{inner}</ul>')


def _file(item: FileResult, done: bool) -> str:
    tone, shape, word = _standing(item, done)
    of = "　".join(part for part in (item.label, item.periods) if part)
    told = "".join(f"<li>{text(said)}</li>" for said in _told(item, done))
    return (
        f'<div class="tk-lead"><span class="tk-pill tk-{tone}"><span class="tk-shape" aria-hidden="true">{shape}</span>'
        f"{word}</span><b>{text(item.name)}</b><span>{text(of)}</span>{_rows(item)}</div>"
        + (f"<ul>{told}</ul>" if told else "")
    )


def _rows(item: FileResult) -> str:
    if item.refused:
        return ""
    counts = f"读取 {item.rows_read} = 接受 {item.accepted} + 隔离 {item.quarantined} + 跳过 {item.skipped}"
    return f'<span class="tk-num">{counts}</span>'


def _standing(item: FileResult, done: bool) -> tuple[Tone, str, str]:
    if item.held:
        return "red", "▼", "扣留"
    if item.lacks:
        return "grey", "○", "待补充"
    if item.refused:
        return "red", "▼", "拒收"
    if item.unchanged:
        return "grey", "○", "已在库中"
    return "green", "●", "已发布" if done else "可以发布"


def _told(item: FileResult, done: bool) -> Iterable[str]:
    if done and (item.held or item.lacks):
        return (*item.held, "没有发布，请核对或补充后再上传。")
    if item.held:
        return (*item.held, "请核对；确认无误，在下面写明原因，再检查一次放行。")
    if item.lacks:
        return (LACKS[item.lacks],)
    if item.refused:
        return (item.refused,)
    whole = "" if done else "；如本文件是完整台账，请在下面选整本替换"
    return (note.replace(f"；{TAKE_WHOLE}", whole) for note in item.notes)


def owed(sources: Sequence[Source], today: date) -> str:
    """What is loaded and how fresh it is: what one may want to send next."""
    return f'<div class="tk-quality tk-owed">{quality.freshness(sources, quality.outdated(sources, today))}</div>'


def details(policy: Policy, found: Rehearsal, done: bool = False) -> str:
    """What publishing does, or did: rows into quarantine, lights, and how far the sources then agree."""
    parts = _rules(found) + _lights(policy, found.changes, done) + _faults(found, done) + _agreement(found)
    return f'<div class="tk-quality">{parts}</div>' if parts else ""


def _rules(found: Rehearsal) -> str:
    if not found.rules:
        return ""
    return panel("隔离", quality.rule_tallies(found.rules), "tk-counts", f"共{_cells(found)}处")


def _cells(found: Rehearsal) -> int:
    return sum(count for _, count in found.rules)


def _faults(found: Rehearsal, done: bool) -> str:
    if not found.faults:
        return ""
    cut = f"只列出前{MOST_FAULTS}处。" if _cells(found) > len(found.faults) else ""
    note = (
        f"{cut}其余行{'已' if done else '照常'}发布；这些行进入隔离，可在「数据质量」下载更正表，改好再上传。"
    )
    listed = f'{quality.fault_table(found.faults)}<p class="tk-note">{note}</p>'
    return panel("隔离的行", listed, "tk-faults")


def _lights(policy: Policy, changes: Sequence[Change] | None, done: bool) -> str:
    if changes is None:
        return ""
    said = quality.change_list(changes, lambda item: f"<p>{spans(words.revision(policy, item))}</p>")
    return panel("红绿灯变化", said, "tk-revised", "与上一个快照相比" if done else "与现在发布的相比")


def _agreement(found: Rehearsal) -> str:
    if not found.agreements:
        return ""
    said = f"<p>{text(words.agreement(found.agreements))}</p>"
    return panel("对账", said, "tk-agreed", format.period(found.period))


def published(policy: Policy, view: View, report: Report, found: Rehearsal) -> str:
    """What was published, what it changed as its check found, and where to look next."""
    quality_page = link(href("quality", view), "看数据质量：隔离、对账和修订")
    overview = link(href("", view), "看总览")
    onward = f'<p class="tk-onward">{quality_page}{overview}</p>'
    return onward + files(report.files, done=True) + details(policy, found, done=True)
