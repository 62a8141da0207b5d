"""China's official working days, with the swapped weekends (调休)."""

import datetime as dt

import chinese_calendar
import polars as pl

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2039, 12, 31)


def working_days(first: dt.date = FIRST, last: dt.date = LAST) -> pl.DataFrame:
    """One row per day: day, is_workday, workdays_to_date (count since ``first``), official.

    Working days between two dates, first excluded and last included, are the difference of their
    ``workdays_to_date``. ``official`` is false where the calendar does not know the year yet and
    Monday–Friday stands in.
    """
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    known = {year: _is_known(year) for year in range(first.year, last.year + 1)}
    workday = [chinese_calendar.is_workday(day) if known[day.year] else day.weekday() < 5 for day in days]
    return pl.DataFrame(
        {"day": days, "is_workday": workday, "official": [known[day.year] for day in days]}
    ).with_columns(pl.col("is_workday").cum_sum().cast(pl.Int32).alias("workdays_to_date"))


def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(dt.date(year, 1, 1))
        chinese_calendar.is_workday(dt.date(year, 12, 31))
    except NotImplementedError:
        return False
    return True
