"""目标进度: every target with its light, red ones first, and what the red ones take."""

from collections.abc import Iterator

from dashboard import format
from dashboard.board import Light, Tone, level_of, red_units
from dashboard.brief.document import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Key,
    Run,
    Runs,
    Section,
    Series,
    Table,
)
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import (
    deadline_cell,
    distance,
    goal_cell,
    joined,
    lamp,
    lights,
    need,
    none_red,
    noted,
    numbered,
    pace_cell,
    para,
    value_cell,
)
from dashboard.brief.sentences import goal, lasting, listed, stands
from etl.policy import Indicator

MONTHS = 24
MOST_UNITS = 3
COLUMNS = (
    Column("条", 0.5),
    Column("指标", 2.9, "left"),
    Column("目标", 2.1, "right"),
    Column("期限", 1.8),
    Column("完成", 2.0, "right"),
    Column("序时", 1.1, "right"),
    Column("比序时或目标", 2.6, "right"),
    Column("状态", 1.7),
)
NOTE = "▼滞后，○暂无数据，◐序时达标，●已达标；有序时进度而未达标的比序时进度，其余比目标。"
NUMBERS = {"share": "0.00%", "growth": "0.0%", "count": "#,##0", "days": "0.0", "money": "#,##0.00"}


def build(facts: Facts) -> Section:
    """The table, the curve of the worst, then the targets in words by colour."""
    found = lights(facts)
    red, grey, green = (_of(found, tone) for tone in ("red", "grey", "green"))
    parts = numbered(
        (
            ("目标总表", [table(facts, found)]),
            ("滞后目标", _reds(facts, red)),
            ("达标和序时达标目标", _others(facts, green)),
            ("暂无数据的目标", _others(facts, grey)),
        )
    )
    gist = tuple(_gist(facts, light) for light in red) or ((none_red(facts, found),),)
    said = _noted(facts, found)
    return Section("goals", "目标进度", tuple(parts), (*gist, (said,)) if said else gist)


def _of(found: list[Light], tone: Tone) -> list[Light]:
    return [light for light in found if light.tone == tone]


def table(facts: Facts, found: list[Light]) -> Table:
    """One row a target, red first, then grey and green."""
    rows = tuple(_row(facts, light) for light in found)
    title = f"{facts.name}目标完成情况（{format.period(facts.period)}）"
    return Table(
        title,
        COLUMNS,
        rows,
        NOTE + _noted(facts, found),
        dense=True,
    )


def _noted(facts: Facts, found: list[Light]) -> str:
    return noted(found, lambda light: facts.policy.indicator(light.indicator).short)


def _row(facts: Facts, light: Light) -> tuple[Cell, ...]:
    indicator, _ = level_of(facts.policy, light)
    return (
        Cell(indicator.clause),
        Cell(f"{indicator.name}（{basis(indicator)}）"),
        goal_cell(facts.policy, light),
        deadline_cell(facts.policy, light),
        value_cell(facts.policy, light),
        pace_cell(facts.policy, light),
        Cell(distance(facts.policy, light)),
        lamp(light),
    )


def basis(indicator: Indicator) -> str:
    """The months of the value, in a table: without the date that its formula says anyway."""
    return "累计" if indicator.basis[:2].isdigit() else indicator.basis


def _reds(facts: Facts, red: list[Light]) -> Iterator[Block]:
    for number, light in enumerate(red, 1):
        yield para(_red(facts, light), lead=f"{number}．{facts.policy.indicator(light.indicator).name}。")
    if red and (chart := trend(facts, min(red, key=lambda light: _dull(facts, light)))):
        yield chart


def _dull(facts: Facts, light: Light) -> tuple[bool, bool]:
    """A curve with a pace says more than one without, a share more than a count."""
    return light.pace is None, level_of(facts.policy, light)[1].kind == "count"


def _red(facts: Facts, light: Light) -> list[Run]:
    indicator, level = level_of(facts.policy, light)
    basis = "" if light.value is None else indicator.basis
    return [
        *(basis, *stands(facts.policy, light), "，", *lasting(facts.board, facts.policy, light)),
        *("。目标为", goal(facts.policy, light), _deadline(level.deadline)),
        *(*_whose(facts, light), "。", *need(facts, light.indicator)),
    ]


def _deadline(deadline: str) -> str:
    if deadline == "always":
        return ""
    return "（每年12月）" if deadline.startswith("each") else f"（{format.period(deadline)}）"


def _whose(facts: Facts, light: Light) -> list[Run]:
    """The red units, the furthest behind first; beyond a few only how many there are."""
    red = red_units(facts.board, facts.policy, light.indicator, light.period) if facts.of_city else []
    names = listed(facts.policy.unit(item.unit).short for item in red[:MOST_UNITS])
    if len(red) <= MOST_UNITS:
        return [f"；滞后的县市区有{names}"] if red else []
    key = Key(f"behind:units:{light.indicator}", light.unit, light.period)
    return [f"；滞后的县市区有{names}等", Figure(f"{len(red)}个", key, len(red))]


def _others(facts: Facts, found: list[Light]) -> Iterator[Block]:
    if found:
        yield para(joined([_short(facts, light) for light in found]), "。")


def _short(facts: Facts, light: Light) -> Runs:
    return facts.policy.indicator(light.indicator).name, *stands(facts.policy, light)


def _gist(facts: Facts, light: Light) -> Runs:
    return *_short(facts, light), "，", *lasting(facts.board, facts.policy, light), "。"


def trend(facts: Facts, light: Light) -> Chart | None:
    """The curve of one light with pace and target, the last two years of it."""
    indicator, level = level_of(facts.policy, light)
    run = facts.board.history(light.indicator, light.unit, light.period, MONTHS)
    if sum(item.value is not None for item in run) < 2:
        return None
    series = [Series(indicator.name, tuple(item.value for item in run))]
    if any(item.pace is not None for item in run):
        series.append(Series("序时进度", tuple(item.pace for item in run), "pace"))
    if light.target is not None:
        series.append(Series("目标", tuple(item.target for item in run), "target"))
    where = "" if facts.of_city else facts.name
    return Chart(
        f"{where}{indicator.name}走势（{indicator.basis}）",
        "line",
        tuple(item.period for item in run),
        tuple(series),
        NUMBERS[level.kind],
    )
