"""Where a year would end: this year's cumulative × last full year ÷ last year's same months. Pure, exact.

An estimate is shown as one and never judged.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from etl.spans import Exact, Ratio


def year_end(ytd: Exact | None, last_year: Exact | None, last_same: Exact | None) -> Fraction | None:
    """The year's total by the rule; None where an input is missing or last year's same months are zero."""
    if ytd is None or last_year is None or not last_same:
        return None
    return Fraction(ytd) * Fraction(last_year) / Fraction(last_same)


def estimated_share(own: Mapping[str, Ratio], period: str) -> Ratio | None:
    """A cumulative share at the year's end: its numerator and the rest of its denominator estimated each alone."""
    now, december, same = _three(own, period)
    if now is None or december is None or same is None:
        return None
    part = year_end(now.numerator, december.numerator, same.numerator)
    other = year_end(*(_other(ratio) for ratio in (now, december, same)))
    return None if part is None or other is None else Ratio(part, part + other)


def estimated_growth(own: Mapping[str, Ratio], period: str) -> Ratio | None:
    """Average annual growth at the year's end: the year's estimate against the base year as a whole."""
    now, december, same = _three(own, period)
    if now is None or december is None or same is None:
        return None
    total = year_end(now.numerator, december.numerator, same.numerator)
    return None if total is None else Ratio(total, december.denominator, now.years)


ESTIMATES: dict[str, Callable[[Mapping[str, Ratio], str], Ratio | None]] = {
    "import_share": estimated_share,
    "cbec_growth": estimated_growth,
}


def _three(own: Mapping[str, Ratio], period: str) -> tuple[Ratio | None, Ratio | None, Ratio | None]:
    """The month's ratio, last December's, and that of last year's same month."""
    year = int(period[:4]) - 1
    return own.get(period), own.get(f"{year}-12"), own.get(f"{year}{period[4:]}")


def _other(ratio: Ratio) -> Decimal | Fraction | None:
    """What the denominator holds besides the numerator."""
    if ratio.numerator is None or ratio.denominator is None:
        return None
    return Fraction(ratio.denominator) - Fraction(ratio.numerator)
