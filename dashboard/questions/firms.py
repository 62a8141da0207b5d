"""Firms by tier, near a line, across a line, come and gone, and how concentrated the trade is.

Counts are for every reader; single firms only for whom ``store.sees_firms`` lets see them, else Forbidden.
A unit is a code of the policy, the city's for all units; a period is ``YYYY-MM``; amounts are yuan of imports
and exports in the twelve months that end with the period (近12个月). A firm is one 统一社会信用代码.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

import polars as pl

from dashboard import store
from dashboard.address import View, href
from dashboard.store import Gate
from etl.policy import load_policy

Since = Literal["month", "december"]

# All of a page's lists are made of the same few hundred rows: to read them once takes less than to plan six queries.
MONTH = """
    select
        uscc, firm_name, unit, ttm_total, tier, next_cny, near, next_cny - ttm_total as missing_cny,
        ttm_month, tier_month, ttm_december, tier_december, ttm_year
    from mart_firm_tier where period = cast($1 || '-01' as date) order by uscc
"""
COUNTED = """
    select strftime(period, '%Y-%m'), unit, tier, next_cny, count(*), count(case when near then 1 end)
    from mart_firm_tier group by period, unit, tier, next_cny order by period
"""
LINES = "select cast(line_cny as bigint) from tier order by line_cny"
# A correction may leave a total below zero: that is no trade either.
CAME = (pl.col("ttm_total") > 0) & (pl.col("ttm_year") <= 0)
WENT = (pl.col("ttm_total") <= 0) & (pl.col("ttm_year") > 0)
TOP = (5, 20)  # firms whose share in the trade is told
NAMED = ("uscc", "firm_name", "unit")


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
    near = _seen(gate, unit, period).filter("near").sort("missing_cny", "uscc")
    return tuple(
        NearFirm(*row) for row in near.select(*NAMED, "ttm_total", "next_cny", "missing_cny").iter_rows()
    )


def movers(gate: Gate, unit: str, period: str, since: Since) -> tuple[Mover, ...]:
    """The firms in another tier than last month or last December: up first, high tiers first.

    Forbidden unless the viewer may see them.
    """
    tier, then = pl.col("tier"), pl.col(f"tier_{since}")
    moved = _seen(gate, unit, period).filter(tier != then)
    order = (tier > then, pl.max_horizontal(tier, then), "ttm_total")
    moved = moved.sort(*order, "uscc", descending=[True, True, True, False])
    shown = moved.select(*NAMED, then, tier, f"ttm_{since}", "ttm_total")
    return tuple(Mover(*row) for row in shown.iter_rows())


def passages(gate: Gate, unit: str, period: str) -> tuple[Passage, ...]:
    """The firms that came and those that went, the largest first. Forbidden unless the viewer may see them."""
    value = pl.when(CAME).then("ttm_total").otherwise("ttm_year").alias("value_cny")
    passed = _seen(gate, unit, period).filter(CAME | WENT).select(*NAMED, CAME.alias("came"), value)
    return tuple(
        Passage(*row) for row in passed.sort("value_cny", "uscc", descending=[True, False]).iter_rows()
    )


def tally(gate: Gate, unit: str, period: str) -> Tally | None:
    """How many firms trade, are near a line, moved, came and went; None where that month's totals are not known."""
    if period not in tiers(gate, unit, period).periods:
        return None
    firms = _of(gate, unit, period)
    counted = firms.select(
        trading=(pl.col("ttm_total") > 0).sum(), near=pl.col("near").sum(),
        up_month=(pl.col("tier") > pl.col("tier_month")).sum(),
        down_month=(pl.col("tier") < pl.col("tier_month")).sum(),
        up_december=(pl.col("tier") > pl.col("tier_december")).sum(),
        down_december=(pl.col("tier") < pl.col("tier_december")).sum(),
        came=CAME.sum(), went=WENT.sum(),
    ).row(0)  # fmt: skip
    trading, near, *pairs = counted
    compared = (firms[column].count() > 0 for column in ("tier_month", "tier_december", "ttm_year"))
    moves = (Moves(*pairs[2 * at : 2 * at + 2]) if known else None for at, known in enumerate(compared))
    return Tally(trading, near, *moves)


def tiers(gate: Gate, unit: str, period: str) -> Tiers:
    """How many firms reach each line of the document and are near it, month by month; for every reader."""
    months = {at: rows for at, rows in store.common(gate, _by_month, COUNTED).items() if at <= period}
    lines = [line for (line,) in store.public(gate, LINES).iter_rows()] if months else []
    everywhere = unit == load_policy().city.code
    reached: dict[tuple[int, str], int] = {}
    near: dict[tuple[int, str], int] = {}
    for at, rows in months.items():
        own = [row for row in rows if everywhere or row[0] == unit]
        for nth, line in enumerate(lines, 1):
            # A firm reaches a line where it reaches at least as many lines as stand up to it.
            reached[line, at] = sum(firms for _, tier, _, firms, _ in own if tier >= nth)
            near[line, at] = sum(close for _, _, following, _, close in own if following == line)
    return Tiers(tuple(lines), tuple(months), reached, near)


def _by_month(rows: pl.DataFrame) -> dict[str, list[tuple[str, int, int | None, int, int]]]:
    """By month the rows of (unit, tier, next line, firms, of them near)."""
    found: dict[str, list[tuple[str, int, int | None, int, int]]] = {}
    for at, *row in rows.iter_rows():
        found.setdefault(at, []).append(tuple(row))
    return found


def concentration(gate: Gate, unit: str, period: str) -> Concentration | None:
    """How concentrated the trade is; None without a trading firm. Forbidden unless the viewer may see the firms."""
    traded = _seen(gate, unit, period)["ttm_total"].sort(descending=True)
    traded = traded.filter(traded > 0)
    if traded.is_empty():
        return None
    total = cast(Decimal, traded.sum())
    shares = [float(value) / float(total) for value in traded]
    top5, top20 = (float(traded.head(count).sum()) / float(total) for count in TOP)
    return Concentration(len(shares), total, top5, top20, sum(share**2 for share in shares))


def _seen(gate: Gate, unit: str, period: str) -> pl.DataFrame:
    """As ``_of``; Forbidden unless the viewer may see single firms of the unit."""
    store.require_firms(gate, unit)
    return _of(gate, unit, period)


def _of(gate: Gate, unit: str, period: str) -> pl.DataFrame:
    """A unit's firms in a month: one row a firm, by credit code. Only counts of it are for every reader."""
    firms = store.common(gate, store.as_they_are, MONTH, period)
    return firms if unit == load_policy().city.code else firms.filter(pl.col("unit") == unit)
