"""The dashboard behind its guard: Streamlit's pages, and the login page beside them.

It is run by its path, which puts its folder first among the places of modules: no module here may be called as one
of Python's or of a library.
"""

from starlette.middleware import Middleware
from streamlit.starlette import App

from dashboard import memory, opened, warm
from dashboard.access import promptly
from dashboard.access.guard import Guard
from dashboard.access.routes import routes
from etl.policy import ROOT

promptly.send()
memory.load()
opened.stay_open()
warm.warm()
warm.stay_warm()
app = App(ROOT / "app.py", routes=routes(), middleware=[Middleware(Guard)])
