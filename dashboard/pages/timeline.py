"""时间轴: any past month of a place, and any past snapshot as it was known then."""

import streamlit as st

from dashboard import shell
from dashboard.parts import timeline
from dashboard.questions.snapshots import kept, newest_board

with shell.page() as ground:
    policy = ground.policy
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units if unit.role != "unassigned"}
        ground = ground.choose("unit", "县市区", places, policy.city.code)
    view, found, newest = ground.view, kept(ground.gate, policy), newest_board(ground.gate)
    published = tuple(item.id for item in found if item.published)
    ground.show("stood", lambda: timeline.sentence(ground.board, policy, view, newest), *published)
    ground.show("strip", lambda: timeline.strip(ground.board, policy, view, newest), *published)
    ground.show("snapshots", lambda: timeline.snapshots(view, found), *published, len(found))
