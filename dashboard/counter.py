"""The widgets of 上传数据: the place to drop files, what a check asks for, and the buttons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from dashboard import canvas
from dashboard.access.audit import Entry, record
from dashboard.desk import Checked, Desk, Upload
from dashboard.identity import current_viewer
from etl.apply import Options
from etl.layout import Hints
from etl.paths import data_folder
from etl.sources import BY_KIND

MONTHS = 48
LONGEST_REASON = 200


def _months() -> dict[str, str]:
    """This month and those before it, newest first."""
    today = date.today()
    count = today.year * 12 + today.month - 1
    return {
        f"{n // 12}-{n % 12 + 1:02}": f"{n // 12}年{n % 12 + 1}月" for n in range(count, count - MONTHS, -1)
    }


# field of Hints → what it is called, and what can be said: value → word
CHOICES: Mapping[str, tuple[str, Callable[[], Mapping[str, str]]]] = {
    "kind": ("文件种类", lambda: {source.kind: source.label for source in BY_KIND.values()}),
    "flow": ("进出口方向", lambda: {"进口": "进口", "出口": "出口"}),
    "period": ("统计月份", _months),
    "unit": ("金额单位", lambda: {word: word for word in ("元", "万元", "亿元")}),
    "currency": ("币种", lambda: {"CNY": "人民币", "USD": "美元"}),
}


def desk() -> Desk:
    """This session's desk; another viewer in the same session gets another."""
    viewer = current_viewer()
    owner = f"{viewer.role}_{viewer.name}"
    found: Desk = st.session_state.setdefault(f"desk_{owner}", Desk(owner))
    return found


def uploads(own: Desk) -> list[Upload]:
    """Draw the place to drop files; the files that lie there."""
    sent = st.file_uploader(
        "选择或拖入文件（CSV、Excel，可以多个）",
        accept_multiple_files=True,
        key=f"files_{own.owner}_{own.lot}",
    )
    return [Upload(file.file_id, file.name, file.getbuffer()) for file in sent]


def ask(own: Desk, sent: Sequence[Upload], checked: Checked) -> None:
    """Draw what the check asks for, and the button that checks again with it; nothing where it asks nothing."""
    if not checked.asks:
        return
    with st.form("ask", border=True, enter_to_submit=False):
        canvas.show("<h2>补充说明</h2>", key="tk_ask")
        stated = _stated(own, sent, checked)
        options = Options(publish=False, replace=_whole(own, checked), confirm=_reason(own, checked))
        again = st.form_submit_button("按此重新检查", key="again")
    if again:
        _work("正在检查……", lambda: own.check(data_folder(), sent, stated, options))


def _stated(own: Desk, sent: Sequence[Upload], checked: Checked) -> list[Hints]:
    stated = list(checked.stated)
    for number, field in checked.asked:
        label, choices = CHOICES[field]
        words = choices()
        value = st.selectbox(
            f"{sent[number].name}：{label}",
            list(words),
            index=None,
            format_func=words.__getitem__,
            placeholder="请选择",
            key=f"state_{own.lot}_{sent[number].id}_{field}",
        )
        stated[number] = replace(stated[number], **{field: value})
    return stated


def _whole(own: Desk, checked: Checked) -> bool:
    if not checked.whole:
        return False
    return st.checkbox("台账整本替换：不在新文件中的旧记录不再保留", key=f"whole_{own.lot}")


def _reason(own: Desk, checked: Checked) -> str | None:
    if not checked.held:
        return None
    said: Any = st.text_input(
        "扣留的文件核对无误后放行，写明原因",
        max_chars=LONGEST_REASON,
        placeholder="如：已与永州海关核对，确为当月大单",
        key=f"reason_{own.lot}",
    )
    return said.strip() or None


def act(own: Desk, sent: Sequence[Upload], checked: Checked | None) -> None:
    """Draw the buttons: publish what is checked where there is anything to publish; check, or check again."""
    ready = sum(file.taken for file in checked.found.report.files) if checked else 0
    with st.container(key="tk_act", horizontal=True, gap="small"):
        go = ready and st.button(f"发布{ready}个文件", type="primary", key="publish")
        again = not (checked and checked.asks) and st.button(
            "重新检查" if checked else "检查", type="secondary" if checked else "primary", key="check"
        )
    if go:
        _work("正在发布……", lambda: publish(own, sent, checked))
    if again:
        _work("正在检查……", lambda: own.check(data_folder(), sent))


def publish(own: Desk, sent: Sequence[Upload], checked: Checked | None) -> None:
    """Publish what was sent or typed, logged first; a reason that lets held files pass is logged with it."""
    viewer, reason = current_viewer(), (checked.options.confirm if checked else None) or ""
    names = "、".join(file.name for file in sent)
    record(data_folder(), Entry("发布文件", viewer.name, viewer.role, {"文件": names, "放行原因": reason}))
    own.publish(data_folder(), sent)


def _work(doing: str, work: Callable[[], None]) -> None:
    """Do what takes a while, then draw the page anew. No widget is touched in between, so nothing cuts it short."""
    with st.spinner(doing):
        work()
    st.rerun()
