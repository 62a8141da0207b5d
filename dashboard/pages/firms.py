"""企业: tiers, near-line firms, movers, entries and exits, concentration; or one firm's page, or a search."""

import streamlit as st

from dashboard import shell, store
from dashboard.parts import firm as one
from dashboard.parts import firms as parts
from dashboard.questions import firm, firms


def _firms() -> str:
    asked = (gate, view.unit, view.period)
    tiers, tally = firms.tiers(*asked), firms.tally(*asked)
    cards = parts.tier_cards(ground.board, policy, view, tiers)
    cards += parts.allowed("集中度", lambda: parts.concentration(firms.concentration(*asked)), "tk-tier")
    top = parts.sentence(policy, view, tiers, tally) + f'<div class="tk-tiers">{cards}</div>'
    if tally is None:
        return top
    return top + parts.allowed("企业名单", lambda: _lists(tiers.lines, tally.passages is not None))


def _lists(lines: tuple[int, ...], compared: bool) -> str:
    asked = (gate, view.unit, view.period)
    month = parts.movers(policy, view, firms.movers(*asked, "month"), "与上月相比", lines)
    year = parts.movers(policy, view, firms.movers(*asked, "december"), "与去年12月相比", lines)
    passages = parts.passages(policy, view, firms.passages(*asked), compared)
    near = parts.near_line(policy, view, firms.near_line(*asked))
    return f'<div class="tk-firms">{near}<div class="tk-moves">{month}{year}</div>{passages}</div>'


def _page() -> str:
    if view.find:
        return parts.allowed(
            "查找", lambda: parts.results(policy, view, firm.find(gate, view.period, view.find))
        )
    if view.firm:
        return parts.allowed(
            "企业", lambda: one.page(policy, view, firm.profile(gate, view.firm, view.period))
        )
    return _firms()


with shell.page() as ground:
    policy, gate = ground.policy, ground.gate
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units}
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
        if gate.viewer.unit or store.sees_firms(gate, policy.city.code):
            ground = ground.typed("find", "企业名称或信用代码，按回车查找")
    ground = ground.written("firm")
    view = ground.view
    ground.show("firms", _page)
