"""县市区: one unit's place, lights, gaps with what they take, others beside it, its trade, firms, parks and rebates."""

import streamlit as st

from dashboard import compare, needs, shell, widgets
from dashboard.board import lights_of
from dashboard.html import spans
from dashboard.notes import beside
from dashboard.notes.record import ALL
from dashboard.parts import compare as compared
from dashboard.parts import estimate, firms, places, trends
from dashboard.parts import needs as gaps
from dashboard.questions import firms as ask_firms
from dashboard.questions import places as ask
from dashboard.questions.measured import history, inputs
from dashboard.trade import trade_history, trade_row, trade_rows


def _board() -> str:
    total = widgets.totals(trade, view.period, f"{policy.unit(view.unit).short}进出口")
    found = {light.indicator: inputs(gate, light.indicator) for light in lights if light.tone}
    return (
        f'<div class="tk-sentence"><h1>{spans(needs.place(board, policy, view.unit, view.period))}</h1></div>'
        f"{widgets.cards(board, policy, view, lights, ground.stale, total)}"
        f'<div class="tk-gap">{gaps.section(board, policy, view, lights, found)}</div>'
    )


def _beside() -> str:
    shown = (policy.city.code, view.unit, *units)
    return compared.section(board, policy, view, trade_rows(gate, shown, view.period))


def _places() -> str:
    asked = (gate, view.unit, view.period)
    near = firms.allowed("近线企业", lambda: firms.near_line(policy, view, ask_firms.near_line(*asked)))
    parks = ask.parks(*asked, places.parameter(policy, "park_projects", "amount_min_usd"))
    ended = estimate.of_unit(policy, lights, lambda item: history(inputs(gate, item).own, view.unit), months)
    has = places.clusters(policy, ask.clusters(*asked)) + places.parks(policy, parks)
    return places.columns(near + ended, has + places.rebates(ask.rebates(*asked)))


with shell.page("unit") as ground:
    units = [unit.code for unit in ground.policy.counties]
    ground = ground.listed("beside", (*units, compare.SIMILAR), compare.MOST)
    board, policy, view, gate = ground.board, ground.policy, ground.view, ground.gate
    lights = lights_of(board, policy, view.unit, view.period)
    months, trade = trade_history(gate, view.unit, view.period), trade_row(gate, view.unit, view.period)
    notes = ground.notes(unit=view.unit)
    ground.show("unit", _board)
    ground.show("beside", _beside)
    with st.container(key="tk_half"):
        if months:
            ground.show("monthly", lambda: trends.monthly(months))
        if known := [light for light in lights if light.tone and light.value is not None]:
            past = board.history(known[0].indicator, view.unit, view.period)
            title = policy.indicator(known[0].indicator).name
            ground.show("trend", lambda: trends.with_table(policy, title, past, notes), *notes)
    beside.show(ground, ALL, notes)
    ground.show("places", _places)
