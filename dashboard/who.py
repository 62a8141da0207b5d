"""Who is looking, on the page and in the log: the account's menu, views of firms' rows, downloads, the watermark."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard import canvas, download
from dashboard.access import files
from dashboard.access.audit import Entry, record
from dashboard.html import text
from dashboard.identity import ROLES, Viewer, still
from etl.paths import data_folder
from etl.policy import load_policy

LONGEST = 80  # characters of a part of the address in the log
LOGGED = "logged_views"
# Parts of the address that tell whose rows were looked at, in the log's words.
PARTS = {
    "period": "月份",
    "unit": "县市区",
    "indicator": "指标",
    "firm": "企业",
    "find": "查找",
    "snapshot": "快照",
}


def show(viewer: Viewer) -> None:
    """The account's menu in the bar: change the password, sign out."""
    menu = (
        '<a href="/password">修改密码</a>'
        '<form method="post" action="/logout"><button type="submit">退出登录</button></form>'
    )
    html = (
        f'<details class="tk-who"><summary title="{text(said(viewer))}"><span>{text(viewer.name)}</span></summary>'
        f'<div class="tk-who-menu"><p>{text(said(viewer))}</p>{menu}</div></details>'
    )
    canvas.show(html, key="tk_who")


def said(viewer: Viewer) -> str:
    """Name and role, with the unit of a county."""
    place = load_policy().unit(viewer.unit).name if viewer.unit else ""
    return f"{viewer.name}（{ROLES[viewer.role]}{'　' * bool(place)}{place}）"


class Sight:
    """One run of a page: what rows of firms it reads are logged before they are shown, and marked on it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.firms = False

    def told(self, whose: str) -> None:
        """Log that these rows are read, once a session for each address."""
        self.firms = True
        named = ((word, st.query_params.get(part, "")) for part, word in PARTS.items())
        query = {word: value[:LONGEST] for word, value in named if value}
        names = {unit.code: unit.name for unit in load_policy().units}
        whose = names.get(whose, whose)
        view = (whose, *query.items())
        logged: set[tuple[object, ...]] = st.session_state.setdefault(LOGGED, set())
        if view not in logged:
            record(
                data_folder(), Entry("查看企业", self.viewer.name, self.viewer.role, {"范围": whose, **query})
            )
            logged.add(view)

    def watermark(self) -> None:
        """Name and time all over a page that showed rows of firms, on paper too."""
        if self.firms:
            canvas.show(watermark(stamp(self.viewer)), key="tk_watermark")


def stamp(viewer: Viewer) -> str:
    """Who and when, to the minute."""
    return f"{viewer.name} {datetime.now():%Y-%m-%d %H:%M}"


def watermark(mark: str) -> str:
    """The mark in slanting lines over the whole page, through which one can read and click."""
    return (
        '<svg class="tk-watermark" aria-hidden="true"><defs><pattern id="tk-mark" width="440" height="180"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">'
        f'<text x="12" y="40">{text(mark)}</text><text x="220" y="130">{text(mark)}</text></pattern></defs>'
        '<rect width="100%" height="100%" fill="url(#tk-mark)"/></svg>'
    )


def taken(viewer: Viewer, name: str, sort: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a file when it is asked for: only while the session holds, logged first, marked with who and when.

    name, sort (its MIME type): as the button has them. No other session can fetch what is made.
    """

    def made() -> bytes:
        still(viewer)
        record(data_folder(), Entry("下载", viewer.name, viewer.role, {"文件": name}))
        with download.marked(f"导出：{said(viewer)} {datetime.now():%Y-%m-%d %H:%M}"):
            content = make()
        files.given(viewer.session, content, name, sort)
        return content

    return made
