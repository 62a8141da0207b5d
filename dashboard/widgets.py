"""The parts of the pages as HTML: sentence, cards, totals, ranking, definition, foot. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light, Summary, level_of
from dashboard.html import NOTED, folded, link, panel, pill, spans, table, text
from dashboard.spark import spark
from dashboard.store import Meta, Source
from etl.document import passage
from etl.policy import Indicator, Policy

SPARK_MONTHS = 24
STALE = '<span class="tk-stale">数据已过期</span>'


def bar(policy: Policy, demo: bool, past: str = "", stale: bool = False) -> str:
    """The product's name; badges on what is made from demo data, seen as known in a past snapshot, or out of date."""
    badge = '<strong class="tk-demo">演示数据</strong>' if demo else ""
    badge += STALE if stale else ""
    if past:
        badge += f'<strong class="tk-past">当时所见 {text(past)}</strong>'
    return f'<div class="tk-bar"><span class="tk-product">{text(policy.document.product)}</span>{badge}</div>'


def standing_in(damaged: str, shown: str, period: str) -> str:
    """Above every page while the published snapshot is damaged: what is on show instead, and what to do."""
    return (
        f'<p class="tk-damaged" role="alert">▼ 当前快照 {text(damaged)} 已损坏，暂时显示上一个完好的快照 {text(shown)}'
        f"（{text(_reach(period))}）；请系统管理员运行 trade-kpi doctor 查看，再换回快照或从备份恢复。</p>"
    )


def sentence(policy: Policy, summary: Summary) -> str:
    """The page in two lines of words."""
    first, second = spans(words.headline(policy, summary)), spans(words.changes(summary))
    return f'<div class="tk-sentence"><h1>{first}</h1><p>{second}</p></div>'


def cards(
    board: Board, policy: Policy, view: View, lights: Sequence[Light], stale: bool, last: str = ""
) -> str:
    """A card per light, the red ones in a section of their own so that a phone shows them first.

    last: ready HTML that fills what the cards leave of the grid's last row.
    """
    red = [light for light in lights if light.tone == "red"]
    rest = [light for light in lights if light.tone != "red"]
    sections = (
        (name, "".join(card(board, policy, view, light, stale) for light in group))
        for name, group in (("red", red), ("rest", rest))
    )
    inner = "".join(f'<div class="tk-cards-{name}">{html}</div>' for name, html in sections if html)
    return f'<div class="tk-cards">{inner}{last}</div>'


def card(board: Board, policy: Policy, view: View, light: Light, stale: bool) -> str:
    """One indicator: clause, name, status, value, target, standing, sparkline, and one line of whose."""
    indicator, level = level_of(policy, light)
    value = words.value(policy, light)
    address = href("indicator", view, indicator=indicator.id, unit=light.unit, period=light.period)
    foot = words.footnote(board, policy, light)
    noted = (light.indicator, light.unit) in board.noted
    inner = (
        f'<div class="tk-head"><span class="tk-clause" title="第{text(indicator.clause)}条">'
        f"{text(indicator.clause)}</span><h3>{text(indicator.name)}</h3>{NOTED * noted}</div>"
        f'<div class="tk-value"><b>{text(value.number)}</b><span>{text(value.unit)}</span>'
        f"{_out_of_date(light, stale)}{pill(light)}</div>"
        f'<div class="tk-target">{text(format.target(indicator, level, light.target))}'
        f"<em>{text(_beside(board, policy, light))}</em></div>"
        f'<div class="tk-standing tk-ink-{light.tone or "none"}">{text(words.standing(policy, light))}</div>'
        f"{spark(board.history(light.indicator, light.unit, light.period, SPARK_MONTHS), level.yearly)}"
        f'<div class="tk-foot" title="{text(foot)}">{text(foot)}</div>'
    )
    why = words.why(policy, light) + "，有批注" * noted
    return link(address, inner, f"tk-card tk-{light.tone or 'none'}", why)


def _beside(board: Board, policy: Policy, light: Light) -> str:
    """Right of the value: a year ago for the city, the place among the 12 for a unit."""
    if light.unit == policy.city.code or light.rank is None:
        return words.a_year_ago(board, policy, light)
    return f"第{light.rank}位"


def _out_of_date(light: Light, stale: bool) -> str:
    """Beside a value that is shown; what is not there is not out of date."""
    return STALE if stale and light.value is not None else ""


def headcard(board: Board, policy: Policy, view: View, light: Light | None, stale: bool) -> str:
    """The head of an indicator's page: name, place, status, value, target and standing in one line."""
    indicator = policy.indicator(view.indicator)
    place = policy.unit(view.unit)
    name = f"{text(place.name)} · {text(indicator.name)}"
    if light is None:
        return panel("", f'<h1>{name}</h1><p class="tk-empty">本月没有这项数据。</p>', "tk-one")
    value = words.value(policy, light)
    back = (
        link(href("unit", view), f"看{text(place.short)}全部指标") if place.role in ("unit", "zone") else ""
    )
    standing = words.standing(policy, light)
    notes = (words.footnote(board, policy, light), words.a_year_ago(board, policy, light), light.note)
    inner = (
        f'<div class="tk-head"><span class="tk-clause">{text(indicator.clause)}</span><h1>{name}</h1>{pill(light)}'
        f'<span class="tk-back">{back}</span></div>'
        f'<div class="tk-value"><b>{text(value.number)}</b><span>{text(value.unit)}</span>{_out_of_date(light, stale)}'
        f'<span class="tk-dots"><span>{text(format.target(*level_of(policy, light), light.target))}</span>'
        f'<span class="tk-standing tk-ink-{light.tone or "none"}">{text(standing)}</span>'
        f"{''.join(f'<span>{text(note)}</span>' for note in dict.fromkeys(notes) if note not in ('', standing))}</span></div>"
    )
    return panel("", inner, f"tk-one tk-{light.tone or 'none'}")


def totals(row: Mapping[str, Any] | None, period: str, title: str) -> str:
    """Imports and exports of one place: this year's total large, with growth, month and twelve months."""
    months = format.through(period) + "累计" * (period[5:] != "01")
    if row is None:
        return panel(title, '<p class="tk-empty">本月没有进出口数据。</p>', "tk-totals")
    blocks = "".join(_total(row, key, name) for key, name in words.COLUMNS.items())
    return panel(title, blocks, "tk-totals", aside=months)


def _total(row: Mapping[str, Any], key: str, name: str) -> str:
    month = "1—2月" if row["months"] == 2 else "当月"
    parts = (
        f"同比 {format.growth(row[f'yoy_{key}'])}",
        f"{month} {format.money(row[f'month_{key}'])}",
        f"近12个月 {format.money(row[f'ttm_{key}'])}",
    )
    return (
        f'<div class="tk-total"><div><span>{name}</span><b>{format.money(row[f"ytd_{key}"])}</b></div>'
        f'<p class="tk-dots">{"".join(f"<span>{part}</span>" for part in parts)}</p></div>'
    )


def ranking(board: Board, policy: Policy, view: View) -> str:
    """The 12 on one indicator, best first: bars from zero, the unit in question filled."""
    lights = [board.light(view.indicator, unit.code, view.period) for unit in policy.counties]
    placed = sorted((light for light in lights if light), key=lambda light: (light.rank or 99, light.unit))
    most = max((abs(light.value) for light in placed if light.value is not None), default=0) or 1
    rows = "".join(_place(policy, view, light, most) for light in placed)
    return f'<ol class="tk-ranking">{rows}</ol>'


def _place(policy: Policy, view: View, light: Light, most: float) -> str:
    width = 0 if light.value is None else abs(light.value) / most * 100
    here = " tk-here" if light.unit == view.unit else ""
    sign = " tk-negative" if (light.value or 0) < 0 else ""
    inner = (
        f'<span class="tk-no">{light.rank or format.DASH}</span>'
        f"<span>{text(policy.unit(light.unit).short)}</span>"
        f'<span class="tk-track"><i class="tk-bar-{light.tone or "none"}{sign}" style="width:{width:.1f}%"></i></span>'
        f'<span class="tk-num">{text(words.value(policy, light))}</span>'
        f'<span class="tk-ink-{light.tone or "none"}">{words.SHAPE[light.status]} '
        f"<span>{words.STATUS[light.status]}</span></span>"
    )
    address = href("indicator", view, unit=light.unit)
    return f"<li>{link(address, inner, 'tk-place' + here, words.why(policy, light))}</li>"


def definition(policy: Policy, indicator: Indicator) -> str:
    """What the indicator is: formula, the document's own words, who is responsible, caveats."""
    clause = policy.document.clause(indicator.clause)
    rows = [
        ("计算方法", text(indicator.formula)),
        ("统计口径", text(indicator.basis)),
        ("文件原文", _quoted(policy, indicator)),
        ("出处", text(f"{policy.document.number}第{clause.number}条「{clause.title}」")),
        ("责任单位", text(clause.responsible)),
        ("说明", "<br>".join(text(item) for item in indicator.caveats)),
    ]
    inner = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows if value)
    return panel("指标说明", f'<dl class="tk-definition">{inner}</dl>')


def _quoted(policy: Policy, indicator: Indicator) -> str:
    """The sentence that sets the target; the whole clause around it on demand."""
    found = passage(policy, indicator.clause, indicator.quote)
    whole = f"<p>{text(found.before)}<mark>{text(found.quote)}</mark>{text(found.after)}</p>"
    return f"<q>{text(indicator.quote)}</q>{folded(f'第{indicator.clause}条全文', whole)}"


def history_table(policy: Policy, lights: Iterable[Light]) -> str:
    """A light's history as a table, newest first: what the chart shows, in figures."""
    rows = [_month(policy, light) for light in reversed(list(lights))]
    return table("逐月数据", ("统计月份", "数值", "序时进度", "目标", "状态", "位次", "备注"), rows)


def _month(policy: Policy, light: Light) -> tuple[str, ...]:
    pace, goal = str(words.pace(policy, light)), _goal(policy, light)
    status = f"{words.SHAPE[light.status]} {words.STATUS[light.status]}"
    rank = format.DASH if light.rank is None else str(light.rank)
    return light.period, str(words.value(policy, light)), pace, goal, status, rank, light.note


def _goal(policy: Policy, light: Light) -> str:
    """The target without its sign and deadline."""
    indicator, level = level_of(policy, light)
    if light.target is None:
        return format.DASH
    return str(format.bound(level.kind, light.target, level.unit, indicator.direction, light.value))


def foot(
    policy: Policy, meta: Meta, view: View, sources: Iterable[Source], quarantined: int, page: str | None
) -> str:
    """Where the numbers come from: period, each source's freshness, snapshot, document and its validity.

    page: the one on show, to which the snapshot is a link that lasts; None where it shows no snapshot.
    """
    document = policy.document
    fresh = _fresh(sources)
    waiting = f"待核数据{quarantined}行" if quarantined else "数据质量"
    parts = [
        text(_reach(meta.latest_period) + (f"（{fresh}）" if fresh else "")),
        link(href("quality", replace(view, file="")), waiting),
        _snapshot(meta.snapshot, view, page),
        link(href("wall", view), "大屏"),
        text(f"依据 {document.number}，有效期至 {document.valid_to}"),
        "演示数据，企业与数字均为虚构" if meta.demo else "",
    ]
    return f'<footer class="tk-source">{" · ".join(part for part in parts if part)}</footer>'


def _reach(period: str) -> str:
    return f"数据截至{format.period(period)}" if period else "没有月度数据"


def _snapshot(snapshot: str, view: View, page: str | None) -> str:
    """A link to what is on show in this very snapshot, for who shares it: canvas.js gives it the rest of the address.

    Of the view it has the month alone, so that the foot stays as it is when another unit is looked at.
    """
    if page is None:
        return text(f"快照 {snapshot}")
    said = text(f"快照 {snapshot} 的固定链接：地址中写明快照，数据更新后打开仍是现在所见")
    address = text(href(page, View(view.period, "", "", snapshot=snapshot)))
    return (
        f'<a data-go data-lasting="{text(snapshot)}" href="{address}" class="tk-lasting" title="{said}" aria-label="{said}">'
        f"快照 {text(snapshot)}（固定链接）</a>"
    )


def _fresh(sources: Iterable[Source]) -> str:
    """Each source under its newest period, the newest period first."""
    labels: dict[str, list[str]] = {}
    for item in sources:
        if item.latest_period:
            labels.setdefault(item.latest_period, []).append(item.label)
    return "；".join(f"{period}：{'、'.join(labels[period])}" for period in sorted(labels, reverse=True))
