"""The widgets of 简报: the two free paragraphs, the button that makes the brief, and its files."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import canvas, who
from dashboard.address import View
from dashboard.brief.compose import CLOSING, opening_of
from dashboard.brief.make import Made, make
from dashboard.brief.request import LONGEST, Request
from dashboard.html import text
from dashboard.store import Gate
from etl.errors import UserError
from etl.policy import Policy

MADE = "brief_made"
LABELS = {"docx": "下载 Word", "pptx": "下载幻灯片", "xlsx": "下载 Excel"}
MIME = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "docx": MIME + "wordprocessingml.document",
    "pptx": MIME + "presentationml.presentation",
    "xlsx": MIME + "spreadsheetml.sheet",
}


def ask(policy: Policy, view: View) -> Request:
    """Draw the free paragraphs; what is wanted with what is written in them. Usual words stay the program's own."""
    sections = tuple(name for name in view.sections.split(",") if name)
    unit = view.unit if view.variant == "unit" else policy.city.code
    indicator = view.indicator if view.variant == "indicator" else ""
    request = Request(view.variant, unit, indicator, view.period, sections)
    key = f"{view.variant}_{unit}_{indicator}_{view.period}"
    usual = {"opening": opening_of(policy, request), "closing": CLOSING}
    written = {
        part: st.text_area(label, usual[part], max_chars=LONGEST, height=120, key=f"brief_{part}_{key}")
        for part, label in (("opening", "开头"), ("closing", "结尾"))
    }
    evidence = st.checkbox("给正文数字注明依据（条文、公式、来源行）", key="brief_evidence")
    opening, closing = (None if written[part] == usual[part] else written[part] for part in usual)
    return replace(request, evidence=evidence, opening=opening, closing=closing)


def take(gate: Gate, policy: Policy, request: Request) -> None:
    """The button, and once it was pressed for this brief its number and files."""
    about = (gate.snapshot.id, gate.viewer, request)
    if st.button("制作并记录", key="brief_make", type="primary", width="stretch"):
        try:
            st.session_state[MADE] = (about, make(gate, policy, request, LABELS))
        except UserError as error:
            st.session_state.pop(MADE, None)
            canvas.show(f'<p class="tk-said" role="alert">{text(error)}</p>', key="tk_refused")
    kept, made = st.session_state.get(MADE, (None, None))
    if made is not None and kept == about:
        _files(gate, made)


def _files(gate: Gate, made: Made) -> None:
    said = f"第{made.making.id}号简报，{made.making.made_at:%Y-%m-%d %H:%M} 制作，已记录。"
    canvas.show(f'<p class="tk-note" role="status">{text(said)}</p>', key="tk_made")
    for name, content in made.files.items():
        file = f"{made.name}.{name}"
        data = who.taken(gate.viewer, file, TYPES[name], partial(bytes, content))
        st.download_button(
            LABELS[name], data, file, TYPES[name], key=f"brief_{name}", on_click="ignore", width="stretch"
        )
