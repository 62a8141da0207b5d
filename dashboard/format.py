"""How numbers and words are shown, in one place. Rounding is for display alone.

Shares and growth come as fractions, money in yuan, days in working days. A rounded number that would
contradict the light beside it (9.99999 % shown as 10.00 % next to 滞后) gets more digits instead.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from etl.policy import Direction, Indicator, Kind, Level

DASH = "—"
DIGITS: dict[Kind, int] = {"count": 0, "share": 2, "growth": 1, "days": 1, "money": 2}
SCALE: dict[Kind, int] = {"count": 1, "share": 100, "growth": 100, "days": 1, "money": 1}
MOST_DIGITS = 10
YI, WAN = Decimal(100_000_000), Decimal(10_000)
SIGNS = {">=": "≥", "<=": "≤"}
SPACED = {"个工作日", "个百分点"}
YUAN = re.compile(r"\d{4,}(?=\.\d\d 元)")
PLACEHOLDER = re.compile(r"\{(\w+)\|(\w+)\}")


@dataclass(frozen=True)
class Figure:
    """A number ready to show, apart from its unit so that the unit can stand smaller."""

    number: str
    unit: str

    def __str__(self) -> str:
        """Number and unit as in a figure: long units after a space, counts close up."""
        return self.number + spaced(self.unit)


def decimal(value: float | Decimal, digits: int, *, signed: bool = False) -> str:
    """A number with that many decimals, grouped by thousands, − as minus."""
    rounded = _round(_exact(value), digits)
    text = f"{abs(rounded):,.{digits}f}"
    if not rounded:
        return text
    return ("−" if rounded < 0 else "+" if signed else "") + text


def spaced(unit: str) -> str:
    """A unit as it follows a number in a figure: 「 个工作日」, 「家」, 「%」."""
    return f" {unit}" if unit in SPACED else unit


def figure(
    kind: Kind,
    value: float | None,
    unit: str,
    direction: Direction = ">=",
    bounds: Iterable[float | None] = (),
) -> Figure:
    """A value with its unit; enough digits that it does not seem to reach a bound that it misses."""
    if value is None:
        return Figure(DASH, "")
    exact = _exact(value) * SCALE[kind]
    return Figure(decimal(exact, _digits(kind, exact, direction, bounds)), unit)


def _digits(
    kind: Kind, exact: Decimal, direction: Direction, bounds: Iterable[float | Decimal | None]
) -> int:
    """How many decimals tell a value apart from each bound that it misses."""
    scaled_ = [_exact(bound) * SCALE[kind] for bound in bounds if bound is not None]
    missed = [bound for bound in scaled_ if (exact < bound if direction == ">=" else exact > bound)]
    digits = DIGITS[kind]
    while digits < MOST_DIGITS and any(_round(exact, digits) == _round(bound, digits) for bound in missed):
        digits += 1
    return digits


def scaled(kind: Kind, value: float | None) -> float | None:
    """A figure in the unit that is shown, unrounded: 10.0 for 10 %."""
    # Through Decimal, so that 0.1 × 100 is 10 and not 10.000000000000002.
    return None if value is None else float(_exact(value) * SCALE[kind])


def bound(
    kind: Kind,
    value: float | Decimal,
    unit: str,
    direction: Direction = ">=",
    beside: float | None = None,
) -> Figure:
    """A target or pace: no decimals that say nothing (10 %, 9.54 %, 9.50 % of a rounded one, 4 个工作日).

    beside: the value that is shown with it; where that misses the bound, both have the digits that show it.
    """
    digits = DIGITS[kind]
    if beside is not None:
        digits = _digits(kind, _exact(beside) * SCALE[kind], direction, (value,))
    exact = _exact(value) * SCALE[kind]
    text = decimal(exact, digits)
    # What was rounded keeps its zeros, which then say something: 9.4968 is 9.50, and no round 9.5.
    whole = "." in text and _round(exact, digits) == _round(exact, MOST_DIGITS)
    return Figure(text.rstrip("0").rstrip(".") if whole else text, unit)


def difference(kind: Kind, delta: float, unit: str) -> str:
    """An unsigned difference in words: 「0.74 个百分点」, 「1家」; never 0.00 for what is not zero."""
    exact = abs(_exact(delta)) * SCALE[kind]
    digits = DIGITS[kind]
    while exact and digits < MOST_DIGITS and not _round(exact, digits):
        digits += 1
    return str(Figure(decimal(exact, digits), delta_unit(kind, unit)))


def delta(kind: Kind, value: float, largest: float) -> str:
    """A signed difference without its unit, in a column whose largest is given: 「+0.123」.

    All of a column have the same digits, two that count for its largest; what rounds away says its direction.
    """
    exact = _exact(value) * SCALE[kind]
    digits = delta_digits(kind, largest)
    if exact and not _round(exact, digits):
        return "微升" if exact > 0 else "微降"
    return decimal(exact, digits, signed=True)


def delta_digits(kind: Kind, largest: float) -> int:
    """How many decimals the differences of a column have."""
    exact = abs(_exact(largest)) * SCALE[kind]
    digits = DIGITS[kind]
    while kind != "count" and exact and digits < MOST_DIGITS and exact < Decimal(10).scaleb(-digits):
        digits += 1
    return digits


def delta_unit(kind: Kind, unit: str) -> str:
    """The unit of a difference: 个百分点 between shares and growths."""
    return "个百分点" if SCALE[kind] == 100 else unit


def change(kind: Kind, before: float | None, after: float | None, unit: str) -> str:
    """A value that was revised: 「2.40% → 2.51%」, with digits enough to see that it was."""
    known = [_exact(value) * SCALE[kind] for value in (before, after) if value is not None]
    digits = DIGITS[kind]
    while digits < MOST_DIGITS and len(known) == 2 and len({_round(value, digits) for value in known}) == 1:
        digits += 1
    shown = (DASH if v is None else decimal(_exact(v) * SCALE[kind], digits) for v in (before, after))
    return " → ".join(number if number == DASH else str(Figure(number, unit)) for number in shown)


def target(indicator: Indicator, level: Level, value: float | None, beside: float | None = None) -> str:
    """The target, so named, with its deadline: 「目标 ≥10%（2026-12）」."""
    shown = goal(indicator, level, value, beside)
    return shown if value is None else f"目标 {shown}"


def goal(indicator: Indicator, level: Level, value: float | None, beside: float | None = None) -> str:
    """The target with its deadline: 「≥10%（2026-12）」. beside: the value that is shown with it."""
    if value is None:
        return "不设目标" if level.target is None else "目标数暂无数据"
    sign = SIGNS[indicator.direction] if value and level.target != "measure" else ""
    shown = bound(level.kind, value, level.unit, indicator.direction, beside)
    return f"{sign}{shown}{deadline(level)}"


def deadline(level: Level) -> str:
    """The deadline in brackets; nothing for a target that always holds."""
    if level.deadline == "always":
        return ""
    return "（每年12月）" if level.yearly else f"（{level.deadline}）"


def money(value: float | Decimal | None) -> str:
    """Yuan as 亿元, or 万元 under one 亿; two decimals."""
    if value is None:
        return DASH
    exact = _exact(value)
    return f"{decimal(exact / YI, 2)}亿元" if abs(exact) >= YI else f"{decimal(exact / WAN, 2)}万元"


def grouped(words: str) -> str:
    """Words whose exact sums in 元 have their thousands apart: 「进口 1,829,260,800.00 元」."""
    return YUAN.sub(lambda found: f"{int(found[0]):,}", words)


def line(value: int) -> str:
    """A round sum as documents write it: 「5000万元」, 「10亿元」."""
    return f"{value / YI:f}亿元" if value >= YI else f"{value / WAN:f}万元"


def yi(value: float | Decimal | None) -> str:
    """Yuan as a bare number of 亿元, for tables and axes that name the unit."""
    return DASH if value is None else decimal(_exact(value) / YI, 2)


def short_money(value: float | Decimal | None) -> str:
    """Yuan in brief: 「1.7亿」, 「4,600万」."""
    if value is None:
        return DASH
    exact = _exact(value)
    return f"{decimal(exact / YI, 1)}亿" if abs(exact) >= YI else f"{decimal(exact / WAN, 0)}万"


def percent(value: float | None) -> str:
    """A fraction as a percentage with two decimals."""
    return DASH if value is None else decimal(_exact(value) * 100, 2) + "%"


def growth(value: float | None) -> str:
    """A fraction as a signed percentage with one decimal."""
    return DASH if value is None else decimal(_exact(value) * 100, 1, signed=True) + "%"


def through(period: str) -> str:
    """The months of a cumulative: 「1—10月」, 「1月」."""
    month = int(period[5:])
    return f"1—{month}月" if month > 1 else "1月"


def period(value: str) -> str:
    """``2026-10`` → 「2026年10月」."""
    return f"{value[:4]}年{int(value[5:7])}月"


def moment(value: datetime) -> str:
    """A moment to the minute: 「2026-11-25 09:30」."""
    return f"{value:%Y-%m-%d %H:%M}"


def date(value: Any) -> str:
    """``2026-03-15``, or the number 20260315, → 「2026年3月15日」."""
    digits = re.sub(r"\D", "", str(int(value) if isinstance(value, float) else value))[:8]
    return f"{digits[:4]}年{int(digits[4:6])}月{int(digits[6:])}日" if len(digits) == 8 else DASH


def near_line(value: Mapping[str, Any]) -> str:
    """Firms close to the next line: 「近线2家：最近者差6,200.00万元」."""
    if not value.get("count"):
        return "近线0家"
    least = value.get("least_short_cny")
    return f"近线{int(value['count'])}家" + ("" if least is None else f"：最近者差{money(least)}")


FORMATS: dict[str, Callable[[Any], str]] = {
    "count": lambda value: decimal(value, 0),
    "days": lambda value: decimal(value, 1),
    "money": money,
    "short_money": short_money,
    "percent": percent,
    "growth": growth,
    "date": date,
    "near_line": near_line,
}


def detail(template: str, facts: Mapping[str, Any]) -> str:
    """The template filled; a phrase is dropped when none of its numbers is known, else 「—」 for one."""
    phrases = (_phrase(phrase, facts) for phrase in template.split("，"))
    return "，".join(phrase for phrase in phrases if phrase)


def _phrase(phrase: str, facts: Mapping[str, Any]) -> str:
    names = PLACEHOLDER.findall(phrase)
    if names and all(facts.get(name) is None for name, _ in names):
        return ""
    return PLACEHOLDER.sub(lambda match: _filled(facts.get(match[1]), match[2]), phrase)


def _filled(value: Any, form: str) -> str:
    return DASH if value is None else FORMATS[form](value)


def _exact(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _round(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
