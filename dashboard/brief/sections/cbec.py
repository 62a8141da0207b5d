"""跨境电商: the year so far, its average annual growth, and the other new forms of trade of the same clause."""

from collections.abc import Iterator

from dashboard.board import Light, before
from dashboard.brief.document import Block, Chart, Key, Run, Section, Series
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import joined, lights, numbered, para
from dashboard.brief.sentences import NO_DATA, amount, stands
from dashboard.format import through

GROWTH = "cbec_growth"
MONTHS = 24
YI = 100_000_000


def build(facts: Facts) -> Section:
    """Amounts and growth; the register's counts."""
    sums = _sums(facts)
    parts = (("跨境电商贸易", [para(sums), *_growth(facts), *_chart(facts)]), ("其他新业态", _others(facts)))
    return Section("cbec", "跨境电商", tuple(numbered(parts)), (tuple(sums), *_gist(facts)))


def _sums(facts: Facts) -> list[Run]:
    now = facts.cbec.get((facts.place, facts.period))
    then = facts.cbec.get((facts.place, before(facts.period, 12)))
    if now is None or now.ytd_cny is None:
        return [f"{through(facts.period)}，{facts.name}跨境电商进出口{NO_DATA}。"]
    key, month = (Key(name, facts.place, facts.period) for name in ("cbec_ytd", "cbec_month"))
    parts = [amount("跨境电商进出口", now.ytd_cny, then.ytd_cny if then else None, key)]
    if now.month_cny is not None and not facts.period.endswith("-01"):  # whose month is its year so far
        parts.append(amount("当月", now.month_cny, then.month_cny if then else None, month))
    return [f"{through(facts.period)}，{facts.name}", *joined(parts), "。"]


def _growth(facts: Facts) -> Iterator[Block]:
    if (light := facts.light(GROWTH)) is not None and light.tone:
        indicator = facts.policy.indicator(GROWTH)
        yield para(indicator.name, stands(facts.policy, light), "。")


def _gist(facts: Facts) -> Iterator[tuple[Run, ...]]:
    for light in _clause(facts):
        yield facts.policy.indicator(light.indicator).name, *stands(facts.policy, light), "。"


def _clause(facts: Facts) -> list[Light]:
    clause = next((item.clause for item in facts.policy.indicators if item.id == GROWTH), None)
    return [
        light
        for light in lights(facts)
        if light.tone and facts.policy.indicator(light.indicator).clause == clause
    ]


def _others(facts: Facts) -> Iterator[Block]:
    found = [light for light in _clause(facts) if light.indicator != GROWTH]
    if found:
        names = (facts.policy.indicator(light.indicator).name for light in found)
        groups = [(name, *stands(facts.policy, light)) for name, light in zip(names, found, strict=True)]
        yield para(joined(groups), "。")


def _chart(facts: Facts) -> Iterator[Block]:
    periods = [before(facts.period, back) for back in range(MONTHS - 1, -1, -1)]
    rows = [facts.cbec.get((facts.place, period)) for period in periods]
    values = tuple(
        None if row is None or row.month_cny is None else float(row.month_cny) / YI for row in rows
    )
    if sum(item is not None for item in values) >= 2:
        name = f"{facts.name}跨境电商当月进出口（亿元）"
        yield Chart(name, "line", tuple(periods), (Series("当月", values),), "0.00")
