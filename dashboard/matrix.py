"""Units × indicators: the table of lights for a desk, and the same as one list for a phone."""

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light, level_of
from dashboard.html import NOTED, link, panel, shape, text
from etl.policy import Indicator, Policy, Unit

LEGEND = "".join(
    f'<span><span class="tk-ink-{tone}">{words.SHAPE[status]}</span> {words.STATUS[status]}</span>'
    for status, tone in (("met", "green"), ("on_pace", "green"), ("behind", "red"), ("no_data", "grey"))
)


def matrix(board: Board, policy: Policy, view: View) -> str:
    """The 12 units with their lights and 综合位次; below them the zones, numbers only."""
    heads = "".join(_head(policy, view, indicator) for indicator in policy.indicators)
    rows = "".join(_row(board, policy, view, unit) for unit in policy.counties)
    zones = "".join(
        _row(board, policy, view, unit) for unit in policy.units if unit.role in ("zone", "unassigned")
    )
    inner = (
        '<div class="tk-scroll" tabindex="0" role="region" aria-label="县市区与目标对照表"><table class="tk-matrix">'
        f'<thead><tr><th scope="col">县市区</th>{heads}<th scope="col">综合位次</th></tr></thead>'
        f'<tbody>{rows}</tbody><tbody class="tk-zones">{zones}</tbody></table></div>'
        '<p class="tk-note">综合位次：先比亮灯指标中绿灯所占比重，再比已达标项数，相同的并列。</p>'
    )
    aside = f'<span class="tk-legend">{LEGEND}<span>数字为监测值<span class="tk-way">；点格看详情</span></span></span>'
    return panel("县市区 × 目标", inner, "tk-wide", aside)


def _head(policy: Policy, view: View, indicator: Indicator) -> str:
    address = href("indicator", view, indicator=indicator.id, unit=policy.city.code)
    return f'<th scope="col">{link(address, text(indicator.short), title=indicator.name)}</th>'


def _row(board: Board, policy: Policy, view: View, unit: Unit) -> str:
    lights = [board.light(indicator.id, unit.code, view.period) for indicator in policy.indicators]
    if unit.role != "unit" and not any(lights):
        return ""
    name = text(unit.short)
    name = link(href("unit", view, unit=unit.code), name) if unit.role != "unassigned" else name
    rank = board.rank(unit.code, view.period)
    place = f"{rank.rank}" if rank and rank.rank else ""
    title = f"亮灯{rank.coloured}项，绿灯{rank.green}项，其中已达标{rank.met}项" if rank else ""
    cells = "".join(_cell(board, policy, view, light) for light in lights)
    return f'<tr><th scope="row">{name}</th>{cells}<td class="tk-rank" title="{title}">{place}</td></tr>'


def _cell(board: Board, policy: Policy, view: View, light: Light | None) -> str:
    if light is None:
        return "<td></td>"
    noted = (light.indicator, light.unit) in board.noted
    inner = (shape(light) if light.tone else text(brief(policy, light))) + NOTED * noted
    address = href("indicator", view, indicator=light.indicator, unit=light.unit)
    why = words.why(policy, light) + "，有批注" * noted
    return f'<td class="tk-{light.tone or "none"}">{link(address, inner, title=why, label=why)}</td>'


def brief(policy: Policy, light: Light) -> str:
    """A monitor's value as short as it goes: 「3」, 「8.8%」."""
    _, level = level_of(policy, light)
    if light.value is None:
        return format.DASH
    if level.kind in ("share", "growth"):
        return format.decimal(light.value * 100, 1) + "%"
    return format.decimal(light.value, 0 if level.kind == "count" else 1)


def unit_list(board: Board, policy: Policy, view: View) -> str:
    """For a phone: one line a unit with its place and its red lights by name."""
    rows = "".join(_item(board, policy, view, unit) for unit in policy.counties)
    return panel("县市区", f'<ul class="tk-units">{rows}</ul>', "tk-narrow")


def _item(board: Board, policy: Policy, view: View, unit: Unit) -> str:
    found = (board.light(indicator.id, unit.code, view.period) for indicator in policy.indicators)
    lights = [light for light in found if light]
    red = [policy.indicator(light.indicator).short for light in lights if light.tone == "red"]
    rank = board.rank(unit.code, view.period)
    place = f"第{rank.rank}位" if rank and rank.rank else format.DASH
    if red:
        state = f'<span class="tk-ink-red">▼ {text("、".join(red))}</span>'
    elif any(light.tone == "green" for light in lights):
        state = '<span class="tk-ink-green">无滞后</span>'
    else:
        state = f'<span class="tk-ink-grey">{words.SHAPE["no_data"]} {words.STATUS["no_data"]}</span>'
    inner = f"<b>{text(unit.short)}</b><span>{place}</span>{state}"
    return f"<li>{link(href('unit', view, unit=unit.code), inner)}</li>"
