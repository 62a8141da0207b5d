"""指标: one indicator at one place: trend against pace and target, ranking, map, definition."""

import streamlit as st

from dashboard import charts, map, marks, shell, widgets
from dashboard.html import folded, panel
from dashboard.notes import beside

CHART_HEIGHT = 455


def _below() -> str:
    ranks = panel(
        "12个县市区位次", widgets.ranking(board, policy, view), aside=policy.indicator(view.indicator).basis
    )
    data = folded("数据表", widgets.history_table(policy, history))
    return f'<div class="tk-pair">{ranks}{widgets.definition(policy, policy.indicator(view.indicator))}</div>{data}'


with shell.page("unit", "indicator") as ground:
    board, policy, view = ground.board, ground.policy, ground.view
    history = board.history(view.indicator, view.unit, view.period)
    light = board.light(view.indicator, view.unit, view.period)
    notes = ground.notes(view.indicator, view.unit)
    ground.show("one", lambda: widgets.headcard(board, policy, view, light))
    with st.container(key="tk_third"):
        if any(item.value is not None for item in history):
            name = f"{policy.unit(view.unit).short}{policy.indicator(view.indicator).name}"
            figure = marks.put(charts.trend(policy, history, CHART_HEIGHT), history, notes)
            shell.chart("trend", f"{name}走势", figure)
        ground.show("side", lambda: panel("分布", map.draw(board, policy, view)))
    beside.show(ground, view.indicator, notes)
    ground.show("below", _below)
