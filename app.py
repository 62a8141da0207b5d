"""Start of the dashboard: page config and navigation, nothing else."""

import streamlit as st

from dashboard.address import PAGES
from dashboard.canvas import FILES
from etl.policy import load_policy

st.set_page_config(page_title=load_policy().document.product, page_icon="📊", layout="wide")
st.navigation(
    [
        st.Page(FILES[path], title=title, url_path=path or None, default=not path)
        for path, title in PAGES.items()
    ],
    position="top",
).run()
