"""重点企业与近线企业: how many reach each line of the document and who is near; names where the variant has them."""

from collections.abc import Iterator, Sequence

from dashboard import format
from dashboard.board import before
from dashboard.brief.document import Block, Cell, Column, Figure, Key, Run, Runs, Section, Table
from dashboard.brief.facts import Facts, Firms
from dashboard.brief.sections.common import joined, numbered, para, short
from dashboard.brief.sentences import NO_DATA
from dashboard.questions.firms import Mover, Moves

MOST = 15
TIERS = (
    Column("档次（近12个月进出口）", 3, "left"),
    Column("企业数", 1.2, "right"),
    Column("上月", 1.2, "right"),
    Column("上年12月", 1.3, "right"),
    Column("近线企业", 1.3, "right"),
)
NEAR = (
    Column("企业", 4.1, "left"),
    Column("县市区", 1.6),
    Column("近12个月进出口", 2.2, "right"),
    Column("下一档", 1.5, "right"),
    Column("差额", 2, "right"),
)
MOVED = (
    Column("企业", 4.1, "left"),
    Column("县市区", 1.6),
    Column("变化", 3.5, "left"),
    Column("近12个月进出口", 2.2, "right"),
)
PASSED = (
    Column("企业", 4.6, "left"),
    Column("县市区", 1.7),
    Column("变化", 1.5),
    Column("近12个月进出口", 2.4, "right"),
)


def build(facts: Facts) -> Section:
    """Counts for every brief, single firms for those that may name them."""
    said = _counts(facts)
    parts = [("企业梯队", [para(said), para(_flows(facts)), *_tiers(facts)])]
    if facts.firms is not None:
        parts += [(title, list(blocks)) for title, blocks in _named(facts, facts.firms)]
    return Section("firms", "重点企业与近线企业", tuple(numbered(parts)), (tuple(said), tuple(_flows(facts))))


def _counts(facts: Facts) -> list[Run]:
    """From the highest line down: each counts all that reach it."""
    at = facts.period
    if at not in facts.tiers.periods:
        return [f"近12个月的企业进出口{NO_DATA}。"]
    groups: list[list[Run]] = []
    for line in reversed(facts.tiers.lines):
        number = facts.tiers.reached[line, at]
        groups.append(
            [f"{format.line(line)}以上的{'' if groups else '企业'}", _firms(facts, f"tier_{line}", number)]
        )
    near = facts.tally.near if facts.tally else 0
    share = format.decimal(facts.policy.document.near_line_share * 100, 0)
    near_line = Figure(f"{share}%", Key("near_line", facts.place, at))
    told: list[Run] = [
        "；近线企业（达到下一档的",
        near_line,
        "以上而未达到该档）",
        _firms(facts, "tier_near", near),
    ]
    return [f"近12个月，{facts.name}进出口额", *joined(groups, "、"), *told, "。"]


def _firms(facts: Facts, topic: str, number: int) -> Figure:
    return Figure(f"{number}家", Key(topic, facts.place, facts.period), number)


def _flows(facts: Facts) -> list[Run]:
    """How many went up and down a tier, came and went."""
    if facts.tally is None:
        return [f"企业升降档和进出{NO_DATA}。"]
    tally = facts.tally
    said: list[Runs] = [("近12个月有进出口实绩的企业", _firms(facts, "firms_trading", tally.trading))]
    said += _two(facts, tally.month, "month", "与上月相比，升档", "、降档")
    said += _two(facts, tally.december, "december", "与上年12月相比，升档", "、降档")
    said += _two(facts, tally.passages, "year", "与上一个12个月相比，新增有实绩企业", "、退出")
    return [*joined(said), "。"]


def _two(facts: Facts, moves: Moves | None, since: str, up: str, down: str) -> list[Runs]:
    if moves is None:
        return []
    ups, downs = (
        _firms(facts, f"firms_{since}_{name}", n) for name, n in (("up", moves.up), ("down", moves.down))
    )
    return [(up, ups, down, downs)]


def _tiers(facts: Facts) -> Iterator[Block]:
    at, tiers = facts.period, facts.tiers
    if at not in tiers.periods:
        return
    months = (at, before(at), f"{int(at[:4]) - 1}-12")
    rows = tuple(
        (
            Cell(f"{format.line(line)}以上"),
            *(Cell(_number(tiers.reached.get((line, month)))) for month in months),
            Cell(str(tiers.near[line, at])),
        )
        for line in reversed(tiers.lines)
    )
    yield Table(
        f"{facts.name}企业梯队（家）", TIERS, rows, "各档含以上各档；近线企业为接近该档而尚未达到的企业。"
    )


def _number(count: int | None) -> str:
    return format.DASH if count is None else str(count)


def _named(facts: Facts, firms: Firms) -> Iterator[tuple[str, Iterator[Block]]]:
    yield "近线企业名单", _near(facts, firms)
    yield "升降档企业", _moved(facts, firms)
    yield "新增和退出企业", _passed(facts, firms)


def _listing(
    title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], none: str
) -> Iterator[Block]:
    """A table of the first firms, with how many there are in all; a sentence where there are none."""
    if not rows:
        yield para(none)
        return
    more = f"共{len(rows)}家，列出前{MOST}家。" if len(rows) > MOST else ""
    yield Table(title, columns, tuple(rows[:MOST]), more)


def _near(facts: Facts, firms: Firms) -> Iterator[Block]:
    rows = [
        (
            Cell(item.name),
            Cell(short(facts.policy, item.unit)),
            Cell(format.money(item.ttm_cny)),
            Cell(format.line(int(item.line_cny))),
            Cell(format.money(item.missing_cny)),
        )
        for item in firms.near
    ]
    none = f"近12个月的企业进出口{NO_DATA}，不列近线企业。" if facts.tally is None else "没有近线企业。"
    return _listing("近线企业（按差额由小到大）", NEAR, rows, none)


def _moved(facts: Facts, firms: Firms) -> Iterator[Block]:
    rows = [
        (
            Cell(item.name),
            Cell(short(facts.policy, item.unit)),
            Cell(_step(facts, item)),
            Cell(format.money(item.ttm_cny)),
        )
        for item in firms.movers
    ]
    known = facts.tally is not None and facts.tally.month is not None
    none = "与上月相比没有升降档的企业。" if known else f"上月的企业进出口{NO_DATA}，不作比较。"
    return _listing("与上月相比升降档的企业", MOVED, rows, none)


def _step(facts: Facts, item: Mover) -> str:
    verb = "升至" if item.tier > item.tier_before else "降至"
    return f"{_tier(facts, item.tier_before)}{verb}{_tier(facts, item.tier)}"


def _tier(facts: Facts, reached: int) -> str:
    lines = facts.policy.document.tiers_cny
    return f"{format.line(lines[reached - 1])}档" if reached else f"{format.line(lines[0])}以下"


def _passed(facts: Facts, firms: Firms) -> Iterator[Block]:
    rows = [
        (
            Cell(item.name),
            Cell(short(facts.policy, item.unit)),
            Cell("新增" if item.came else "退出"),
            Cell(format.money(item.value_cny)),
        )
        for item in firms.passages
    ]
    known = facts.tally is not None and facts.tally.passages is not None
    none = "没有新增和退出的企业。" if known else f"上一个12个月的企业进出口{NO_DATA}，不作比较。"
    return _listing("新增和退出的企业（按金额由大到小）", PASSED, rows, none)
