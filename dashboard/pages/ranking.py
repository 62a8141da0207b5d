"""排名: the 12 on any measure: table that sorts, places against last month and over time, the table to take along."""

import streamlit as st

from dashboard import figures, ranking, shell
from dashboard.board import before
from dashboard.parts import ranking as parts
from dashboard.parts.ribbons import MONTHS, ribbons
from dashboard.questions.ranking import standings


def _page() -> str:
    curves = standings(gate, ground.board, policy, trail)
    return (
        parts.sentence(policy, view, measure, found)
        + '<div class="tk-ranks">'
        + parts.ranking(policy, view, measure, found, curves)
        + ribbons(policy, view, measure, found)
        + "</div>"
    )


with shell.page() as ground:
    policy, gate = ground.policy, ground.gate
    measures = ranking.measures(policy)
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        places = {policy.city.code: "全部县市区"} | {unit.code: unit.name for unit in policy.counties}
        names = {item.id: item.name for item in measures.values()}
        ground = ground.choose("measure", "排名指标", names, next(iter(names)))
        ground = ground.choose("unit", "县市区", places, gate.viewer.unit or policy.city.code)
    ground = ground.named("sort", ranking.ORDERS)
    view, measure = ground.view, measures[ground.view.measure]
    trail = ranking.trail_of(measure)
    found = standings(gate, ground.board, policy, measure)
    ground.show("ranking", _page)
    if trail.kind in figures.KINDS:
        values = standings(gate, ground.board, policy, trail)
        two_years = [before(view.period, back) for back in reversed(range(MONTHS))]
        months = figures.drawn(policy, values, two_years)
        title = f"{trail.name}逐月比较{figures.KINDS[trail.kind]}"
        drawn = (policy, trail, values, months, view.unit)
        if months:
            ground.chart(
                "race",
                title,
                figures.said(*drawn),
                lambda: figures.race(*drawn),
                lambda: parts.monthly(policy, title, trail, values, months),
            )
        else:
            ground.show("no race", lambda: parts.no_line(title))
    ground.downloads(
        shell.file_name(ground.meta, "排名", measure.name, view.period),
        parts.HEADER,
        lambda: parts.rows(policy, view, measure, found, ground.meta),
    )
