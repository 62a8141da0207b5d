"""What makes a file wait for a person: signs of a slip that single rows cannot show.

Each check gives Chinese phrases (no full stop); a file with any is held until the sender or the task
force confirms it with a reason, which is kept. Checks compare the file just read with what is loaded.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import duckdb

from etl import copies, slips
from etl.contracts import TRADE, Source
from etl.errors import FileRefused
from etl.held import COVERS
from etl.slips import COVERED, CUMULATIVE, NAMED, OWN, SUBJECT
from etl.warehouse import count, month_text

TOTAL_TOLERANCE = Decimal("0.005")
PRINTED = 4  # decimals of a figure, at most, whose rounding shows
LARGEST_UNIT = Decimal(100_000_000)  # of figures whose own is not known any more
FINAL_AFTER_MONTHS = 12
WITH_UNITS = ("county_month", "cbec_month")  # a row of which is a unit's, listed once


def reasons(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    file_id: int,
    today: dt.date,
    unit: Decimal,
    units: Mapping[str, str],
) -> list[str]:
    """Why the file, read but not yet replacing anything, should wait; empty for a file that need not.

    unit: yuan in the unit of its figures, the largest where there are several. units: code → name of a 县市区.
    """
    found = _future(con, file_id, today) + _final(con, source, file_id)
    for check in (_unknown_units, *slips.CHECKS):
        found += check(con, source, file_id)
    found += _vanished(con, source, file_id, units)
    if source.kind in WITH_UNITS:
        found += copies.repeated(con, source, file_id, units)
    return found + _total_row(con, source, file_id, unit)


def repair_reasons(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, today: dt.date, units: Mapping[str, str]
) -> list[str]:
    """Why repaired rows, in the tables already with their months noted as the file's coverage, should wait.

    They take nothing out, so no firm can vanish; sums are looked at as they become, not by the few rows alone.
    """
    found = _future(con, file_id, today) + _final(con, source, file_id)
    found += slips.of_rows(con, source, file_id, older="true")
    if source.kind in slips.FIGURES:
        now = slips.by_total(con, source, file_id, newer=COVERED, older="true")
        before = slips.by_total(con, source, file_id, newer=f"{COVERED} and file_id <> $file", older="true")
        found += [words for month, words in now.items() if month not in before]
    if source.kind in WITH_UNITS:
        mended = f"""{COVERED} and exists (select 1 from {source.table} as mine
            where mine.file_id = $file and mine.period = fact.period and mine.unit = fact.unit)"""
        found += copies.repeated(con, source, file_id, units, mended)
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


def let_in(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, found: list[str], confirm: str | None
) -> list[str]:
    """Stop a file for the reasons found, unless somebody confirms it; the reason given is kept. Gives the notes."""
    if found and not confirm:
        raise FileRefused(
            f"已扣留：{'；'.join(found)}；请核对，确认无误可加 --confirm 原因 再加载。",
            held=tuple(found),
            kind=source.kind,
            covers=tuple(cover for (cover,) in con.execute(COVERS, [file_id]).fetchall()),
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
    if source.kind not in WITH_UNITS:
        return []
    rows = con.execute(
        """select "row", value from quarantine
        where file_id = ? and rule = 'unreadable' and column_name = '县市区' order by 1 limit 1""",
        [file_id],
    ).fetchall()
    return [f"第{row}行的县市区「{value}」不认识，应是本市县市区的名称" for row, value in rows]


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


def _vanished(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, units: Mapping[str, str]
) -> list[str]:
    """Firms or units with a cumulative the month before that the new table does not list: a cumulative cannot vanish.

    As many as rows of the file are in quarantine may stand in these.
    """
    return _missing(con, source, file_id, units, "older.period < new_period.period", "上期")


def left_out(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, units: Mapping[str, str]
) -> list[str]:
    """The same of the table that the file replaces, to be told: a newer table replaces its month whole, and may be right."""
    same = "older.period = new_period.period and older.file_id <> $file"
    return _missing(con, source, file_id, units, same, "被取代的同月数据中")


def _missing(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    file_id: int,
    units: Mapping[str, str],
    older: str,
    called: str,
) -> list[str]:
    """older: which earlier months, as a condition; called: what these are in the sentence."""
    if source.kind not in CUMULATIVE:
        return []
    subject = SUBJECT[source.kind]
    name = "max(firm_name)" if "firm_name" in source.schema.column_names() else "null"
    rows = con.execute(
        f"""with new_period as (select distinct period from {source.table} where file_id = $file),
        before as (
            select new_period.period, max(older.period) as older_period
            from new_period inner join coverage as older
                on older.kind = '{source.kind}' and year(older.period) = year(new_period.period) and {older}
            group by new_period.period),
        known as (
            select *, coalesce(ytd_export + ytd_import, ytd_total, ytd_export, ytd_import) as ytd from {source.table})
        select before.period, {name}, fact.{subject}
        from before inner join known as fact on fact.period = before.older_period
            and case when before.period = before.older_period then not {OWN} else {OWN} or not {COVERED} end
        where fact.ytd > 0 and not exists (
            select 1 from {source.table} as now
            where now.file_id = $file and now.period = before.period and now.{subject} = fact.{subject})
        group by before.period, fact.{subject} order by before.period, sum(fact.ytd) desc""",
        {"file": file_id},
    ).fetchall()
    if len(rows) <= count(con, "select count(*) from quarantine_row where file_id = ?", [file_id]):
        return []
    names = "、".join(name or units.get(code, code) for _, name, code in rows[:NAMED])
    what = "家企业" if source.kind == "firm_month" else "个县市区"
    return [
        f"{month_text(rows[0][0])} 的表里少了{called}有累计数的 {len(rows)} {what}"
        f"（{names}{'等' if len(rows) > NAMED else ''}）"
    ]


def _yi(amount: Decimal) -> str:
    return f"{amount / 100_000_000:,.4f}亿元"
