"""Start of the dashboard: page config and navigation, nothing else."""

import streamlit as st

from dashboard import canvas, memory, menu, shell
from etl.policy import load_policy

st.set_page_config(page_title=load_policy().document.product, page_icon="📊", layout="wide")
viewer = shell.require_viewer()
chosen = st.navigation(menu.pages(viewer), position="top")
menu.lead(viewer, chosen.url_path)
st.session_state[canvas.PAGE] = chosen.url_path
canvas.dress()
chosen.run()
memory.settle(chosen.url_path)
