"""What a new file speaks for, and what of older files it takes out.

Tables of months replace whole months (of a direction, where a file holds one); ledgers have no month,
so that a newer one replaces single rows by their key, or the whole where the user says so.
"""

import datetime as dt

import duckdb

from etl.contracts import Source
from etl.warehouse import count, first_row


def cover(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    file_id: int,
) -> tuple[dt.date | None, dt.date | None]:
    """Note which months (and directions) the file speaks for; returns the first and the last."""
    if source.period == "none":
        return None, None
    months = "max(months)" if "months" in source.schema.column_names() else "1"
    flows = ["both"]
    if source.one_flow:
        rows = con.execute(f"select distinct flow from {source.table} where file_id = {file_id}").fetchall()
        flows = [row[0] for row in rows]
    for flow in flows:
        con.execute(
            f"""insert into coverage select {file_id}, '{source.kind}', period, '{flow}', {months}
            from {source.table} where file_id = {file_id} group by period"""
        )
    row = first_row(con, f"select min(period), max(period) from coverage where file_id = {file_id}")
    return row if row else (None, None)


def supersede(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, replace: bool) -> list[str]:
    """Take out what the new file replaces: its months whole, or of a ledger the rows with the same key."""
    if source.period == "none":
        return _merge(con, source, file_id, replace)
    same_flow = "and old.flow = new.flow" if source.one_flow else ""
    for table in (source.table, "fact_total"):
        kind = f"and old.kind = '{source.kind}'" if table == "fact_total" else ""
        flow = same_flow if table == source.table else ""
        con.execute(
            f"""delete from {table} as old where file_id <> {file_id} {kind} and exists (
                select 1 from coverage as new where new.file_id = {file_id} and new.period = old.period {flow})"""
        )
    con.execute(
        f"""delete from coverage as old where file_id <> {file_id} and kind = '{source.kind}' and exists (
            select 1 from coverage as new
            where new.file_id = {file_id} and new.period = old.period and new.flow = old.flow)"""
    )
    return []


def _merge(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, replace: bool) -> list[str]:
    if replace:
        con.execute(f"delete from {source.table} where file_id <> {file_id}")
        return []
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in source.key)
    con.execute(
        f"""delete from {source.table} as old where file_id <> {file_id} and exists (
            select 1 from {source.table} as new where new.file_id = {file_id} and {same})"""
    )
    left = count(con, f"select count(*) from {source.table} where file_id <> {file_id}")
    return [f"另有 {left} 行旧记录不在本文件中，仍保留；如本文件是完整台账，请加 --replace"] if left else []
