"""The scenarios that the page offers, each with its title, its rule and what it assumes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.scenario import crossing, growth, targets
from dashboard.scenario.crossing import Crossing
from dashboard.scenario.facts import Effect, Facts
from etl.policy import Indicator


@dataclass(frozen=True)
class Scenario:
    """One scenario. at_deadline: whether it is judged by what each deadline requires, or by the month on show."""

    title: str
    assumptions: tuple[str, ...]
    at_deadline: bool
    with_firms: bool

    @property
    def until(self) -> str:
        """What its lights are judged by, in words."""
        return "右侧按各项期限判定" if self.at_deadline else "右侧按统计月份判定"


SCENARIOS = {
    "targets": Scenario("各县市区都完成本地目标", targets.ASSUMPTIONS, False, False),
    "growth": Scenario("增速保持近3个月水平", growth.ASSUMPTIONS, True, True),
    "crossing": Scenario("近线企业过线", crossing.ASSUMPTIONS, False, False),
}
COUNTED = Scenario("近线企业过线", crossing.COUNTED, False, False)


def rule(
    name: str, facts: Facts, unit: str, firms: Sequence[Crossing] | int
) -> Callable[[Indicator], Effect]:
    """What a scenario does to each indicator of a place. firms: those that cross, or how many of each line."""
    if name == "targets":
        return lambda indicator: targets.effect(facts, indicator, unit)
    if name == "growth":
        firms_at = growth.projection(facts)
        return lambda indicator: growth.effect(facts, indicator, unit, firms_at)
    if isinstance(firms, int):
        return lambda indicator: crossing.counted(facts, indicator, unit, firms)
    return lambda indicator: crossing.effect(facts, indicator, unit, firms)
