"""市场与商品: one place's trade by market, partner, mode, industry and commodity, and growth beside province and nation."""

import streamlit as st

from dashboard import shell, words
from dashboard.parts import market as parts
from dashboard.questions import market, public
from dashboard.trade import trade_row
from etl.reference import load_reference


def _page() -> str:
    found = market.market(gate, view.unit, view.period, view.flow, view.span)
    industry = market.industries(gate, view.unit, view.period, view.flow, view.span)
    here = [
        public.place(gate, policy.unit(unit), view.period)
        for unit in dict.fromkeys((view.unit, policy.city.code))
    ]
    beside = parts.beside(public.public(gate, policy, view.period), here, view.period)
    return (
        parts.sentence(policy, reference, view, found)
        + parts.difference(view, found.whole, trade_row(gate, view.unit, view.period))
        + parts.laid_out(reference, found, parts.industries(industry), beside)
    )


with shell.page() as ground:
    policy, reference = ground.policy, load_reference()
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        units = {unit.code: unit.name for unit in policy.units}
        ground = ground.choose("unit", "县市区", units, policy.city.code)
        ground = ground.choose("flow", "方向", words.COLUMNS, "total")
        ground = ground.choose("span", "时段", words.SPANS, "ytd")
    gate, view = ground.gate, ground.view
    ground.show("markets", _page)
