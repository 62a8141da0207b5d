"""Firms by tier, near a line, across a line, come and gone, and how concentrated the trade is.

Counts are for every reader; single firms only for whom ``store.sees_firms`` lets see them, else Forbidden.
A unit is a code of the policy, the city's for all units; a period is ``YYYY-MM``; amounts are yuan of imports
and exports in the twelve months that end with the period (近12个月). A firm is one 统一社会信用代码.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dashboard import store
from dashboard.address import View, href
from dashboard.store import Gate

Since = Literal["month", "december"]

OF_UNIT = "(firm.unit = $1 or $1 in (select unit from unit where role = 'city'))"
AT_PERIOD = "firm.period = cast($2 || '-01' as date)"
NEAR = f"""
    select uscc, firm_name, unit, ttm_total, next_cny, next_cny - ttm_total as missing_cny
    from mart_firm_tier as firm where {AT_PERIOD} and {OF_UNIT} and near
    order by missing_cny, uscc
"""
MOVED = {
    since: f"""
    select uscc, firm_name, unit, tier_{since}, tier, ttm_{since}, ttm_total
    from mart_firm_tier as firm where {AT_PERIOD} and {OF_UNIT} and tier <> tier_{since}
    order by tier - tier_{since} > 0 desc, greatest(tier, tier_{since}) desc, ttm_total desc, uscc
    """
    for since in ("month", "december")
}
# A correction may leave a total below zero: that is no trade either.
CAME = "ttm_total > 0 and ttm_year <= 0"
WENT = "ttm_total <= 0 and ttm_year > 0"
PASSED = f"""
    select uscc, firm_name, unit, {CAME} as came, case when {CAME} then ttm_total else ttm_year end as value_cny
    from mart_firm_tier as firm where {AT_PERIOD} and {OF_UNIT} and ({CAME} or {WENT})
    order by value_cny desc, uscc
"""
TALLY = f"""
    select
        count(case when ttm_total > 0 then 1 end) as trading,
        count(case when near then 1 end) as near,
        count(case when tier > tier_month then 1 end), count(case when tier < tier_month then 1 end),
        count(tier_month) > 0,
        count(case when tier > tier_december then 1 end), count(case when tier < tier_december then 1 end),
        count(tier_december) > 0,
        count(case when {CAME} then 1 end), count(case when {WENT} then 1 end),
        count(ttm_year) > 0
    from mart_firm_tier as firm where {AT_PERIOD} and {OF_UNIT}
"""
# A firm reaches a line where it reaches at least as many lines as stand up to it. Months without a firm there count none.
TIERS = f"""
    with counted as (
        select
            period, tier, next_cny,
            count(case when {OF_UNIT} then 1 end) as firms, count(case when near and {OF_UNIT} then 1 end) as near
        from mart_firm_tier as firm where period <= cast($2 || '-01' as date)
        group by period, tier, next_cny
    ),
    line as (select line_cny, row_number() over (order by line_cny) as nth from tier)
    select
        cast(line.line_cny as bigint), strftime(counted.period, '%Y-%m'),
        cast(sum(case when counted.tier >= line.nth then counted.firms else 0 end) as bigint),
        cast(sum(case when counted.next_cny = line.line_cny then counted.near else 0 end) as bigint)
    from counted
    cross join line
    group by 1, 2 order by 1, 2
"""
CONCENTRATION = f"""
    with firm as (
        select ttm_total, row_number() over (order by ttm_total desc, uscc) as nth, sum(ttm_total) over () as total_cny
        from mart_firm_tier as firm where {AT_PERIOD} and {OF_UNIT} and ttm_total > 0
    )
    select
        count(*), max(total_cny),
        cast(sum(case when nth <= 5 then ttm_total end) as double) / cast(max(total_cny) as double),
        cast(sum(case when nth <= 20 then ttm_total end) as double) / cast(max(total_cny) as double),
        sum(power(cast(ttm_total as double) / cast(total_cny as double), 2))
    from firm having count(*) > 0
"""


@dataclass(frozen=True)
class NearFirm:
    """A firm at the near-line share of the next line or above, and what it is short of that line."""

    uscc: str
    name: str
    unit: str
    ttm_cny: Decimal
    line_cny: Decimal
    missing_cny: Decimal


@dataclass(frozen=True)
class Mover:
    """A firm in another tier than before. Tiers count the lines reached, 0 for none."""

    uscc: str
    name: str
    unit: str
    tier_before: int
    tier: int
    before_cny: Decimal
    ttm_cny: Decimal


@dataclass(frozen=True)
class Passage:
    """A firm that traded in these twelve months and not in the twelve before (came), or the other way round.

    value_cny: of the twelve months in which it traded.
    """

    uscc: str
    name: str
    unit: str
    came: bool
    value_cny: Decimal


@dataclass(frozen=True)
class Moves:
    """How many firms went up and down a tier; None for the whole where there is nothing to compare with."""

    up: int
    down: int


@dataclass(frozen=True)
class Tally:
    """Firms by number only, for every reader. month, december: against last month, last December.

    passages: came (up) and gone (down) against the twelve months before.
    """

    trading: int
    near: int
    month: Moves | None
    december: Moves | None
    passages: Moves | None


@dataclass(frozen=True)
class Tiers:
    """Firms by line (yuan) and month: those that reach it, and those near it from below.

    periods: the months up to the one asked for whose twelve-month totals are known.
    """

    lines: tuple[int, ...]
    periods: tuple[str, ...]
    reached: Mapping[tuple[int, str], int]
    near: Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Concentration:
    """How much of the trade the largest firms have. Shares and hhi (sum of squared shares) lie between 0 and 1."""

    firms: int
    total_cny: Decimal
    top5: float
    top20: float
    hhi: float


def address(view: View, uscc: str) -> str:
    """The address of one firm's page."""
    return href("firms", view, firm=uscc, find="")


def near_line(gate: Gate, unit: str, period: str) -> tuple[NearFirm, ...]:
    """The firms close to their next line, the least missing first. Forbidden unless the viewer may see them."""
    store.require_firms(gate, unit)
    return tuple(NearFirm(*row) for row in store.read(gate, NEAR, unit, period).iter_rows())


def movers(gate: Gate, unit: str, period: str, since: Since) -> tuple[Mover, ...]:
    """The firms in another tier than last month or last December: up first, high tiers first.

    Forbidden unless the viewer may see them.
    """
    store.require_firms(gate, unit)
    return tuple(Mover(*row) for row in store.read(gate, MOVED[since], unit, period).iter_rows())


def passages(gate: Gate, unit: str, period: str) -> tuple[Passage, ...]:
    """The firms that came and those that went, the largest first. Forbidden unless the viewer may see them."""
    store.require_firms(gate, unit)
    return tuple(Passage(*row) for row in store.read(gate, PASSED, unit, period).iter_rows())


def tally(gate: Gate, unit: str, period: str) -> Tally | None:
    """How many firms trade, are near a line, moved, came and went; None where that month's totals are not known."""
    if period not in tiers(gate, unit, period).periods:
        return None
    trading, near, *pairs = next(store.read(gate, TALLY, unit, period).iter_rows())
    moves = (Moves(*pairs[at : at + 2]) if pairs[at + 2] else None for at in (0, 3, 6))
    return Tally(trading, near, *moves)


def tiers(gate: Gate, unit: str, period: str) -> Tiers:
    """How many firms reach each line of the document and are near it, month by month; for every reader."""
    rows = store.read(gate, TIERS, unit, period).rows()
    return Tiers(
        tuple(dict.fromkeys(row[0] for row in rows)),
        tuple(dict.fromkeys(row[1] for row in rows)),
        {(line, at): reached for line, at, reached, _ in rows},
        {(line, at): near for line, at, _, near in rows},
    )


def concentration(gate: Gate, unit: str, period: str) -> Concentration | None:
    """How concentrated the trade is; None without a trading firm. Forbidden unless the viewer may see the firms."""
    store.require_firms(gate, unit)
    rows = store.read(gate, CONCENTRATION, unit, period).rows()
    return Concentration(*rows[0]) if rows else None
