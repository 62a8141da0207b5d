"""Where the task force enters or corrects a payment: what it types becomes a small ledger file, checked and published
like any that is sent in. The form keeps what was typed; nothing is written anywhere before 发布.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import streamlit as st

from dashboard import canvas
from dashboard.counter import publish
from dashboard.desk import Checked, Desk, Upload
from dashboard.identity import Viewer
from dashboard.parts import upload as parts
from dashboard.questions.ledger import beside
from dashboard.questions.support import Payment
from dashboard.store import Gate
from etl.apply import Options
from etl.errors import UserError
from etl.paths import data_folder
from etl.policy import Policy
from etl.support.entry import Entry, amount, as_file, entered, replacing, withdrawn
from etl.support.rules import Rules

LONGEST = 100
HOW = (
    "保存前先检查：登记内容会生成一个小台账文件，与上传文件走同样的检查和发布流程，并留下来源。"
    "同一日期、企业、事项有几笔的，用「项目」区分；县市区不选的，按企业所在地。"
)
MOVED = "检查期间有人发布了新数据，请再按一次「检查」。"
SENT, REFUSED = "entry_sent", "entry_refused"


def desk(viewer: Viewer) -> Desk:
    """This session's desk for payments that are typed; it is not the one of files that are sent."""
    owner = f"entry_{viewer.role}_{viewer.name}"
    found: Desk = st.session_state.setdefault(f"desk_{owner}", Desk(owner))
    return found


def show(policy: Policy, rules: Rules, gate: Gate, old: Payment | None) -> None:
    """The form with what a check found of it; old: the payment that is corrected."""
    own, sent = desk(gate.viewer), st.session_state.get(SENT, [])
    checked, refusal = own.about(sent), st.session_state.get(REFUSED) or own.refusal
    if checked and checked.found.base != gate.snapshot.id:  # what stands beside it may have changed meanwhile
        checked, refusal = None, MOVED
    busy = bool(old or own.published or checked or refusal)
    # another key for another payment: an expander that is there already would stay as it was folded
    key = f"entry_open_{own.lot}_{old.id if old else ''}"
    with st.expander("更正拨付" if old else "登记拨付", expanded=busy, key=key):
        if own.published:
            canvas.show(parts.files(own.published[0].files, done=True), key="tk_entered")
        canvas.show(f'<p class="tk-note">{HOW}</p>', key="tk_entry")
        _form(policy, rules, gate, own, old)
        if refusal:
            canvas.show(parts.refusal(refusal), key="tk_entry_refused")
        if checked:
            _publish(policy, own, sent, checked)


def _form(policy: Policy, rules: Rules, gate: Gate, own: Desk, old: Payment | None) -> None:
    key = f"entry_{own.lot}_{old.id if old else ''}"
    was = _entry(policy, old) if old else None
    with st.form(key, border=False, enter_to_submit=False):
        one, two, three = st.columns(3)
        paid = one.date_input(
            "拨付日期", was.paid if was else date.today(), format="YYYY-MM-DD", key=f"{key}_paid"
        )
        uscc = two.text_input("统一社会信用代码", was.uscc if was else "", max_chars=18, key=f"{key}_uscc")
        firm = three.text_input(
            "企业名称", was.firm_name if was else "", max_chars=LONGEST, key=f"{key}_firm"
        )
        units = [unit.name for unit in policy.units if unit.role in ("unit", "zone")]
        names = [item.name for item in rules.items]
        if was and was.item not in names:
            names.append(was.item)
        unit = one.selectbox(
            "县市区",
            units,
            units.index(was.unit) if was and was.unit in units else None,
            key=f"{key}_unit",
            placeholder="按企业所在地",
        )
        item = two.selectbox("事项", names, names.index(was.item) if was else 0, key=f"{key}_item")
        project = three.text_input(
            "项目", was.project if was else "", max_chars=LONGEST, key=f"{key}_project"
        )
        base = one.text_input(
            "申报基数（元，没有的不填）", _typed(was.base_cny if was else None), key=f"{key}_base"
        )
        sum_ = two.text_input("补助金额（元）", _typed(was.amount_cny if was else None), key=f"{key}_amount")
        with st.container(horizontal=True, gap="small"):
            saved = st.form_submit_button("检查", key=f"{key}_check", type="primary")
            gone = old is not None and st.form_submit_button("撤销这笔", key=f"{key}_withdraw")
    if saved:
        new = partial(_new, paid, uscc, firm, unit or "", item, project, base, sum_)
        _check(own, lambda: _entries(gate, policy, new(), old, was))
    elif gone and was:
        _check(own, lambda: (withdrawn(was), *beside(gate, policy, was, old)))


def _entries(
    gate: Gate, policy: Policy, new: Entry, old: Payment | None, was: Entry | None
) -> tuple[Entry, ...]:
    """The rows of the small file: a newer file takes the place of all payments of a key, so the others come along."""
    same = beside(gate, policy, new, None)
    return entered(new, same) if was is None else replacing(new, was, beside(gate, policy, was, old), same)


def _new(paid: date, uscc: str, firm: str, unit: str, item: str, project: str, base: str, sum_: str) -> Entry:
    paid_cny = amount(sum_, "补助金额")
    if paid_cny is None:
        raise UserError("没有填写补助金额，请填写以元为单位的数字。")
    base_cny = amount(base, "申报基数")
    return Entry(paid, uscc.strip(), firm.strip(), unit, item, project.strip(), base_cny, paid_cny)


def _entry(policy: Policy, old: Payment) -> Entry:
    county = policy.unit(old.county)
    unit = county.name if county.role in ("unit", "zone") else ""
    return Entry(
        old.paid, old.uscc, old.firm, unit, old.item, old.project, _fen(old.base_cny), old.amount_cny
    )


def _check(own: Desk, entries: Callable[[], tuple[Entry, ...]]) -> None:
    """Make the file and have it checked; what cannot be made is one sentence."""
    try:
        content = as_file(entries())
    except UserError as error:
        st.session_state[REFUSED] = str(error)
        st.rerun()
    st.session_state[REFUSED] = ""
    digest = hashlib.sha256(content).hexdigest()[:12]
    st.session_state[SENT] = sent = [Upload(digest, f"专班登记_{digest}.csv", memoryview(content))]
    with st.spinner("正在检查……"):
        own.check(data_folder(), sent)
    st.rerun()


def _publish(policy: Policy, own: Desk, sent: list[Upload], checked: Checked) -> None:
    """What the check found, a reason where it is held, and the button that publishes."""
    canvas.show(parts.files(checked.found.report.files), key="tk_entry_checked")
    if checked.held:
        reason = st.text_input(
            "扣留的登记核对无误后放行，写明原因", max_chars=200, key=f"entry_reason_{own.lot}"
        )
        if st.button("按此重新检查", key="entry_again"):
            options = Options(publish=False, confirm=reason.strip() or None)
            with st.spinner("正在检查……"):
                own.check(data_folder(), sent, checked.stated, options)
            st.rerun()
    if any(file.taken for file in checked.found.report.files) and st.button(
        "发布", type="primary", key="entry_publish"
    ):
        with st.spinner("正在发布……"):
            publish(own, sent, checked)
        st.query_params.pop("payment", None)
        st.rerun()
    canvas.show(parts.details(policy, checked.found), key="tk_entry_details")


def _typed(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _fen(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 2)
