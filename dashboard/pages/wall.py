"""大屏: turns its screens by itself and takes up a new snapshot as soon as it is published."""

import time

import streamlit as st

from dashboard import shell
from dashboard.parts import wall
from dashboard.trade import trade_row


@st.fragment(run_every=wall.SECONDS)
def _turn() -> None:
    with shell.page(bare=True) as ground:
        policy, view = ground.policy, ground.view
        city = trade_row(ground.gate, policy.city.code, view.period)
        screens = wall.screens(ground.board, policy, view, ground.stale, city)
        number = int(time.time() // wall.SECONDS) % len(screens)
        ground.show(f"wall {number}", screens[number])


_turn()
