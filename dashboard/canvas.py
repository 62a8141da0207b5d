"""One small component that shows ready HTML and turns clicks on its links into page changes.

Its links are real (middle click, keyboard and copying work); a plain click stays in the session. All
HTML comes from the widget modules, which escape every text that came from data.
"""

import functools
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.address import PAGES, parse

ASSETS = Path(__file__).parent / "assets"
# What holds for paper comes last, so that it overrides.
SHEETS = sorted(ASSETS.glob("*.css"), key=lambda path: (path.name == "print.css", path.name))
CSS = "\n".join(path.read_text(encoding="utf-8") for path in SHEETS)
CANVAS, FRAME = ((ASSETS / name).read_text(encoding="utf-8") for name in ("canvas.js", "frame.js"))
PAGE = "page_on_show"


def dress() -> None:
    """What all canvases and Streamlit's own parts wear: once a run, so that no canvas has to bring it along."""
    _frame()(key="tk_frame")


def show(html: str, key: str) -> None:
    """Show HTML; a click on one of its links goes there."""
    result = _canvas()(key=key, data={"html": html}, on_go_change=functools.partial(_stay, key))
    if result.go and not _stays(str(result.go)):
        go(str(result.go))


def page_on_show() -> str:
    """The path of the page that runs, as ``address.PAGES`` has it."""
    return str(st.session_state.get(PAGE, ""))


def go(address: str) -> None:
    """Open an address made by ``address.href``; anything else is ignored."""
    if found := parse(address):
        page, state = found
        st.switch_page(PAGES[page].file, query_params=dict(state))


def _stay(key: str) -> None:
    """Take up a click that stays on the page before the page runs: it then runs once, not once more for the way."""
    address = str(st.session_state[key].go)
    if (found := parse(address)) and _stays(address):
        st.query_params.from_dict(dict(found[1]))


def _stays(address: str) -> bool:
    """Whether an address is of the page on show."""
    found = parse(address)
    return found is not None and found[0] == page_on_show()


@st.cache_resource(show_spinner=False)
def _canvas() -> ComponentRenderer:
    renderer: Any = st.components.v2.component("trade_kpi_canvas", js=CANVAS, isolate_styles=False)
    return renderer  # type: ignore[no-any-return]


@st.cache_resource(show_spinner=False)
def _frame() -> ComponentRenderer:
    renderer: Any = st.components.v2.component("trade_kpi_frame", css=CSS, js=FRAME, isolate_styles=False)
    return renderer  # type: ignore[no-any-return]
