"""The trials of benchmarks/endurance.py at small counts; the full ones run by ``python -m benchmarks.endurance --full``."""

import pytest

from benchmarks.endurance import TRIALS


@pytest.mark.parametrize("trial", TRIALS)
def test_an_installation_outlasts(trial):
    run, small, _ = TRIALS[trial]
    outcome = run(*small)
    assert outcome.good, outcome.said
