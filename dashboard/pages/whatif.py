"""假设: what the lights would be if something held that does not hold yet."""

import streamlit as st

from dashboard import shell, store
from dashboard.parts import whatif as parts
from dashboard.questions import whatif
from dashboard.scenario import choices
from dashboard.scenario.choices import Chosen, Study

MOST = 5  # firms of a line that may cross by number


def _study() -> Study:
    facts = whatif.facts(gate, policy, ground.board, view.period, with_firms=scenario.with_firms)
    return choices.study(scenario, facts, view.unit, chosen)


with shell.page() as ground:
    policy, gate, chosen = ground.policy, ground.gate, Chosen()
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units if unit.role in ("city", "unit")}
        titles = {name: item.title for name, item in choices.SCENARIOS.items()}
        ground = ground.choose("scenario", "假设", titles, "targets")
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
        scenario, seen = choices.SCENARIOS[ground.view.scenario], store.sees_firms(gate, ground.view.unit)
        if ground.view.scenario == "crossing" and not seen:
            numbers = {str(n): f"每条线最近的{n}家" for n in range(1, MOST + 1)}
            ground, scenario = ground.choose("crossing", "家数", numbers, "1"), choices.COUNTED
            chosen = Chosen(most=int(ground.view.crossing))
    if ground.view.scenario == "crossing" and seen:
        near = whatif.nearest(gate, policy, ground.view.unit, ground.view.period)
        names = {firm.uscc: parts.near_firm(policy, firm) for firm in near}
        ground = ground.several("crossing", "过线企业", names, "请选择近线企业" if near else "没有近线企业")
        codes = ground.view.crossing.split(",")
        picked = [firm for firm in near if firm.uscc in codes]
        chosen = Chosen(whatif.crossings(gate, ground.view.unit, ground.view.period, picked))
    view = ground.view
    ground.show("whatif", lambda: parts.page(_study(), view))
    said = (scenario.title, policy.unit(view.unit).name, view.period)
    ground.downloads(
        shell.file_name(ground.meta, "假设", *said),
        parts.HEADER,
        lambda: parts.rows(_study(), ground.meta),
    )
