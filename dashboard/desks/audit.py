"""The auditor's desk: the newest entries of the log, by action and account, and whether its chain holds."""

from collections.abc import Sequence

import streamlit as st

from dashboard import canvas
from dashboard.access import audit
from dashboard.access.audit import Logged, Verdict
from dashboard.html import panel, scrolled, table, text
from dashboard.identity import ROLES
from etl.paths import data_folder

MOST = 200
ALL = "全部操作"
NAMES: dict[str, str] = dict((*ROLES.items(), ("", "—")))


def show() -> None:
    """A word on the chain, what to list, and the list."""
    found = audit.verify(data_folder())
    canvas.show(f'<p class="tk-said" role="status">{text(verdict(found))}</p>', key="tk_verdict")
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        action = st.selectbox("操作", [ALL, *audit.actions(data_folder())], label_visibility="collapsed")
        name = st.text_input("账号", placeholder="账号名，按回车", max_chars=32, label_visibility="collapsed")
    listed = audit.entries(data_folder(), MOST, "" if action == ALL else action, name.strip())
    canvas.show(panel("审计记录", listing(listed), "tk-office", f"最新的{len(listed)}条"), key="tk_audit")


def verdict(found: Verdict) -> str:
    """Whether the log is whole, and what to note down."""
    if found.broken is not None:
        return f"审计记录不完好：从第{found.broken}条起与校验值不符或缺失，请立即报告并保留原件。"
    number, chained = found.head
    return f"审计记录完好，共{found.entries}条，末尾第{number}条，校验值{chained[:16]}。"


def listing(found: Sequence[Logged]) -> str:
    """The entries as a table, newest first."""
    rows = (
        (
            str(item.number),
            audit.local(item.at),
            item.action,
            item.name,
            NAMES.get(item.role, item.role),
            "　".join(f"{key} {value}" for key, value in item.detail.items() if value),
        )
        for item in found
    )
    header = ("序号", "时间", "操作", "账号", "角色", "内容")
    return scrolled("审计记录", table("", header, rows))
