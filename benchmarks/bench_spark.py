"""How long the marts take on Apache Spark in local mode, beside DuckDB, on the same declarations.

Loads generated declarations once, then has each engine build all marts of that snapshot anew, in a process of its
own, and demands that every mart is equal row by row. Prints seconds, seconds of processor time (which say more
where the machine is busy with other things) and their ratio. Spark's time holds the start of Java, the way out
to Parquet and the way back.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("duckdb", "spark")


def marts() -> list[str]:
    from etl.marts import dependencies

    return [name for name in dependencies() if name.startswith("mart_")]


def build(path: Path) -> None:
    """Build the marts of a database without any, here; prints seconds, and seconds of all processors."""
    import duckdb

    from etl.marts import build_marts
    from etl.warehouse import prepare

    with duckdb.connect(str(path)) as con:
        prepare(con)
        start, spent = time.perf_counter(), processors()
        build_marts(con)
        print(time.perf_counter() - start, processors() - spent)


def processors() -> float:
    """Seconds that this process and those that it has ended spent on processors."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def without_marts(data: Path, rows: int) -> Path:
    """A database of that many declarations, its marts taken out."""
    import duckdb

    from benchmarks.bench_ingest import write_declarations
    from etl.apply import Options
    from etl.layout import Hints
    from etl.load import load

    source = data / "declarations.csv"
    write_declarations(source, rows)
    snapshot = load(data, [(source, Hints())], Options()).snapshot
    assert snapshot
    path = data / "without.duckdb"
    shutil.copyfile(snapshot.path, path)
    with duckdb.connect(str(path)) as con:
        for name in marts():
            con.execute(f"drop table {name}")
        con.execute("delete from built_on")
    return path


def timed(engine: str, path: Path) -> tuple[float, float]:
    environment = {"TRADE_KPI_SPARK_MASTER": "local[2]", **os.environ, "TRADE_KPI_ENGINE": engine}
    command = [sys.executable, __file__, "--one", str(path)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=environment)
    seconds, spent = map(float, answer.stdout.split())
    return seconds, spent


def unequal(one: Path, other: Path) -> list[str]:
    """The marts of two databases that differ in a row."""
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        return [
            name
            for name in marts()
            if con.execute(f"from one.{name} except all from other.{name} limit 1").fetchall()
            or con.execute(f"from other.{name} except all from one.{name} limit 1").fetchall()
        ]


def compare(rows: int, folder: Path) -> None:
    without = without_marts(folder, rows)
    paths = {engine: folder / f"{engine}.duckdb" for engine in ENGINES}
    found = {}
    for engine, path in paths.items():
        shutil.copyfile(without, path)
        found[engine] = timed(engine, path)
        print(f"{rows:>12,} 行  {engine:7} {found[engine][0]:8.1f} s  处理器 {found[engine][1]:8.1f} s")
    different = unequal(*paths.values())
    assert not different, different
    ratios = [spark / duck for duck, spark in zip(*found.values(), strict=True)]
    print(f"{rows:>12,} 行  逐行相等  spark / duckdb: {ratios[0]:.1f}，处理器 {ratios[1]:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        build(arguments.one)
        return
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as folder:
            compare(rows, Path(folder))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
