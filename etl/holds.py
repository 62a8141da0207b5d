"""What makes a file wait for a person: signs of a slip that single rows cannot show.

Each check gives Chinese phrases (no full stop); a file with any is held until the sender or the task
force confirms it with a reason, which is kept. Checks compare the file just read with what is loaded.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb

from etl.contracts import TRADE, Source
from etl.errors import FileRefused
from etl.warehouse import count, first_row, month_text

UNIT_SLIP = (2_000, 50_000)  # around 10⁴: 元 taken for 万元, 万元 for 亿元
CURRENCY_SLIP = (Decimal("5.5"), Decimal("9"))  # around the yuan for one dollar
LEAST_BASE_CNY = 10_000  # below it a firm's month may well grow ten-thousandfold
TOTAL_TOLERANCE = Decimal("0.005")
PRINTED = 4  # decimals of a figure, at most, whose rounding shows
LARGEST_UNIT = Decimal(100_000_000)  # of figures whose own is not known any more
FINAL_AFTER_MONTHS = 12
NAMED = 3

Check = Callable[[duckdb.DuckDBPyConnection, Source, int], list[str]]

# what a kind's rows add up to in a month, and who a row is about
VALUE = {
    "firm_month": "coalesce(ytd_export, 0) + coalesce(ytd_import, 0)",
    "county_month": "coalesce(ytd_export, 0) + coalesce(ytd_import, 0)",
    "cbec_month": "coalesce(month_export, 0) + coalesce(month_import, 0)",
    "declarations": "value_cny",
}
AMOUNT = {"support": "amount_cny", "rebates": "amount_cny", "park_projects": "amount", "events": "amount_cny"}
SUBJECT = {"firm_month": "uscc", "county_month": "unit", "cbec_month": "unit"}
CUMULATIVE = ("firm_month", "county_month")
# rows of the fact table, as a condition: those of the file, of the months that it speaks for, or of none of these months
OWN = "file_id = $file"
COVERED = "exists (select 1 from coverage where file_id = $file and coverage.period = fact.period)"
OTHER = f"({OWN} or not {COVERED})"


def reasons(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, today: dt.date, unit: Decimal
) -> list[str]:
    """Why the file, read but not yet replacing anything, should wait; empty for a file that need not.

    unit: yuan in the unit of its figures, the largest where there are several.
    """
    found = _future(con, file_id, today) + _final(con, source, file_id)
    for check in (_unknown_units, _total_slip, _row_slip, _revision_slip, _ledger_slip, _vanished):
        found += check(con, source, file_id)
    return found + _total_row(con, source, file_id, unit)


def repair_reasons(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, today: dt.date) -> list[str]:
    """Why repaired rows, in the tables already with their months noted as the file's coverage, should wait.

    They take nothing out, so no firm can vanish; sums are looked at as they become, not by the few rows alone.
    """
    found = _future(con, file_id, today) + _final(con, source, file_id)
    found += _row_slip(con, source, file_id, older="true")
    if source.kind in VALUE:
        now = _total_slips(con, source, file_id, newer=COVERED, older="true")
        before = _total_slips(con, source, file_id, newer=f"{COVERED} and file_id <> $file", older="true")
        found += [f"{months}相比{word}" for months, word in now.items() if months not in before]
    if source.kind in SUBJECT:
        complete = f"""{COVERED} and not exists (
            select 1 from quarantine_row as waiting where waiting.kind = '{source.kind}' and waiting.period = fact.period)"""
        found += _totals_off(con, source, file_id, complete, LARGEST_UNIT, "period")
    return found


def refuse_twin_sheets(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> None:
    """Refuse a workbook with two versions of a month (a draft and the final one, parts and their summary).

    Added up they would count twice, and which of them holds only the sender knows.
    """
    if source.kind not in SUBJECT:
        return
    subjects = f"select distinct sheet, period, {SUBJECT[source.kind]} as subject from {source.table} where file_id = $file"
    twins = con.execute(
        f"""with own as ({subjects}),
        size as (select sheet, period, count(*) as subjects from own group by sheet, period)
        select one.sheet, other.sheet, one.period, count(*)
        from own as one inner join own as other
            on other.period = one.period and other.subject = one.subject and other.sheet > one.sheet
        inner join size on size.period = one.period and size.sheet in (one.sheet, other.sheet)
        group by one.sheet, other.sheet, one.period
        having count(distinct one.subject) * 2 > min(size.subjects) order by all limit 1""",
        {"file": file_id},
    ).fetchall()
    for one, other, period, _ in twins:
        raise FileRefused(
            f"工作表「{one}」和「{other}」都是 {month_text(period)} 的数据，且多有相同的对象，合计会重复；请只保留一张再发。"
        )


def let_in(con: duckdb.DuckDBPyConnection, file_id: int, found: list[str], confirm: str | None) -> list[str]:
    """Stop a file for the reasons found, unless somebody confirms it; the reason given is kept. Gives the notes."""
    if found and not confirm:
        raise FileRefused(
            f"已扣留：{'；'.join(found)}；请核对，确认无误可加 --confirm 原因 再加载。", held=tuple(found)
        )
    now = dt.datetime.now()
    for reason in found:
        con.execute("insert into confirmation values (?, ?, ?, ?)", [file_id, reason, confirm, now])
    return [f"已确认（{confirm}）：{reason}" for reason in found]


def _future(con: duckdb.DuckDBPyConnection, file_id: int, today: dt.date) -> list[str]:
    rows = con.execute(
        "select max(period) from coverage where file_id = ? having max(period) > ?",
        [file_id, today.replace(day=1)],
    ).fetchall()
    return [f"统计月份 {month_text(row[0])} 还没有到" for row in rows]


def _final(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """Months that are loaded already and lie a year behind the newest: revised figures are rare there."""
    rows = con.execute(
        f"""select min(new.period), max(old_newest.period)
        from coverage as new
        inner join coverage as old
            on old.kind = new.kind and old.period = new.period and old.flow = new.flow and old.file_id <> new.file_id
        cross join (select max(period) as period from coverage where kind = ? and file_id <> ?) as old_newest
        where new.file_id = ?
          and old.period < old_newest.period - interval {FINAL_AFTER_MONTHS} month
        having count(*) > 0""",
        [source.kind, file_id, file_id],
    ).fetchall()
    return [
        f"{month_text(first)} 的数据已定稿（已有至 {month_text(newest)}），新文件要改动它"
        for first, newest in rows
    ]


def _unknown_units(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """In a table of units a name nobody knows leaves a hole in the city, not just a faulty row."""
    if source.kind not in ("county_month", "cbec_month"):
        return []
    rows = con.execute(
        """select "row", value from quarantine
        where file_id = ? and rule = 'unreadable' and column_name = '县市区' order by 1 limit 1""",
        [file_id],
    ).fetchall()
    return [f"第{row}行的县市区「{value}」不认识，应是本市县市区的名称" for row, value in rows]


def _compared(
    con: duckdb.DuckDBPyConnection, source: Source, keys: str, file_id: int, newer: str, older: str
) -> list[tuple[Any, ...]]:
    """Sums by month of the newer rows beside the sums of the month before (of last year's same month in the first).

    One scan of the months that the file speaks for and the year before them: the others are not read.
    """
    first, last = first_row(
        con, "select min(period), max(period) from coverage where file_id = ?", [file_id]
    ) or (None, None)
    subject = keys or "''"
    same_year = "year(older.period) = year(newer.period) and" if source.kind in CUMULATIVE else ""
    query = f"""
        with fact as (
            select {subject} as subject, file_id, period, min("row") as first_row, sum({VALUE[source.kind]}) as total
            from {source.table} where period between $first - interval 12 month and $last
            group by {subject}, file_id, period
        ),
        newer as (
            select subject, period, min(first_row) as first_row, sum(total) as total
            from fact where {newer} group by subject, period
        ),
        older as (
            select subject, period, sum(total) as total from fact where {older} group by subject, period
        ),
        paired as (
            select newer.*, older.period as older_period, older.total as older_total,
                row_number() over (partition by newer.subject, newer.period order by older.period desc) as nth
            from newer inner join older
                on older.subject = newer.subject and older.period < newer.period and (
                    {same_year} older.period >= newer.period - interval 3 month
                    or older.period = newer.period - interval 12 month)
        )
        select subject, period, first_row, total, older_period, older_total
        from paired where nth = 1 and total > 0 and older_total > 0"""
    return con.execute(query, {"file": file_id, "first": first, "last": last}).fetchall()


def _total_slip(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """The table's sum is some 10⁴ times, or a dollar's rate from, that of the month before."""
    if source.kind not in VALUE:
        return []
    slips = _total_slips(con, source, file_id, OWN, OTHER).items()
    return [f"{months}相比{word}" for months, word in slips][:NAMED]


def _total_slips(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, newer: str, older: str
) -> dict[str, str]:
    """The months whose sum is off, each with the month it is off from, and how."""
    found = {}
    rows = _compared(con, source, "", file_id, newer, older)
    own = f"select count(*) from {source.table} where file_id = ? and period = ?"
    for _, period, _, total, older_period, older_total in rows:
        ratio = total / older_total
        if source.kind in CUMULATIVE and older_period.year == period.year:
            ratio = ratio * older_period.month / period.month
        # two months of one file have one unit; there a month of next to nothing says no more
        if min(total, older_total) < LEAST_BASE_CNY and count(con, own, [file_id, older_period]):
            continue
        if word := _slip(ratio, currency=True):
            found[f"{month_text(period)} 的合计与 {month_text(older_period)} "] = word
    return found


def _row_slip(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, older: str = OTHER) -> list[str]:
    """One row is some 10⁴ times what it was the month before."""
    if source.kind not in SUBJECT:
        return []
    found = []
    rows = _compared(con, source, SUBJECT[source.kind], file_id, OWN, older)
    for subject, period, row, total, older_period, older_total in rows:
        least = min(total, older_total)
        if least >= LEAST_BASE_CNY and (word := _slip(total / older_total, currency=False)):
            found.append(
                f"第{row}行（{subject}）{month_text(period)} 与 {month_text(older_period)} 相比{word}"
            )
    return found[:NAMED]


def _revision_slip(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """A month that the file replaces was some 10⁴ times, or a dollar's rate from, what it says now."""
    if source.kind not in VALUE:
        return []
    replaced = """select 1 from coverage as new inner join coverage as old using (period)
        where new.file_id = ? and old.kind = ? and old.file_id <> new.file_id limit 1"""
    if not first_row(con, replaced, [file_id, source.kind]):
        return []
    flow = "flow" if source.one_flow else "'both'"
    sums = f"""select period, {flow} as flow, sum({VALUE[source.kind]}) as total
        from {source.table} as fact where {{}} and {COVERED} group by all"""
    rows = con.execute(
        f"""with newer as ({sums.format(OWN)}), older as ({sums.format(f"not {OWN}")})
        select newer.period, newer.total / older.total from newer inner join older using (period, flow)
        where newer.total > 0 and older.total > 0 order by all""",
        {"file": file_id},
    ).fetchall()
    words = ((period, _slip(Decimal(ratio), currency=True)) for period, ratio in rows)
    return [f"{month_text(period)} 的合计与已加载的同月数据相比{word}" for period, word in words if word][
        :NAMED
    ]


def _ledger_slip(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
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


def _slip(ratio: Decimal, currency: bool) -> str:
    large = ratio if ratio >= 1 else 1 / ratio
    if UNIT_SLIP[0] <= large <= UNIT_SLIP[1]:
        return f"相差约{large:.0f}倍，疑似金额单位写错"
    if currency and CURRENCY_SLIP[0] <= large <= CURRENCY_SLIP[1]:
        return f"相差{large:.1f}倍，疑似币种写错"
    return ""


def _total_row(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, unit: Decimal) -> list[str]:
    """The table's own total differs from its rows, though none of them is in quarantine."""
    if source.kind not in SUBJECT or count(
        con, "select count(*) from quarantine where file_id = ?", [file_id]
    ):
        return []
    return _totals_off(con, source, file_id, OWN, unit, "sheet, period")


def _totals_off(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, chosen: str, unit: Decimal, own: str
) -> list[str]:
    """The months and columns of the chosen rows whose sum differs from their table's total.

    own: the columns that tell one table from another. Figures printed in a large unit with few decimals may
    differ by what each of them was rounded by.
    """
    figures = [name for name in TRADE if name in source.schema.column_names()]
    named, largest = ", ".join(figures), ", ".join(f"max({name}) as {name}" for name in figures)
    rows = con.execute(
        f"""with
        stated as (
            unpivot (select {own}, {largest} from fact_total as fact
                where kind = '{source.kind}' and {chosen} group by {own})
            on {named} into name figure value amount),
        detail as (
            unpivot (select {own}, {named} from {source.table} as fact where {chosen})
            on {named} into name figure value amount),
        printed as (
            select figure, step from (from stated union all from detail)
            cross join (select unnest([{_steps(unit)}]) as step)
            group by figure, step having bool_and(amount % step = 0)),
        grain as (select figure, max(step) as step from printed group by figure),
        summed as (
            select {own}, figure, sum(amount) as summed, count(*) as parts
            from detail group by {own}, figure)
        select period, figure, amount, summed
        from stated inner join summed using ({own}, figure) left join grain using (figure)
        where abs(amount - summed)
            > greatest({TOTAL_TOLERANCE} * abs(amount), coalesce(step, 0) * (parts + 1) / 2)
        order by period, figure""",
        {"file": file_id},
    ).fetchall()
    return [
        f"{month_text(period)} 的合计行「{TRADE[figure][0]}」（{_yi(stated)}）与各行之和（{_yi(summed)}）"
        f"相差{abs(stated - summed) / (abs(stated) or 1):.1%}"
        for period, figure, stated, summed in rows
    ][:NAMED]


def _steps(unit: Decimal) -> str:
    """What figures in that unit may be multiples of, by the decimals that they are printed with."""
    return ", ".join(f"cast({unit / 10**decimals:f} as decimal(18,6))" for decimals in range(PRINTED + 1))


def _vanished(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """Firms with a cumulative the month before that the new table does not list: a cumulative cannot vanish."""
    if source.kind != "firm_month" or count(
        con, "select count(*) from quarantine where file_id = ?", [file_id]
    ):
        return []
    rows = con.execute(
        """with new_period as (select distinct period from fact_firm_month where file_id = $file),
        before as (
            select new_period.period, max(older.period) as older_period
            from new_period inner join coverage as older
                on older.kind = 'firm_month' and older.period < new_period.period
                and year(older.period) = year(new_period.period)
            group by new_period.period)
        select before.period, fact.firm_name, fact.uscc
        from before inner join fact_firm_month as fact on fact.period = before.older_period
        where fact.ytd_export + fact.ytd_import > 0 and not exists (
            select 1 from fact_firm_month as now
            where now.file_id = $file and now.period = before.period and now.uscc = fact.uscc)
        order by fact.ytd_export + fact.ytd_import desc""",
        {"file": file_id},
    ).fetchall()
    if not rows:
        return []
    names = "、".join(name or uscc for _, name, uscc in rows[:NAMED])
    return [
        f"{month_text(rows[0][0])} 的表里少了上期有累计数的 {len(rows)} 家企业（{names}{'等' if len(rows) > NAMED else ''}）"
    ]


def _yi(amount: Decimal) -> str:
    return f"{amount / 100_000_000:,.4f}亿元"
