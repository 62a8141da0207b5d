"""附表: all lights of the 12, their trade, the sources, and how each number is worked out."""

from collections.abc import Iterator, Sequence

from dashboard import format, words
from dashboard.board import Light
from dashboard.brief.document import Block, Cell, Column, Key, Section, Table
from dashboard.brief.facts import Facts, Trade
from dashboard.brief.sentences import grown
from dashboard.format import through
from etl.policy import Indicator

TRADE = (
    ("进出口", "total"),
    ("出口", "export"),
    ("进口", "import"),
)
SOURCES = (
    Column("数据", 2.2, "left"),
    Column("最新月份", 1.5),
    Column("文件数", 1, "right"),
    Column("最近加载", 2.2),
)
RULES = (Column("条", 0.6), Column("指标", 2.2, "left"), Column("公式和口径", 6.5, "left"))


def build(facts: Facts) -> Section:
    """The tables that stand behind the text."""
    blocks = (*_matrix(facts), *_trade(facts), _rules(facts), _sources(facts))
    return Section("annex", "附表", tuple(blocks), annexed=True)


def _matrix(facts: Facts) -> Iterator[Block]:
    """Indicators down, units across, in two halves that fit a page; of one indicator the text has it all."""
    if facts.request.indicator:
        return
    units = facts.policy.counties if facts.of_city else (facts.policy.unit(facts.place),)
    places = [unit.code for unit in units]
    city = facts.policy.city.code
    half = (len(places) + 1) // 2 if len(places) > 6 else len(places)
    for start in range(0, len(places), half):
        some = places[start : start + half]
        yield _lights(facts, [city, *some], f"（{'一二'[start // half]}）" if len(places) > half else "")


def _lights(facts: Facts, places: Sequence[str], part: str) -> Table:
    columns = (Column("指标", 2, "left"), *(Column(_name(facts, code), 1.2) for code in places))
    rows = tuple(
        (
            Cell(f"{item.short}（{unit}）" if (unit := _unit(item)) else item.short),
            *(_mark(facts, facts.light(item.id, code)) for code in places),
        )
        for item in facts.indicators
    )
    title = f"各项指标县市区状态{part}（{format.period(facts.period)}）"
    return Table(title, columns, rows, "▼滞后　◐序时达标　●已达标　○暂无数据　无标记为监测", dense=True)


def _unit(indicator: Indicator) -> str:
    """The unit that stands once at the row's head; what is one in a hundred says so at each number."""
    return "" if indicator.county.unit == "%" else indicator.county.unit.removeprefix("个") or "个"


def _mark(facts: Facts, light: Light | None) -> Cell:
    """Shape and number alone, as a narrow column has room for."""
    if light is None:
        return Cell(format.DASH)
    figure = words.value(facts.policy, light)
    said = words.SHAPE[light.status] + figure.number + ("%" if figure.unit == "%" else "")
    return Cell(said, light.tone, Key(light.indicator, light.unit, light.period), light.value)


def _name(facts: Facts, code: str) -> str:
    """A narrow column's title."""
    return facts.policy.unit(code).short.removeprefix(facts.policy.city.name.removesuffix("市"))


def _trade(facts: Facts) -> Iterator[Block]:
    if facts.request.variant == "indicator":
        return
    columns = [Column("县市区", 2, "left")]
    for name, _ in TRADE:
        columns += [Column(name, 1.4, "right"), Column("同比", 1.5, "right")]
    units = (
        [unit.code for unit in facts.policy.units] if facts.of_city else [facts.policy.city.code, facts.place]
    )
    rows = tuple(
        _amounts(facts, code, now, facts.amounts(code, 12)) for code in units if (now := facts.amounts(code))
    )
    title = f"县市区进出口（{facts.period[:4]}年{through(facts.period)}，亿元）"
    yield Table(title, tuple(columns), rows, "管理区和未归属企业计入全市。", dense=True)


def _amounts(facts: Facts, code: str, now: Trade, then: Trade | None) -> tuple[Cell, ...]:
    cells = [Cell(facts.policy.unit(code).short)]
    for _, flow in TRADE:
        measure = f"ytd_{flow}"
        amount, base = now.of(measure), then.of(measure) if then else None
        value = None if amount is None else float(amount)
        cells.append(Cell(format.yi(amount), "", Key(measure, code, facts.period), value))
        cells.append(Cell(grown(amount, base)))
    return tuple(cells)


def _rules(facts: Facts) -> Table:
    rows = tuple(
        (
            Cell(item.clause),
            Cell(item.name),
            Cell(item.formula + "".join(f"{caveat.rstrip('。')}。" for caveat in item.caveats)),
        )
        for item in facts.indicators
    )
    return Table(f"指标口径（依据{facts.policy.document.number}）", RULES, rows, dense=True)


def _sources(facts: Facts) -> Table:
    rows = tuple(
        (
            Cell(item.label),
            Cell(item.latest_period or format.DASH),
            Cell(str(item.files)),
            Cell(format.moment(item.loaded_at)),
        )
        for item in facts.sources
    )
    waiting = f"另有{facts.waiting}行待核实，未计入。" if facts.waiting else "没有待核实的行。"
    return Table("数据来源", SOURCES, rows, waiting, dense=True)
