"""「各县市区都完成本地目标」: each unit's value is raised to its target where it is behind; nothing else moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from dashboard import format, words
from dashboard.board import Light, exact
from dashboard.scenario.facts import NO_VALUE, UNTOUCHED, Effect, Facts, Numbers
from etl.policy import Indicator
from etl.status import annual_growth, holds, pace_at

ASSUMPTIONS = (
    "每个县市区未达到本地目标的，按刚好达到计；已达到的，按现值计。",
    "管理区、未归属企业和没有下达目标的县市区按现值计，全市由各县市区重新汇总。",
    "进口占比：出口不变，只增加进口；退税天数：办结件数不变；跨境电商：按与2023年同月累计相比的增速补足。",
    "达到目标的为已达标；没有达到的按统计月份的序时进度判定，并写明距目标还差多少，因此这一假设不会使任何一盏灯变差。",
)


@dataclass(frozen=True)
class Short:
    """A unit behind its target: its light, the exact target, and how far it has to go in the good direction."""

    light: Light
    target: Fraction
    missing: Fraction


def effect(facts: Facts, indicator: Indicator, unit: str) -> Effect:
    """What it would do to one indicator of the city or of one unit."""
    light = facts.light(indicator.id, unit)
    if light is None or light.value is None:
        return NO_VALUE
    if unit != facts.policy.city.code:
        return _own(indicator, light)
    rule = RULES.get(indicator.measure)
    if rule is None:
        return UNTOUCHED
    if not any(_targets(facts, indicator)):
        return Effect(None, "县市区没有下达目标")
    short = list(_behind(facts, indicator))
    return rule(facts, indicator, light, short) if short else Effect(None, "各县市区都已达到本地目标")


def numbers(facts: Facts, unit: str) -> Numbers:
    """Which units would be raised on what, from where to where; of one unit, or of all in the city's question."""
    rows = (
        (f"{facts.short(item.light.unit)} · {indicator.name}", *_from_to(facts, item))
        for indicator in facts.policy.indicators
        if indicator.measure in RULES
        for item in _behind(facts, indicator)
        if unit in (item.light.unit, facts.policy.city.code)
    )
    return Numbers("补到本地目标的县市区", ("县市区 · 指标", "现在", "补到"), tuple(rows))


def _from_to(facts: Facts, item: Short) -> tuple[str, str]:
    raised = replace(item.light, value=float(item.target))
    return str(words.value(facts.policy, item.light)), str(words.value(facts.policy, raised))


def _own(indicator: Indicator, light: Light) -> Effect:
    if light.target is None or light.value is None:
        return Effect(None, "没有下达目标")
    target = exact(light.target)
    reached = holds(indicator.direction, exact(light.value), target)
    return Effect(None, "已达到本地目标") if reached else Effect(target, "补到本地目标")


def _targets(facts: Facts, indicator: Indicator) -> Iterator[Light]:
    """The lights of the units that have a target."""
    for unit in facts.policy.counties:
        light = facts.light(indicator.id, unit.code)
        if light is not None and light.target is not None:
            yield light


def _behind(facts: Facts, indicator: Indicator) -> Iterator[Short]:
    for light in _targets(facts, indicator):
        if light.value is None or light.target is None:
            continue
        value, target = exact(light.value), exact(light.target)
        if not holds(indicator.direction, value, target):
            yield Short(light, target, abs(target - value))


def _names(facts: Facts, short: list[Short]) -> str:
    names = [facts.short(item.light.unit) for item in short]
    return "、".join(names[:3]) + (f"等{len(names)}个县市区" if len(names) > 3 else "")


def _said(facts: Facts, short: list[Short], change: str) -> str:
    return f"{_names(facts, short)}补到本地目标{change}"


def _counts(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """The city is the sum of its units: firms, events, firms over a cap."""
    missing = sum((item.missing for item in short), Fraction(0))
    signed = missing if indicator.direction == ">=" else -missing
    amount = format.difference(indicator.city.kind, float(missing), indicator.city.unit)
    change = f"，全市{'增' if signed > 0 else '减'}{amount}"
    return Effect(exact(city.value or 0) + signed, _said(facts, short, change))


def _clusters(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """The city is the number of units whose completion is 1."""
    full = [item for item in short if item.target >= 1]
    return Effect(exact(city.value or 0) + len(full), _said(facts, short, f"，增{len(full)}个达标县市区"))


def _parks(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """The city is the number of parks with enough projects; a unit at its target has no park without."""
    least = Fraction(int(indicator.parameters["projects_min"]))
    full = [item for item in short if item.target >= least]
    parks = sum(int(item.light.facts.get("short_parks") or 0) for item in full)
    pace = pace_at(indicator.county, indicator.direction, least, None, facts.period)
    raised = {item.light.unit for item in full} | {city.unit}
    lights = (facts.light(indicator.id, unit.code) for unit in facts.policy.units if unit.code not in raised)
    rest = [exact(light.value) for light in lights if light is not None and light.value is not None]
    on_pace = pace is not None and all(value >= pace for value in rest)
    value = exact(city.value or 0) + parks
    return Effect(value, _said(facts, short, f"，增{parks}个达标园区"), on_pace)


def _share(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """Imports grow until each unit's share is reached, exports as they are."""
    imports, exports = (
        {unit: series.ytd.get(facts.period) for unit, series in flow.items()}
        for flow in (facts.imports, facts.exports)
    )
    bought, sold = imports.get(city.unit), exports.get(city.unit)
    if bought is None or sold is None:
        return Effect(None, "缺少累计进出口，无从推算")
    more = Fraction(0)
    for item in short:
        own, out = imports.get(item.light.unit), exports.get(item.light.unit)
        if own is not None and out is not None and item.target < 1:
            more += max(Fraction(0), out * item.target / (1 - item.target) - own)
    if not bought + sold:
        return Effect(None, "没有进出口，无从推算")
    said = _said(facts, short, f"，累计进口共增{format.money(float(more))}")
    return Effect((bought + more) / (bought + sold + more), said)


def _growth(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """Each unit's cumulative grows to base × (1 + target) ^ years; the city's base is its own."""
    base_year = int(indicator.parameters["base_year"])
    years, base_month = int(facts.period[:4]) - base_year, f"{base_year}{facts.period[4:]}"
    more = Fraction(0)
    for item in short:
        series = facts.cbec.get(item.light.unit)
        now, base = (series.ytd.get(at) if series else None for at in (facts.period, base_month))
        if now is not None and base is not None:
            more += max(Fraction(0), base * (1 + item.target) ** years - now)
    series = facts.cbec.get(city.unit)
    now, base = (series.ytd.get(at) if series else None for at in (facts.period, base_month))
    if now is None or base is None:
        return Effect(None, "缺少累计交易额，无从推算")
    total = now + more
    said = _said(facts, short, f"，累计交易共增{format.money(float(more))}")
    return Effect(annual_growth(total, base, years), said)


def _days(facts: Facts, indicator: Indicator, city: Light, short: list[Short]) -> Effect:
    """Units that are too slow take their target's days for the same cases; the average is per case."""
    days, cases = _worked(city)
    for item in short:
        own_days, own_cases = _worked(item.light)
        days -= max(Fraction(0), own_days - item.target * own_cases)
    return Effect(days / cases, _said(facts, short, "")) if cases else Effect(None, "没有办结案件，无从推算")


def _worked(light: Light) -> tuple[Fraction, int]:
    """Working days in sum and cases: an average of so many whole days gives their sum back exactly."""
    cases = int(light.facts.get("cases") or 0)
    return Fraction(round((light.value or 0.0) * cases)), cases


RULES: dict[str, Callable[[Facts, Indicator, Light, list[Short]], Effect]] = {
    "firms_over": _counts,
    "event_count": _counts,
    "mode_or_event_count": _counts,
    "support_cap": _counts,
    "county_clusters": _clusters,
    "park_projects": _parks,
    "import_share": _share,
    "cbec_growth": _growth,
    "rebate_days": _days,
}
