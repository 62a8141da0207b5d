"""The trials of benchmarks/endurance.py at small counts; the full ones run by ``python -m benchmarks.endurance --full``.

Each runs as a command: the loaders it forks take over the main module, which in a test run may be a page's.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.endurance import TRIALS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("trial", TRIALS)
def test_an_installation_outlasts(trial):
    command = [sys.executable, "-m", "benchmarks.endurance", trial]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr
