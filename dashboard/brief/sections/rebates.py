"""通关与退税: working days of export tax rebates by class, cases under inquiry, AEO firms."""

from collections.abc import Iterator

from dashboard import format
from dashboard.board import Light
from dashboard.brief.document import Block, Cell, Chart, Column, Figure, Key, Run, Section, Table
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import numbered, para
from dashboard.brief.sections.goals import trend
from dashboard.brief.sentences import stands
from dashboard.format import through
from dashboard.questions.places import Cases

JUDGED = ("rebate_days", "rebate_days_class12")
COLUMNS = (
    Column("企业类别", 2),
    Column("办结件数", 1.5, "right"),
    Column("平均工作日", 1.5, "right"),
    Column("最慢工作日", 1.5, "right"),
)


def build(facts: Facts) -> Section:
    """Averages against their bounds, then the classes."""
    said = list(_judged(facts))
    blocks = [para(runs) for runs in said] + [*_table(facts), *_curve(facts)]
    parts = (("出口退税", blocks), ("通关便利", [para(_aeo(facts))]))
    return Section("rebates", "通关与退税", tuple(numbered(parts)), (*map(tuple, said), tuple(_aeo(facts))))


def _judged(facts: Facts) -> Iterator[list[Run]]:
    for id in JUDGED:
        light = facts.light(id)
        if light is None:
            continue
        shown, *rest = stands(facts.policy, light)
        span = f"{through(facts.period)}，{facts.name}{facts.policy.indicator(id).name}"
        yield [span, shown, *_cases(light), *rest, "。"]


def _cases(light: Light) -> list[Run]:
    """How many cases the average is of."""
    cases = light.facts.get("cases")
    if cases is None or light.value is None:
        return []
    key = Key(f"cases:{light.indicator}", light.unit, light.period)
    return ["（办结", Figure(f"{cases:.0f}件", key, cases), "）"]


def _table(facts: Facts) -> Iterator[Block]:
    if facts.rebates:
        rows = tuple(_row(item) for item in facts.rebates)
        note = "函调、疑点案件单列，不计入平均办理时间。"
        yield Table(f"{facts.name}出口退税办理（{through(facts.period)}）", COLUMNS, rows, note)


def _row(item: Cases) -> tuple[Cell, ...]:
    name = f"{item.rebate_class}类企业" if item.rebate_class else "类别不明" if item.normal else "函调、疑点"
    return (
        Cell(name),
        Cell(format.decimal(item.cases, 0)),
        Cell(format.DASH if item.average is None else format.decimal(item.average, 1)),
        Cell(format.DASH if item.slowest is None else format.decimal(item.slowest, 0)),
    )


def _curve(facts: Facts) -> Iterator[Chart]:
    light = facts.light(JUDGED[0])
    if light and (chart := trend(facts, light)):
        yield chart


def _aeo(facts: Facts) -> list[Run]:
    if facts.aeo is None:
        return [f"{facts.name}海关AEO高级认证企业数暂无数据。"]
    figure = Figure(f"{facts.aeo}家", Key("aeo", facts.place, facts.period), facts.aeo)
    return [f"{facts.name}海关AEO高级认证企业", figure, "。"]
