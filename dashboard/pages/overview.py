"""总览: the sentence, a card per target, the totals, what makes up each gap, who is behind."""

import streamlit as st

from dashboard import map, matrix, shell, widgets
from dashboard.board import lights_of, summarise
from dashboard.html import panel
from dashboard.parts import gaps
from dashboard.trade import trade_row


def _board() -> str:
    lights = lights_of(board, policy, policy.city.code, view.period)
    city = widgets.totals(trade_row(ground.gate, policy.city.code, view.period), view.period, "全市进出口")
    return (
        '<div class="tk-board">'
        + widgets.sentence(policy, summarise(board, policy, view.period))
        + widgets.cards(board, policy, view, lights, ground.stale, city)
        + matrix.unit_list(board, policy, view)
        + "</div>"
    )


def _gaps() -> str:
    return f'<div class="tk-moved">{gaps.where(board, policy, view)}{gaps.turns(board, policy, view)}</div>'


with shell.page() as ground:
    board, policy, view = ground.board, ground.policy, ground.view
    ground.show("board", _board)
    ground.show("gaps", _gaps)
    with st.container(key="tk_where"):
        ground.show("matrix", lambda: matrix.matrix(board, policy, view))
        with st.container(key="tk_place"):
            names = {item.id: item.name for item in policy.indicators}
            ground.choose("indicator", "地图指标", names, view.indicator)
            ground.show("map", lambda: panel("", map.draw(board, policy, view), "tk-side"))
