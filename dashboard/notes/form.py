"""Where the task force writes: a new annotation, or a new version of the one that is chosen.

Saving happens in callbacks, whose arguments are the version that was on the screen: what another person saved
meanwhile is seen then, and never written over.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboard import canvas, format
from dashboard.address import View
from dashboard.identity import Viewer
from dashboard.notes import book
from dashboard.notes.record import LONGEST, Annotation, Draft, State, offices
from etl.errors import UserError
from etl.policy import Policy

SAID = "notes_said"
ACTIONS: dict[State, tuple[tuple[State, str], ...]] = {
    "open": (("done", "标记完成"), ("withdrawn", "撤回")),
    "done": (("open", "重新打开"), ("withdrawn", "撤回")),
    "withdrawn": (("open", "恢复"),),
}
DONE = {"open": "已重新打开", "done": "已标记完成", "withdrawn": "已撤回"}
LAST_DAY = date(2099, 12, 31)
USUAL = timedelta(days=30)  # the time limit that a new annotation proposes
READ_BY = "市领导可看全部批注，县市区可看本地和全市的批注；请不要写入不宜让他们看到的企业信息。"
PARTS = ("cause", "measure", "due", "undated", "offices", "others")


@dataclass(frozen=True)
class Place:
    """What a form writes about, and the widgets' common name."""

    indicator: str
    unit: str
    period: str
    key: str


def said() -> tuple[str, Draft | None] | None:
    """What came of the last saving; told once."""
    message: tuple[str, Draft | None] | None = st.session_state.pop(SAID, None)
    return message


def show(
    policy: Policy, view: View, viewer: Viewer, months: tuple[str, ...], note: Annotation | None
) -> None:
    """The form for a new annotation, or for the next version of that one with its other actions."""
    if note is None:
        _new(policy, view, viewer, months)
        return
    place = Place(note.indicator, note.unit, note.period, f"note_{note.id}_{note.version}")
    _form(policy, viewer, place, note)
    with st.container(horizontal=True, gap="small"):
        for state, name in ACTIONS[note.state]:
            arguments = (viewer, note.id, note.version, state)
            st.button(name, key=f"{place.key}_{state}", on_click=_mark, args=arguments)
        st.button("写新批注", key="note_none", on_click=_choose, args=("",), type="tertiary")


def _new(policy: Policy, view: View, viewer: Viewer, months: tuple[str, ...]) -> None:
    """What it is about stands outside the form, because the responsible units on offer depend on it."""
    indicators = {item.id: item.name for item in policy.indicators}
    units = {unit.code: unit.name for unit in policy.units if unit.role != "unassigned"}
    topic = view.topic if view.topic in indicators else next(iter(indicators))
    where = view.place if view.place in units else policy.city.code
    indicator = _pick("指标", indicators, topic)
    unit = _pick("县市区", units, where)
    period = _pick("统计月份", {month: format.period(month) for month in reversed(months)}, view.period)
    _form(policy, viewer, Place(indicator, unit, period, "note_new"), None)


def _pick(label: str, options: dict[str, str], default: str) -> str:
    at = list(options).index(default)
    return str(st.selectbox(label, list(options), at, format_func=options.__getitem__))


def _form(policy: Policy, viewer: Viewer, place: Place, note: Annotation | None) -> None:
    known = offices(policy.document.clause(policy.indicator(place.indicator).clause))
    chosen = note.responsible.split("、") if note else []
    others = "、".join(name for name in chosen if name and name not in known)
    canvas.show(f'<p class="tk-note">{READ_BY}</p>', key="tk_read_by")
    with st.form(f"{place.key}_form", enter_to_submit=False, border=False):
        cause, measure = (note.cause, note.measure) if note else ("", "")
        st.text_area("原因（必填）", cause, max_chars=LONGEST["cause"], key=f"{place.key}_cause", height=110)
        st.text_area(
            "已采取或拟采取的措施",
            measure,
            max_chars=LONGEST["measure"],
            key=f"{place.key}_measure",
            height=110,
        )
        due = note.due if note else date.today() + USUAL
        st.date_input(
            "完成时限", due or date.today() + USUAL, date(int(place.period[:4]), int(place.period[5:]), 1),
            LAST_DAY, key=f"{place.key}_due", format="YYYY-MM-DD",
        )  # fmt: skip
        st.checkbox("暂不定完成时限", due is None, key=f"{place.key}_undated")
        st.multiselect(
            "责任单位（文件所列）", known, [name for name in chosen if name in known],
            key=f"{place.key}_offices", placeholder="请选择", select_all=False,
        )  # fmt: skip
        st.text_input(
            "其他责任单位", others, max_chars=LONGEST["responsible"] // 2, key=f"{place.key}_others"
        )
        st.form_submit_button(
            "保存批注" if note is None else "保存修改", on_click=_save, args=(viewer, place, note),
            key=f"{place.key}_save",
        )  # fmt: skip


def _save(viewer: Viewer, place: Place, note: Annotation | None) -> None:
    try:
        kept = (
            book.revise(viewer, note.id, note.version, _typed(place))
            if note
            else book.write(viewer, _typed(place))
        )
    except UserError as error:
        st.session_state[SAID] = (str(error), getattr(error, "lost", None))
    else:
        st.session_state[SAID] = (f"批注{kept.id}已保存（第{kept.version}版）。", None)
        _choose(str(kept.id))


def _typed(place: Place) -> Draft:
    typed = {name: st.session_state.get(f"{place.key}_{name}") for name in PARTS}
    cause, measure, others = (str(typed[name] or "") for name in ("cause", "measure", "others"))
    responsible = "、".join(name for name in (*(typed["offices"] or ()), others.strip()) if name)
    due = None if typed["undated"] else typed["due"]
    return Draft(place.indicator, place.unit, place.period, cause, measure, due, responsible)


def _mark(viewer: Viewer, id: int, seen: int, state: State) -> None:
    try:
        kept = book.mark(viewer, id, seen, state)
    except UserError as error:
        st.session_state[SAID] = (str(error), None)
    else:
        st.session_state[SAID] = (f"批注{kept.id}{DONE[state]}（第{kept.version}版）。", None)


def _choose(note: str) -> None:
    st.query_params["note"] = note
