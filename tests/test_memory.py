"""What the server does about memory and garbage."""

import gc
import subprocess
import sys

from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import memory, store, warm
from dashboard.identity import Viewer
from dashboard.questions import firms, places
from dashboard.questions.board import board
from dashboard.questions.measured import measured
from etl.snapshot import pointed

LOADED = """
import sys
from dashboard import memory
memory.load()
print(*(name for name in sys.modules if name.startswith("dashboard.")))
"""


def test_streamlit_collects_no_garbage_after_each_run():
    assert config.get_option("runner.postScriptGC") is False


def test_all_that_pages_are_made_of_is_there_before_the_first_reader_and_no_page_has_run():
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert {"dashboard.parts.firms", "dashboard.questions.board", "dashboard.brief.write.word"} <= loaded
    assert not any(name.startswith((memory.SCRIPTS, "dashboard.access.server")) for name in loaded)


SEEN = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from dashboard import memory

st.session_state.runs = st.session_state.get("runs", 0) + 1
st.checkbox("stays", key="stays")
st.checkbox("once", key=f"once_{st.session_state.runs}")
memory.settle("page")
st.text(len(get_script_run_ctx().session_state._state._new_widget_state.widget_metadata))
"""


def test_a_session_keeps_nothing_of_widgets_that_its_page_no_longer_has_and_the_values_of_the_others():
    at = AppTest.from_string(SEEN).run()
    at.checkbox(key="stays").check()
    for _ in range(5):
        at.run()
    assert at.text[0].value == "2" and at.checkbox(key="stays").value
    assert not at.exception


CLICKED = """
import streamlit as st
from dashboard import memory

button = st.components.v2.component("test_click", html="<button>x</button>", js="export default () => {}")
button(key="click", on_clicked_change=lambda: None)
memory.settle("page")
from streamlit.runtime.scriptrunner import get_script_run_ctx
described = get_script_run_ctx().session_state._state._new_widget_state.widget_metadata
st.text(" ".join(sorted(item.value_type for item in described.values())))
"""


def test_a_components_clicks_are_listened_to_after_the_run():
    at = AppTest.from_string(CLICKED).run()
    assert not at.exception
    assert at.text[0].value == "json_trigger_value json_value"


def test_what_a_page_leaves_is_frozen_at_its_first_run_alone(monkeypatch):
    monkeypatch.setattr(memory, "_settled", set())
    try:
        memory.settle("unit")
        frozen = gc.get_freeze_count()
        assert frozen > 1000
        memory.settle("unit")
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()


def test_the_first_leader_after_a_start_waits_for_no_query(demo_data, monkeypatch):
    store.forget()
    warm.warm(demo_data)
    asked = []
    real = store.asked
    monkeypatch.setattr(store, "asked", lambda *asking: asked.append(asking) or real(*asking))
    gate = store.open_gate(Viewer("某", "leader", None), demo_data)
    assert board(gate).light("import_share", "4311", "2026-10").value is not None
    assert measured(gate, "import_share") and firms.tiers(gate, "431102", "2026-10").periods
    assert not asked
    places.rebates(store.open_gate(Viewer("某", "county", "431102"), demo_data), "431102", "2026-10")
    assert len(asked) == 1  # a county's own is asked for the county


def test_a_snapshot_published_later_is_asked_before_the_first_leader_comes(demo_copy, monkeypatch):
    warmed = []
    monkeypatch.setattr(warm, "warm", warmed.append)
    known = pointed(demo_copy)
    assert warm.renewed(demo_copy, known) == known and not warmed
    assert warm.renewed(demo_copy, "20200101-000000") == known and warmed == [demo_copy]
    (demo_copy / "snapshots" / "CURRENT").unlink()
    assert warm.renewed(demo_copy, known) is None


def test_a_server_starts_without_a_snapshot_and_with_a_damaged_one(tmp_path, demo_copy):
    warm.warm(tmp_path)
    snapshot = next((demo_copy / "snapshots").glob("*.duckdb"))
    snapshot.chmod(0o600)
    snapshot.write_bytes(snapshot.read_bytes()[:4096])
    warm.warm(demo_copy)
