"""市场与商品: one place's trade by market, partner, mode, industry and commodity, and growth beside province and nation."""

import streamlit as st

from dashboard import shell, words
from dashboard.parts import market as parts
from dashboard.parts import market_table as table
from dashboard.parts.public import beside
from dashboard.questions import market, public
from dashboard.trade import trade_row


def _page() -> str:
    public_panel = beside(public.beside(gate, policy, view.unit, view.period), view.period)
    return (
        parts.sentence(policy, reference, view, found)
        + parts.difference(view, found.whole, trade_row(gate, view.unit, view.period))
        + parts.no_growth(found)
        + parts.laid_out(reference, found, parts.industries(policy, industry), public_panel)
    )


with shell.page() as ground:
    policy, gate, reference = ground.policy, ground.gate, ground.reference
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        units = {unit.code: unit.name for unit in policy.units}
        ground = ground.choose("unit", "县市区", units, gate.viewer.unit or policy.city.code)
        ground = ground.choose("flow", "方向", words.COLUMNS, "total")
        ground = ground.choose("span", "时段", words.SPANS, "ytd")
    view = ground.view
    asked = (gate, view.unit, view.period, view.flow, view.span)
    found, industry = market.market(*asked), market.industries(*asked)
    ground.show("markets", _page)
    if found.splits or industry:
        place = policy.unit(view.unit).short
        labels = ("市场与商品", place, words.COLUMNS[view.flow], words.SPANS[view.span], view.period)
        ground.downloads(
            shell.file_name(ground.meta, *labels),
            table.HEADER,
            lambda: table.rows(policy, reference, view, found, industry, ground.meta),
        )
