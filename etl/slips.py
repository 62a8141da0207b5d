"""Amounts in another unit or currency than they should be, by what was loaded before: phrases for a hold.

Each figure of a kind is compared with itself, and all of them together: exports in 元 beside imports in 万元 show
in the imports alone. What is looked at is the month before (up to three) or the same month a year ago.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import duckdb

from etl.contracts import TRADE, Source
from etl.sources import declarations
from etl.warehouse import count, first_row, month_text

UNIT_SLIP = (
    2_000  # times, from which on it is no trade: 元 taken for 万元 (10⁴), 万元 for 亿元, 元 for 亿元 (10⁸)
)
CURRENCY_SLIP = (Decimal("5.5"), Decimal("9"))  # around the yuan for one dollar
LEAST_BASE_CNY = 10_000  # below it a single figure may well grow two-thousandfold
NAMED = 3

# What a kind's rows hold in a month, by the name that a hold uses. The first two are all of its trade, each once.
_TRADE = {
    "出口累计": "coalesce(ytd_export, ytd_total - ytd_import)",
    "进口累计": "coalesce(ytd_import, ytd_total - ytd_export)",
    **{TRADE[name][0]: name for name in ("ytd_total", "month_total", "month_export", "month_import")},
}
FIGURES: Mapping[str, Mapping[str, str]] = {
    "firm_month": _TRADE,
    "county_month": _TRADE,
    "cbec_month": {  # 1—2月 in one beside a month
        "出口": "cast(month_export / months as decimal(24,6))",
        "进口": "cast(month_import / months as decimal(24,6))",
    },
    "declarations": {
        word: f"case when {declarations.SOURCE.says('flow', flow)} then value_cny end"
        for word, flow in (("出口", "'export'"), ("进口", "'import'"))
    },
}
AMOUNT = {"support": "amount_cny", "rebates": "amount_cny", "park_projects": "amount", "events": "amount_cny"}
SUBJECT = {"firm_month": "uscc", "county_month": "unit", "cbec_month": "unit"}  # who a row is about
CUMULATIVE = ("firm_month", "county_month")
# rows of the fact table, as a condition: those of the file, of the months that it speaks for, or of none of these months
OWN = "file_id = $file"
COVERED = "exists (select 1 from coverage where file_id = $file and coverage.period = fact.period)"
OTHER = f"({OWN} or not {COVERED})"


@dataclass(frozen=True)
class _Pair:
    """One figure of a month, of one subject or of all, beside what it was before. row: the first with it."""

    subject: str
    figure: str
    period: dt.date
    row: int
    total: Decimal
    older_period: dt.date
    older_total: Decimal

    @property
    def grown_on(self) -> bool:
        """Whether it is a cumulative that goes on from the older one: that cannot fall."""
        return self.figure.endswith("累计") and self.older_period.year == self.period.year

    @property
    def expected(self) -> Decimal:
        """What it would be at the older one's pace."""
        return (
            self.older_total * self.period.month / self.older_period.month
            if self.grown_on
            else self.older_total
        )


def of_totals(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """The table's sum, or that of one figure, is some 10⁴ times, or a dollar's rate from, that of the month before."""
    if source.kind not in FIGURES:
        return []
    return list(by_total(con, source, file_id, OWN, OTHER).values())[:NAMED]


def by_total(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, newer: str, older: str
) -> dict[tuple[dt.date, str], str]:
    """What is off in the sums of the newer rows' months, by month and figure."""
    own = f"select count(*) from {source.table} where file_id = ? and period = ?"
    # two months of one file have one unit; there a month of next to nothing says no more
    telling = [
        pair
        for pair in _pairs(con, source, "''", file_id, newer, older)
        if min(pair.total, pair.older_total) >= LEAST_BASE_CNY
        or not count(con, own, [file_id, pair.older_period])
    ]
    return {
        (period, what): f"{month_text(period)} 的{what}与 {month_text(before)} 相比{word}"
        for period, before, what, word in _off(source, telling)
    }


def of_rows(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, older: str = OTHER) -> list[str]:
    """A figure of one row is some 10⁴ times what it was the month before; of 当月, which may be anything, only 累计.

    A cumulative that falls within its year to next to nothing is a slip; elsewhere either may have become that small.
    """
    if source.kind not in SUBJECT:
        return []
    found: dict[int, str] = {}
    for pair in _pairs(con, source, SUBJECT[source.kind], file_id, OWN, older):
        least = pair.older_total if pair.grown_on else min(pair.total, pair.older_total)
        if pair.figure not in _trade(source) or least < LEAST_BASE_CNY:
            continue
        if word := _slip(pair.total / pair.older_total, currency=False):
            before = month_text(pair.older_period)
            found.setdefault(
                pair.row,
                f"第{pair.row}行（{pair.subject}）{month_text(pair.period)} 的{pair.figure}与 {before} 相比{word}",
            )
    return [found[row] for row in sorted(found)][:NAMED]


def of_revisions(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """A month that the file replaces was some 10⁴ times, or a dollar's rate from, what it says now."""
    if source.kind not in FIGURES:
        return []
    replaced = """select 1 from coverage as new inner join coverage as old using (period)
        where new.file_id = ? and old.kind = ? and old.file_id <> new.file_id limit 1"""
    if not first_row(con, replaced, [file_id, source.kind]):
        return []
    sums = f"""unpivot (select period, min("row") as first_row, {_sums(source)} from {source.stored} as fact
        where {{}} and {COVERED} group by period) on columns(* exclude (period, first_row)) into name figure value total"""
    rows = con.execute(
        f"""with newer as ({sums.format(OWN)}), older as ({sums.format(f"not {OWN}")})
        select '', figure, period, newer.first_row, newer.total, period, older.total
        from newer inner join older using (period, figure)
        where newer.total > 0 and older.total > 0 order by period, figure""",
        {"file": file_id},
    ).fetchall()
    return [
        f"{month_text(period)} 的{what}与已加载的同月数据相比{word}"
        for period, _, what, word in _off(source, [_Pair(*row) for row in rows])
    ][:NAMED]


def of_entries(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """An entry of a ledger that was loaded before comes again with an amount some 10⁴ times another."""
    if source.kind not in AMOUNT:
        return []
    amount = AMOUNT[source.kind]
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in source.key)
    rows = con.execute(
        f"""select new."row", new.{amount} / old.{amount}
        from {source.table} as new inner join {source.table} as old on {same} and old.file_id <> new.file_id
        where new.file_id = ? and new.{amount} > 0 and old.{amount} > 0 order by 1""",
        [file_id],
    ).fetchall()
    words = ((row, _slip(Decimal(ratio), currency=False)) for row, ratio in rows)
    return [f"第{row}行的金额与已加载的同一记录相比{word}" for row, word in words if word][:NAMED]


def _pairs(
    con: duckdb.DuckDBPyConnection, source: Source, subject: str, file_id: int, newer: str, older: str
) -> list[_Pair]:
    """Sums by month of the newer rows beside the sums of the month before (of last year's same month in the first).

    One scan of the months that the file speaks for and the year before them: the others are not read. A figure
    that either does not have is left out, so that imports alone are never compared with imports and exports.
    """
    first, last = first_row(
        con, "select min(period), max(period) from coverage where file_id = ?", [file_id]
    ) or (None, None)
    same_year = "year(older.period) = year(newer.period) and" if source.kind in CUMULATIVE else ""
    query = f"""
        with summed as (
            select {subject} as subject, file_id, period, min("row") as first_row, {_sums(source)}
            from {source.stored} where period between $first - interval 12 month and $last
            group by {subject}, file_id, period
        ),
        fact as (
            unpivot summed on columns(* exclude (subject, file_id, period, first_row)) into name figure value total
        ),
        newer as (
            select subject, figure, period, min(first_row) as first_row, sum(total) as total
            from fact where {newer} group by subject, figure, period
        ),
        older as (
            select subject, figure, period, sum(total) as total
            from fact where {older} group by subject, figure, period
        ),
        paired as (
            select newer.*, older.period as older_period, older.total as older_total,
                row_number() over (
                    partition by newer.subject, newer.figure, newer.period order by older.period desc) as nth
            from newer inner join older
                on older.subject = newer.subject and older.figure = newer.figure and older.period < newer.period and (
                    {same_year} older.period >= newer.period - interval 3 month
                    or older.period = newer.period - interval 12 month)
        )
        select subject, figure, period, first_row, total, older_period, older_total
        from paired where nth = 1 and total > 0 and older_total > 0 order by period, figure, subject"""
    rows = con.execute(query, {"file": file_id, "first": first, "last": last}).fetchall()
    return [_Pair(*row) for row in rows]


def _sums(source: Source) -> str:
    return ", ".join(f'sum({value}) as "{figure}"' for figure, value in FIGURES[source.kind].items())


def _trade(source: Source) -> tuple[str, ...]:
    """The figures that make up all trade of the kind."""
    return tuple(FIGURES[source.kind])[:2]


def _off(source: Source, pairs: list[_Pair]) -> Iterator[tuple[dt.date, dt.date, str, str]]:
    """Of each month the sum of all trade that is off, else each figure: month, month before, which, and how."""
    for period, group in groupby(pairs, key=lambda pair: pair.period):
        figures = list(group)
        trade = [pair for pair in figures if pair.figure in _trade(source)]
        if trade:
            ratio = sum((p.total for p in trade), Decimal(0)) / sum((p.expected for p in trade), Decimal(0))
            if word := _slip(ratio, currency=True):
                yield period, max(pair.older_period for pair in trade), "合计", word
                continue
        for pair in figures:
            if pair.older_total >= LEAST_BASE_CNY and (
                word := _slip(pair.total / pair.expected, currency=False)
            ):
                yield period, pair.older_period, f"{pair.figure}合计", word


def _slip(ratio: Decimal, currency: bool) -> str:
    large = ratio if ratio >= 1 else 1 / ratio
    if large >= UNIT_SLIP:
        return f"相差约{large:.0f}倍，疑似金额单位写错"
    if currency and CURRENCY_SLIP[0] <= large <= CURRENCY_SLIP[1]:
        return f"相差{large:.1f}倍，疑似币种写错"
    return ""


Check = Callable[[duckdb.DuckDBPyConnection, Source, int], list[str]]
CHECKS: tuple[Check, ...] = (of_totals, of_rows, of_revisions, of_entries)
