"""The plotly chart holds the right numbers."""

from decimal import Decimal

from frontend import POLICY

from dashboard import figures, ranking

MONTHS = ["2026-08", "2026-09", "2026-10"]


def test_the_months_of_all_units_are_compared_in_yi_and_the_one_in_question_lies_over_them():
    values = {("2026-08", "431124"): Decimal("250000000"), ("2026-10", "431124"): Decimal("120000000")}
    found = ranking.of_values(values, [unit.code for unit in POLICY.counties])
    drawn = figures.race(POLICY, ranking.measures(POLICY)["ttm_total"], found, MONTHS, "431124").data
    assert len(drawn) == len(POLICY.counties) == 12
    (here,) = [line for line in drawn if line.zorder == 1]
    assert (here.name, here.y, here.line.color) == ("道县", (2.5, None, 1.2), None)
    assert all(line.y == (None, None, None) for line in drawn if line is not here)
