"""Monitors: what is watched without a target, as values, lists of values or rankings; never coloured. Pure."""

from collections.abc import Mapping, Sequence

from dashboard import format, words
from dashboard.address import PAGES, View, href
from dashboard.html import folded, link, panel, scrolled, table, text
from dashboard.questions.measures import Part, Standing
from etl.evaluation import Ranking
from etl.monitors import Monitor
from etl.policy import Policy
from etl.support.rules import load_rules

MOST_RANKED = 10
TALL = 4  # more values than that are as high as two panels


def monitor(policy: Policy, view: View, item: Monitor, standing: Standing) -> str:
    """One monitor of a place, with what it is made of."""
    parts, place = standing.parts, policy.unit(view.unit).short
    if all(part.value is None for part in parts) and not item.ranking:
        beside = format.detail(item.detail, parts[0].facts) if item.parts == "none" and parts else ""
        inner = f'<div class="tk-value"><b>{format.DASH}</b><span>{text(item.missing)}</span></div>'
        inner += f"<p>{text(beside)}</p>" if beside else ""
    elif not parts:
        inner = f'<p class="tk-empty">{text(item.missing)}。</p>'
    elif item.ranking:
        inner = _ranked(policy, item, item.ranking, standing)
    elif item.parts == "none" or len(parts) == 1:
        inner = _one(item, parts[0])
    else:
        inner = _several(policy, item, parts)
    classes = "tk-monitor" + (" tk-ranked" if item.ranking else " tk-tall" if len(parts) > TALL else "")
    return panel(
        item.name, inner + _basis(item), classes, text(f"{place} · {item.basis}") + _deeper(view, item)
    )


def _deeper(view: View, item: Monitor) -> str:
    if item.page is None:
        return ""
    title = PAGES[item.page].title
    return link(href(item.page, view), f"看{title}", "tk-more", label=f"{item.name}：看{title}")


def value(item: Monitor, number: float | None) -> format.Figure:
    """A value with its unit; money in 亿元 or 万元."""
    if number is None:
        return format.Figure(format.DASH, "")
    if item.kind == "money":
        shown = format.money(number)
        return format.Figure(shown[:-2], shown[-2:])
    if item.kind == "share":
        return format.Figure(format.percent(number), "")
    return format.Figure(format.decimal(number, {"count": 0, "index": 3, "score": 1}[item.kind]), item.unit)


def name_of(policy: Policy, item: Monitor, part: Part) -> str:
    """What a value or a participant is called."""
    if item.parts == "line":
        return f"{format.line(int(part.name))}以上"
    if item.parts == "item":
        return load_rules(policy).names.get(part.name, words.NO_ITEM)
    if item.parts == "firm":
        return str(part.facts.get("firm_name") or part.name)
    return part.name


def _one(item: Monitor, part: Part) -> str:
    shown = value(item, part.value)
    return (
        f'<div class="tk-value"><b>{text(shown.number)}</b><span>{text(shown.unit)}</span></div>'
        f"<p>{text(format.detail(item.detail, part.facts))}</p>"
    )


def _several(policy: Policy, item: Monitor, parts: Sequence[Part]) -> str:
    rows = [
        (name_of(policy, item, part), str(value(item, part.value)), _detail(item, part)) for part in parts
    ]
    return scrolled(item.name, table("", ("", "数值", "其中"), rows))


def _detail(item: Monitor, part: Part) -> str:
    return item.missing if part.value is None else format.detail(item.detail, part.facts)


def _ranked(policy: Policy, item: Monitor, ranking: Ranking, standing: Standing) -> str:
    """The best first; who has nothing to be evaluated by stands at the end without a place."""
    parts = standing.parts
    header = (
        item.name.removesuffix("综合评价"),
        "位次",
        "县市区",
        *(f"{criterion.name}（{criterion.weight}分）" for criterion in ranking.criteria),
        "得分",
        f"{standing.year}年位次",
    )
    rows = [_participant(policy, item, ranking, part, standing.ended) for part in parts[:MOST_RANKED]]
    more = (
        f'<p class="tk-note">共{len(parts)}个参评，列出前{MOST_RANKED}个。</p>'
        if len(parts) > MOST_RANKED
        else ""
    )
    return scrolled(item.name, table("", header, rows)) + more


def _participant(
    policy: Policy, item: Monitor, ranking: Ranking, part: Part, ended: Mapping[str, int]
) -> tuple[str, ...]:
    figures = (
        format.DASH
        if (figure := part.facts.get(criterion.figure)) is None
        else format.FORMATS[criterion.kind](figure)
        for criterion in ranking.criteria
    )
    top = f" · 前{ranking.top}" if part.facts.get("top") else ""
    before = ended.get(part.name)
    return (
        name_of(policy, item, part),
        "没有数据，未评" if part.place is None else f"第{part.place}{top}",
        policy.unit(part.unit).short,
        *figures,
        format.DASH if part.value is None else format.decimal(part.value, 1),
        format.DASH if before is None else f"第{before}",
    )


def _basis(item: Monitor) -> str:
    rows = (("计算方法", (item.formula,)), ("文件原文", (item.quote,)), ("说明", item.caveats))
    inner = "".join(
        f"<dt>{name}</dt><dd>{'<br>'.join(map(text, lines))}</dd>" for name, lines in rows if lines
    )
    return folded("口径", f'<dl class="tk-definition">{inner}</dl>')
