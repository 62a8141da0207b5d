"""「增速保持近3个月水平」: the months left until each deadline grow on last year's as the last three months did."""

import functools
from collections.abc import Callable, Iterable
from fractions import Fraction

from dashboard import format
from dashboard.board import FEW
from dashboard.scenario.facts import (
    NO_VALUE,
    UNTOUCHED,
    Cluster,
    Effect,
    Facts,
    FirmTotals,
    Numbers,
    best,
    due,
    level_at,
    tells,
)
from dashboard.scenario.series import Series, growth, ttm_at, ytd_at
from etl.policy import Indicator
from etl.status import annual_growth

OVER = Effect(None, "期限已到，没有剩余月份")
UNKNOWN = Effect(None, "近3个月缺同期数或同期为零，不作推算")
ASSUMPTIONS = (
    "增速＝近3个月各月与上年同月相比的增速的平均数（1—2月合并公布的按两个月计）。",
    "剩余月份每月＝上年同月×（1＋增速），一直算到各项期限；出口、进口、跨境电商各用自己的增速。",
    "全市和各县市区各用自己的增速，所以各县市区之和不一定等于全市。",
    "企业和集群：每家企业按所在县市区进出口的增速推算；所在地没有增速的，按全市增速；企业所在地和所属集群不变。",
    "退税天数、园区项目、登记事项和资金与增速无关，不作推算。",
)


Projection = Callable[[str, str], list[tuple[FirmTotals, Fraction]] | None]


def effect(facts: Facts, indicator: Indicator, unit: str, projection: Projection) -> Effect:
    """What it would do to one indicator of the city or of one unit, at its deadline."""
    light = facts.light(indicator.id, unit)
    rule = RULES.get(indicator.measure)
    if rule is None:
        return UNTOUCHED
    if light is None or light.value is None:
        return NO_VALUE
    at = due(level_at(facts, indicator, unit), facts.period)
    return rule(facts, indicator, unit, at, projection) if at > facts.period else OVER


def numbers(facts: Facts, unit: str) -> Numbers:
    """The growth that goes on, of the city and of the place in question; of every place in the city's question."""
    city = facts.policy.city.code
    wanted = [place.code for place in facts.policy.units if unit == city or place.code in (unit, city)]
    flows = (facts.exports, facts.imports, facts.totals, facts.cbec)
    rows = (
        (facts.short(place), *(_rate(flow.get(place), facts.period) for flow in flows))
        for place in wanted
        if place in facts.totals
    )
    header = ("地区", "出口", "进口", "进出口", "跨境电商")
    return Numbers("保持不变的近3个月增速", header, tuple(rows))


def _rate(series: Series | None, period: str) -> str:
    rate = growth(series, period) if series else None
    return format.DASH if rate is None else format.growth(float(rate))


def projection(facts: Facts) -> Projection:
    """The firms of a place with their twelve months in a later month, worked out once for each.

    It gives None where a firm's place and the city have no growth, or a month that it needs is missing.
    """
    rates = _rates(facts)

    @functools.cache
    def firms(unit: str, at: str) -> list[tuple[FirmTotals, Fraction]] | None:
        found: list[tuple[FirmTotals, Fraction]] = []
        for firm in facts.firms:
            if unit not in (firm.unit, facts.policy.city.code):
                continue
            rate = rates.get(firm.unit)
            total = None if rate is None else ttm_at(firm.ytd, facts.period, at, rate)
            if total is None:
                return None
            found.append((firm, total))
        return found

    return firms


def _share(facts: Facts, indicator: Indicator, unit: str, at: str, projection: Projection) -> Effect:
    flows: list[Fraction] = []
    rates: list[Fraction] = []
    for places in (facts.exports, facts.imports):
        series = places.get(unit)
        rate = growth(series, facts.period) if series else None
        reached = ytd_at(series.ytd, facts.period, at, rate) if series and rate is not None else None
        if rate is None or reached is None:
            return UNKNOWN
        flows.append(reached)
        rates.append(rate)
    sold, bought = flows
    if sold + bought <= 0:
        return UNKNOWN
    said = f"出口增速{format.growth(float(rates[0]))}、进口增速{format.growth(float(rates[1]))}，推算到{at}"
    return Effect(bought / (sold + bought), said)


def _cbec(facts: Facts, indicator: Indicator, unit: str, at: str, projection: Projection) -> Effect:
    base_year = int(indicator.parameters["base_year"])
    series = facts.cbec.get(unit)
    rate = growth(series, facts.period) if series else None
    if series is None or rate is None:
        return UNKNOWN
    reached, base = ytd_at(series.ytd, facts.period, at, rate), series.ytd.get(f"{base_year}{at[4:]}")
    value = annual_growth(reached, base, int(at[:4]) - base_year)
    said = f"交易额增速{format.growth(float(rate))}，推算到{at}"
    return UNKNOWN if value is None else Effect(value, said)


def _firms(facts: Facts, indicator: Indicator, unit: str, at: str, projection: Projection) -> Effect:
    totals = projection(unit, at)
    if totals is None:
        return UNKNOWN
    line = int(indicator.parameters["threshold_cny"])
    return Effect(Fraction(sum(total >= line for _, total in totals)), _how(facts, unit, at))


def _clusters(facts: Facts, indicator: Indicator, unit: str, at: str, projection: Projection) -> Effect:
    totals = projection(unit, at)
    if totals is None:
        return UNKNOWN
    if unit != facts.policy.city.code:
        clusters = _grouped(totals, unit)
        if tells(facts, indicator, unit, clusters):
            return Effect(None, FEW)
        return Effect(best(indicator, clusters), _how(facts, unit, at))
    places = (place.code for place in facts.policy.counties)
    full = sum(best(indicator, _grouped(totals, place)) >= 1 for place in places)
    return Effect(Fraction(full), _how(facts, unit, at))


def _rates(facts: Facts) -> dict[str, Fraction]:
    """Each place's growth of imports plus exports; the city's where it has none of its own."""
    own = {unit: growth(series, facts.period) for unit, series in facts.totals.items()}
    city = own.get(facts.policy.city.code)
    filled = {unit: city if rate is None else rate for unit, rate in own.items()}
    return {unit: rate for unit, rate in filled.items() if rate is not None}


def _grouped(totals: Iterable[tuple[FirmTotals, Fraction]], unit: str) -> tuple[Cluster, ...]:
    """The clusters of a unit: firms that trade, and their value."""
    found: dict[str, list[Fraction]] = {}
    for firm, total in totals:
        if firm.unit == unit and firm.cluster and total > 0:
            found.setdefault(firm.cluster, []).append(total)
    return tuple(Cluster(name, len(each), sum(each, Fraction(0)), max(each)) for name, each in found.items())


def _how(facts: Facts, unit: str, at: str) -> str:
    if unit == facts.policy.city.code:
        return f"各企业按所在县市区进出口增速，推算到{at}"
    rate = _rates(facts).get(unit)
    return f"各企业按进出口增速{format.growth(None if rate is None else float(rate))}，推算到{at}"


RULES: dict[str, Callable[[Facts, Indicator, str, str, Projection], Effect]] = {
    "firms_over": _firms,
    "county_clusters": _clusters,
    "import_share": _share,
    "cbec_growth": _cbec,
}
