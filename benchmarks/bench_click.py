"""From a click to settled DOM in Chromium: our page, the same on constants in bare Streamlit, and the same in Dash.

Run: python -m benchmarks.bench_click --data DIR [--clicks 40] [--dash-python PYTHON]. The page is 指标 (a dozen parts
of HTML, one of them the chart as SVG, choosers, buttons); a click on a row of its ranking shows another unit, so every
part and the chart change, the chooser of units and the address with them. All show the same HTML. The bare Streamlit page
and the Dash pages take it from constants. ``usual`` is the Dash page as Dash pages are usually written, its chart a plotly
graph of the same months; ``dash`` has it as HTML too, put in by a callback in the browser, which is the quickest way Dash
has and quicker than a bare Streamlit page can be: it has no limit and is printed beside. The servers run
side by side and are clicked in turns, so that noise hits them alike; medians count. Settled: the new unit's name and
chart are there and nothing in the page has changed for ``QUIET`` seconds; the time is that of the last change.
Dash is looked for in ``--dash-python``, else ``uv run --with dash`` provides it.
"""

import argparse
import json
import logging
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from benchmarks.served import ROOT, chromium, free_port, running, serving, visit
from dashboard import identity

UNITS = ("431102", "431124")
INDICATOR = "import_share"
NO_BROWSER = "streamlit.runtime.scriptrunner_utils.script_run_context"
WARM = 6
QUIET = 0.3
LIMITS = {"bare": 1.0, "usual": 1.6}
NOISE = 0.05  # two equal pages differ by as much from run to run
BARE = '''
"""What 指标 shows, from constants."""
import json
from pathlib import Path

import streamlit as st

from dashboard import canvas

VIEWS = json.loads((Path(__file__).parent / "views.json").read_text("utf-8"))


def turn():
    at = st.session_state["view"] = 1 - st.session_state.get("view", 0)
    st.session_state["pick_unit"] = VIEWS[at]["chosen"]["pick_unit"]
    st.query_params["unit"] = VIEWS[at]["unit"]


def piece(key):
    canvas._canvas()(key=key, data={"html": view["html"][key]}, on_go_change=turn)


def chooser(key):
    box = view["choices"][key]
    st.selectbox(key, box, key=key, label_visibility="collapsed", placeholder="请选择", required=True)


@st.fragment
def page():
    global view
    view = VIEWS[st.session_state.get("view", 0)]
    with st.container(key="tk_bar", horizontal=True, vertical_alignment="center", gap="small"):
        piece("tk_title")
        chooser("pick_period")
        piece("tk_who")
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        chooser("pick_unit")
        chooser("pick_indicator")
    piece("tk_indicator")
    with st.container(key="tk_downloads", horizontal=True, gap="small"):
        for name in ("csv", "xlsx"):
            st.download_button(name, b"", f"constants.{name}", key=name, on_click="ignore")
    piece("tk_foot")


page()
'''
APP = """
import streamlit as st
from dashboard import canvas
from dashboard.address import PAGES

st.set_page_config(page_title="常数", page_icon="📊", layout="wide")
pages = [st.Page("page.py", title=page.title, url_path=path or None, default=not path,
                 visibility="hidden" if page.hidden else "visible") for path, page in PAGES.items()]
canvas.dress()
st.navigation(pages, position="top").run()
"""
DASH = '''
"""What 指标 shows, in Dash."""
import json
import re
import sys
from pathlib import Path

from dash import Dash, Input, Output, clientside_callback, dcc, html

folder, port, usual = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "usual"
VIEWS = json.loads((folder / "views.json").read_text("utf-8"))
KEYS = list(VIEWS[0]["html"])
FIGURES = [{"data": view["lines"], "layout": {"height": 455}} for view in VIEWS]
app = Dash(__name__)
app.index_string = app.index_string.replace("{%css%}", "{%css%}<style>" + (folder / "tk.css").read_text("utf-8") + "</style>")


def piece(key):
    return html.Div(id=key, className="tk")


def chooser(key):
    options = VIEWS[0]["choices"][key]
    return dcc.Dropdown(options, VIEWS[0]["chosen"][key], id=key, clearable=False)


app.layout = html.Div([
    dcc.Store(id="turn"), dcc.Store(id="html"), dcc.Location(id="here", refresh=False),
    html.Nav([html.A(str(n), href="#") for n in range(12)]),
    piece("tk_title"), chooser("pick_period"), piece("tk_who"), chooser("pick_unit"), chooser("pick_indicator"),
    piece("tk_indicator"),
    *([dcc.Graph(id="plot", figure=FIGURES[0], config={"displayModeBar": False})] if usual else []),
    html.Button("CSV"), html.Button("Excel"), piece("tk_foot"),
])


CHANGED = [Output("html", "data"), Output("pick_unit", "value"), Output("here", "search")]


@app.callback(*CHANGED, *([Output("plot", "figure")] if usual else []), Input("turn", "data"))
def show(turn):
    at = (turn or 0) % 2
    html, stands = VIEWS[at]["html"], (VIEWS[at]["chosen"]["pick_unit"], "?unit=" + VIEWS[at]["unit"])
    if not usual:
        return html, *stands
    before, chart, after = re.split(r"(?s)(<figure.*?</figure>)", html["tk_indicator"])
    return {**html, "tk_indicator": before + after}, *stands, FIGURES[at]


clientside_callback(
    """pieces => {
        for (const [key, html] of Object.entries(pieces || {})) {
            const piece = document.getElementById(key);
            if (piece.shown !== html) piece.innerHTML = piece.shown = html;
        }
        if (!window.listening) {
            window.turns = 0;
            window.listening = true;
            document.addEventListener("click", event => {
                if (!event.target.closest("a[data-go]")) return;
                event.preventDefault();
                window.turns += 1;
                dash_clientside.set_props("turn", { data: window.turns });
            });
        }
        return window.dash_clientside.no_update;
    }""",
    Output("tk_foot", "title"), Input("html", "data"),
)
app.run(port=port, debug=False)
'''
# The time of the last change of what is seen: nodes, texts, and the shapes of charts.
CLICK = """([selector, name, quiet]) => new Promise((resolve, reject) => {
    const began = performance.now();
    let last = began;
    const watcher = new MutationObserver(() => { last = performance.now(); });
    const shapes = { attributes: true, attributeFilter: ["d", "transform"] };
    watcher.observe(document.body, { childList: true, characterData: true, subtree: true, ...shapes });
    const there = () => document.querySelector(".tk-one h1")?.textContent.includes(name)
        && [...document.querySelectorAll(".tk h2")].some(head => head.textContent.includes(name))
        && document.querySelector(".tk-plot svg, .js-plotly-plot .main-svg");
    const look = setInterval(() => {
        const now = performance.now();
        if (there() && now - last > quiet * 1000) {
            clearInterval(look);
            watcher.disconnect();
            resolve(last - began);
        } else if (now - began > 30000) {
            clearInterval(look);
            reject(new Error("not settled in 30 s"));
        }
    }, 20);
    document.querySelector(selector).click();
})"""


def views(data: Path) -> list[dict[str, Any]]:
    """What our page shows of each unit: its HTML by key, what its choosers offer, and its chart's lines for plotly."""
    from streamlit.testing.v1 import AppTest

    logging.getLogger(NO_BROWSER).disabled = True  # pages that run without one warn of it
    os.environ["TRADE_KPI_DATA"] = str(data)
    identity.signed_in = identity.operator  # no browser, so nobody signs in
    found = []
    for unit in UNITS:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
        app.switch_page("dashboard/pages/indicator.py")
        app.query_params.update(unit=unit, indicator=INDICATOR)
        app.run()
        shown = {
            _key(item.proto.id): json.loads(item.proto.json or "{}") for item in app.get("bidi_component")
        }
        pieces = {key: data["html"] for key, data in shown.items() if data}
        choices = {box.key: box.options for box in app.selectbox}
        chosen = {box.key: box.options[box.index] for box in app.selectbox}
        known = {"unit": unit, "html": pieces, "choices": choices, "chosen": chosen}
        found.append({**known, "lines": lines(data, unit)})
    return found


def lines(data: Path, unit: str) -> list[dict[str, Any]]:
    """Value, pace and target of the chart as plotly's traces."""
    from dashboard import store
    from dashboard.questions.board import board

    gate = store.open_gate(identity.operator(), data)
    assert gate is not None
    lights = board(gate).history(INDICATOR, unit, store.meta(gate).latest_period)
    series = ("value", "pace", "target")
    x = [light.period for light in lights]
    return [{"name": name, "x": x, "y": [getattr(light, name) for light in lights]} for name in series]


def _key(id: str) -> str:
    """The key that a widget was given, from its id."""
    return id[id.index("tk_") :]


def write(folder: Path, shown: list[dict[str, Any]]) -> None:
    """The bare page, the Dash page, and the constants of both."""
    from dashboard.canvas import CSS

    texts = {
        "views.json": json.dumps(shown),
        "app.py": APP,
        "page.py": BARE,
        "dash_page.py": DASH,
        "tk.css": CSS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def dash(python: str, folder: Path, chart: str) -> AbstractContextManager[str]:
    """The address of the Dash page, run by the python given, else by uv with dash added for the occasion.

    chart: ``usual`` for a plotly graph, ``same`` for the same HTML as ours.
    """
    way = [python] if python else ["uv", "run", "--no-project", "--with", "dash", "python"]
    port = free_port()
    return running([*way, str(folder / "dash_page.py"), str(folder), str(port), chart], port)


def clicked(pages: Mapping[str, Any], names: Mapping[str, str], clicks: int) -> dict[str, list[float]]:
    """Milliseconds from each click to settled DOM, by page; the first few only warm up.

    All are clicked in each turn, in any order: what one server still does after its click hits each of the others alike.
    """
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(clicks + WARM):
        unit = UNITS[(turn + 1) % 2]
        for name in random.sample(list(pages), len(pages)):
            page = pages[name]
            page.bring_to_front()
            asked = [f".tk-place[href*='unit={unit}']", names[unit], QUIET]
            took = page.evaluate(CLICK, asked)
            if turn >= WARM:
                taken[name].append(took)
    return taken


def told(taken: Mapping[str, list[float]]) -> bool:
    """Print medians, spreads and ratios; whether every ratio is within its limit, give or take the noise."""
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, times in taken.items():
        low, _, high = statistics.quantiles(times, n=4)
        print(f"{name:5} {medians[name]:7.1f} ms  (half of them {low:.0f}–{high:.0f}, {len(times)} clicks)")
    ratios = {name: medians["ours"] / medians[name] for name in medians if name != "ours"}
    for name, ratio in ratios.items():
        print(
            f"ours / {name}: {ratio:.2f}  " + (f"(limit {LIMITS[name]})" if name in LIMITS else "(no limit)")
        )
    return all(ratios[name] <= limit * (1 + NOISE) for name, limit in LIMITS.items())


def main() -> int:
    """Run them side by side; 1 when a ratio is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument(
        "--dash-python", default="", help="a python that has dash; without it uv provides one"
    )
    arguments = parser.parse_args()
    from etl.policy import load_policy

    names = {unit: load_policy().unit(unit).short for unit in UNITS}
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        write(folder, views(arguments.data))
        servers = {
            "ours": stack.enter_context(serving(arguments.data))
            + f"/indicator?indicator={INDICATOR}&unit={UNITS[0]}",
            "bare": stack.enter_context(serving(arguments.data, script=folder / "app.py")),
            "dash": stack.enter_context(dash(arguments.dash_python, folder, "same")),
            "usual": stack.enter_context(dash(arguments.dash_python, folder, "usual")),
        }
        browser = stack.enter_context(chromium())
        pages = {}
        for name, address in servers.items():
            pages[name] = browser.new_context(
                viewport={"width": 1366, "height": 900}, locale="zh-CN"
            ).new_page()
            visit(pages[name], address)
            pages[name].wait_for_selector(".tk-one h1", timeout=60_000)
            pages[name].wait_for_selector(".tk-plot svg, .js-plotly-plot .main-svg", timeout=60_000)
        taken = clicked(pages, names, arguments.clicks)
    return int(not told(taken))


if __name__ == "__main__":
    sys.exit(main())
