"""政策测算: what the document offers a firm, loaded or typed; and who likely may claim and has not."""

import streamlit as st

from dashboard import calculator, canvas, shell, store
from dashboard.parts import claims as parts
from dashboard.parts.firms import allowed
from dashboard.questions import support

TYPED = "typed"


def _result() -> str:
    said = calculator.facts(rules, known, told.view)
    return calculator.answered(
        rules,
        told.view,
        lambda sums: parts.result(
            rules, support.offers(gate, policy, firm, said, sums), support.left_of(gate, policy, firm)
        ),
    )


def _unclaimed() -> str:
    return parts.unclaimed(policy, rules, view, support.candidates(gate, policy, view.unit))


with shell.page(monthless=True) as ground:
    policy, gate = ground.policy, ground.gate
    rules = support.rules(policy)
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units if unit.role != "unassigned"}
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
        seen = store.sees_firms(gate, ground.view.unit)
        firms = {one.uscc: one for one in support.firms(gate, policy, ground.view.unit)} if seen else {}
        names = {TYPED: "自己填写"} | {
            one.uscc: f"{one.name}（{policy.unit(one.unit).short}）" for one in firms.values()
        }
        ground = ground.choose("payee", "企业", names, TYPED, clears=("ticks", "sums"))
    view = ground.view
    told = ground.listed("ticks", calculator.known_ticks(rules), len(rules.deciding))
    told = told.written("sums", calculator.longest_sums(rules))
    firm = firms.get(view.payee) or support.nobody(view.unit)
    known = support.facts_of(gate, policy, firm) if firm.uscc else {}
    asking, answer = st.columns((2, 3))
    with asking, st.container(key="tk_facts"):
        html = _result()
    with answer:
        canvas.show(html, key="tk_offered")
    ground.show("unclaimed", lambda: allowed("可能符合、尚未申报", _unclaimed))
    if seen:
        found = support.candidates(gate, policy, view.unit)
        name = shell.file_name(ground.meta, "可能符合尚未申报", policy.unit(view.unit).short)
        ground.downloads(name, parts.HEADER, lambda: parts.rows(policy, rules, found, ground.meta))
