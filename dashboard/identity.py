"""Who is looking: the identity that goes with every question to the store."""

import getpass
from dataclasses import dataclass, field
from typing import Literal

from etl.errors import UserError

Role = Literal["leader", "task_force", "county", "loader", "admin", "auditor"]
ROLES: dict[Role, str] = {
    "leader": "市领导",
    "task_force": "工作专班",
    "county": "县市区",
    "loader": "数据加载人员",
    "admin": "系统管理员",
    "auditor": "审计员",
}


class NotSignedIn(UserError):
    """Nobody is signed in, or no longer."""


@dataclass(frozen=True)
class Viewer:
    """One signed-in person. unit: the code of a county role's own unit, else None. session: the key of theirs."""

    name: str
    role: Role
    unit: str | None
    session: str = field(default="", compare=False, repr=False)


def current_viewer() -> Viewer:
    """The viewer of this Streamlit session; NotSignedIn where there is none. The one place that says who looks.

    Tests without a browser set who looks by ``monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer(…))``,
    which reaches every module; ``tests/conftest.py`` does so for all with the task force. Tests with a browser sign
    in through the login page.
    """
    return signed_in()


def operator() -> Viewer:
    """Who sits at the machine's own command line: whoever may read the data folder needs no account for it."""
    return Viewer(f"命令行（{getpass.getuser()}）", "task_force", None)


def signed_in() -> Viewer:
    """The viewer whose session cookie came with this page's connection, looked up anew each time."""
    import streamlit as st  # slow, and the command line needs it not

    from dashboard.access import cookie, sessions
    from etl.paths import data_folder

    key = sessions.key_of(st.context.cookies.get(cookie.name()) or "")
    found = sessions.session(data_folder(), key)
    # A page belongs to who opened it: whoever signs in after them gets a page of their own.
    if found is None or found.account.must_change or st.session_state.setdefault("signed_in", key) != key:
        raise NotSignedIn("登录已失效或已超时，请重新登录。")
    account = found.account
    return Viewer(account.name, account.role, account.unit, key)


def still(viewer: Viewer) -> Viewer:
    """The same viewer, where their session still holds: for what is asked for later than the page was drawn."""
    from dashboard.access import sessions
    from etl.paths import data_folder

    if viewer.session and sessions.session(data_folder(), viewer.session) is None:
        raise NotSignedIn("登录已失效或已超时，请重新登录。")
    return viewer
