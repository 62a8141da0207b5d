"""Lights: value, pace and status on exact numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.policy import Level
from etl.status import annual_growth, judge, months_between, pace_at, quotient

SHARE = Level("share", "%", Decimal("0.1"), "2026-12", "2023-12", "linear")
COUNT = Level("count", "家", Decimal(5), "2027-06", "2023-12", "linear")
YEARLY = Level("count", "个", Decimal(2), "each-12", None, "yearly")
DAYS = Level("days", "个工作日", Decimal(4), "always", None, "none")


def verdict(level, period, value, direction=">=", **options):
    return judge(level, direction, period, value, target=Fraction(level.target), **options)


def test_a_value_equal_to_the_target_is_met_because_yishang_includes_the_number():
    assert verdict(SHARE, "2026-01", Fraction(1, 10), baseline=Fraction(0)).status == "met"
    assert verdict(DAYS, "2026-01", Fraction(4), "<=").status == "met"


def test_a_value_a_hair_under_the_target_is_not_rounded_up_to_it():
    almost = Fraction(999_999_999_999, 10_000_000_000_000)
    assert verdict(SHARE, "2026-12", almost, baseline=Fraction(0)).status == "behind"


def test_ten_percent_of_awkward_fen_is_exactly_ten_percent():
    imports, total = Decimal("33333333.33"), Decimal("333333333.30")
    assert quotient(imports, total) == Fraction(1, 10)


def test_the_pace_is_a_straight_line_over_whole_months():
    assert pace_at(SHARE, ">=", Fraction(1, 10), Fraction(4, 100), "2025-06") == Fraction(7, 100)


def test_the_pace_of_a_count_is_rounded_down():
    assert pace_at(COUNT, ">=", Fraction(5), Fraction(2), "2025-09") == 3
    assert pace_at(YEARLY, ">=", Fraction(2), None, "2025-11") == 1
    assert pace_at(YEARLY, ">=", Fraction(2), None, "2025-12") == 2


def test_a_baseline_past_the_target_makes_the_target_the_pace():
    assert pace_at(SHARE, ">=", Fraction(1, 10), Fraction(2, 10), "2024-01") == Fraction(1, 10)
    assert verdict(SHARE, "2024-01", Fraction(9, 100), baseline=Fraction(2, 10)).status == "behind"


def test_after_the_deadline_the_pace_is_the_target():
    assert pace_at(SHARE, ">=", Fraction(1, 10), Fraction(0), "2027-03") == Fraction(1, 10)


def test_before_the_baseline_month_the_pace_is_the_baseline():
    assert pace_at(SHARE, ">=", Fraction(1, 10), Fraction(2, 100), "2023-05") == Fraction(2, 100)


def test_between_pace_and_target_is_on_pace_and_the_gap_says_what_is_left():
    result = verdict(SHARE, "2025-06", Fraction(8, 100), baseline=Fraction(4, 100))
    assert (result.status, result.gap) == ("on_pace", Fraction(2, 100))


def test_a_missing_value_is_grey_and_never_red():
    result = verdict(SHARE, "2025-06", None, baseline=Fraction(0))
    assert (result.status, result.value, result.gap) == ("no_data", None, None)


def test_a_missing_baseline_counts_as_zero_and_says_so():
    result = verdict(SHARE, "2025-06", Fraction(6, 100))
    assert result.pace == Fraction(5, 100)
    assert "2023-12" in result.note


def test_a_row_without_target_is_a_monitor():
    assert judge(COUNT, ">=", "2025-06", Fraction(3), target=None).status == "monitor"


def test_fewer_days_than_the_target_is_a_negative_gap():
    assert verdict(DAYS, "2025-06", Fraction(3), "<=").gap == -1


def test_fifty_percent_a_year_for_three_years_is_exactly_fifty_percent():
    assert annual_growth(Decimal("337.5"), Decimal(100), 3) == Fraction(1, 2)
    assert annual_growth(Decimal("337.4999999999"), Decimal(100), 3) < Fraction(1, 2)


@pytest.mark.parametrize(
    ("now", "base", "years"),
    [(Decimal(5), Decimal(0), 2), (Decimal(5), None, 2), (Decimal(5), Decimal(5), 0)],
)
def test_growth_without_a_base_has_no_value(now, base, years):
    assert annual_growth(now, base, years) is None


def test_a_share_of_nothing_has_no_value():
    assert quotient(Decimal(0), Decimal(0)) is None


@given(st.integers(0, 60), st.fractions(0, 1), st.fractions(0, 1))
def test_the_pace_never_leaves_the_span_between_baseline_and_target(month, baseline, target):
    period = f"{2023 + (11 + month) // 12}-{(11 + month) % 12 + 1:02d}"
    assert months_between("2023-12", period) == month
    pace = pace_at(SHARE, ">=", target, baseline, period)
    assert min(baseline, target) <= pace <= target or pace == target


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_better_value_never_gives_a_worse_light(low, more):
    order = ["behind", "on_pace", "met"]
    first = verdict(SHARE, "2025-06", low, baseline=Fraction(3, 100)).status
    second = verdict(SHARE, "2025-06", low + more, baseline=Fraction(3, 100)).status
    assert order.index(second) >= order.index(first)
