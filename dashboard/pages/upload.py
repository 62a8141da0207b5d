"""上传数据: drop files, see what loading them would do, say what they lack, publish."""

from datetime import date

import streamlit as st

from dashboard import canvas, counter, shell, store
from dashboard.identity import current_viewer
from dashboard.parts import upload as parts
from dashboard.questions.quality import rehearsed

with shell.intake() as (policy, ground):
    desk = counter.desk()
    head = st.container(key="tk_said")
    sent = counter.uploads(desk)
    checked = desk.about(sent)
    with head:
        canvas.show(parts.sentence(checked, desk.published), key="tk_upload")
    if desk.published and ground:
        report, done = desk.published
        found = rehearsed(current_viewer(), policy, done.found)
        canvas.show(parts.published(policy, ground.view, report, found), key="tk_published")
    if desk.refusal:
        canvas.show(parts.refusal(desk.refusal), key="tk_refusal")
    if checked:
        canvas.show(parts.files(checked.found.report.files), key="tk_checked")
        counter.ask(desk, sent, checked)
    if sent:
        counter.act(desk, sent, checked)
    if checked:
        found = rehearsed(current_viewer(), policy, checked.found)
        canvas.show(parts.details(policy, found), key="tk_details")
    elif ground and not (sent or desk.published):
        gate, today = ground.gate, date.today()
        ground.show("owed", lambda: parts.owed(store.sources(gate), today), today)
