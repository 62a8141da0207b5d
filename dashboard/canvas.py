"""One small component that shows ready HTML and turns clicks on its links into page changes.

Its links are real (middle click, keyboard and copying work); a plain click stays in the session. All
HTML comes from the widget modules, which escape every text that came from data.
"""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.address import PAGES, parse

ASSETS = Path(__file__).parent / "assets"
# What holds for paper comes last, so that it overrides.
SHEETS = sorted(ASSETS.glob("*.css"), key=lambda path: (path.name == "print.css", path.name))
CSS = "\n".join(path.read_text(encoding="utf-8") for path in SHEETS)
JS = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in ("chinese.js", "canvas.js"))


def show(html: str, key: str) -> None:
    """Show HTML; a click on one of its links goes there."""
    result = _component()(key=key, data={"html": html}, on_go_change=_nothing)
    if result.go:
        go(str(result.go))


def go(address: str) -> None:
    """Open an address made by ``address.href``; anything else is ignored."""
    if found := parse(address):
        page, state = found
        st.switch_page(PAGES[page].file, query_params=dict(state))


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    renderer: Any = st.components.v2.component("trade_kpi_canvas", css=CSS, js=JS, isolate_styles=False)
    return renderer  # type: ignore[no-any-return]


def _nothing() -> None:
    """A trigger needs a callback to exist; the value is read where it is shown."""
