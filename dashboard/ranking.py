"""What the 12 can be ranked by, and how they stand: pure functions from values to places.

A standing is of one unit in one month. Ties share the better place (1, 2, 2, 4); no data has none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dashboard import format, words
from dashboard.board import Board, Light, Rank
from etl.policy import Policy

Kind = Literal["money", "growth", "light", "overall"]


@dataclass(frozen=True)
class Measure:
    """One thing to rank by: more is better, except where a light's indicator says otherwise.

    basis: 累计, 近12个月 …. trail: of which measure a small curve tells most, where not of its own.
    Money is in yuan, growth a fraction against the same months of last year.
    """

    id: str
    name: str
    kind: Kind
    basis: str
    trail: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit in one month. light: where the measure is an indicator; score: where it is 综合位次."""

    unit: str
    value: Decimal | float | None
    rank: int | None = None
    light: Light | None = None
    score: Rank | None = None


Standings = Mapping[str, Mapping[str, Standing]]  # by period, then by unit

OVERALL = Measure("overall", "综合位次", "overall", "亮灯指标")
# A cumulative falls back each January, so its curve is that of the twelve months, or of the single months.
SUMS = (
    Measure("ytd_total", "进出口累计", "money", "累计", "ttm_total"),
    Measure("ytd_export", "出口累计", "money", "累计", "ttm_export"),
    Measure("ytd_import", "进口累计", "money", "累计", "ttm_import"),
    Measure("yoy_total", "进出口同比", "growth", "累计同比"),
    Measure("yoy_export", "出口同比", "growth", "累计同比"),
    Measure("yoy_import", "进口同比", "growth", "累计同比"),
    Measure("ttm_total", "近12个月进出口", "money", "近12个月"),
    Measure("ttm_export", "近12个月出口", "money", "近12个月"),
    Measure("ttm_import", "近12个月进口", "money", "近12个月"),
    Measure("cbec_ytd", "跨境电商累计", "money", "累计", "cbec_month"),
    Measure("cbec_yoy", "跨境电商同比", "growth", "累计同比"),
)
CURVES = (Measure("cbec_month", "跨境电商当月", "money", "当月"),)  # shown beside others, not to rank by


def measures(policy: Policy) -> dict[str, Measure]:
    """All there is to rank by: trade, cross-border e-commerce, 综合位次 and every indicator of the policy."""
    lights = (Measure(item.id, item.name, "light", item.basis) for item in policy.indicators)
    return {item.id: item for item in (*SUMS, OVERALL, *lights)}


def trail_of(measure: Measure) -> Measure:
    """The measure whose values the small curves show."""
    return next((item for item in (*SUMS, *CURVES) if item.id == measure.trail), measure)


def of_values(values: Mapping[tuple[str, str], Decimal | float | None], units: Iterable[str]) -> Standings:
    """Standings from values by (period, unit); only the units given get a place, the others stand beside."""
    placed = set(units)
    found: dict[str, dict[str, Standing]] = {}
    for (period, unit), value in values.items():
        found.setdefault(period, {})[unit] = Standing(unit, value)
    return {period: _ranked(month, placed) for period, month in found.items()}


def _ranked(month: Mapping[str, Standing], placed: set[str]) -> dict[str, Standing]:
    known = [item.value for unit, item in month.items() if unit in placed and item.value is not None]
    return {
        unit: Standing(unit, item.value, 1 + sum(other > item.value for other in known))
        if item.value is not None and unit in placed
        else item
        for unit, item in month.items()
    }


def of_lights(board: Board, policy: Policy, indicator: str) -> Standings:
    """Standings on one indicator, as the scoreboard has them."""
    found: dict[str, dict[str, Standing]] = {}
    for unit in (policy.city, *policy.counties):
        for period, light in board.series.get((indicator, unit.code), {}).items():
            found.setdefault(period, {})[unit.code] = Standing(unit.code, light.value, light.rank, light)
    return found


def of_scores(board: Board) -> Standings:
    """Standings by 综合位次; the value is the share of coloured lights that are green."""
    found: dict[str, dict[str, Standing]] = {}
    for (unit, period), score in board.ranks.items():
        share = score.green / score.coloured if score.coloured else None
        found.setdefault(period, {})[unit] = Standing(unit, share, score.rank, None, score)
    return found


def shown(policy: Policy, measure: Measure, item: Standing) -> str:
    """The value as it is written."""
    if item.value is None:
        return format.DASH
    if item.light is not None:
        return str(words.value(policy, item.light))
    if item.score is not None:
        return f"绿灯{item.score.green}/{item.score.coloured}项，达标{item.score.met}项"
    return format.money(item.value) if measure.kind == "money" else format.growth(float(item.value))


def moved(now: Standing | None, then: Standing | None) -> int | None:
    """Places gained since then, lost where negative; None where either has no place."""
    if now is None or then is None or now.rank is None or then.rank is None:
        return None
    return then.rank - now.rank


SORTS = ("rank", "unit", "value", "moved")
ORDERS = tuple(sign + name for name in SORTS for sign in ("", "-"))


def ordered(
    policy: Policy, now: Mapping[str, Standing], then: Mapping[str, Standing], sort: str
) -> list[Standing]:
    """The 12 by one column, descending after a ``-``; what is missing stays last, ties in the policy's order."""
    place = {unit.code: index for index, unit in enumerate(policy.counties)}
    rows = [now.get(unit.code) or Standing(unit.code, None) for unit in policy.counties]
    name = sort.removeprefix("-") or "rank"

    def key(item: Standing) -> Decimal | float | None:
        if name == "unit":
            return place[item.unit]
        if name == "moved":
            return moved(item, then.get(item.unit))
        return item.rank if name == "rank" else item.value

    known = [(value, item) for item in rows if (value := key(item)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [item for _, item in known] + [item for item in rows if key(item) is None]
