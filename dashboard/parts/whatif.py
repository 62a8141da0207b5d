"""假设: what would turn, before and after side by side, and everything that is assumed. Nothing here is a result."""

from collections.abc import Sequence

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Light, level_of
from dashboard.html import link, panel, pill, scrolled, spans, text
from dashboard.questions.firms import NearFirm
from dashboard.scenario.facts import Facts
from dashboard.scenario.outcome import Outcome, sentence
from etl.policy import Policy

BADGE = '<strong class="tk-if">假设</strong>'
TURNS = {"green": "转绿", "red": "转红", "grey": "转灰"}
SAME = {"green": "仍为绿灯", "red": "仍滞后", "grey": "仍无数据", "": "只监测"}


def heading(facts: Facts, view: View, title: str, found: Sequence[Outcome]) -> str:
    """The page in a sentence, marked as assumed."""
    place = facts.policy.unit(view.unit).name
    return (
        f'<div class="tk-sentence tk-assumed"><h1>{BADGE}{text(f"{place}：{title}")}</h1>'
        f"<p>{spans(sentence(facts, found))}</p></div>"
    )


def outcomes(policy: Policy, view: View, found: Sequence[Outcome], until: str) -> str:
    """Before and after of every indicator. until: what the right half is judged by."""
    rows = "".join(_row(policy, view, item) for item in found)
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("指标", f"现在（{view.period}）", "假设下", "变化", "目标", "怎么算的")
    )
    inner = f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return panel("假设前后对照", scrolled("假设前后对照", inner), "tk-whatif tk-assumed", text(until))


def _row(policy: Policy, view: View, item: Outcome) -> str:
    indicator, level = level_of(policy, item.now)
    name = link(href("indicator", view, indicator=indicator.id), text(indicator.name))
    goal = format.target(indicator, level, item.now.target).removeprefix("目标 ")
    then = _light(policy, item.then) if item.touched else '<span class="tk-aside">不受影响</span>'
    cells = (_light(policy, item.now), then, change(item), text(goal), text(why(policy, item)))
    dashed = ' class="tk-then"' if item.touched else ""
    inner = "".join(f"<td{dashed if at == 1 else ''}>{cell}</td>" for at, cell in enumerate(cells))
    return f'<tr><th scope="row">{name}</th>{inner}</tr>'


def _light(policy: Policy, light: Light) -> str:
    figure = text(words.value(policy, light))
    return f"<span>{figure}</span> {pill(light)}"


def change(item: Outcome) -> str:
    """What becomes of the light, in words and colour."""
    if not item.touched:
        return format.DASH
    if item.turned in TURNS:
        return f'<b class="tk-ink-{item.turned}">{TURNS[item.turned]}</b>'
    return SAME[item.then.tone]


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
    """A near-line firm in the chooser: 「某公司（道县）差0.62亿元过10.0亿」; plain text, never markup."""
    line = format.short_money(firm.line_cny).replace(".0", "")
    return f"{firm.name}（{policy.unit(firm.unit).short}）差{format.money(firm.missing_cny)}过{line}"


def assumptions(sentences: Sequence[str]) -> str:
    """Everything that is assumed, one sentence a line."""
    items = "".join(f"<li>{text(item)}</li>" for item in sentences)
    return panel("假设了什么", f'<ul class="tk-assumptions">{items}</ul>', "tk-assumed")
