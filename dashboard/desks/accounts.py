"""The administrator's desk: all accounts, one new one, and what can be done to one.

Changes happen in callbacks, whose arguments stood on the screen; each is logged before it is made, and the
rights are those of who is signed in at that moment.
"""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard import canvas
from dashboard.access import accounts, passwords
from dashboard.access.accounts import Account
from dashboard.access.audit import Entry, record
from dashboard.access.standing import standing
from dashboard.html import panel, scrolled, table, text
from dashboard.identity import ROLES, current_viewer
from dashboard.store import require
from etl.errors import UserError
from etl.paths import data_folder
from etl.policy import load_policy

SAID = "accounts_said"


def show() -> None:
    """What was done last, the list, and the two forms."""
    if told := st.session_state.pop(SAID, ""):
        canvas.show(f'<p class="tk-said" role="status">{text(told)}</p>', key="tk_said")
    found = accounts.accounts(data_folder())
    count = f"共{len(found)}个账户"
    canvas.show(panel("账户", listing(found), "tk-office", count), key="tk_accounts")
    with st.container(key="tk_half"):
        _new()
        _change(found)


def listing(found: tuple[Account, ...]) -> str:
    """All accounts as a table."""
    policy = load_policy()
    rows = (
        (
            item.name,
            ROLES[item.role],
            policy.unit(item.unit).name if item.unit else "—",
            standing(item),
            f"{datetime.fromtimestamp(item.created_at):%Y-%m-%d}",
        )
        for item in found
    )
    return scrolled("账户", table("", ("账号", "角色", "县市区", "状态", "新建日期"), rows))


def _new() -> None:
    units = {unit.code: unit.name for unit in load_policy().counties}
    with st.form("account_new", enter_to_submit=False):
        canvas.show("<h2>新建账号</h2>", key="tk_account_new")
        st.text_input("账号名", max_chars=32, key="account_name")
        st.selectbox("角色", list(ROLES), format_func=ROLES.__getitem__, key="account_role")
        st.selectbox(
            "县市区（只用于县市区角色）",
            list(units),
            index=None,
            format_func=units.__getitem__,
            placeholder="请选择",
            key="account_unit",
        )
        st.checkbox("由统一身份认证登录，没有本地密码", key="account_outside")
        st.form_submit_button("新建", on_click=_add, key="account_add")


def _change(found: tuple[Account, ...]) -> None:
    with st.container(border=True, key="tk_existing"):
        canvas.show("<h2>已有账号</h2>", key="tk_account_old")
        st.selectbox(
            "账号", [item.name for item in found], index=None, placeholder="请选择", key="account_one"
        )
        with st.container(horizontal=True, gap="small"):
            for title, do in ACTIONS.items():
                st.button(title, key=f"account_{title}", on_click=_act, args=(title, do))


def _add() -> None:
    state = st.session_state
    name, role = str(state["account_name"]).strip(), state["account_role"]
    unit = state["account_unit"] if role == "county" else None
    password = None if state["account_outside"] else passwords.generated()
    detail = {"账号": name, "角色": role, "县市区": unit or ""}
    if _done("新建账号", detail, lambda: accounts.add(data_folder(), name, role, unit, password)):
        first = f"初始密码 {password}（只显示这一次，首次登录必须修改）" if password else "由统一身份认证登录"
        state[SAID] = f"已新建账号「{name}」，{first}。"
        state["account_name"] = ""


def _act(title: str, do: Callable[[str], str]) -> None:
    name = st.session_state["account_one"]
    if not name:
        st.session_state[SAID] = "请先选择一个账号。"
        return
    told: list[str] = []
    if _done(title, {"账号": name}, lambda: told.append(do(name))):
        st.session_state[SAID] = f"{title}：账号「{name}」{told[0]}。"


def _done(action: str, detail: dict[str, str], work: Callable[[], None]) -> bool:
    try:
        viewer = current_viewer()
        require(viewer, "accounts")
        record(data_folder(), Entry(action, viewer.name, viewer.role, detail))
        work()
    except UserError as error:
        st.session_state[SAID] = str(error)
        return False
    return True


def _reset(name: str) -> str:
    password = passwords.generated()
    accounts.set_password(data_folder(), name, password, first=True)
    return f"的新密码 {password}（只显示这一次，首次登录必须修改）"


def _disable(name: str) -> str:
    accounts.disable(data_folder(), name, disabled=True)
    return "已停用，已登录的立即退出"


def _enable(name: str) -> str:
    accounts.disable(data_folder(), name, disabled=False)
    return "已启用"


def _unlock(name: str) -> str:
    accounts.unlock(data_folder(), name)
    return "已解锁"


ACTIONS = {"重设密码": _reset, "停用账号": _disable, "启用账号": _enable, "解锁账号": _unlock}
