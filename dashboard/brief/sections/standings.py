"""分县市区情况, of a brief on one indicator: how the 12 stand on it, and what each of them still has to do."""

from collections.abc import Iterator

from dashboard import format
from dashboard.board import Light, level_of, red_units
from dashboard.brief.document import Block, Cell, Chart, Column, Figure, Key, Run, Section, Series, Table
from dashboard.brief.facts import Facts
from dashboard.brief.maps import draw
from dashboard.brief.sections.common import (
    distance,
    joined,
    lamp,
    noted,
    numbered,
    pace_cell,
    para,
    value_cell,
)
from dashboard.brief.sections.goals import NUMBERS
from dashboard.brief.sentences import close, listed, tally
from dashboard.needs import RULE
from dashboard.parts.gaps import shares
from etl.policy import Indicator

COLUMNS = (
    Column("位次", 0.8),
    Column("县市区", 1.8),
    Column("完成", 1.6, "right"),
    Column("序时进度", 1.5, "right"),
    Column("比进度或目标", 3.6, "left"),
    Column("状态", 1.6),
)
MISSING = (
    Column("县市区", 1.8),
    Column("状态", 1.6),
    Column("距目标", 2, "right"),
    Column("按期达标月均需", 3.6, "right"),
)
MOST = 3


def standings(facts: Facts) -> Section:
    """The 12 on this indicator: counts, map, bars, table; then what is missing, and who makes up the city's gap."""
    indicator = facts.indicators[0]
    found = [light for unit in facts.policy.counties if (light := facts.light(indicator.id, unit.code))]
    found.sort(key=lambda light: (light.rank is None, light.rank or 0))
    said, behind = _summary(facts, found), _shares(facts, indicator)
    drawn: list[Block] = (
        [draw(facts.policy, indicator.id, found)] if any(light.tone for light in found) else []
    )
    parts: tuple[tuple[str, list[Block]], ...] = (
        ("状态分布", [para(said), *drawn]),
        ("位次", [*_bars(facts, indicator, found), _table(facts, indicator, found)]),
        ("缺口和月均需", [*([para(behind)] if behind else []), *_missing(facts, found)]),
    )
    return Section(
        "standings", "分县市区情况", tuple(numbered(parts)), (tuple(said), *([tuple(behind)] * bool(behind)))
    )


def _shares(facts: Facts, indicator: Indicator) -> list[Run]:
    """The units that make up the city's gap, what weighs most first."""
    light = facts.light(indicator.id, facts.policy.city.code)
    if light is None or light.tone != "red":
        return []
    found = shares(facts.board, facts.policy, light)
    if not found:
        return []
    groups: list[list[Run]] = []
    what = "进口" if indicator.measure == "import_share" else ""
    for code, said in found[:MOST]:
        figure = Figure(what + close(said), Key(f"share:{indicator.id}", code, facts.period))
        groups.append([f"{facts.policy.unit(code).short}（", figure, "）"])
    weighs = what or red_units(facts.board, facts.policy, indicator.id, facts.period)
    lead = "全市缺口主要在" if weighs else "有近线企业的县市区："
    return [lead, *joined(groups, "、"), "。"]


def _missing(facts: Facts, found: list[Light]) -> Iterator[Block]:
    """Who has not reached the target yet, and what each remaining month must bring."""
    rows = tuple(
        (
            Cell(facts.policy.unit(light.unit).short),
            lamp(light),
            Cell(_gap(facts, light)),
            Cell(close(facts.unit_needs.get(light.unit, format.DASH))),
        )
        for light in found
        if light.tone == "red" or light.status == "on_pace"
    )
    if rows:
        name = facts.policy.indicator(found[0].indicator).name
        yield Table(f"未达标县市区{name}缺口和月均需", MISSING, rows, RULE)


def _gap(facts: Facts, light: Light) -> str:
    """How far from the target itself, whatever the pace."""
    if light.gap is None:
        return light.note
    _, level = level_of(facts.policy, light)
    return close(format.difference(level.kind, light.gap, level.unit))


def _summary(facts: Facts, found: list[Light]) -> list[Run]:
    behind = red_units(facts.board, facts.policy, found[0].indicator, facts.period) if found else []
    red = [facts.policy.unit(light.unit).short for light in behind]
    if not any(light.tone for light in found):
        return ["县市区不设该目标，只作监测。"]
    key = Key(f"units:{found[0].indicator}", facts.policy.city.code, facts.period)
    judged = sum(bool(light.tone) for light in found)
    counts = tally(found, key, "个县市区" if judged == len(found) else "个有目标的县市区", "个")
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
    said = noted(found, lambda light: facts.policy.unit(light.unit).short)
    return Table(f"县市区{indicator.name}（{format.period(facts.period)}）", COLUMNS, rows, said)
