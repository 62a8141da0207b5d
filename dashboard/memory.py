"""What a page has imported and cached stays; Python's collector need not look at it again.

To look through all that this project imports takes longer than a page's run, and stops everybody meanwhile. So
Streamlit does not collect after each run (``runner.postScriptGC`` in .streamlit/config.toml), Python collects by its
own thresholds, and what is frozen here is left out of that. `python -m benchmarks.sessions` measures both.
"""

import gc
import importlib
import pkgutil
from contextlib import suppress

from streamlit.runtime.scriptrunner import get_script_run_ctx

import dashboard
from etl import heap

SCRIPTS = "dashboard.pages."  # run by Streamlit, never imported
OTHERS = ("dashboard.access.server", "dashboard.cli", "dashboard.commands")  # not of pages
# One heap for all threads, large blocks apart, and what is free at the end given back: fifty readers take 50 MB less.
MALLOC = {heap.ARENAS: 1, heap.MMAP_FROM: 64 << 10, heap.TRIM_FROM: 128 << 10}
_settled: set[str] = set()


def load() -> None:
    """Import all that pages are made of, so that no reader is the one who waits for it; call it before there are threads."""
    heap.tune(MALLOC)
    for module in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
        if not module.name.startswith((SCRIPTS, *OTHERS)):
            importlib.import_module(module.name)


def settle(page: str) -> None:
    """After a page's run: forget widgets that it no longer has, and leave out of collection what its first run left."""
    _forget_widgets()
    if page not in _settled:
        _settled.add(page)
        gc.collect()
        gc.freeze()


def _forget_widgets() -> None:
    """Drop what describes widgets that this run did not draw.

    Streamlit drops their values, and keeps of every widget that a session ever saw its callbacks and all that these
    hold. A later Streamlit that keeps them elsewhere goes on as it does by itself.
    """
    run = get_script_run_ctx()
    if run is None:
        return
    with suppress(AttributeError):
        described = run.session_state._state._new_widget_state.widget_metadata
        drawn = run.shared.widget_ids_this_run.snapshot()
        # A component's clicks have a description of their own, whose id holds the component's.
        for widget in [id for id in described if not any(other in id for other in drawn)]:
            del described[widget]
