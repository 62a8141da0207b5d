"""Whether a page's data costs the same whatever the number of fact rows: each page's questions on 1 M and 50 M rows.

Run: python -m benchmarks.bench_pages --data DIR [--rows 1000000 50000000] [--repeat 7] [--scratch DIR]. Copies of the
demo snapshot in DIR get that many rows in their largest fact table: every declaration of the demo so and so many times,
each with its part of the value, so firms, units, months and totals stay; then every mart and the scoreboard are built
by the project's own SQL. Each page is opened as the first reader of it opens it, plainly and drilled into, on the two in
turns: the server has the snapshot open and has asked what it asks of each by itself (``dashboard.warm``), but its answers
are forgotten, save what all pages stand on and 总览 has asked; counted is the time inside the snapshot's file, all
questions of the page together. What a new snapshot costs once (its checksum, what the server asks by itself, all that
总览 asks) is listed apart. Takes some GB in the scratch folder, which it removes.
"""

import argparse
import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from streamlit.testing.v1 import AppTest

from benchmarks.screenshots import DRILLED
from benchmarks.served import ROOT
from dashboard import identity, opened, store, warm
from dashboard.address import PAGES
from etl import snapshot, warehouse
from etl.marts import build_marts
from etl.policy import load_policy
from etl.scoreboard import build_scoreboard

NO_BROWSER = "streamlit.runtime.scriptrunner_utils.script_run_context"
LIMIT = 1.25
MOST_MS = 20.0  # of a page's data, whatever the size
LEAST_MS = 1.0  # less than that is as good as nothing
FIRST = PAGES[""].module  # what it asks is asked once a snapshot
MULTIPLIED = """
    create or replace table coded_declarations as
    select fact.* replace (cast(fact.value_cny / {times} as decimal(18, 6)) as value_cny)
    from coded_declarations as fact cross join range({times}) as copies (number)
"""


def enlarge(source: Path, folder: Path, rows: int) -> tuple[int, float]:
    """A data folder with the snapshot grown to about that many fact rows; their number, and seconds for the marts."""
    found = snapshot.current(source)
    assert found, f"no snapshot in {source}"
    path = folder / "snapshots" / found.path.name
    path.parent.mkdir(parents=True)
    shutil.copyfile(found.path, path)
    path.chmod(0o600)
    with duckdb.connect(str(path)) as con:
        warehouse.prepare(con)
        had = warehouse.count(con, "select count(*) from fact_declarations")
        con.execute(MULTIPLIED.format(times=max(1, round(rows / had))))
        started = time.perf_counter()
        build_marts(con)
        build_scoreboard(con, load_policy())
        took = time.perf_counter() - started
        con.execute("checkpoint")
        have = warehouse.count(con, "select count(*) from fact_declarations")
    path.with_suffix(".sha256").write_text(f"{snapshot.digest(path)}  {path.name}\n", encoding="ascii")
    (path.parent / "CURRENT").write_text(found.id, encoding="ascii")
    return have, took


class Clock:
    """Seconds and questions inside the snapshot's file since it was set; checking the checksum is none of them."""

    def __init__(self) -> None:
        self.seconds, self.questions = 0.0, 0
        asked, verified = store.asked, opened.verify
        known: set[Path] = set()

        def timed(found: snapshot.Snapshot, question: Any) -> Any:
            started = time.perf_counter()
            try:
                return asked(found, question)
            finally:
                self.seconds += time.perf_counter() - started
                self.questions += 1

        def once(found: snapshot.Snapshot) -> None:
            if found.path not in known:
                known.add(found.path)
                started = time.perf_counter()
                verified(found)
                print(
                    f"checksum of {found.path.stat().st_size / 1e6:,.0f} MB: {time.perf_counter() - started:.1f} s"
                )

        store.asked, opened.verify = timed, once

    def set(self) -> None:
        """To zero."""
        self.seconds, self.questions = 0.0, 0


def looks() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every page that shows figures, plainly and drilled into: its name, its path and what the address asks."""
    for path, page in PAGES.items():
        if page.right == "figures":
            yield page.module, path, {}
            if path in DRILLED:
                yield f"{page.module}, drilled", path, dict(DRILLED[path])


def ask(clock: Clock, data: Path, path: str, query: dict[str, str]) -> tuple[float, int]:
    """Milliseconds and questions of one page that nothing but 总览 was opened before; of 总览 what it asks at all."""
    os.environ["TRADE_KPI_DATA"] = str(data)
    store.forget_answers()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    clock.set()
    app.run()
    if not path and not query:
        return clock.seconds * 1000, clock.questions
    if path:
        app.switch_page(PAGES[path].file)
    app.query_params.update(query)
    clock.set()
    app.run()
    assert not app.exception
    return clock.seconds * 1000, clock.questions


def main() -> int:
    """Print each page's medians and their ratio; 1 when one costs much more on the larger snapshot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, nargs=2, default=(1_000_000, 50_000_000))
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--scratch", type=Path, help="where the copies are made")
    arguments = parser.parse_args()
    logging.getLogger(NO_BROWSER).disabled = True  # pages that run without one warn of it
    identity.signed_in = identity.operator  # no browser, so nobody signs in
    opened.stay_open()
    clock = Clock()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        folders = [Path(scratch) / str(rows) for rows in arguments.rows]
        for folder, rows in zip(folders, arguments.rows, strict=True):
            have, took = enlarge(arguments.data, folder, rows)
            print(f"{have:,} declarations: marts and scoreboard in {took:.1f} s")
            started = time.perf_counter()
            warm.warm(folder)
            print(f"what the server asks by itself, checksum included: {time.perf_counter() - started:.1f} s")
        worst = slowest = 0.0
        for name, path, query in looks():
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(arguments.repeat):
                for times, folder in zip(taken, folders, strict=True):
                    took, questions = ask(clock, folder, path, query)
                    times.append(took)
            few, many = (statistics.median(times) for times in taken)
            ratio = many / max(few, LEAST_MS)
            print(f"{name:20} {questions:3} questions  {few:7.1f} ms  {many:7.1f} ms  ratio {ratio:.2f}")
            if name != FIRST:
                worst, slowest = max(worst, ratio), max(slowest, many)
    print(f"worst ratio {worst:.2f} (limit {LIMIT}); slowest page {slowest:.1f} ms (limit {MOST_MS:.0f})")
    return int(worst > LIMIT or slowest > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
