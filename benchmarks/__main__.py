"""All benchmarks by one command: each figure beside its limit and what it was the last time, kept in results.md.

`uv run python -m benchmarks [NAME …] [--data DIR] [--quick]`. Most figures are ratios of two ways that one run measured side
by side, as this says more on a noisy machine than seconds do. Without --data the demo is built first. --quick: small
sizes, to see that all runs; its results are printed and not kept.
"""

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.served import ROOT

RESULTS = Path(__file__).with_name("results.md")
REGRESSED = 1.2
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<value>[\d.]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Figure:
    """One number of a benchmark's output. pattern: its group is the number; limit: at most, or at least where more is better."""

    name: str
    pattern: str
    limit: float | None = None
    more: bool = False

    def missed(self, value: float) -> bool:
        """Whether the limit is missed."""
        return self.limit is not None and (value < self.limit if self.more else value > self.limit)

    def regressed(self, value: float, before: float | None) -> bool:
        """Whether it is over 20 % worse than the last time."""
        return bool(before) and (value * REGRESSED < before if self.more else value > REGRESSED * before)  # type: ignore[operator]


@dataclass(frozen=True)
class Benchmark:
    """A module of this folder, how it is called in earnest and in brief, and the numbers that it prints."""

    module: str
    arguments: Sequence[str]
    quick: Sequence[str]
    figures: Sequence[Figure]
    data: bool = True


BENCHMARKS = {
    "ingest": Benchmark(
        "bench_ingest", ("--rows", "5000000", "--repeat", "5"), ("--rows", "100000", "--repeat", "1"),
        (
            Figure("load ÷ duckdb read_csv", r"ours / by_duckdb: ([\d.]+)", 2.0),
            Figure("load ÷ pandas", r"ours / by_pandas: ([\d.]+)", 1.0),
            Figure("Excel table ÷ bare reader", r"workbook / bare_workbook: ([\d.]+)", 1.5),
            Figure("peak memory of a load, MiB", r"ours +[\d.]+ s +峰值内存 +(\d+)", 1024),
        ),
        data=False,
    ),
    "month": Benchmark(
        "bench_month", ("--rows", "50000000"), ("--rows", "360000"),
        (Figure("a month onto existing rows, s", r"的库 ([\d.]+) s", 10),), data=False,
    ),
    "scoreboard": Benchmark(
        "bench_scoreboard", (), ("--repeat", "2"),
        (
            Figure("scoreboard from marts, s", r"scoreboard: ([\d.]+) s", 1.0),
            Figure("scoreboard ÷ one scan of the declarations", r"scoreboard / scan: ([\d.]+)"),
        ),
    ),
    "pages": Benchmark(
        "bench_pages", (), ("--rows", "200000", "400000", "--repeat", "2"),
        (
            Figure("a page's data, 50 million ÷ 1 million rows, the worst", r"worst ratio ([\d.]+)", 1.5),
            Figure("a page's data at 50 million rows, the slowest, ms", r"slowest page ([\d.]+) ms", 20),
        ),
    ),
    "rerun": Benchmark(
        "bench_rerun", (), ("--reruns", "5"),
        (Figure("rerun of 总览 ÷ the same on constants", r"constants: [\d.]+ ms; ratio ([\d.]+)", 1.5),),
    ),
    "click": Benchmark(
        "bench_click", (), ("--clicks", "5"),
        (
            Figure("click ÷ bare Streamlit", r"ours / bare: ([\d.]+)", 1.0),
            Figure("click ÷ Dash with plotly", r"ours / usual: ([\d.]+)", 1.6),
            Figure("click ÷ Dash with our SVG", r"ours / dash: ([\d.]+)"),
        ),
    ),
    "saturate": Benchmark(
        "sessions", ("--saturate",), ("--saturate", "--seconds", "8"),
        (Figure("reruns a second ÷ plain streamlit run", r"ratio ([\d.]+)", 2.5, more=True),),
    ),
}  # fmt: skip


def measured(benchmark: Benchmark, data: Path, quick: bool) -> Iterator[tuple[Figure, float]]:
    """Run it, its output on the terminal, and read its numbers; one that is not there stopped the benchmark."""
    command = [
        sys.executable,
        "-m",
        f"benchmarks.{benchmark.module}",
        *(benchmark.quick if quick else benchmark.arguments),
    ]
    command += ["--data", str(data)] if benchmark.data else []
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, flush=True)
    for figure in benchmark.figures:
        found = re.search(figure.pattern, done.stdout)
        if found:
            yield figure, float(found[1])
        else:
            print(f"no figure of: {figure.name} (exit {done.returncode})", flush=True)


def report(found: Mapping[Figure, float], kept: str = "") -> str:
    """The table of results, a row a figure, what regressed named; figures of ``kept`` that were not measured stay."""
    before = numbers(kept)
    lines = ["| figure | measured | limit | last time | |", "|---|---|---|---|---|"]
    for figure, value in found.items():
        then = before.get(figure.name)
        limit = "" if figure.limit is None else f"{'≥' if figure.more else '≤'} {figure.limit:g}"
        said = ["limit missed"] * figure.missed(value) + ["regressed"] * figure.regressed(value, then)
        lines.append(
            f"| {figure.name} | {value:g} | {limit} | {'' if then is None else f'{then:g}'} | {', '.join(said)} |"
        )
    names = {figure.name for figure in found}
    lines += [line for line in kept.splitlines() if (row := ROW.match(line)) and row["name"] not in names]
    return "\n".join(lines)


def numbers(kept: str) -> dict[str, float]:
    """The figures of an earlier table, by name."""
    return {row["name"]: float(row["value"]) for row in ROW.finditer(kept)}


def machine() -> str:
    """What it was measured on: the commit, the processor, and the versions that matter."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    models = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) or [platform.processor()]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    tools = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "streamlit"))
    return (
        f"{dt.date.today()}, commit {commit.stdout.strip() or '?'}, {os.cpu_count()} × {models[0]}, {memory} GiB, "
        f"Python {platform.python_version()}, {tools}"
    )


def main() -> int:
    """Run them, print and keep the table; 1 where a limit is missed or a figure regressed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which; all if none is named: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument("--data", type=Path, help="a data folder with the demo")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    kept = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    with tempfile.TemporaryDirectory() as scratch:
        data = asked.data or Path(scratch)
        if not asked.data:
            demo = [sys.executable, "-m", "dashboard.cli", "demo", "--no-serve", "--data", str(data)]
            subprocess.run(demo, cwd=ROOT, check=True)
        found = {
            figure: value
            for name in asked.names or BENCHMARKS
            for figure, value in measured(BENCHMARKS[name], data, asked.quick)
        }
    table = report(found, kept)
    print(f"{machine()}\n\n{table}")
    if not asked.quick:
        RESULTS.write_text(
            f"# Results of `python -m benchmarks`\n\n{machine()}\n\n{table}\n", encoding="utf-8"
        )
    before = numbers(kept)
    bad = [f.name for f, v in found.items() if f.missed(v) or f.regressed(v, before.get(f.name))]
    whole = sum(len(BENCHMARKS[name].figures) for name in asked.names or BENCHMARKS)
    return int(bool(bad) or len(found) < whole)


if __name__ == "__main__":
    sys.exit(main())
