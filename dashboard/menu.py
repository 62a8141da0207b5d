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
    """All pages for ``st.navigation``: the first of this viewer is the default, and what it may not open is hidden."""
    first = shell.first_page(viewer)
    return [
        copy.copy(_page(path, default=path == first, visible=shell.listed(page, viewer)))
        for path, page in PAGES.items()
    ]


@lru_cache(maxsize=4 * len(PAGES))
def _page(path: str, default: bool, visible: bool) -> StreamlitPage:
    page = PAGES[path]
    return st.Page(
        page.file,
        title=page.title,
        url_path=None if default else path or "overview",
        default=default,
        visibility="visible" if visible else "hidden",
    )
