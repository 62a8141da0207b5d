"""China's official working days, with the swapped weekends (调休)."""

import datetime as dt
import functools

import polars as pl
from chinese_calendar import constants

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2039, 12, 31)


@functools.cache
def working_days(first: dt.date = FIRST, last: dt.date = LAST) -> pl.DataFrame:
    """One row per day: day, is_workday, workdays_to_date (count since ``first``), official.

    Working days between two dates, first excluded and last included, are the difference of their
    ``workdays_to_date``. ``official`` is false where the calendar does not know the year yet and
    Monday–Friday stands in.
    """
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    known = {year for year in range(first.year, last.year + 1) if _is_known(year)}
    workday = [_is_workday(day) if day.year in known else day.weekday() < 5 for day in days]
    return pl.DataFrame(
        {"day": days, "is_workday": workday, "official": [day.year in known for day in days]}
    ).with_columns(pl.col("is_workday").cum_sum().cast(pl.Int32).alias("workdays_to_date"))


def _is_workday(day: dt.date) -> bool:
    """A weekday that is no holiday, or a weekend day worked in exchange for one."""
    return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)


def _is_known(year: int) -> bool:
    """Whether the calendar has the year's holidays, announced each autumn for the next."""
    return any(day.year == year for day in constants.holidays)
