"""「近线企业过线」: chosen firms reach the line they are near, in the month on show; nobody else moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dashboard import format
from dashboard.board import Light, exact
from dashboard.scenario.facts import NO_VALUE, UNTOUCHED, Cluster, Effect, Facts, Numbers, best
from etl.policy import Indicator, Policy

NOBODY = Effect(None, "没有选中这条线上的企业")
ASSUMPTIONS = (
    "选中的企业近12个月进出口刚好达到所近的那条线，其余企业不变。",
    "所属集群的贸易额随之增加；进出口结构不变，不推算进口占比。",
    "按统计月份当月的要求判定，不推算到期限。",
)
COUNTED = (
    "只按家数推算：每条线上最接近的几家企业过线，不指明是哪一家。",
    "集群贸易额和进口占比不作推算。",
    "按统计月份当月的要求判定，不推算到期限。",
)


@dataclass(frozen=True)
class Crossing:
    """One firm that crosses: where it belongs, the line (yuan) it reaches, and what it was short of it."""

    name: str
    unit: str
    cluster: str | None
    line: int
    missing: Fraction


def numbers(facts: Facts, firms: Sequence[Crossing]) -> Numbers:
    """The firms that cross, with what each would add."""
    rows = (
        (
            f"{firm.name}（{facts.short(firm.unit)}）",
            format.line(firm.line),
            format.money(float(firm.missing)),
            firm.cluster or format.DASH,
        )
        for firm in firms
    )
    return Numbers("过线企业", ("企业", "达到的线", "增加", "集群"), tuple(rows))


def counted_numbers(facts: Facts, unit: str, most: int) -> Numbers:
    """How many firms are near each line, and how many of them cross."""
    found = ((item, facts.light(item, unit)) for item in lines(facts.policy).values())
    rows = (
        (facts.policy.indicator(item).name, f"{_near(light)}家", f"{min(most, _near(light))}家")
        for item, light in found
        if light is not None
    )
    return Numbers("过线家数", ("指标", "近线企业", "其中过线"), tuple(rows))


def _near(light: Light) -> int:
    return int((light.facts.get("near") or {}).get("count") or 0)


def lines(policy: Policy) -> dict[int, str]:
    """The lines that an indicator counts firms over, each with its indicator."""
    return {
        int(item.parameters["threshold_cny"]): item.id
        for item in policy.indicators
        if item.measure == "firms_over"
    }


def effect(facts: Facts, indicator: Indicator, unit: str, firms: Sequence[Crossing]) -> Effect:
    """What it would do to one indicator of the city or of one unit."""
    rule, light = RULES.get(indicator.measure), facts.light(indicator.id, unit)
    if rule is None:
        return UNTOUCHED
    if light is None or light.value is None:
        return NO_VALUE
    here = [firm for firm in firms if unit in (firm.unit, facts.policy.city.code)]
    return rule(facts, indicator, unit, here)


def counted(facts: Facts, indicator: Indicator, unit: str, most: int) -> Effect:
    """The same for who may not see firms: the nearest so many of each line cross, by number alone."""
    light = facts.light(indicator.id, unit)
    if indicator.measure != "firms_over" or light is None or light.value is None:
        return UNTOUCHED
    more = min(most, _near(light))
    return _over(facts, indicator, unit, more) if more else Effect(None, "这条线上没有近线企业")


def _firms(facts: Facts, indicator: Indicator, unit: str, firms: Sequence[Crossing]) -> Effect:
    more = sum(firm.line == int(indicator.parameters["threshold_cny"]) for firm in firms)
    return _over(facts, indicator, unit, more) if more else NOBODY


def _over(facts: Facts, indicator: Indicator, unit: str, more: int) -> Effect:
    light = facts.light(indicator.id, unit)
    value = exact(light.value or 0) if light else Fraction(0)
    return Effect(value + more, f"{more}家过线")


def _clusters(facts: Facts, indicator: Indicator, unit: str, firms: Sequence[Crossing]) -> Effect:
    grown: dict[tuple[str, str], Fraction] = {}
    for firm in firms:
        if firm.cluster:
            key = (firm.unit, firm.cluster)
            grown[key] = grown.get(key, Fraction(0)) + firm.missing
    if not grown:
        return Effect(None, "选中的企业不在集群内" if firms else NOBODY.why)
    if unit == facts.policy.city.code:
        return Effect(_complete(facts, indicator, grown), f"{len(grown)}个集群贸易额增加")
    return Effect(best(indicator, _grown(facts, unit, grown)), "集群贸易额增加")


def _complete(facts: Facts, indicator: Indicator, grown: Mapping[tuple[str, str], Fraction]) -> Fraction:
    units = (unit.code for unit in facts.policy.counties)
    return Fraction(sum(best(indicator, _grown(facts, unit, grown)) >= 1 for unit in units))


def _grown(facts: Facts, unit: str, grown: Mapping[tuple[str, str], Fraction]) -> tuple[Cluster, ...]:
    found = facts.clusters.get((unit, facts.period), ())
    return tuple(replace(item, ttm=item.ttm + grown.get((unit, item.name), Fraction(0))) for item in found)


RULES: dict[str, Callable[[Facts, Indicator, str, Sequence[Crossing]], Effect]] = {
    "firms_over": _firms,
    "county_clusters": _clusters,
}
