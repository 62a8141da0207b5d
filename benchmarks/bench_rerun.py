"""Server time of an overview rerun against the same page on constants, and the queries it costs.

Run: python benchmarks/bench_rerun.py --data DIR [--reruns 40]. Both pages mount the same widgets and
the same components with the same HTML; the second reads nothing and builds nothing. Both run warm, in
one process, by Streamlit's own script runner (AppTest), in turns, so that noise hits both alike.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dashboard import identity  # noqa: E402 (found by the path above)
from dashboard.identity import Viewer  # noqa: E402

LIMIT = 1.5

APP = """
import streamlit as st
from dashboard import canvas
from dashboard.address import PAGES

st.set_page_config(page_title="常数", page_icon="📊", layout="wide")
canvas.dress()
pages = [st.Page("page.py", title=page.title, url_path=path or None, default=not path,
                 visibility="hidden" if page.hidden else "visible") for path, page in PAGES.items()]
st.navigation(pages, position="top").run()
"""
PAGE = """
import streamlit as st
from dashboard import canvas

pieces, choices = st.session_state["pieces"], st.session_state["choices"]
with st.container(key="tk_bar", horizontal=True, vertical_alignment="center", gap="small"):
    canvas.show(pieces[0], key="tk_title")
    st.selectbox("统计月份", choices[0], key="pick_period", label_visibility="collapsed", required=True)
canvas.show(pieces[1], key="tk_board")
canvas.show(pieces[2], key="tk_gaps")
with st.container(key="tk_where"):
    canvas.show(pieces[3], key="tk_matrix")
    with st.container(key="tk_place"):
        st.selectbox("地图指标", choices[1], key="pick_indicator", label_visibility="collapsed", required=True)
        canvas.show(pieces[4], key="tk_map")
canvas.show(pieces[5], key="tk_foot")
"""


def main() -> int:
    """Print both medians, their ratio and the queries of a warm rerun; 1 when the ratio is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reruns", type=int, default=40)
    arguments = parser.parse_args()
    os.environ["TRADE_KPI_DATA"] = str(arguments.data)
    identity.signed_in = lambda: Viewer("测量", "task_force", None)  # no browser, so nobody signs in
    queries = count_queries()
    started = time.perf_counter()
    overview = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    cold, cold_queries = time.perf_counter() - started, len(queries)
    with tempfile.TemporaryDirectory() as folder:
        constants = same_on_constants(overview, Path(folder))
        queries.clear()
        ours, theirs = in_turns(overview, constants, arguments.reruns)
    ratio = ours / theirs
    print(f"cold: {cold * 1000:.0f} ms, {cold_queries} queries (once per snapshot)")
    print(
        f"overview rerun: {ours * 1000:.1f} ms; the same on constants: {theirs * 1000:.1f} ms; ratio {ratio:.2f}"
    )
    print(f"queries in {arguments.reruns} warm reruns: {len(queries)}")
    return int(ratio > LIMIT)


def count_queries() -> list[str]:
    """A list to which every query the store runs is added."""
    from dashboard import store

    seen: list[str] = []
    real = store._rows
    store._rows = lambda con, query, values: seen.append(query) or real(con, query, values)
    return seen


def same_on_constants(overview: AppTest, folder: Path) -> AppTest:
    """A page that shows what the overview showed, from constants."""
    (folder / "app.py").write_text(APP, encoding="utf-8")
    (folder / "page.py").write_text(PAGE, encoding="utf-8")
    page = AppTest.from_file(str(folder / "app.py"), default_timeout=60)
    shown = (json.loads(item.proto.json or "{}") for item in overview.get("bidi_component"))
    page.session_state["pieces"] = [data["html"] for data in shown if data]
    page.session_state["choices"] = [box.options for box in overview.selectbox]
    return page.run()


def in_turns(first: AppTest, second: AppTest, reruns: int) -> tuple[float, float]:
    """Median seconds of a rerun of each, run alternately after a few to warm up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(reruns + 5):
        for page, times in zip((first, second), taken, strict=True):
            started = time.perf_counter()
            page.run()
            assert not page.exception
            if turn >= 5:
                times.append(time.perf_counter() - started)
    return statistics.median(taken[0]), statistics.median(taken[1])


if __name__ == "__main__":
    raise SystemExit(main())
