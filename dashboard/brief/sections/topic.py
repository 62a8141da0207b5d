"""指标情况, of a brief on one indicator: what the document asks, where it stands, and its last twelve months."""

from collections.abc import Iterator

from dashboard import format
from dashboard.board import Light
from dashboard.brief.document import Block, Cell, Column, Run, Section, Table
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import distance, lamp, need, numbered, pace_cell, para, value_cell
from dashboard.brief.sections.goals import table, trend
from dashboard.brief.sentences import NO_DATA, close, goal, stands
from etl.document import passage
from etl.policy import Indicator

MONTHS = 12
COLUMNS = (
    Column("月份", 1.6),
    Column("完成", 1.6, "right"),
    Column("序时进度", 1.5, "right"),
    Column("比进度或目标", 3.6, "left"),
    Column("状态", 1.6),
)


def topic(facts: Facts) -> Section:
    """The clause in its own words, the city's value, its curve and months."""
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
        blocks = [para(said), table(facts, [light]), *([chart] if chart else []), *_months(facts, light)]
    parts = (("文件要求", _basis(facts, indicator)), ("完成情况", blocks or [para(said)]))
    return Section("topic", "指标情况", tuple(numbered(parts)), (tuple(said),))


def _basis(facts: Facts, indicator: Indicator) -> Iterator[Block]:
    clause = facts.policy.document.clause(indicator.clause)
    quote = passage(facts.policy, indicator.clause, indicator.quote).quote
    yield para(f"{facts.policy.document.number}第{clause.number}条「{clause.title}」提出：「{close(quote)}」")
    yield para(f"口径：{indicator.formula}{'' if indicator.formula.endswith('。') else '。'}")
    yield para(f"责任单位：{clause.responsible}。")


def _state(facts: Facts, indicator: Indicator, light: Light) -> list[Run]:
    target = ["，目标为", goal(facts.policy, light)] if light.target is not None else []
    basis = f"（{indicator.basis}）"
    return [basis, *stands(facts.policy, light), *target, "。", *need(facts, indicator.id)]


def _months(facts: Facts, light: Light) -> Iterator[Block]:
    """The last twelve months, newest first."""
    run = facts.board.history(light.indicator, light.unit, light.period, MONTHS)
    if len(run) > 1:
        rows = tuple(_month(facts, item) for item in reversed(run))
        yield Table(f"{facts.name}{facts.policy.indicator(light.indicator).name}逐月情况", COLUMNS, rows)


def _month(facts: Facts, light: Light) -> tuple[Cell, ...]:
    return (
        Cell(format.period(light.period)),
        value_cell(facts.policy, light),
        pace_cell(facts.policy, light),
        Cell(distance(facts.policy, light)),
        lamp(light),
    )
