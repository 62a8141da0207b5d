"""差在哪里: which units make up each gap of the city; 本月变化: whose lights turned since last month."""

import math
from collections.abc import Iterable

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light, Tone, judged_before, lights_of, parts_of, turned
from dashboard.html import link, panel, text
from etl.policy import Policy

MOST = 3
Share = tuple[str, str]  # a unit's code, and what it adds to the gap in words


def where(board: Board, policy: Policy, view: View) -> str:
    """A row for each red light of the city: how far off, and the units that matter most."""
    lights = [item for item in lights_of(board, policy, policy.city.code, view.period) if item.tone == "red"]
    rows = "".join(_row(policy, view, light, shares(board, policy, light)) for light in lights)
    inner = f'<ul class="tk-gaps">{rows}</ul>' if rows else '<p class="tk-empty">没有滞后的目标。</p>'
    return panel("差在哪里", inner, "tk-where")


def _row(policy: Policy, view: View, light: Light, parts: list[Share]) -> str:
    indicator = policy.indicator(light.indicator)
    name = link(
        href("indicator", view, indicator=light.indicator, unit=light.unit), f"<b>{text(indicator.name)}</b>"
    )
    named = "、".join(_unit(policy, view, light, part) for part in parts[:MOST])
    more = f"等{len(parts)}个县市区" if len(parts) > MOST else ""
    gap = f'<span class="tk-ink-red">{text(words.standing(policy, light))}</span>'
    return f"<li>{name}{gap}<span>{named or '全市统筹，县市区不单列'}{more}</span></li>"


def _unit(policy: Policy, view: View, light: Light, part: Share) -> str:
    code, said = part
    address = href("indicator", view, indicator=light.indicator, unit=code)
    return link(address, f"{text(policy.unit(code).short)}（{text(said)}）")


def shares(board: Board, policy: Policy, light: Light) -> list[Share]:
    """The units behind a red light of the city, what weighs most first; the sentence and the cards name the first of them.

    Where no unit is judged, those with firms close to the line.
    """
    parts = parts_of(board, policy, light)
    if parts:
        return [(part.unit, words.lacking(policy, light, part)) for part in parts]
    return _near(board, policy, light)


def _near(board: Board, policy: Policy, light: Light) -> list[Share]:
    """Units with firms close to the line, the closest first; those whose firms the viewer may not see at the end."""
    found = (board.light(light.indicator, unit.code, light.period) for unit in policy.counties)
    near = [(item.facts["near"], item.unit) for item in found if item and item.facts.get("near")]
    placed = sorted(near, key=lambda item: (item[0].get("least_short_cny", math.inf), item[1]))
    return [(code, format.near_line(facts)) for facts, code in placed]


def turns(board: Board, policy: Policy, view: View) -> str:
    """The units' lights that turned since last month: red first, then green."""
    reds, greens = (turned(board, policy, view.period, tone) for tone in ("red", "green"))
    if not reds and not greens:
        known = judged_before(board, policy.counties, view.period)
        said = "县市区没有转红或转绿的灯。" if known else "没有上月数据可比。"
        return panel("本月变化", f'<p class="tk-empty">{said}</p>', "tk-turns")
    inner = _turned(policy, view, reds, "red", "转红") + _turned(policy, view, greens, "green", "转绿")
    return panel("本月变化", f'<ul class="tk-gaps">{inner}</ul>', "tk-turns", "县市区的灯，与上月相比")


def _turned(policy: Policy, view: View, lights: Iterable[Light], tone: Tone, word: str) -> str:
    """One line an indicator: its units that turned that way."""
    groups: dict[str, list[str]] = {}
    for light in lights:
        address = href("indicator", view, indicator=light.indicator, unit=light.unit)
        why = words.why(policy, light)
        named = link(address, text(policy.unit(light.unit).short), title=why)
        groups.setdefault(light.indicator, []).append(named)
    mark = f'<b class="tk-ink-{tone}">{words.SHAPE["behind" if tone == "red" else "met"]} {word}</b>'
    return "".join(
        f"<li>{mark}<span>{text(policy.indicator(indicator).name)}</span><span>{'、'.join(names)}</span></li>"
        for indicator, names in groups.items()
    )
