"""Working days with swapped weekends."""

import datetime as dt

from etl.workdays import working_days

DAYS = {row["day"]: row for row in working_days().iter_rows(named=True)}


def between(first: dt.date, last: dt.date) -> int:
    return DAYS[last]["workdays_to_date"] - DAYS[first]["workdays_to_date"]


def test_the_same_day_is_zero():
    assert between(dt.date(2025, 3, 4), dt.date(2025, 3, 4)) == 0


def test_a_weekend_does_not_count():
    assert between(dt.date(2025, 3, 7), dt.date(2025, 3, 10)) == 1


def test_a_swapped_sunday_counts_and_a_holiday_monday_does_not():
    assert DAYS[dt.date(2025, 1, 26)]["is_workday"]  # Sunday worked before the Spring Festival of 2025
    assert not DAYS[dt.date(2025, 1, 28)]["is_workday"]
    assert between(dt.date(2025, 1, 24), dt.date(2025, 2, 5)) == 3  # 26, 27 January and 5 February


def test_a_year_without_an_official_calendar_falls_back_and_says_so():
    assert not DAYS[dt.date(2031, 1, 1)]["official"]
    assert DAYS[dt.date(2031, 1, 1)]["is_workday"]  # a Wednesday
    assert DAYS[dt.date(2025, 1, 2)]["official"]
