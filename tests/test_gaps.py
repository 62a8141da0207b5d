"""差在哪里 and 本月变化: whose gap it is, and whose lights turned."""

from decimal import Decimal

import pytest
from frontend import PERIOD, POLICY, board, light

from dashboard.address import View
from dashboard.parts import gaps

VIEW = View(PERIOD, "4311", "import_share")
ROWS = {
    "431124": {"ytd_import": Decimal(10), "ytd_export": Decimal(190_000_000)},
    "431126": {"ytd_import": Decimal(30_000_000), "ytd_export": Decimal(270_000_000)},
    "431122": {"ytd_import": None, "ytd_export": Decimal(5)},
}


def test_the_import_gap_is_split_into_what_each_unit_lacks_most_first():
    found = gaps.shares(board(light(pace=0.1)), POLICY, light(pace=0.1), ROWS)
    assert found == [("431124", "少1,900.00万元")]


def test_what_the_units_lack_together_is_what_the_city_lacks():
    rows = [row for row in ROWS.values() if row["ytd_import"] is not None]
    city = {name: sum(row[name] for row in rows) for name in ("ytd_import", "ytd_export")}
    assert sum(gaps.imports_below(row, 0.0954) for row in rows) == gaps.imports_below(city, 0.0954)


def test_a_unit_without_the_years_figures_has_no_part_in_the_gap():
    assert gaps.imports_below(ROWS["431122"], 0.1) is None
    assert gaps.imports_below(None, 0.1) is None


def test_other_gaps_name_the_red_units_and_how_far_each_is_off():
    city = light(indicator="rebate_days", value=4.5, target=4.0, pace=None, gap=0.5)
    county = light(indicator="rebate_days", unit="431124", value=6.0, target=4.0, pace=None, gap=2.0)
    assert gaps.shares(board(city, county), POLICY, city, {}) == [("431124", "慢 2.0 个工作日")]


def test_where_units_have_no_light_those_with_firms_close_to_the_line_are_named():
    city = light(indicator="firms_over_1b", value=3.0, target=5.0, pace=4.0, gap=2.0)
    near = '{"near": {"count": 1, "least_short_cny": 62000000}}'
    county = light(indicator="firms_over_1b", unit="431181", status="monitor", target=None, extra=near)
    found = gaps.shares(board(city, county), POLICY, city, {})
    assert found == [("431181", "近线1家：最近者差0.62亿元")]


def test_a_gap_that_no_unit_answers_for_says_so():
    city = light(indicator="break_zero_enclave", value=0.0, target=1.0, pace=None, gap=1.0)
    assert "县市区不单列" in gaps.where(board(city), POLICY, VIEW, {})


def test_without_a_red_light_the_part_says_that_nothing_is_behind():
    assert "没有滞后的目标" in gaps.where(board(light(status="met")), POLICY, VIEW, {})


@pytest.mark.parametrize(("now", "then", "word"), [("behind", "met", "转红"), ("on_pace", "behind", "转绿")])
def test_a_units_light_that_turned_is_named(now, then, word):
    lights = (light(unit="431124", status=now), light(unit="431124", status=then, period="2026-09"))
    shown = gaps.turns(board(*lights), POLICY, VIEW)
    assert word in shown and "道县" in shown


def test_a_light_that_was_grey_has_not_turned():
    lights = (light(unit="431124"), light(unit="431124", status="no_data", period="2026-09"))
    assert "与上月相同" in gaps.turns(board(*lights), POLICY, VIEW)
