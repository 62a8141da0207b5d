"""资金: the payments that need action, what was spent and is left, growth beside support; where payments are entered."""

import streamlit as st

from dashboard import entry, shell, store
from dashboard.parts import support as parts
from dashboard.parts.firms import allowed
from dashboard.questions import support
from dashboard.rights import may


def _top() -> str:
    def lists() -> str:
        return parts.action(policy, view, support.payments(*asked), corrects)

    few = parts.winners(support.too_few(gate, policy, view.period)) if view.unit == policy.city.code else ""
    inner = allowed("需要处理", lists) + few
    first = parts.sentence(policy, view, spent, day, seen) if day else parts.kept_back(policy, view)
    return first + f'<div class="tk-money">{inner}</div>'


def _rest() -> str:
    inner = parts.spending(policy, rules, view, spent)
    if seen:
        inner += parts.remaining(policy, rules, day[:4], support.standing(*asked))
    # A ledger alone has nothing to stand beside; who is told of whole years alone sees the last of them.
    by_then, paid = support.spent(*asked, in_month=True) if view.period else ("", ())
    if month := by_then[:7]:
        inner += parts.performance(policy, view, month, paid, support.growth(gate, month))
    return f'<div class="tk-money">{inner}</div>'


with shell.page(monthless=True) as ground:
    policy, gate = ground.policy, ground.gate
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units}
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
    rules, asked = support.rules(policy), (gate, policy, ground.view.unit, ground.view.period)
    day, spent = support.spent(*asked)
    seen = store.sees_firms(gate, ground.view.unit)
    corrects = seen and may(gate.viewer, "load") and not ground.view.snapshot
    found = {item.id: item for item in support.payments(*asked)} if seen else {}
    ground = ground.named("payment", found)
    view = ground.view
    ground.show("support", _top, corrects)
    if corrects:
        entry.show(policy, rules, gate, found.get(view.payment))
    ground.show("support rest", _rest)
    if found:
        name = shell.file_name(ground.meta, "资金", policy.unit(view.unit).short, view.period)
        ground.downloads(name, parts.HEADER, lambda: parts.rows(policy, found.values(), ground.meta))
