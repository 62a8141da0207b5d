"""Start of the dashboard: page config and navigation, nothing else."""

import streamlit as st

from dashboard import canvas, memory, shell
from dashboard.address import PAGES
from etl.policy import load_policy

st.set_page_config(page_title=load_policy().document.product, page_icon="📊", layout="wide")
viewer = shell.require_viewer()
first = shell.first_page(viewer)
chosen = st.navigation(
    [
        st.Page(
            page.file,
            title=page.title,
            url_path=None if path == first else path or "overview",
            default=path == first,
            visibility="visible" if shell.listed(page, viewer) else "hidden",
        )
        for path, page in PAGES.items()
    ],
    position="top",
)
st.session_state[canvas.PAGE] = chosen.url_path
canvas.dress()
chosen.run()
memory.settle(chosen.url_path)
