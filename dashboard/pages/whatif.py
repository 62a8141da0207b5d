"""假设: what the lights would be if something held that does not hold yet."""

from collections.abc import Sequence

import streamlit as st

from dashboard import shell, store
from dashboard.parts import whatif as parts
from dashboard.questions import whatif
from dashboard.scenario import choices
from dashboard.scenario.crossing import Crossing
from dashboard.scenario.outcome import outcomes

MOST = 5  # firms of a line that may cross by number


def _page() -> str:
    facts = whatif.facts(gate, policy, ground.board, view.period, with_firms=scenario.with_firms)
    rule = choices.rule(view.scenario, facts, view.unit, firms)
    found = outcomes(facts, view.unit, rule, at_deadline=scenario.at_deadline)
    return (
        parts.heading(facts, view, scenario.title, found)
        + parts.outcomes(policy, view, found, scenario.until)
        + parts.assumptions(scenario.assumptions)
    )


with shell.page() as ground:
    policy, gate = ground.policy, ground.gate
    firms: Sequence[Crossing] | int = ()
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units if unit.role in ("city", "unit")}
        titles = {name: item.title for name, item in choices.SCENARIOS.items()}
        ground = ground.choose("scenario", "假设", titles, "targets")
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
        scenario = choices.SCENARIOS[ground.view.scenario]
        if ground.view.scenario == "crossing" and not store.sees_firms(gate, ground.view.unit):
            numbers = {str(n): f"每条线最近的{n}家" for n in range(1, MOST + 1)}
            ground, scenario = ground.choose("crossing", "家数", numbers, "1"), choices.COUNTED
            firms = int(ground.view.crossing)
    view = ground.view
    if view.scenario == "crossing" and store.sees_firms(gate, view.unit):
        near = {firm.uscc: firm for firm in whatif.nearest(gate, policy, view.unit, view.period)}
        names = {code: parts.near_firm(policy, firm) for code, firm in near.items()}
        ground = ground.several("crossing", "过线企业", names, "请选择近线企业")
        view = ground.view
        chosen = (near[code] for code in view.crossing.split(",") if code in near)
        firms = whatif.crossings(gate, view.unit, view.period, chosen)
    ground.show("whatif", _page)
