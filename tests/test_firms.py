"""企业: the questions by role and by meaning, against the demo."""

import pytest

from dashboard import store
from dashboard.identity import Viewer
from dashboard.questions import firms
from etl.policy import load_policy

PERIOD, CITY = "2026-10", "4311"
POLICY = load_policy()


def gate(data, role="task_force", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def test_near_line_firms_are_between_share_and_line_and_the_least_missing_comes_first(demo_data):
    found = firms.near_line(gate(demo_data), CITY, PERIOD)
    assert found and all(0.7 * float(item.line_cny) <= item.ttm_cny < item.line_cny for item in found)
    assert all(item.missing_cny == item.line_cny - item.ttm_cny for item in found)
    assert [item.missing_cny for item in found] == sorted(item.missing_cny for item in found)
    assert firms.tally(gate(demo_data), CITY, PERIOD).near == len(found)


@pytest.mark.parametrize("unit", [CITY, "431124"])
def test_tiers_agree_with_the_scoreboard(demo_data, unit):
    viewed = gate(demo_data)
    found = firms.tiers(viewed, unit, PERIOD)
    assert found.lines == POLICY.document.tiers_cny
    values = {
        (row["indicator"], row["period"]): row["value"]
        for row in store.scoreboard(viewed).iter_rows(named=True)
        if row["unit"] == unit
    }
    for id in ("firms_over_100m", "firms_over_1b"):
        line = POLICY.indicator(id).parameters["threshold_cny"]
        for period in found.periods:
            assert found.counts[line, period] == values[id, period]
