"""What a new file speaks for, and what of older files it takes out: of their rows, and of those in quarantine.

Tables of months replace whole months (of a direction, where a file holds one). With a month leave the
quarantined rows of older files in that month. A row whose direction could not be read leaves once its file
speaks for no direction of its month any more, one whose month could not be read once its file speaks for
nothing at all: until then it may belong to what still stands.

Ledgers have no month, so that a newer one replaces single rows by their key, or the whole where the user
says so. A quarantined row leaves once a newer file has a row with its key, accepted or itself in quarantine.
Where its key could not be read it leaves with the edition it stands in: once fewer than half of the rows
that its file had still stand. And a row in quarantine replaces nothing: the older row with its key stays,
even where the ledger is taken whole.
"""

import datetime as dt

import duckdb

from etl.aside import WITH_CITY_TOTAL
from etl.contracts import Source
from etl.quarantine import key_sql
from etl.warehouse import count, first_row

TAKE_WHOLE = "如本文件是完整台账，请选整本替换（--replace）"


def cover(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    file_id: int,
) -> tuple[dt.date | None, dt.date | None]:
    """Note which months (and directions) the file speaks for; returns the first and the last."""
    if source.period == "none":
        return None, None
    months = "max(months)" if "months" in source.schema.column_names() else "1"
    flow = "flow" if source.one_flow else "'both' as flow"
    summed = f"select period, {flow}, {months} as months from {source.stored} where file_id = {file_id} group by all"
    found = source.readable(f"({summed})", ["period", "flow", "months"]) if source.one_flow else summed
    con.execute(
        f"""insert into coverage
        with found as materialized ({found})
        select {file_id}, '{source.kind}', spoken.period, flows.flow, spoken.months
        from (select period, max(months) as months from found group by period) as spoken
        cross join (select distinct flow from found) as flows"""
    )
    row = first_row(con, f"select min(period), max(period) from coverage where file_id = {file_id}")
    return row if row else (None, None)


def supersede(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, replace: bool) -> list[str]:
    """Take out what the new file replaces, of the tables and of the quarantine; gives notes for the sender."""
    if source.period == "none":
        notes = _merge(con, source, file_id, replace)
        gone = _settle(con, source, file_id, _of_key(source, file_id, replace))
    else:
        notes = []
        _replace_months(con, source, file_id)
        gone = _settle(con, source, file_id, _of_month(file_id))
    return [*notes, f"旧文件在隔离中的 {gone} 行已由本文件取代"] if gone else notes


def drop_partial_totals(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> None:
    """Where a month's rows stand in several sheets, one a unit, the total of a sheet is not the city's."""
    if source.kind not in WITH_CITY_TOTAL:
        return
    con.execute(
        f"""delete from fact_total where file_id = {file_id} and kind = '{source.kind}' and period in (
            select period from {source.table} where file_id = {file_id}
            group by period having count(distinct sheet) > 1)"""
    )


def _replace_months(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> None:
    spoken = f"select period from coverage where file_id = {file_id}"
    totals = f"delete from fact_total where kind = '{source.kind}'"
    con.execute(f"{totals} and file_id <> {file_id} and period in ({spoken})")
    flows = con.execute("select distinct flow from coverage where file_id = ?", [file_id]).fetchall()
    for (flow,) in flows:
        said = f"'{flow}'"
        of_flow = f"and {source.says('flow', said)}" if source.one_flow else ""
        con.execute(
            f"""delete from {source.stored} where file_id <> {file_id} {of_flow}
                and period in ({spoken} and flow = {said})"""
        )
    con.execute(
        f"""delete from coverage as old where file_id <> {file_id} and kind = '{source.kind}' and exists (
            select 1 from coverage as new
            where new.file_id = {file_id} and new.period = old.period and new.flow = old.flow)"""
    )


def _merge(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, replace: bool) -> list[str]:
    restated = f"select {key_sql(source, 'new')} from {source.table} as new where new.file_id = {file_id}"
    waiting = f"select row_key from quarantine_row where file_id = {file_id} and kind = '{source.kind}' and row_key is not null"
    key = key_sql(source, "old")
    gone = f"{key} not in ({waiting}) or {key} in ({restated})" if replace else f"{key} in ({restated})"
    notes = [] if replace else _fewer(con, source, file_id)
    con.execute(f"delete from {source.stored} as old where file_id <> {file_id} and ({gone})")
    left = count(con, f"select count(*) from {source.table} where file_id <> {file_id}")
    if not left:
        return notes
    if replace:
        return [f"有 {left} 行旧记录在本文件中的新行被隔离，旧的仍保留"]
    return [*notes, f"另有 {left} 行旧记录不在本文件中，仍保留；{TAKE_WHOLE}"]


def _fewer(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """Where older rows share a key and the new file has fewer of it: the others go with them, which must be said."""
    rows = (
        f"select {key_sql(source, 'ledger')} as key, file_id = {file_id} as new from {source.table} as ledger"
    )
    each = f"select count(*) filter (not new) - count(*) filter (new) as gone from ({rows}) group by key having bool_or(new)"
    gone = count(con, f"select coalesce(sum(gone), 0) from ({each}) where gone > 0")
    names = "、".join(source.columns[name].header for name in source.key)
    return [f"有 {gone} 行旧记录与本文件中的行{names}相同而没有重列，已被取代，请核对"] if gone else []


def _settle(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, settled: str) -> int:
    """Let the quarantined rows of older files leave for which the condition holds; returns how many."""
    older = f"from quarantine_row as waiting where kind = '{source.kind}' and file_id <> {file_id} and ({settled})"
    gone = count(con, f"select count(*) {older}")
    if gone:
        con.execute(f"delete {older}")
        drop_loose_faults(con)
    return gone


def _of_month(file_id: int) -> str:
    new = f"select 1 from coverage as new where new.file_id = {file_id}"
    left = "select 1 from coverage as own where own.file_id = waiting.file_id"
    return f"""
        exists ({new} and new.period = waiting.period and new.flow in ('both', waiting.flow))
        or waiting.flow is null and exists ({new} and new.period = waiting.period)
            and not exists ({left} and own.period = waiting.period)
        or waiting.period is null and not exists ({left})"""


def _of_key(source: Source, file_id: int, replace: bool) -> str:
    if replace:
        return "true"
    return f"""
        row_key in (select {key_sql(source, "new")} from {source.table} as new where new.file_id = {file_id})
        or row_key in (select new.row_key from quarantine_row as new where new.file_id = {file_id} and new.row_key is not null)
        or row_key is null
            and 2 * (select count(*) from {source.table} as fact where fact.file_id = waiting.file_id)
                < (select accepted from files where files.file_id = waiting.file_id)"""


def drop_loose_faults(con: duckdb.DuckDBPyConnection) -> None:
    """Let the faults go whose row waits no more."""
    con.execute(
        """delete from quarantine as fault where not exists (
            select 1 from quarantine_row as waiting
            where waiting.file_id = fault.file_id and waiting.sheet = fault.sheet and waiting."row" = fault."row")"""
    )
