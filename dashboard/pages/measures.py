"""十条: an index of the document's measures with their lights, then one of them in depth."""

from datetime import date
from functools import partial

import streamlit as st

from dashboard import shell, widgets
from dashboard.notes import beside
from dashboard.notes.record import ALL
from dashboard.parts import measures as parts
from dashboard.parts import monitors as watched
from dashboard.parts.firms import allowed
from dashboard.questions import measures as ask


def _index() -> str:
    return parts.sentence(board, policy, view, today) + parts.index(board, policy, view, clauses, number)


def _words() -> str:
    cards = widgets.cards(board, policy, view, lights, ground.stale) if lights else ""
    return parts.head(policy, view, measure, names) + cards


def _monitor(item: ask.Monitor) -> str:
    return watched.monitor(policy, view, item, ask.standing(gate, item, view.unit, view.period))


def _events() -> str:
    return parts.events(policy, ask.events(gate, kinds, view.unit, view.period))


def _rest() -> str:
    shown = (allowed(item.name, partial(_monitor, item), "tk-monitor") for item in monitors)
    support = parts.items(measure, names, *ask.paid(gate, policy, view.unit, view.period))
    happened = allowed("大事记", _events, "tk-events") if kinds else ""
    return f'<div class="tk-watched">{"".join(shown)}{support}{happened}</div>'


with shell.page() as ground:
    policy, gate, board, today = ground.policy, ground.gate, ground.board, date.today()
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {unit.code: unit.name for unit in policy.units if unit.role != "unassigned"}
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
    ground = ground.named("clause", (clause.number for clause in policy.document.clauses))
    view, clauses, names = ground.view, ask.clauses_of(policy), parts.names(policy)
    number = parts.chosen(board, policy, view)
    measure, lights = clauses.measure(number), parts.lights_in(board, policy, view, number)
    monitors = ask.monitors_of(policy, number)
    kinds = parts.categories(policy, monitors, number)
    ground.show("measures", _index, today)
    ground.show("words", _words)
    ground.show("watched", _rest)
    named = [light.indicator for light in lights]
    beside.show(ground, ALL, [note for note in ground.notes(unit=view.unit) if note.indicator in named])
    ground.show("untracked", lambda: parts.not_measurable(clauses))
