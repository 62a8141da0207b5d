"""县市区: one unit's place, lights, gaps with what they take, and its trade."""

import streamlit as st

from dashboard import charts, marks, needs, shell, widgets
from dashboard.board import lights_of
from dashboard.html import spans
from dashboard.notes import beside
from dashboard.notes.record import ALL
from dashboard.trade import trade_history, trade_row


def _board() -> str:
    total = widgets.totals(trade, view.period, f"{policy.unit(view.unit).short}进出口")
    return (
        f'<div class="tk-sentence"><h1>{spans(needs.place(board, policy, view.unit, view.period))}</h1></div>'
        f"{widgets.cards(board, policy, view, lights, ground.stale, total)}"
        f'<div class="tk-gap">{needs.needs_table(board, policy, lights, trade)}</div>'
    )


with shell.page("unit") as ground:
    board, policy, view = ground.board, ground.policy, ground.view
    lights = lights_of(board, policy, view.unit, view.period)
    trade, notes = trade_row(ground.gate, view.unit, view.period), ground.notes(unit=view.unit)
    ground.show("unit", _board)
    with st.container(key="tk_half"):
        if rows := trade_history(ground.gate, view.unit, view.period):
            shell.chart("monthly", "当月进出口（亿元）", charts.monthly(rows))
        coloured = [light for light in lights if light.tone and light.value is not None]
        for light in coloured[:1]:
            history = board.history(light.indicator, view.unit, view.period)
            figure = marks.put(charts.trend(policy, history), history, notes)
            shell.chart("trend", policy.indicator(light.indicator).name, figure)
    beside.show(ground, ALL, notes)
