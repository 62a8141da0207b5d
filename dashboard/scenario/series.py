"""Amounts over the months, and how they go on if growth stays as it was. Exact; missing stays missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard.board import before

LOOK_BACK = 3  # months whose growth is taken to go on


@dataclass(frozen=True)
class Series:
    """One place's amounts in yuan by period. months: a month's amount with the months that it covers (1—2月: 2)."""

    ytd: Mapping[str, Fraction]
    months: Mapping[str, tuple[Fraction, int]]


def growth(series: Series, period: str) -> Fraction | None:
    """The mean growth of the last three months, each on the same month of last year.

    A month published together with another counts as two. None where a month, or its base, is missing or not
    above zero: growth from nothing is no rate.
    """
    rates, covered, at = Fraction(0), 0, period
    while covered < LOOK_BACK:
        now, then = series.months.get(at), series.months.get(before(at, 12))
        if now is None or then is None or then[0] <= 0 or now[1] != then[1]:
            return None
        rates += (now[0] / then[0] - 1) * now[1]
        covered += now[1]
        at = before(at, now[1])
    return rates / covered


def ytd_at(ytd: Mapping[str, Fraction], now: str, at: str, rate: Fraction) -> Fraction | None:
    """The cumulative at a month: as known up to ``now``; after it each month is last year's, grown by the rate."""
    if at <= now:
        return ytd.get(at)
    then = ytd_at(ytd, now, before(at, 12), rate)
    if then is None or at[:4] > now[:4]:
        return None if then is None else then * (1 + rate)
    so_far, base = ytd.get(now), ytd.get(before(now, 12))
    return None if so_far is None or base is None else so_far + (then - base) * (1 + rate)


def ttm_at(ytd: Mapping[str, Fraction], now: str, at: str, rate: Fraction) -> Fraction | None:
    """The twelve months that end with a month: cumulative, plus last year's whole, less its same months."""
    year_ago = before(at, 12)
    parts = [ytd_at(ytd, now, month, rate) for month in (at, f"{year_ago[:4]}-12", year_ago)]
    if at[5:] == "12":
        return parts[0]
    total, whole, same = parts
    return None if total is None or whole is None or same is None else total + whole - same
