"""From numbers to lights: value, pace, gap and status of one indicator at one place and month.

Pure functions over exact fractions: nothing is rounded before it is judged, so that 10 % exactly is
met and 9.9999 % is not. Rules: shared policy/indicators.md, section Status.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from etl.policy import Direction, Level

Status = Literal["met", "on_pace", "behind", "no_data", "monitor"]
COLOUR: dict[str, str] = {
    "met": "green",
    "on_pace": "green",
    "behind": "red",
    "no_data": "grey",
    "monitor": "",
}


@dataclass(frozen=True)
class Verdict:
    """The outcome for one indicator × unit × period; numbers in the indicator's unit, exact."""

    status: Status
    value: Fraction | None
    target: Fraction | None
    pace: Fraction | None
    gap: Fraction | None
    note: str


def quotient(numerator: Decimal | Fraction | None, denominator: Decimal | Fraction | None) -> Fraction | None:
    """Numerator ÷ denominator, exact; None where an input is missing or the denominator is 0."""
    if numerator is None or not denominator:
        return None
    return Fraction(numerator) / Fraction(denominator)


def annual_growth(
    now: Decimal | Fraction | None, base: Decimal | Fraction | None, years: int
) -> Fraction | None:
    """(now ÷ base)^(1 ÷ years) − 1, to 30 places so that an exact root is exact; None without a base."""
    if now is None or base is None or base <= 0 or now < 0 or years < 1:
        return None
    ratio = Fraction(now) / Fraction(base)
    with localcontext() as context:
        context.prec = 60
        root = (Decimal(ratio.numerator) / Decimal(ratio.denominator)) ** (Decimal(1) / Decimal(years))
        return Fraction(root.quantize(Decimal(1).scaleb(-30))) - 1


def months_between(start: str, end: str) -> int:
    """Whole months from one ``YYYY-MM`` to another; negative when the second is earlier."""
    return (int(end[:4]) - int(start[:4])) * 12 + int(end[5:]) - int(start[5:])


def holds(direction: Direction, value: Fraction, bound: Fraction) -> bool:
    """Whether the value keeps the bound; 以上 and 以内 include the number itself."""
    return value >= bound if direction == ">=" else value <= bound


def pace_at(
    level: Level, direction: Direction, target: Fraction, baseline: Fraction | None, period: str
) -> Fraction | None:
    """The value that the target requires by the period; None where it has no pace.

    A straight line over whole months from the baseline to the target at the deadline; where the
    baseline is already past the target, and after the deadline, the pace is the target itself.
    """
    if level.pace == "yearly":
        pace = target * int(period[5:]) / 12
    elif level.pace == "linear" and level.baseline:
        start = baseline if baseline is not None else Fraction(0)
        total = months_between(level.baseline, level.deadline)
        done = min(max(months_between(level.baseline, period), 0), total)
        pace = target if holds(direction, start, target) else start + (target - start) * done / total
    else:
        return None
    return Fraction(pace.__floor__()) if level.kind == "count" else pace


def judge(
    level: Level,
    direction: Direction,
    period: str,
    value: Fraction | None,
    *,
    target: Fraction | None,
    baseline: Fraction | None = None,
    parts_on_pace: bool = False,
    note: str = "",
) -> Verdict:
    """The light for one value. ``parts_on_pace``: for targets whose parts (parks) keep a pace of their own."""
    if target is None:
        return Verdict("monitor", value, None, None, None, note)
    pace = pace_at(level, direction, target, baseline, period)
    if value is None:
        return Verdict("no_data", None, target, pace, None, note or "缺少数据")
    if level.pace == "linear" and level.baseline and baseline is None:
        note = "；".join(filter(None, (note, f"基期（{level.baseline}）无数据，序时进度从0起算")))
    gap = target - value if direction == ">=" else value - target
    if holds(direction, value, target):
        status: Status = "met"
    elif (pace is not None and holds(direction, value, pace)) or (level.pace == "parts" and parts_on_pace):
        status = "on_pace"
    else:
        status = "behind"
    return Verdict(status, value, target, pace, gap, note)
