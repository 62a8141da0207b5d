"""How long the scoreboard takes from the marts: all indicators, units and months, beside one scan of the declarations.

Run: python -m benchmarks.bench_scoreboard --data DIR [--repeat 5]. Works on a copy of the published snapshot.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from etl import snapshot
from etl.policy import load_policy
from etl.scoreboard import build_scoreboard
from etl.warehouse import count, first_row

SCAN = "select flow, sum(value_cny), count(*) from coded_declarations group by flow"


def best(repeat: int, work: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print both times and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    policy, published = load_policy(), snapshot.current(arguments.data)
    assert published, "no snapshot there"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(published.path, copy)
        with duckdb.connect(str(copy)) as con:
            built = best(arguments.repeat, lambda: build_scoreboard(con, policy))
            scan = best(arguments.repeat, lambda: con.execute(SCAN).fetchall())
            rows = count(con, "select count(*) from fact_declarations")
            size = first_row(
                con,
                "select count(*), count(distinct indicator), count(distinct unit), count(distinct period) from scoreboard",
            )
    assert size
    print("scoreboard of {} rows: {} indicators, {} places, {} months".format(*size))
    print(f"scoreboard: {built:.3f} s; scan of {rows:,} declarations: {scan:.3f} s")
    print(f"scoreboard / scan: {built / scan:.1f}")


if __name__ == "__main__":
    main()
