"""How long a month's declarations take to a published snapshot, on a warehouse of many and on an empty one.

The warehouse is one month loaded from a file and repeated, by SQL, as the files of the months after it; no raw
file is there any more. Prints both loads and their ratio, in one run.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MONTHS = 36
FIRST, NEXT = "202301", "202601"
LATER_MONTHS = """
    insert into coded_declarations by name
    select fact.* replace (
        cast(period + to_months(cast(month as integer)) as date) as period, cast(file_id + month as integer) as file_id,
        cast(value_cny * (1 + month / 100.0) as decimal(18,6)) as value_cny)
    from coded_declarations as fact, range(1, ?) as later(month)
"""
LATER_FILES = """
    insert into files select files.* replace (
        cast(file_id + month as integer) as file_id, sha256 || month as sha256, bytes + month as bytes,
        cast(period_from + to_months(cast(month as integer)) as date) as period_from,
        cast(period_to + to_months(cast(month as integer)) as date) as period_to)
    from files, range(1, ?) as later(month)
"""
LATER_COVERAGE = """
    insert into coverage select coverage.* replace (
        cast(file_id + month as integer) as file_id, cast(period + to_months(cast(month as integer)) as date) as period)
    from coverage, range(1, ?) as later(month)
"""


def build(data: Path, first: Path) -> None:
    """A published snapshot of MONTHS months of declarations, and no raw files."""
    import duckdb

    from etl import snapshot
    from etl.apply import Options
    from etl.layout import Hints
    from etl.load import finish, load
    from etl.paths import raw_folder
    from etl.policy import load_policy

    load(data, [(first, Hints())], Options())
    with snapshot.lock(data), snapshot.building(data) as path:
        id = snapshot.new_id(data)
        with duckdb.connect(str(path)) as con:
            for statement in (LATER_MONTHS, LATER_FILES, LATER_COVERAGE):
                con.execute(statement, [MONTHS])
            finish(con, load_policy(), id)
        snapshot.publish(data, path, id)
    shutil.rmtree(raw_folder(data))


def publish_month(data: Path, file: Path) -> float:
    """Seconds from the file to the published snapshot."""
    from etl.apply import Options
    from etl.layout import Hints
    from etl.load import load

    start = time.perf_counter()
    report = load(data, [(file, Hints())], Options())
    seconds = time.perf_counter() - start
    assert report.snapshot and report.files[0].accepted == report.files[0].rows_read, report.files[0]
    return seconds


def main() -> None:
    from benchmarks.bench_ingest import write_declarations

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000)
    arguments = parser.parse_args()
    rows = arguments.rows // MONTHS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, new = folder / f"海关明细{FIRST}.csv", folder / f"海关明细{NEXT}.csv"
        write_declarations(first, rows, [FIRST])
        write_declarations(new, rows, [NEXT])
        build(folder / "large", first)
        empty = publish_month(folder / "empty", new)
        large = publish_month(folder / "large", new)
    print(f"一个月 {rows:,} 行：加到 {rows * MONTHS:,} 行的库 {large:.2f} s，空库 {empty:.2f} s")
    print(f"large / empty: {large / empty:.2f}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
