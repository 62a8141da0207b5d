"""批注: the sentence, the list, one annotation's history, and the numbered list under a chart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from dashboard import format
from dashboard.address import View, href
from dashboard.html import link, panel, scrolled, table, text
from dashboard.notes.record import ALL, SHAPES, STANDINGS, Annotation, Draft
from etl.policy import Policy

ROLES = {"task_force": "工作专班"}
TONES = {"open": "none", "overdue": "red", "done": "green", "withdrawn": "none"}
NONE_SUCH = "没有符合条件的批注，请换一个县市区、指标或状态。"
NONE_TO_WRITE = (
    "滞后的原因、采取的措施和完成时限写在这里，会标在相应的图表、卡片和对照表格子上，历次修改都留底。"
)
NONE_TO_READ = "工作专班写下的滞后原因、措施和完成时限会列在这里，并标在相应的图表、卡片和对照表格子上。"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def sentence(period: str, notes: Sequence[Annotation], today: date) -> str:
    """How many there are up to the month, and in which state."""
    counts = Counter(note.standing(today) for note in notes)
    until = f"截至{format.period(period)}"
    if not notes:
        return f'<div class="tk-sentence"><h1>{until}还没有批注。</h1></div>'
    parts = (
        f'<b class="tk-ink-{TONES[standing]}">{counts[standing]}条{name}</b>'
        for standing, name in STANDINGS.items()
        if counts[standing]
    )
    return f'<div class="tk-sentence"><h1>{until}共{len(notes)}条批注：{"，".join(parts)}。</h1></div>'


def listing(policy: Policy, view: View, notes: Sequence[Annotation], today: date, writes: bool) -> str:
    """The annotations, newest month first, each leading to its indicator and to its history."""
    if not notes:
        narrowed = any(part not in ("", ALL) for part in (view.place, view.topic, view.state))
        said = NONE_SUCH if narrowed else NONE_TO_WRITE if writes else NONE_TO_READ
        return panel("批注", f'<p class="tk-empty">{said}</p>')
    items = "".join(_item(policy, view, note, today, writes) for note in reversed(notes))
    return panel("批注", f'<ol class="tk-notes">{items}</ol>', aside=f"{len(notes)}条")


def _item(policy: Policy, view: View, note: Annotation, today: date, writes: bool) -> str:
    place = link(
        href("indicator", view, indicator=note.indicator, unit=note.unit, period=note.period),
        f"{text(about(policy, note))}",
        title="看这项指标",
    )
    chosen = view.note == str(note.id)
    name = "修改与历史" if writes else "历史"
    more = link(href("notes", view, note=str(note.id)), name, "tk-more", label=f"批注{note.id}的{name}")
    return (
        f'<li class="tk-noted{" tk-here" if chosen else ""}"><div class="tk-head">'
        f'<span class="tk-clause">{note.id}</span><h3>{place}</h3>{state(note, today)}</div>'
        f'{body(note)}<p class="tk-foot">{text(signed(note))}{more}</p></li>'
    )


def about(policy: Policy, note: Annotation) -> str:
    """What it is about: 「道县 · 进口占比 · 2026年10月」."""
    indicator = policy.indicator(note.indicator)
    return f"{policy.unit(note.unit).short} · {indicator.name} · {format.period(note.period)}"


def state(note: Annotation, today: date) -> str:
    """Its state as shape and word; overdue ones with the number of days."""
    standing = note.standing(today)
    late = f" {(today - note.due).days}天" if standing == "overdue" and note.due else ""
    shape = f'<span class="tk-shape" aria-hidden="true">{SHAPES[standing]}</span>'
    return f'<span class="tk-pill tk-{TONES[standing]}">{shape}{STANDINGS[standing]}{late}</span>'


def body(note: Draft) -> str:
    """Cause, measure, by when and by whom; what was left empty is left out."""
    rows = (
        ("原因", lines(note.cause)),
        ("措施", lines(note.measure)),
        ("完成时限", text(note.due.isoformat()) if note.due else ""),
        ("责任单位", text(note.responsible)),
    )
    inner = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in rows if words)
    return f'<dl class="tk-definition">{inner}</dl>'


def lines(words: str) -> str:
    """A text of several lines."""
    return text(words).replace("\n", "<br>")


def brief(note: Draft) -> str:
    """Cause and measure in one line."""
    return "；".join(part.replace("\n", " ").rstrip("。；") for part in (note.cause, note.measure) if part)


def signed(note: Annotation) -> str:
    """Who wrote this version, and when."""
    at = format.moment(note.written_at.astimezone())
    return f"{note.author}（{ROLES.get(note.role, '其他')}）{at} 第{note.version}版"


def history(policy: Policy, versions: Sequence[Annotation], today: date) -> str:
    """Every version of one annotation, newest first."""
    header = ("版本", "时间", "作者", "状态", "原因", "措施", "完成时限", "责任单位")
    rows = [_version(note, today) for note in reversed(versions)]
    title = f"批注{versions[-1].id}的历史"
    inner = scrolled(title, table("", header, rows))
    return panel(title, inner, "tk-history", text(about(policy, versions[-1])))


def _version(note: Annotation, today: date) -> tuple[str, ...]:
    standing = note.standing(today)
    said = (note.cause, note.measure, note.due.isoformat() if note.due else "", note.responsible)
    return (
        f"第{note.version}版",
        format.moment(note.written_at.astimezone()),
        f"{note.author}（{ROLES.get(note.role, '其他')}）",
        f"{SHAPES[standing]} {STANDINGS[standing]}",
        *(words or format.DASH for words in said),
    )


def message(sentence: str, lost: Draft | None) -> str:
    """What came of saving; where it did not come off, what was written and is not kept."""
    kept = f"<details open><summary>您没有保存上的内容</summary>{body(lost)}</details>" if lost else ""
    return f'<div class="tk-said" role="status"><p>{text(sentence)}</p>{kept}</div>'


def numbered(notes: Iterable[Annotation]) -> list[tuple[str, Annotation]]:
    """Annotations with the numbers that the marks on a chart bear."""
    return [(CIRCLED[at] if at < len(CIRCLED) else f"({at + 1})", note) for at, note in enumerate(notes)]


def beside(
    policy: Policy, view: View, topic: str, notes: Sequence[Annotation], today: date, writes: bool
) -> str:
    """Under a chart: what its numbered marks say, and for the task force a way to write one.

    topic: the indicator that all of them are about; ``all`` where they differ, and each then names its own.
    """
    write = link(href("notes", view, topic=topic, place=view.unit, note=""), "写批注", "tk-more")
    if not notes:
        return f'<p class="tk-note">还没有批注。{write}</p>' if writes else ""
    rows = "".join(_mark(policy, view, topic, number, note, today) for number, note in numbered(notes))
    return panel("批注", f'<ol class="tk-marks">{rows}</ol>', aside=write if writes else "")


def _mark(policy: Policy, view: View, topic: str, number: str, note: Annotation, today: date) -> str:
    due = f"，{note.due}前完成" if note.due else ""
    who = f"（{note.responsible}{due}）" if note.responsible else f"（{due[1:]}）" if due else ""
    name = "" if topic == note.indicator else policy.indicator(note.indicator).name + " "
    address = href("notes", view, topic=note.indicator, place=note.unit, note=str(note.id))
    inner = f"{format.period(note.period)} {text(name + brief(note) + who)}"
    return f"<li><span>{number}</span>{link(address, inner)}{state(note, today)}</li>"
