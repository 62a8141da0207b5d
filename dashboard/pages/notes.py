"""批注: what the task force wrote beside indicators, units and months; there it writes, edits and completes."""

from datetime import date

import streamlit as st

from dashboard import canvas, shell
from dashboard.html import panel, text
from dashboard.notes import book, form
from dashboard.notes.record import ALL, STANDINGS
from dashboard.parts import notes as parts

NOBODYS = "批注只向市领导和工作专班开放，县市区可看本地和全市的批注；当前账号不能查看。"

with shell.page() as ground:
    policy, viewer, today = ground.policy, ground.gate.viewer, date.today()
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        units = {unit.code: unit.name for unit in policy.units if unit.role != "unassigned"}
        names = {item.id: item.name for item in policy.indicators}
        ground = ground.choose("place", "县市区", {ALL: "全部县市区"} | units, ALL)
        ground = ground.choose("topic", "指标", {ALL: "全部指标"} | names, ALL)
        ground = ground.choose("state", "状态", {ALL: "全部状态"} | dict(STANDINGS), ALL)
    view = ground.view
    place, topic = ("" if part == ALL else part for part in (view.place, view.topic))
    withdrawn = view.state == "withdrawn"
    found = book.annotations_until(viewer, view.period, topic, place, withdrawn=withdrawn)
    shown = tuple(note for note in found if view.state in (ALL, note.standing(today)))
    ground = ground.named("note", (str(note.id) for note in found))
    view = ground.view
    if told := form.said():
        canvas.show(parts.message(*told), key="tk_said")
    if not book.may_read(viewer):
        canvas.show(panel("批注", f'<p class="tk-empty">{text(NOBODYS)}</p>'), key="tk_nobody")
    else:
        writes = book.may_write(viewer)
        versions = book.history(viewer, int(view.note)) if view.note else ()
        key = (*((note.id, note.version) for note in shown), today)
        ground.show("sentence", lambda: parts.sentence(view.period, shown, today), *key)
        with st.container(key="tk_written"):
            ground.show("listing", lambda: parts.listing(policy, view, shown, today, writes), *key)
            if writes:
                with st.container(key="tk_form"):
                    title = f"修改批注{view.note}" if versions else "写批注"
                    canvas.show(f"<h2>{title}</h2>", key="tk_form_title")
                    form.show(policy, view, viewer, ground.board.periods, versions[-1] if versions else None)
        if versions:
            canvas.show(parts.history(policy, versions, today), key="tk_history")
