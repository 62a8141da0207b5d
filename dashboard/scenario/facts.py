"""What the scenarios start from: the lights of a month and the exact amounts behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard.board import Board, Light, exact, level_of
from dashboard.scenario.series import Series
from dashboard.small import is_small
from etl.policy import Indicator, Level, Policy


@dataclass(frozen=True)
class FirmTotals:
    """One firm without its name: where it stands in the period, and its cumulatives in yuan by period."""

    unit: str
    cluster: str | None
    ytd: Mapping[str, Fraction]


@dataclass(frozen=True)
class Cluster:
    """One cluster in one period: its firms that trade, their twelve months in yuan, and the largest firm's of these."""

    name: str
    firms: int
    ttm: Fraction
    top: Fraction = Fraction(0)


@dataclass(frozen=True)
class Facts:
    """The month on show. Series by unit, the city among them; clusters by (unit, period).

    seen: the units whose firms the viewer may see. firms: empty unless the question needs them.
    """

    policy: Policy
    board: Board
    period: str
    exports: Mapping[str, Series]
    imports: Mapping[str, Series]
    totals: Mapping[str, Series]
    cbec: Mapping[str, Series]
    clusters: Mapping[tuple[str, str], tuple[Cluster, ...]]
    seen: frozenset[str]
    firms: tuple[FirmTotals, ...] = ()

    def light(self, indicator: str, unit: str) -> Light | None:
        """The light of the month on show."""
        return self.board.light(indicator, unit, self.period)

    def short(self, unit: str) -> str:
        """A unit's short name."""
        return self.policy.unit(unit).short


@dataclass(frozen=True)
class Effect:
    """What a scenario does to one indicator at one place: its value, and why. value: None where it does nothing.

    parts_on_pace: for a target whose parts (parks) keep a pace of their own, whether all of them would.
    """

    value: Fraction | None
    why: str
    parts_on_pace: bool = False


@dataclass(frozen=True)
class Numbers:
    """What was assumed, in figures: a table of texts. rows: empty where nothing had to be assumed."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


UNTOUCHED = Effect(None, "与这一假设无关")
NO_VALUE = Effect(None, "没有数值，无从推算")


def due(level: Level, period: str) -> str:
    """The month in which a target is judged: its deadline, or the month on show once that is over or where none is."""
    if level.deadline == "always":
        return period
    return f"{period[:4]}-12" if level.yearly else max(period, level.deadline)


def level_at(facts: Facts, indicator: Indicator, unit: str) -> Level:
    """How the indicator is judged there, with a deadline of the unit's own."""
    light = facts.light(indicator.id, unit)
    return level_of(facts.policy, light)[1] if light else facts.policy.level(indicator, unit)


def completion(indicator: Indicator, cluster: Cluster) -> Fraction:
    """min(1, firms ÷ least firms, value ÷ least value) of one cluster."""
    firms_min, value_min = (int(indicator.parameters[name]) for name in ("firms_min", "value_min_cny"))
    return min(Fraction(1), Fraction(cluster.firms, firms_min), cluster.ttm / value_min)


def best(indicator: Indicator, clusters: tuple[Cluster, ...]) -> Fraction:
    """A unit's value: the completion of its best cluster, 0 where it has none."""
    return max((completion(indicator, cluster) for cluster in clusters), default=Fraction(0))


def tells(facts: Facts, indicator: Indicator, unit: str, clusters: tuple[Cluster, ...]) -> bool:
    """Whether the unit's value may be an amount of few firms that the viewer may not see; whole completion is none."""
    value = best(indicator, clusters)
    return (
        unit not in facts.seen
        and value < 1
        and any(
            is_small(item.firms, item.top, item.ttm)
            for item in clusters
            if completion(indicator, item) == value
        )
    )


def started(facts: Facts, indicator: Indicator, unit: str) -> Fraction | None:
    """The exact value in the month where the pace starts; None where it is not known or there is no such month."""
    month = facts.policy.level(indicator, unit).baseline
    return STARTS.get(indicator.measure, _count)(facts, indicator, unit, month) if month else None


def start_kept_back(facts: Facts, indicator: Indicator, unit: str) -> bool:
    """Whether the viewer may not see the value that the pace starts from."""
    light = facts.board.light(indicator.id, unit, facts.policy.level(indicator, unit).baseline or "")
    return light is not None and light.kept_back


def _count(facts: Facts, indicator: Indicator, unit: str, month: str) -> Fraction | None:
    light = facts.board.light(indicator.id, unit, month)
    return None if light is None or light.value is None else exact(light.value)


def _cluster(facts: Facts, indicator: Indicator, unit: str, month: str) -> Fraction | None:
    light = facts.board.light(indicator.id, unit, month)
    if light is None or (light.value is None and not light.kept_back):
        return None
    if unit == facts.policy.city.code:
        return _count(facts, indicator, unit, month)
    return best(indicator, facts.clusters.get((unit, month), ()))


def _share(facts: Facts, indicator: Indicator, unit: str, month: str) -> Fraction | None:
    bought, sold = (
        places[unit].ytd.get(month) if unit in places else None for places in (facts.imports, facts.exports)
    )
    return None if bought is None or sold is None or not bought + sold else bought / (bought + sold)


STARTS: dict[str, Callable[[Facts, Indicator, str, str], Fraction | None]] = {
    "county_clusters": _cluster,
    "import_share": _share,
}
