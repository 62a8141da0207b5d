"""指标: one indicator at one place: trend, ranking, map, what moved it, where the year ends, words, source rows."""

import streamlit as st

from dashboard import map, shell, spans, widgets
from dashboard.html import folded, panel
from dashboard.notes import beside
from dashboard.parts import contributions, estimate, lineage, series, span, trends
from dashboard.questions.lineage import taken, trace
from dashboard.questions.measured import history, inputs, measured


def _head() -> str:
    tabs = span.switch(ground.policy, view, offered, judged, now)
    return widgets.headcard(ground.board, ground.policy, view, judged) + tabs


def _below() -> str:
    ranks = panel(
        f"{len(policy.counties)}个县市区位次", widgets.ranking(board, policy, view), aside=indicator.basis
    )
    own = history(inputs(ground.gate, view.indicator).own, view.unit)
    words = estimate.of_light(ground.policy, judged, own)
    words += widgets.definition(ground.policy, ground.policy.indicator(view.indicator))
    moved = contributions.section(policy, view, spans.ratios(found, view.span))
    return f'<div class="tk-pair">{ranks}<div class="tk-stack">{words}</div></div>{moved}'


def _trace() -> str:
    months = folded("走势数据表", widgets.history_table(policy, past))
    rows = trace(ground.gate, indicator, view.unit, view.period) if view.trace else None
    return months + lineage.section(ground.policy, view, judged, rows)


def _rows() -> bytes:
    return lineage.book(taken(ground.gate, indicator, view.unit, view.period))


with shell.page("unit", "indicator") as ground:
    found = measured(ground.gate, ground.view.indicator)
    ground = ground.named("span", offered := spans.offered(found)).named("trace", ("rows",))
    view, seen = ground.view, spans.shown(ground.gate, ground.board, ground.policy, ground.view, found)
    board, policy, indicator = seen.board, seen.policy, seen.policy.indicator(view.indicator)
    asked = (view.indicator, view.unit, view.period)
    judged, now, past = ground.board.light(*asked), board.light(*asked), board.history(*asked)
    notes, name = ground.notes(*asked[:2]), f"{policy.unit(view.unit).short}{indicator.name}"
    ground.show("one", _head)
    with st.container(key="tk_third"):
        if any(item.value is not None for item in past):
            title = f"{name}走势（{indicator.basis}）"
            ground.show("trend", lambda: trends.trend(policy, title, past, notes), *notes)
        ground.show("side", lambda: panel("分布", map.draw(board, policy, view)))
    beside.show(ground, view.indicator, notes)
    ground.show("below", _below)
    ground.show("trace", _trace)
    if view.trace:
        shell.file("下载来源行", shell.file_name(ground.meta, "来源行", name, view.period) + ".xlsx", _rows)
    file = shell.file_name(ground.meta, "指标", indicator.name, indicator.basis, view.period)
    shell.downloads(file, series.HEADER, lambda: series.rows(board, policy, *asked[::2], ground.meta))
