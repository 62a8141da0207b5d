"""假设: what would turn, before and after side by side, and everything that is assumed. Nothing here is a result."""

from collections.abc import Iterator

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Light, level_of
from dashboard.download import Cell
from dashboard.html import link, panel, pill, scrolled, spans, table, text
from dashboard.questions.firms import NearFirm
from dashboard.scenario.choices import Study
from dashboard.scenario.facts import Numbers
from dashboard.scenario.outcome import Outcome, sentence
from dashboard.store import Meta
from etl.policy import Policy

BADGE = '<strong class="tk-if">假设</strong>'
TURNS = {"green": "转绿", "red": "转红", "grey": "转灰"}
SAME = {"green": "仍为绿灯", "red": "仍滞后", "grey": "仍无数据", "": "只监测"}
UNTOUCHED = "不受影响"
ASSUMED = "假设了什么"
MOST_IN_ONE = 10  # rows of figures beside what is assumed; more stand below it in two halves
HEADER = (
    "假设", "地区", "统计月份", "指标", "现在数值", "假设下数值", "单位", "目标", "现在状态", "假设下状态", "判定月份", "变化",
    "怎么算的", "快照", "数据性质",
)  # fmt: skip


def page(study: Study, view: View) -> str:
    """The whole page: the sentence, before and after, the assumptions, and on paper a mark on every sheet."""
    watermark = '<div class="tk-onpaper" aria-hidden="true">假设推算，不是实际结果</div>'
    return watermark + heading(study) + outcomes(study, view) + assumptions(study)


def heading(study: Study) -> str:
    """The page in a sentence, marked as assumed."""
    facts = study.facts
    place = facts.policy.unit(study.unit).name
    said = text(study.ask) if study.ask else spans(sentence(facts, study.found))
    return (
        f'<div class="tk-sentence tk-assumed"><h1>{BADGE}{text(f"{place}：{study.scenario.title}")}</h1>'
        f"<p>{said}</p></div>"
    )


def outcomes(study: Study, view: View) -> str:
    """Before and after of every indicator; the aside says what the right half is judged by."""
    rows = "".join(_row(study.facts.policy, view, item) for item in study.found)
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("指标", f"现在（{view.period}）", "假设下", "变化", "目标", "怎么算的")
    )
    inner = f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    aside = text(f"{study.scenario.until}；只是推算，不进快照")
    return panel("假设前后对照", scrolled("假设前后对照", inner), "tk-whatif tk-assumed", aside)


def _row(policy: Policy, view: View, item: Outcome) -> str:
    indicator, _ = level_of(policy, item.now)
    name = link(href("indicator", view, indicator=indicator.id), text(indicator.name))
    then = _light(policy, item.then) if item.touched else f'<span class="tk-aside">{UNTOUCHED}</span>'
    tone = f"tk-ink-{item.turned}" if item.turned else ""
    turned = f'<b class="{tone}">{change(item)}</b>' if tone else change(item)
    cells = (_light(policy, item.now), then, turned, text(goal(policy, item)), text(why(policy, item)))
    dashed = ' class="tk-then"' if item.touched else ""
    inner = "".join(f"<td{dashed if at == 1 else ''}>{cell}</td>" for at, cell in enumerate(cells))
    return f'<tr><th scope="row">{name}</th>{inner}</tr>'


def _light(policy: Policy, light: Light) -> str:
    figure = text(words.value(policy, light))
    return f"<span>{figure}</span> {pill(light, words.why(policy, light))}"


def goal(policy: Policy, item: Outcome) -> str:
    """The target, which is the same before and after."""
    indicator, level = level_of(policy, item.now)
    return format.goal(indicator, level, item.now.target, item.now.value)


def change(item: Outcome) -> str:
    """What becomes of the light, in words."""
    if not item.touched:
        return format.DASH
    return TURNS[item.turned] if item.turned in TURNS else SAME[item.then.tone]


def why(policy: Policy, item: Outcome) -> str:
    """How the value came about, and what is still missing at that time."""
    parts = [item.why]
    if item.touched and item.then.gap is not None:
        parts.append(words.standing(policy, item.then))
        if item.then.gap > 0 and item.then.pace not in (None, item.then.target):
            _, level = level_of(policy, item.then)
            parts.append(f"距目标还差 {format.difference(level.kind, item.then.gap, level.unit)}")
    return "；".join(parts)


def near_firm(policy: Policy, firm: NearFirm) -> str:
    """A near-line firm in the chooser: 「某公司（道县）差6,200.00万元过1亿元」; plain text, never markup."""
    line = format.line(int(firm.line_cny))
    return f"{firm.name}（{policy.unit(firm.unit).short}）差{format.money(firm.missing_cny)}过{line}"


def assumptions(study: Study) -> str:
    """Everything that is assumed: one sentence a line, then the figures."""
    items = "".join(f"<li>{text(item)}</li>" for item in study.scenario.assumptions)
    inner = f'<ul class="tk-assumptions">{items}</ul>{_numbers(study.numbers())}'
    return panel(ASSUMED, f'<div class="tk-basis">{inner}</div>', "tk-assumed")


def _numbers(numbers: Numbers) -> str:
    if not numbers.rows:
        return ""
    half = (len(numbers.rows) + 1) // 2 if len(numbers.rows) > MOST_IN_ONE else len(numbers.rows)
    parts = [("", numbers.rows[:half]), ("（续）", numbers.rows[half:])]
    titled = ((f"{numbers.title}（假设）{more}", rows) for more, rows in parts if rows)
    tables = "".join(scrolled(title, table(title, numbers.header, rows)) for title, rows in titled)
    return f'<div class="tk-figures{" tk-halves" * (half < len(numbers.rows))}">{tables}</div>'


def rows(study: Study, meta: Meta) -> Iterator[tuple[Cell, ...]]:
    """The table to take along, every row of it marked as assumed: the indicators, the assumptions, the figures.

    Figures are unrounded, in the unit named (10 for 10 %).
    """
    facts, scenario = study.facts, study.scenario
    first = (f"假设：{scenario.title}", facts.policy.unit(study.unit).name, facts.period)
    last = meta.ends
    for item in study.found:
        yield *first, *_figures(facts.policy, item), *last
    empty = (None,) * (len(HEADER) - len(first) - len(last) - 2)
    for said in scenario.assumptions:
        yield *first, ASSUMED, *empty, said, *last
    numbers = study.numbers()
    for row in numbers.rows:
        named = zip(numbers.header, row, strict=True)
        said = "，".join(f"{name} {cell}" for name, cell in named)
        yield *first, numbers.title, *empty, said, *last


def _figures(policy: Policy, item: Outcome) -> tuple[Cell, ...]:
    indicator, level = level_of(policy, item.now)
    now, then = (format.scaled(level.kind, light.value) for light in (item.now, item.then))
    return (
        indicator.name, now, then, level.unit, goal(policy, item), words.STATUS[item.now.status],
        words.STATUS[item.then.status], item.then.period, change(item) if item.touched else UNTOUCHED, why(policy, item),
    )  # fmt: skip
