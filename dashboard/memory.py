"""What a page has imported and cached stays; Python's collector need not look at it again.

To look through all that this project imports takes longer than a page's run, and stops everybody meanwhile. So
Streamlit does not collect after each run (``runner.postScriptGC`` in .streamlit/config.toml), Python collects by its
own thresholds, and what is frozen here is left out of that. `python -m benchmarks.sessions` measures both.
"""

import gc
import importlib
import pkgutil

import dashboard

SCRIPTS = "dashboard.pages."  # run by Streamlit, never imported
OTHERS = ("dashboard.access.server", "dashboard.cli", "dashboard.commands")  # not of pages
_settled: set[str] = set()


def load() -> None:
    """Import all that pages are made of, so that no reader is the one who waits for it."""
    for module in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
        if not module.name.startswith((SCRIPTS, *OTHERS)):
            importlib.import_module(module.name)


def settle(page: str) -> None:
    """After the first run of a page in this process, leave out of collection what is there by now."""
    if page not in _settled:
        _settled.add(page)
        gc.collect()
        gc.freeze()
