"""The scenarios that the page offers, each with its title, its rule, what it assumes, and the numbers it stands on."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.scenario import crossing, growth, targets
from dashboard.scenario.crossing import Crossing
from dashboard.scenario.facts import Effect, Facts, Numbers
from dashboard.scenario.outcome import Outcome, outcomes
from etl.policy import Indicator


@dataclass(frozen=True)
class Chosen:
    """What a reader lets cross a line: firms, or, where firms may not be seen, how many of each line."""

    firms: tuple[Crossing, ...] = ()
    most: int = 0


@dataclass(frozen=True)
class Case:
    """A scenario at one place: what it does to an indicator; numbers: what was assumed, worked out when it is asked."""

    effect: Callable[[Indicator], Effect]
    numbers: Callable[[], Numbers]


@dataclass(frozen=True)
class Scenario:
    """One scenario. at_deadline: whether it is judged by what each deadline requires, or by the month on show.

    ask: what to do first where nothing is chosen yet; empty where there is nothing to choose.
    """

    title: str
    assumptions: tuple[str, ...]
    case: Callable[[Facts, str, Chosen], Case]
    at_deadline: bool = False
    with_firms: bool = False
    ask: str = ""

    @property
    def until(self) -> str:
        """What its lights are judged by, in words."""
        return "假设下按各项期限判定" if self.at_deadline else "假设下按统计月份判定"


def _targets(facts: Facts, unit: str, chosen: Chosen) -> Case:
    return Case(
        lambda indicator: targets.effect(facts, indicator, unit), lambda: targets.numbers(facts, unit)
    )


def _growth(facts: Facts, unit: str, chosen: Chosen) -> Case:
    firms = growth.projection(facts)
    return Case(
        lambda indicator: growth.effect(facts, indicator, unit, firms), lambda: growth.numbers(facts, unit)
    )


def _crossing(facts: Facts, unit: str, chosen: Chosen) -> Case:
    firms = chosen.firms
    return Case(
        lambda indicator: crossing.effect(facts, indicator, unit, firms),
        lambda: crossing.numbers(facts, firms),
    )


def _counted(facts: Facts, unit: str, chosen: Chosen) -> Case:
    most = chosen.most
    return Case(
        lambda indicator: crossing.counted(facts, indicator, unit, most),
        lambda: crossing.counted_numbers(facts, unit, most),
    )


SCENARIOS = {
    "targets": Scenario("各县市区都完成本地目标", targets.ASSUMPTIONS, _targets),
    "growth": Scenario("增速保持近3个月水平", growth.ASSUMPTIONS, _growth, at_deadline=True, with_firms=True),
    "crossing": Scenario(
        "近线企业过线",
        crossing.ASSUMPTIONS,
        _crossing,
        ask="还没有选过线企业，请先在上面选择一家或几家近线企业。",
    ),
}
COUNTED = Scenario("近线企业过线", crossing.COUNTED, _counted)


@dataclass(frozen=True)
class Study:
    """A scenario worked out for one place. Nothing of it is kept in the snapshot."""

    scenario: Scenario
    facts: Facts
    unit: str
    numbers: Callable[[], Numbers]
    found: tuple[Outcome, ...]
    ask: str


def study(scenario: Scenario, facts: Facts, unit: str, chosen: Chosen) -> Study:
    """What the scenario makes of the lights of a place."""
    case = scenario.case(facts, unit, chosen)
    found = outcomes(facts, unit, case.effect, at_deadline=scenario.at_deadline)
    return Study(scenario, facts, unit, case.numbers, found, "" if chosen.firms else scenario.ask)
