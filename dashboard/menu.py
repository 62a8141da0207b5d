"""The pages of the navigation, as far as they are for who looks.

Streamlit looks each page's file up on the disk when the page is made, for all of them in every run. They are made once
here; each run gets copies, since ``st.navigation`` notes on a page whether it may run.
"""

import copy
from functools import lru_cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import shell
from dashboard.address import PAGES
from dashboard.identity import Viewer


def pages(viewer: Viewer) -> list[StreamlitPage]:
    """All pages for ``st.navigation``; what this viewer may not open is hidden."""
    return [copy.copy(_page(path, shell.listed(page, viewer))) for path, page in PAGES.items()]


def lead(viewer: Viewer, path: str) -> None:
    """Who may not open the overview, which has the bare address, goes on from there to a page of theirs.

    Making that one the default instead would take its own address from it.
    """
    if not path and (first := shell.first_page(viewer)):
        st.switch_page(PAGES[first].file)


@lru_cache(maxsize=2 * len(PAGES))
def _page(path: str, visible: bool) -> StreamlitPage:
    page = PAGES[path]
    return st.Page(
        page.file,
        title=page.title,
        url_path=path or None,
        default=not path,
        visibility="visible" if visible else "hidden",
    )
