"""十条: the document's measures with their lights; one of them in its words, and what of it nothing measures. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light, before, lights_of
from dashboard.html import folded, link, panel, scrolled, shape, spans, table, text
from dashboard.questions.measures import Event
from dashboard.words import Span
from etl.clauses import ClauseList, Measure, Sentence
from etl.document import clause_text
from etl.monitors import Monitor, load_monitors
from etl.policy import Indicator, Policy
from etl.support.rules import load_rules

MOST_EVENTS = 8
KINDS = {"indicator": "指标", "monitor": "监测", "item": "资金"}
Names = Mapping[str, str]  # ``monitor:…`` and ``item:…`` → name


def names(policy: Policy) -> Names:
    """What the monitors and support items of a policy are called, by reference."""
    monitors = {f"monitor:{item.id}": item.name for item in load_monitors(policy)}
    return monitors | {f"item:{id}": name for id, name in load_rules(policy).names.items()}


def lights_in(board: Board, policy: Policy, view: View, number: str) -> list[Light]:
    """The place's lights on the indicators of one measure, red first."""
    found = lights_of(board, policy, view.unit, view.period)
    return [light for light in found if policy.indicator(light.indicator).clause == number]


def chosen(board: Board, policy: Policy, view: View) -> str:
    """The measure to show in depth: the one that the address names, else the first with a red light, else the first."""
    numbers = [clause.number for clause in policy.document.clauses]
    red = (n for n in numbers if any(light.tone == "red" for light in lights_in(board, policy, view, n)))
    return view.clause or next(red, numbers[0])


def sentence(board: Board, policy: Policy, view: View, today: date) -> str:
    """How many measures have targets and where they lag; how long the document still holds."""
    clauses = policy.document.clauses
    lights = {clause.number: lights_in(board, policy, view, clause.number) for clause in clauses}
    judged = {number: [light for light in found if light.tone] for number, found in lights.items()}
    red = [number for number, found in judged.items() if any(light.tone == "red" for light in found)]
    count = sum(bool(found) for found in judged.values())
    said = [
        Span(policy.unit(view.unit).name, "", True),
        Span(f"：{len(clauses)}条措施中{count}条有亮灯的目标，"),
        Span(f"{len(red)}条有滞后" if red else "没有滞后", "red" if red else "", True),
        Span(f"（第{'、'.join(red)}条）。" if red else "。"),
    ]
    return f'<div class="tk-sentence"><h1>{spans(said)}</h1><p>{text(validity(policy, view.period, today))}</p></div>'


def validity(policy: Policy, period: str, today: date) -> str:
    """How long the document still holds, from today and from the end of the data's month."""
    end = date.fromisoformat(policy.document.valid_to)
    following = before(period, -1)
    of_data = (end - date(int(following[:4]), int(following[5:]), 1)).days + 1
    return (
        f"文件有效期至{format.date(policy.document.valid_to)}，按今天{_left((end - today).days)}，"
        f"按数据（截至{format.period(period)}末）{_left(of_data)}。"
    )


def _left(days: int) -> str:
    return f"还有{days}天" if days >= 0 else f"已到期{-days}天"


def index(board: Board, policy: Policy, view: View, clauses: ClauseList, number: str) -> str:
    """All measures: their lights, each leading to its indicator, and how much else keeps an eye on them."""
    rows = "".join(_row(board, policy, view, measure, number) for measure in clauses.measures)
    return panel("", f'<ol class="tk-tens">{rows}</ol>', "tk-index")


def _row(board: Board, policy: Policy, view: View, measure: Measure, number: str) -> str:
    clause = policy.document.clause(measure.number)
    here = " tk-here" if measure.number == number else ""
    current = ' aria-current="true"' if here else ""
    title = f'<span class="tk-clause">{text(measure.number)}</span> <b{current}>{text(clause.title)}</b>'
    lights = lights_in(board, policy, view, measure.number)
    shown = "".join(_light(policy, view, light) for light in lights)
    counts = (f"{KINDS[kind]}{len(measure.ids(kind))}项" for kind in ("monitor", "item") if measure.ids(kind))
    beside = " · ".join(counts)
    return (
        f'<li class="tk-ten{here}">{link(href("measures", view, clause=measure.number), title)}'
        f'<span class="tk-tenlights">{shown or "<span class=tk-aside>没有量化目标</span>"}</span>'
        f'<span class="tk-aside">{text(beside)}</span></li>'
    )


def _light(policy: Policy, view: View, light: Light) -> str:
    """A light as shape, short name and value."""
    indicator = policy.indicator(light.indicator)
    inner = f"{shape(light)} {text(indicator.short)} {text(words.value(policy, light))}"
    address = href("indicator", view, indicator=indicator.id, unit=light.unit)
    return link(address, inner, f"tk-pill tk-{light.tone or 'none'}", words.why(policy, light))


def head(policy: Policy, view: View, measure: Measure, names: Names) -> str:
    """One measure in its own words, sentence by sentence, with what keeps an eye on each; who is responsible."""
    clause = policy.document.clause(measure.number)
    rows = "".join(_sentence(policy, view, item, names) for item in measure.sentences)
    whole = folded("连起来看原文", f"<p>{text(clause_text(policy.folder, measure.number))}</p>")
    inner = f'<ol class="tk-sentences">{rows}</ol>{whole}'
    return panel(
        f"第{measure.number}条 {clause.title}", inner, "tk-words", text(f"责任单位：{clause.responsible}")
    )


def _sentence(policy: Policy, view: View, item: Sentence, names: Names) -> str:
    tags = "".join(_tag(policy, view, reference, names) for reference in item.tracked)
    why = (
        f'<span class="tk-aside">不可量化：{text(item.not_measurable)}</span>' if item.not_measurable else ""
    )
    return f"<li><q>{text(item.quote)}</q><span class=tk-tags>{tags}{why}</span></li>"


def _tag(policy: Policy, view: View, reference: str, names: Names) -> str:
    kind, _, id = reference.partition(":")
    if kind == "indicator":
        indicator = policy.indicator(id)
        inner = f"{KINDS[kind]} {text(indicator.name)}"
        return link(href("indicator", view, indicator=id), inner, "tk-tag")
    inner = f"{KINDS[kind]} {text(names[reference])}"
    return (
        link(href("support", view), inner, "tk-tag")
        if kind == "item"
        else f'<span class="tk-tag">{inner}</span>'
    )


def items(measure: Measure, names: Names, day: str, paid: Mapping[str, float]) -> str:
    """The support items of a measure: what the document grants, and what was paid. paid: yuan by the item's id, up to day."""
    rows = []
    for id in measure.ids("item"):
        name = names[f"item:{id}"]
        terms = "；".join(item.quote for item in measure.sentences if id in item.ids("item"))
        rows.append((name, terms, format.money(paid.get(id))))
    if not rows:
        return ""
    inner = scrolled("支持事项", table("", ("事项", "文件规定", "累计拨付"), rows))
    return panel("支持事项", inner, "tk-items", text(f"拨付截至{format.date(day)}" if paid else ""))


def categories(policy: Policy, monitors: Iterable[Monitor], number: str) -> tuple[str, ...]:
    """The categories of events that a measure's indicators and monitors count."""
    every: tuple[Indicator | Monitor, ...] = (*policy.indicators, *monitors)
    own = [item.parameters for item in every if item.clause == number]
    named = ([table["category"]] if "category" in table else table.get("categories", []) for table in own)
    return tuple(dict.fromkeys(category for group in named for category in group))


def events(policy: Policy, found: Sequence[Event]) -> str:
    """What happened, newest first; the older ones on demand."""
    if not found:
        return panel("大事记", '<p class="tk-empty">还没有登记相关的大事。</p>', "tk-events")
    newest, older = _listed(policy, found[:MOST_EVENTS]), found[MOST_EVENTS:]
    rest = folded(f"更早的{len(older)}件", _listed(policy, older)) if older else ""
    return panel("大事记", newest + rest, "tk-events", f"共{len(found)}件")


def _listed(policy: Policy, found: Sequence[Event]) -> str:
    rows = [
        (
            event.name,
            event.category,
            policy.unit(event.unit).short,
            event.happened.isoformat(),
            event.evidence or format.DASH,
        )
        for event in found
    ]
    return scrolled("大事记", table("", ("名称", "类别", "县市区", "日期", "依据"), rows))


def not_measurable(clauses: ClauseList) -> str:
    """Every sentence that nothing keeps an eye on, with the reason, on demand."""
    rows = [
        (f"第{number}条" if number else "附则", item.quote, item.not_measurable)
        for number, group in (*((m.number, m.sentences) for m in clauses.measures), ("", clauses.closing))
        for item in group
        if item.not_measurable
    ]
    inner = scrolled("不可量化的内容", table("", ("条", "原文", "理由"), rows))
    tracked = len(clauses.sentences) - len(rows)
    words = f"全文{len(clauses.sentences)}句有所规定，其中{tracked}句由指标、监测或资金事项跟踪，其余{len(rows)}句列明理由。"
    return panel("", f"<p>{words}</p>{folded(f'不可量化的{len(rows)}句', inner)}", "tk-untracked")
