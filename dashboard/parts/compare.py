"""并列对比: the chooser of up to three other units, and the table of all of them side by side. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light
from dashboard.compare import MOST, SIMILAR, Trade, chosen
from dashboard.html import lamp, link, panel, scrolled, text
from etl.policy import Policy

AMOUNTS = (
    ("进出口累计", "ytd_total", "yoy_total"),
    ("出口累计", "ytd_export", "yoy_export"),
    ("进口累计", "ytd_import", "yoy_import"),
    ("近12个月进出口", "ttm_total", ""),
)


def section(board: Board, policy: Policy, view: View, trade: Trade) -> str:
    """The panel: the chooser, and the table once units are chosen."""
    units = chosen(policy, view.unit, view.beside, trade)
    table = _table(board, policy, view, trade, (view.unit, *units)) if units else _hint(view)
    return panel("并列对比", _chooser(policy, view, units) + table, "tk-compare")


def _hint(view: View) -> str:
    if view.beside == SIMILAR:
        return '<p class="tk-empty">没有近12个月进出口，找不出规模相近的县市区。</p>'
    return f'<p class="tk-empty">点县市区放在旁边对比，最多{MOST}个；规模相近指近12个月进出口倍数最接近。</p>'


def _chooser(policy: Policy, view: View, units: Sequence[str]) -> str:
    """A chip a unit that puts it beside or takes it away, and one for those of similar size."""
    on = view.beside == SIMILAR
    similar = _chip(view, "" if on else SIMILAR, "规模相近的3个", on)
    others = (place for place in policy.counties if place.code != view.unit)
    chips = "".join(_toggle(view, place.code, place.short, units) for place in others)
    return f'<nav class="tk-chips" aria-label="对比的县市区">{similar}{chips}</nav>'


def _toggle(view: View, code: str, name: str, units: Sequence[str]) -> str:
    if code in units:
        return _chip(view, ",".join(unit for unit in units if unit != code), name, True)
    if len(units) == MOST and view.beside != SIMILAR:
        return f'<span class="tk-off" title="最多并列{MOST}个，先去掉一个">{text(name)}</span>'
    kept = () if view.beside == SIMILAR else units
    return _chip(view, ",".join((*kept, code)), name, False)


def _chip(view: View, beside: str, name: str, on: bool) -> str:
    mark = '<span aria-hidden="true">✓ </span>' if on else ""
    label = f"{name}，{'已并列，点一下去掉' if on else '点一下并列'}"
    return link(href("unit", view, beside=beside), mark + text(name), "tk-here" if on else "", label=label)


def _table(board: Board, policy: Policy, view: View, trade: Trade, units: Sequence[str]) -> str:
    """A row per figure, a column per unit, the city last."""
    columns = (*units, policy.city.code)
    heads = "".join(_head(policy, view, code) for code in columns)
    rows = [_line("综合位次", [_place(board, view, code) for code in columns])]
    rows += [
        _line(name, [_amount(trade.get(code), key, growth) for code in columns])
        for name, key, growth in AMOUNTS
    ]
    rows += [
        _line(
            link(href("indicator", view, indicator=indicator.id), text(indicator.name)),
            [_light(policy, board.light(indicator.id, code, view.period)) for code in columns],
        )
        for indicator in policy.indicators
    ]
    return scrolled(
        "并列对比表",
        f'<table class="tk-table"><thead><tr><th scope="col">项目</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>",
    )


def _head(policy: Policy, view: View, code: str) -> str:
    name = text(policy.unit(code).short)
    if code == view.unit or code == policy.city.code:
        return f'<th scope="col">{name}</th>'
    return f'<th scope="col">{link(href("unit", view, unit=code, beside=""), name, title=f"看{name}")}</th>'


def _line(name: str, cells: Sequence[str]) -> str:
    body = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{name}</th>{body}</tr>'


def _place(board: Board, view: View, code: str) -> str:
    rank = board.rank(code, view.period)
    if rank is None or rank.rank is None:
        return format.DASH
    return f"第{rank.rank}<small>绿灯{rank.green}/{rank.coloured}</small>"


def _amount(row: Mapping[str, Any] | None, key: str, growth: str) -> str:
    if row is None or row[key] is None:
        return format.DASH
    return f"{format.money(row[key])}<small>{format.growth(row[growth]) if growth else ''}</small>"


def _light(policy: Policy, light: Light | None) -> str:
    """Value, shape and place: the status by shape and word, not by colour alone."""
    if light is None or light.value is None:
        return format.DASH
    place = f"<small>{f'第{light.rank}' if light.rank else ''}</small>"
    mark = lamp(light, words.why(policy, light), worded=False) + " " if light.tone else ""
    return f"{mark}{text(words.value(policy, light))}{place}"
