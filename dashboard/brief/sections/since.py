"""与上次简报相比: which lights turned and which values moved since the brief that was made before."""

from collections.abc import Iterator

from dashboard import format, words
from dashboard.board import Board, Light, level_of
from dashboard.brief.document import Block, Cell, Column, Section, Table
from dashboard.brief.facts import Before, Facts
from dashboard.brief.sections.common import TURNS, lamp, para, short, turned, value_cell
from dashboard.brief.sentences import close, listed

COLUMNS = (
    Column("指标", 3, "left"),
    Column("上次", 1.6, "right"),
    Column("本次", 1.6, "right"),
    Column("增减", 2, "right"),
    Column("上次状态", 1.6),
    Column("本次状态", 1.6),
)


def build(facts: Facts) -> Section | None:
    """None where no brief was made before."""
    then = facts.before
    if then is None:
        return None
    head = f"上次简报：{format.period(then.period)}数据，{format.date(then.made_at[:10])}制，快照{then.snapshot}。"
    if then.board is None:
        said = "其快照由其他版本的程序生成或已损坏，本版本不能读取，不作比较。"
        return Section("since", "与上次简报相比", (para(head, said),), ((head, said),))
    changes = _turned(facts, then, then.board)
    blocks: tuple[Block, ...] = (para(head), para(changes), *_table(facts, then, then.board))
    return Section("since", "与上次简报相比", blocks, ((head,), (changes,)))


def _units(facts: Facts) -> list[str]:
    return [facts.place, *(unit.code for unit in facts.policy.counties)] if facts.of_city else [facts.place]


def _turned(facts: Facts, then: Before, board: Board) -> str:
    """The place's own lights, and of the city those of the units, by name."""
    pairs = [
        (light, board.light(item.id, unit, then.period))
        for unit in _units(facts)
        for item in facts.indicators
        if (light := facts.light(item.id, unit))
    ]
    found = turned(pairs)
    parts = [
        f"{word}的有{listed(_named(facts, light) for light in found[tone])}"
        for tone, word in TURNS
        if found[tone]
    ]
    return ("；".join(parts) or "各项目标的灯没有变化") + "。"


def _named(facts: Facts, light: Light) -> str:
    name = facts.policy.indicator(light.indicator).short
    return f"{short(facts.policy, light.unit)}{name}"


def _table(facts: Facts, then: Before, board: Board) -> Iterator[Block]:
    """The place's values then and now."""
    pairs = (
        (facts.light(item.id), board.light(item.id, facts.place, then.period)) for item in facts.indicators
    )
    rows = tuple(_row(facts, now, old) for now, old in pairs if now and old)
    if rows:
        yield Table(f"{facts.name}目标与上次简报相比", COLUMNS, rows)


def _row(facts: Facts, now: Light, old: Light) -> tuple[Cell, ...]:
    name = facts.policy.indicator(now.indicator).name
    return (
        Cell(name),
        Cell(close(str(words.value(facts.policy, old)))),
        value_cell(facts.policy, now),
        Cell(_moved(facts, now, old)),
        lamp(old),
        lamp(now),
    )


def _moved(facts: Facts, now: Light, old: Light) -> str:
    """The signed difference, of shares and growths in points; 「持平」 where there is none."""
    if now.value is None or old.value is None:
        return format.DASH
    _, level = level_of(facts.policy, now)
    delta = now.value - old.value
    if not delta:
        return "持平"
    return f"{'+' if delta > 0 else '−'}{close(format.difference(level.kind, delta, level.unit))}"
