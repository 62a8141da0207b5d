"""What a page has imported and cached stays; Python's collector need not look at it again with every run.

Streamlit collects garbage around each run of a script, in all generations. With what this project imports that takes
longer than the run itself; what is frozen is left out.
"""

import gc

_settled: set[str] = set()


def settle(page: str) -> None:
    """After the first run of a page in this process, leave out of collection what is there by now."""
    if page not in _settled:
        _settled.add(page)
        gc.collect()
        gc.freeze()
