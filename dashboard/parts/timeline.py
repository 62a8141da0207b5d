"""时间轴: a place's lights month by month, and the snapshots that are kept, each as it was known then."""

from collections.abc import Sequence

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light
from dashboard.html import link, panel, scrolled, shape, text
from dashboard.matrix import LEGEND, brief
from dashboard.questions.snapshots import Past
from etl.policy import Indicator, Policy

MONTHS = 24
COLOURS = {"green": "绿", "red": "红", "grey": "灰"}


def strip(board: Board, policy: Policy, view: View) -> str:
    """Indicators × the last months: each cell leads to that month's indicator, each month to its overview."""
    months = board.periods[-MONTHS:]
    heads = "".join(_month(view, month) for month in months)
    rows = "".join(_row(board, policy, view, indicator, months) for indicator in policy.indicators)
    inner = (
        f'<table class="tk-matrix tk-strip"><thead><tr><th scope="col">指标</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    title = f"{policy.unit(view.unit).name}近{len(months)}个月"
    aside = f'<span class="tk-legend">{LEGEND}<span>数字为监测值；点月份看那个月的总览</span></span>'
    return panel(title, scrolled(f"{title}各项指标的灯", inner), "tk-timeline", aside)


def _month(view: View, month: str) -> str:
    here = ' class="tk-here"' if month == view.period else ""
    first = f"<b>{month[:4]}</b>" if month.endswith("-01") else ""
    inner = f"{first}{int(month[5:])}月"
    label = f"看{format.period(month)}的总览"
    return f'<th scope="col"{here}>{link(href("", view, period=month), inner, title=label, label=label)}</th>'


def _row(board: Board, policy: Policy, view: View, indicator: Indicator, months: Sequence[str]) -> str:
    name = link(href("indicator", view, indicator=indicator.id), text(indicator.short), title=indicator.name)
    cells = "".join(
        _cell(policy, view, board.light(indicator.id, view.unit, month), month == view.period)
        for month in months
    )
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _cell(policy: Policy, view: View, light: Light | None, here: bool) -> str:
    classes = f"tk-{light.tone or 'none'}" if light else ""
    classes += " tk-here" if here else ""
    if light is None:
        return f'<td class="{classes}"></td>'
    why = f"{format.period(light.period)}{words.why(policy, light)}"
    inner = shape(light) if light.tone else text(brief(policy, light))
    address = href("indicator", view, indicator=light.indicator, period=light.period)
    return f'<td class="{classes}">{link(address, inner, title=why, label=why)}</td>'


def snapshots(view: View, kept: Sequence[Past]) -> str:
    """Every snapshot with the way into it; the newest, and the one on show, are named."""
    rows = "".join(_snapshot(view, item) for item in kept)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("生成时间", "数据截至", "全市的灯", "快照", "查看")
    )
    inner = f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    note = "每次加载生成一个快照，内容不再改变。打开后各页都是当时所见，页顶有标记，可随时回到最新。"
    return panel(
        "快照", scrolled("快照", inner) + f'<p class="tk-note">{note}</p>', "tk-snapshots", f"{len(kept)}个"
    )


def _snapshot(view: View, item: Past) -> str:
    here = item.id == view.snapshot or (item.published and not view.snapshot)
    state = " · ".join(["当前发布"] * item.published + ["正在查看"] * here)
    until = format.period(item.told.latest_period) if item.told else format.DASH
    cells = (until, lamps(item), text(item.id), text(state) if here else _way(view, item, state))
    row = ' class="tk-here"' if here else ""
    return (
        f'<tr{row}><th scope="row">{made(item.id)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    )


def _way(view: View, item: Past, state: str) -> str:
    if item.told is None:
        return "其他版本生成或已损坏，不能打开"
    snapshot = "" if item.published else item.id
    label = f"看{made(item.id)}生成的快照"
    words_ = f"{state}，回到最新" if item.published else "看当时所见"
    address = href("", view, snapshot=snapshot, period=item.told.latest_period)
    return link(address, words_, "tk-more", label=label)


def made(id: str) -> str:
    """When a snapshot was made, from its id: 「2026-11-25 09:30:12」."""
    return f"{id[:4]}-{id[4:6]}-{id[6:8]} {id[9:11]}:{id[11:13]}:{id[13:15]}"


def lamps(item: Past) -> str:
    """The city's lights by colour: 「8绿 5红」."""
    if item.told is None:
        return format.DASH
    counts = item.told.colours
    return " ".join(
        f'<b class="tk-ink-{tone}">{counts[tone]}{name}</b>'
        for tone, name in COLOURS.items()
        if counts.get(tone)
    )
