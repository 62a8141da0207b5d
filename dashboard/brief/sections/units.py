"""分县市区情况: how the 12 stand, who moved, who is behind on what."""

from collections.abc import Iterator

from dashboard import format, words
from dashboard.board import Light, Rank, lights_of, shortfall
from dashboard.brief.document import Block, Cell, Chart, Column, Figure, Key, Runs, Section, Series, Table
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import joined, numbered, para
from dashboard.brief.sentences import NO_DATA, close, growth, listed, moved, rate
from dashboard.format import through
from etl.policy import Unit

ENDS = 3
RANKING = (
    Column("位次", 0.8),
    Column("县市区", 2),
    Column("亮灯项数", 1.3),
    Column("绿灯", 1),
    Column("已达标", 1),
    Column("滞后", 1),
    Column("比上月", 1.4),
)
BEHIND = (Column("县市区", 1.5), Column("项数", 0.7), Column("滞后指标及差距", 8, "left"))
YI = 100_000_000


def build(facts: Facts) -> Section:
    """综合位次, trade, and the red lights of each."""
    parts = (("综合位次", _ranking(facts)), ("进出口", _trade(facts)), ("滞后情况", _behind(facts)))
    gist: tuple[Runs, ...] = (_leaders(facts), _movers(facts), _growth(facts))
    return Section("units", "分县市区情况", tuple(numbered(parts)), gist)


def _placed(facts: Facts) -> list[tuple[Unit, Rank]]:
    """The 12 by place; those without one last."""
    found = [(unit, rank) for unit in facts.policy.counties if (rank := facts.rank(unit.code))]
    return sorted(found, key=lambda pair: (pair[1].rank is None, pair[1].rank or 0))


def _ranking(facts: Facts) -> Iterator[Block]:
    placed = _placed(facts)
    if not placed:
        yield para(f"县市区综合位次{NO_DATA}。")
        return
    yield para(_leaders(facts), _movers(facts))
    rows = tuple(_rank_row(facts, unit, rank) for unit, rank in placed)
    note = "按亮灯项数中绿灯占比排序，占比相同的按已达标项数；并列的位次相同。"
    yield Table(f"县市区综合位次（{format.period(facts.period)}）", RANKING, rows, note)


def _rank_row(facts: Facts, unit: Unit, rank: Rank) -> tuple[Cell, ...]:
    then = facts.rank(unit.code, 1)
    red = len(_red(facts, unit.code))
    return (
        Cell(format.DASH if rank.rank is None else str(rank.rank)),
        Cell(unit.short),
        *(Cell(str(number)) for number in (rank.coloured, rank.green, rank.met)),
        Cell(str(red), "red" if red else ""),
        Cell(moved(rank.rank, then.rank if then else None)),
    )


def _leaders(facts: Facts) -> Runs:
    """Who is first and who last; ties name all of them."""
    placed = [(unit, rank.rank) for unit, rank in _placed(facts) if rank.rank is not None]
    if not placed:
        return (f"县市区综合位次{NO_DATA}。",)
    worst = max(rank for _, rank in placed)
    first = [_ranked(facts, unit, rank) for unit, rank in placed if rank <= ENDS]
    last = [_ranked(facts, unit, rank) for unit, rank in placed if rank == worst and rank > ENDS]
    behind = ["；末位为", *joined(last, "、")] if last else []
    return "综合位次居前的有", *joined(first, "、"), *behind, "。"


def _ranked(facts: Facts, unit: Unit, rank: int) -> Runs:
    return f"{unit.short}（", Figure(f"第{rank}位", Key("rank", unit.code, facts.period), rank), "）"


def _movers(facts: Facts) -> Runs:
    ranks = ((unit, facts.rank(unit.code), facts.rank(unit.code, 1)) for unit in facts.policy.counties)
    known = [
        (unit, then.rank - now.rank)
        for unit, now, then in ranks
        if now and then and now.rank is not None and then.rank is not None
    ]
    if not known:
        return ("没有上月位次可比。",)
    turns = sorted({steps for _, steps in known if steps}, key=lambda steps: (steps < 0, -abs(steps)))
    groups = [_moved(facts, [unit for unit, made in known if made == steps], steps) for steps in turns]
    return ("与上月相比，", *joined(groups), "。") if groups else ("与上月相比，位次没有变化。",)


def _moved(facts: Facts, units: list[Unit], steps: int) -> Runs:
    """「道县、宁远县各上升1位」."""
    each = "各" if len(units) > 1 else ""
    verb = "上升" if steps > 0 else "下降"
    figure = Figure(f"{abs(steps)}位", Key("moved:rank", units[0].code, facts.period), abs(steps))
    return f"{listed(unit.short for unit in units)}{each}{verb}", figure


def _trade(facts: Facts) -> Iterator[Block]:
    yield para(_growth(facts))
    amounts = ((unit, facts.amounts(unit.code)) for unit in facts.policy.counties)
    known = [(unit, now.ytd_total) for unit, now in amounts if now and now.ytd_total is not None]
    known.sort(key=lambda pair: -pair[1])
    if known:
        yield Chart(
            f"县市区{through(facts.period)}进出口（亿元）",
            "bar",
            tuple(unit.short for unit, _ in known),
            (Series("进出口累计", tuple(float(total) / YI for _, total in known)),),
            "0.00",
        )


def _growth(facts: Facts) -> Runs:
    """Who grew most, who fell."""
    found = []
    for unit in facts.policy.counties:
        now, then = facts.amounts(unit.code), facts.amounts(unit.code, 12)
        amounts = (now.ytd_total if now else None, then.ytd_total if then else None)
        exact = rate(*amounts)
        if exact is not None:
            said = growth(*amounts, Key("ytd_total", unit.code, facts.period))
            found.append((exact, (f"{unit.short}（", said, "）")))
    if not found:
        return (f"县市区进出口同比{NO_DATA}。",)
    found.sort(key=lambda item: -item[0])
    best = joined([runs for exact, runs in found if exact > 0][:ENDS], "、")
    fell = joined([runs for exact, runs in reversed(found) if exact < 0], "、")
    fast = ["进出口累计同比增速居前的有", *best] if best else ["进出口累计同比没有增长的县市区"]
    slow = ["同比下降的有", *fell] if fell else ["没有同比下降的县市区"]
    return *fast, "；", *slow, "。"


def _red(facts: Facts, unit: str) -> list[Light]:
    return [
        light for light in lights_of(facts.board, facts.policy, unit, facts.period) if light.tone == "red"
    ]


def _behind(facts: Facts) -> Iterator[Block]:
    red = [(unit, _red(facts, unit.code)) for unit in facts.policy.counties]
    behind = sorted(((unit, found) for unit, found in red if found), key=lambda pair: -len(pair[1]))
    tones = {
        unit.short: {light.tone for light in lights_of(facts.board, facts.policy, unit.code, facts.period)}
        for unit, found in red
        if not found
    }
    lit = [name for name, found in tones.items() if "green" in found]
    dark = [name for name, found in tones.items() if found - {""} == {"grey"}]
    if lit:
        yield para(f"没有滞后目标的有{listed(lit)}。")
    if dark:
        yield para(f"各项目标均{NO_DATA}的有{listed(dark)}。")
    if behind:
        rows = tuple(
            (Cell(unit.short), Cell(str(len(found)), "red"), Cell(_gaps(facts, found)))
            for unit, found in behind
        )
        yield Table(f"县市区滞后目标（{format.period(facts.period)}）", BEHIND, rows)


def _gaps(facts: Facts, found: list[Light]) -> str:
    return "；".join(
        facts.policy.indicator(light.indicator).short
        + (f"（{light.note}）" if shortfall(light) is None else close(words.apart(facts.policy, light)))
        for light in found
    )


def standing(facts: Facts) -> Runs:
    """One unit's place in a sentence: 「道县综合位次第3，比上月上升1位；亮灯9项中绿灯8项」."""
    unit, now, then = facts.policy.unit(facts.place), facts.rank(facts.place), facts.rank(facts.place, 1)
    if now is None or now.rank is None:
        return (f"{unit.short}综合位次{NO_DATA}。",)
    rank = Figure(f"第{now.rank}位", Key("rank", unit.code, facts.period), now.rank)
    counts = zip(("coloured", "green"), (now.coloured, now.green), strict=True)
    lit, green = (
        Figure(f"{number}项", Key(f"{name}:rank", unit.code, facts.period), number) for name, number in counts
    )
    steps = _steps(facts, unit, now.rank, then.rank if then else None)
    return f"{unit.short}综合位次", rank, *steps, "；亮灯", lit, "中绿灯", green, "。"


def _steps(facts: Facts, unit: Unit, now: int, then: int | None) -> Runs:
    if then is None:
        return ()
    if now == then:
        return ("，与上月持平",)
    steps = abs(now - then)
    key = Key("moved:rank", unit.code, facts.period)
    return f"，比上月{'上升' if now < then else '下降'}", Figure(f"{steps}位", key, steps)
