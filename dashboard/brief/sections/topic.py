"""The sections of a brief on one indicator: where it stands and why, and how the 12 stand on it."""

from dashboard import format
from dashboard.board import Light, level_of
from dashboard.brief.document import Block, Cell, Chart, Column, Key, Run, Section, Series, Table
from dashboard.brief.facts import Facts
from dashboard.brief.maps import draw
from dashboard.brief.sections.common import distance, lamp, need, numbered, pace_cell, para, value_cell
from dashboard.brief.sections.goals import NUMBERS, table, trend
from dashboard.brief.sentences import NO_DATA, goal, listed, stands, tally
from etl.document import passage
from etl.policy import Indicator

COLUMNS = (
    Column("位次", 0.8),
    Column("县市区", 1.8),
    Column("完成", 1.6, "right"),
    Column("序时进度", 1.5, "right"),
    Column("比进度或目标", 3.6, "left"),
    Column("状态", 1.6),
)


def topic(facts: Facts) -> Section:
    """The clause in its own words, the city's value, its curve."""
    indicator = facts.indicators[0]
    light = facts.light(indicator.id)
    said: list[Run] = [f"{facts.name}{indicator.name}{NO_DATA}。"]
    blocks: list[Block] = []
    if light is not None:
        said = [
            f"{format.period(facts.period)}，{facts.name}{indicator.name}",
            *_state(facts, indicator, light),
        ]
        chart = trend(facts, light)
        blocks = [para(said), table(facts, [light]), *([chart] if chart else [])]
    quote = passage(facts.policy, indicator.clause, indicator.quote).quote
    number = facts.policy.document.number
    basis = para(f"{number}第{indicator.clause}条：「{quote}」口径：{indicator.formula}")
    parts = (("文件要求", [basis]), ("完成情况", blocks or [para(said)]))
    return Section("topic", "指标情况", tuple(numbered(parts)), (tuple(said),))


def _state(facts: Facts, indicator: Indicator, light: Light) -> list[Run]:
    target = ["，目标为", goal(facts.policy, light)] if light.target is not None else []
    basis = f"（{indicator.basis}）"
    return [basis, *stands(facts.policy, light), *target, "。", *need(facts, indicator.id)]


def standings(facts: Facts) -> Section:
    """The 12 on this indicator: counts, map, bars, table."""
    indicator = facts.indicators[0]
    found = [light for unit in facts.policy.counties if (light := facts.light(indicator.id, unit.code))]
    found.sort(key=lambda light: (light.rank is None, light.rank or 0))
    said = _summary(facts, found)
    blocks: list[Block] = [para(said)]
    if any(light.tone for light in found):
        blocks.append(draw(facts.policy, indicator.id, found))
    blocks += [*_bars(facts, indicator, found), _table(facts, indicator, found)]
    return Section("standings", "分县市区情况", tuple(blocks), (tuple(said),))


def _summary(facts: Facts, found: list[Light]) -> list[Run]:
    red = [facts.policy.unit(light.unit).short for light in found if light.tone == "red"]
    if not any(light.tone for light in found):
        return ["县市区没有该项目标，只作监测。"]
    key = Key(f"units:{found[0].indicator}", facts.policy.city.code, facts.period)
    counts = tally(found, key, "个县市区", "个")
    return [*counts, f"。滞后的有{listed(red)}。" if red else "。"]


def _bars(facts: Facts, indicator: Indicator, found: list[Light]) -> list[Chart]:
    known = [light for light in found if light.value is not None]
    if len(known) < 2:
        return []
    names = tuple(facts.policy.unit(light.unit).short for light in known)
    series = Series(indicator.name, tuple(light.value for light in known))
    kind = level_of(facts.policy, known[0])[1].kind
    return [Chart(f"县市区{indicator.name}（{indicator.basis}）", "bar", names, (series,), NUMBERS[kind])]


def _table(facts: Facts, indicator: Indicator, found: list[Light]) -> Table:
    rows = tuple(
        (
            Cell(format.DASH if light.rank is None else str(light.rank)),
            Cell(facts.policy.unit(light.unit).short),
            value_cell(facts.policy, light),
            pace_cell(facts.policy, light),
            Cell(distance(facts.policy, light)),
            lamp(light),
        )
        for light in found
    )
    return Table(f"县市区{indicator.name}（{format.period(facts.period)}）", COLUMNS, rows)
