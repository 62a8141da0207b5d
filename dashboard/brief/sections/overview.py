"""总体情况: trade and the count of lights, with the map."""

from collections.abc import Iterator
from fractions import Fraction

from dashboard import format
from dashboard.board import Light, before
from dashboard.brief.document import Block, Figure, Key, Run, Runs, Section
from dashboard.brief.facts import Facts, Trade
from dashboard.brief.maps import picture
from dashboard.brief.sections.common import TURNS, joined, lights, numbered, para, turned
from dashboard.brief.sections.units import standing
from dashboard.brief.sentences import NO_DATA, amount, listed, money, tally, value
from dashboard.format import through
from etl.estimate import year_end

FLOWS = (("进出口", "total"), ("出口", "export"), ("进口", "import"))
ESTIMATE = "按「本年累计×上年全年÷上年同月累计」推算"


def build(facts: Facts) -> Section:
    """Trade, lights, and what turned since last month."""
    blocks = tuple(numbered((("外贸规模", _trade(facts)), ("目标完成情况", _lights(facts)))))
    return Section("overview", "总体情况", blocks, _points(facts))


def _points(facts: Facts) -> tuple[Runs, ...]:
    found = lights(facts)
    place = () if facts.of_city else (standing(facts),)
    return tuple(_cumulative(facts)), (*_tally(facts, found), "。"), tuple(_turns(facts, found)), *place


def _trade(facts: Facts) -> Iterator[Block]:
    yield para(_cumulative(facts))
    if month := _month(facts):
        yield para(month)
    yield para(_longer(facts))


def _cumulative(facts: Facts) -> list[Run]:
    now, then = facts.amounts(facts.place), facts.amounts(facts.place, 12)
    span = f"{facts.period[:4]}年{through(facts.period)}，{facts.name}"
    if now is None or now.ytd_total is None:
        return [f"{span}进出口累计{NO_DATA}。"]
    total, *flows = (_amount(facts, f"ytd_{flow}", name, now, then) for name, flow in FLOWS)
    return [span, *total, "。其中：", *joined(flows), "。"]


def _amount(facts: Facts, measure: str, name: str, now: Trade, then: Trade | None) -> Runs:
    key = Key(measure, now.unit, now.period)
    return amount(name, now.of(measure), then.of(measure) if then else None, key)


def _month(facts: Facts) -> list[Run]:
    """The month alone; nothing where the month's figures stand for January and February in one."""
    now, then = facts.amounts(facts.place), facts.amounts(facts.place, 12)
    if now is None or now.month_total is None or now.months != 1 or facts.period.endswith("-01"):
        return []
    comparable = then if then and then.months == 1 else None
    parts = [_amount(facts, f"month_{flow}", name, now, comparable) for name, flow in FLOWS]
    return [f"{int(facts.period[5:])}月当月，", *joined(parts), "。"]


def _longer(facts: Facts) -> list[Run]:
    """The twelve months, the place's share of the city, and the year-end estimate."""
    now = facts.amounts(facts.place)
    if now is None or now.ttm_total is None:
        return [f"近12个月进出口{NO_DATA}。"]
    parts: list[list[Run]] = [
        ["近12个月进出口", money(now.ttm_total, Key("ttm_total", now.unit, now.period))]
    ]
    city = facts.amounts(facts.policy.city.code)
    if not facts.of_city and city and city.ytd_total and now.ytd_total is not None:
        share = float(Fraction(now.ytd_total) / Fraction(city.ytd_total))
        key = Key("share_total", now.unit, now.period)
        parts.append(["本年累计占全市", Figure(format.percent(share), key, share)])
    return [*joined(parts, "，"), "。", *_year_end(facts)]


def _year_end(facts: Facts) -> list[Run]:
    total = year_end_total(facts, facts.place)
    if total is None:
        return []
    key = Key("year_end_total", facts.place, facts.period)
    figure = Figure(format.money(float(total)), key, float(total))
    return [f"{ESTIMATE}，全年进出口约", figure, "（预估，仅供参考）。"]


def year_end_total(facts: Facts, unit: str) -> Fraction | None:
    """The year's imports and exports by the rule, each flow alone; None in December and where a month is missing."""
    year = int(facts.period[:4]) - 1
    rows = (facts.trade.get((unit, at)) for at in (facts.period, f"{year}-12", before(facts.period, 12)))
    now, december, same = rows
    if facts.period.endswith("-12") or now is None or december is None or same is None:
        return None
    ends = [
        year_end(now.of(measure), december.of(measure), same.of(measure))
        for measure in ("ytd_export", "ytd_import")
    ]
    return sum((end for end in ends if end is not None), Fraction(0)) if None not in ends else None


def _lights(facts: Facts) -> Iterator[Block]:
    found = lights(facts)
    yield para(facts.name, _tally(facts, found), "。", _turns(facts, found))
    if not facts.of_city:
        yield para(standing(facts))
    if ends := _ends(facts):
        yield para(ends)
    if drawn := picture(facts):
        yield drawn


def _tally(facts: Facts, found: list[Light]) -> Runs:
    return tally(found, Key("lights", facts.place, facts.period))


def _turns(facts: Facts, found: list[Light]) -> list[Run]:
    """What turned since last month."""
    then = before(facts.period)
    if then not in facts.board.periods:
        return []
    changed = turned((light, facts.light(light.indicator, light.unit, then)) for light in found)
    parts: list[list[Run]] = [
        [
            Figure(f"{len(group)}项", Key(f"turned_{tone}:lights", facts.place, facts.period), len(group)),
            f"{word}（{listed(facts.policy.indicator(light.indicator).name for light in group)}）",
        ]
        for tone, word in TURNS
        if (group := changed[tone])
    ]
    return ["与上月相比，", *(joined(parts, "，") or ["各项目标的灯没有变化"]), "。"]


def _ends(facts: Facts) -> list[Run]:
    """The year-end estimates of indicators."""
    groups: list[list[Run]] = []
    for id, light in facts.ends.items():
        shown = value(facts.policy, light)
        if isinstance(shown, Figure):
            key = Key(f"year_end:{id}", light.unit, light.period)
            groups.append([facts.policy.indicator(id).name, "约", Figure(shown.text, key, shown.value)])
    how = ESTIMATE if year_end_total(facts, facts.place) is None else "按同样办法推算"
    return [f"{how}，年末", *joined(groups, "、"), "（预估，仅供参考）。"] if groups else []
