"""What the one command of the benchmarks says of its figures; the figures themselves are measured by it alone."""

import subprocess
import sys

import pytest

from benchmarks.__main__ import BENCHMARKS, Figure, numbers, report
from benchmarks.served import ROOT

RATIO, RATE, SIZE = Figure("a ÷ b", "", 2.0), Figure("reruns", "", 2.5, more=True), Figure("size", "")


@pytest.mark.parametrize(
    ("figure", "value", "before", "said"),
    [
        (RATIO, 1.9, None, ""),
        (RATIO, 2.1, None, "limit missed"),
        (RATIO, 1.9, 1.5, "regressed"),
        (RATIO, 1.75, 1.5, ""),
        (RATIO, 3.0, 1.5, "limit missed, regressed"),
        (RATE, 2.4, 2.5, "limit missed"),
        (RATE, 3.0, 4.0, "regressed"),
        (RATE, 4.0, 3.0, ""),
        (SIZE, 500.0, 100.0, "regressed"),
    ],
)
def test_a_figure_beyond_its_limit_or_a_fifth_worse_than_last_time_is_named(figure, value, before, said):
    kept = "" if before is None else report({figure: before})
    (row,) = report({figure: value}, kept).splitlines()[2:]
    assert row.split("|")[-2].strip() == said


def test_figures_that_are_not_measured_this_time_stay():
    kept = report({RATIO: 1.5, RATE: 4.0})
    assert numbers(report({RATIO: 1.6}, kept)) == {"a ÷ b": 1.6, "reruns": 4.0}


def test_no_two_figures_are_called_alike():
    names = [figure.name for each in BENCHMARKS.values() for figure in each.figures]
    assert len(names) == len(set(names))


def test_the_command_runs_a_benchmark_and_prints_its_figures(demo_data):
    command = [sys.executable, "-m", "benchmarks", "scoreboard", "--quick", "--data", str(demo_data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert "| scoreboard from marts, s |" in done.stdout and "no figure of" not in done.stdout, done.stderr
