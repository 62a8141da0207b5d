"""The dashboard behind its guard: Streamlit's pages, and the login page beside them. ``streamlit run server.py``."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from dashboard.access.guard import Guard
from dashboard.access.routes import routes

app = App("app.py", routes=routes(), middleware=[Middleware(Guard)])
