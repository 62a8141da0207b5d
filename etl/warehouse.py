"""The tables of a snapshot that hold what was loaded: facts by contract, bookkeeping, reference tables.

Facts hold accepted rows with their lineage.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from etl import apart, heap
from etl.cells import MONEY
from etl.errors import SnapshotError
from etl.goods import load_goods
from etl.policy import Policy
from etl.reference import load_reference
from etl.workdays import working_days

SQL = Path(__file__).parent / "sql"
SCHEMA_VERSION = "7"
MIB_PER_THREAD = 128  # the least that DuckDB advises
MIB_PER_WRITER = 64  # for threads that do nothing but write rows
MIB_KEPT = 64  # of its blocks: given back and taken anew, each page of them would have to be cleared again

BOOKKEEPING = """
create table if not exists meta (key varchar primary key, value varchar not null);
create table if not exists files (
    file_id integer primary key, sha256 varchar not null, bytes bigint not null, name varchar not null,
    kind varchar not null, label varchar not null, period_from date, period_to date, loaded_at timestamp not null,
    rows_read bigint not null, accepted bigint not null, quarantined bigint not null, skipped bigint not null,
    hints varchar not null, notes varchar not null, demo boolean not null);
create table if not exists word (key integer not null, text varchar not null);
create table if not exists coverage (
    file_id integer not null, kind varchar not null, period date not null, flow varchar not null,
    months tinyint not null);
create table if not exists quarantine (
    file_id integer not null, file_name varchar not null, kind varchar not null, sheet varchar not null,
    "row" integer not null, header varchar not null, column_name varchar not null, value varchar not null,
    rule varchar not null, advice varchar not null);
create table if not exists quarantine_row (
    file_id integer not null, file_name varchar not null, kind varchar not null, sheet varchar not null,
    "row" integer not null, period date, months tinyint, flow varchar, row_key varchar,
    units varchar not null, cells varchar not null);
create table if not exists repaired (
    file_id integer not null, sheet varchar not null, "row" integer not null,
    origin_file_id integer not null, origin_sheet varchar not null, origin_row integer not null);
create table if not exists confirmation (
    file_id integer not null, hold varchar not null, reason varchar not null, confirmed_at timestamp not null);
create table if not exists fact_total (
    file_id integer not null, sheet varchar not null, "row" integer not null, kind varchar not null,
    period date not null, months tinyint not null,
    month_total decimal(24,6), month_export decimal(24,6), month_import decimal(24,6),
    ytd_total decimal(24,6), ytd_export decimal(24,6), ytd_import decimal(24,6));
"""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Settings for a snapshot that is being built.

    What DuckDB holds in memory stays flat, whatever the size of the files; what is more goes through its disk.
    Where this process may not have that much, DuckDB gets half of what it may.
    """
    _limit(con, _threads(con) * MIB_PER_THREAD)
    con.execute(f"set block_allocator_memory = '{MIB_KEPT}MiB'")
    con.execute("set wal_autocheckpoint = '1TB'")  # a snapshot is checkpointed once, when all of it is there
    # What is cut short is thrown away, and publishing flushes the whole file.
    con.execute("set fsync_mode = 'NONE'")


@contextmanager
def while_reading(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Leave half of the cores and most of DuckDB's memory to those who read a file, for as long as they do.

    What they kept for the next block goes back to the system then.
    """
    with con.cursor() as own:  # its transaction is not that of the rows, which an error leaves broken
        threads = _threads(own)
        writers = max(1, threads // 2)
        own.execute(f"set threads = {writers}")
        _limit(own, writers * MIB_PER_WRITER)
        try:
            yield
        finally:
            heap.give_back()
            own.execute(f"set threads = {threads}")
            _limit(own, threads * MIB_PER_THREAD)


def _threads(con: duckdb.DuckDBPyConnection) -> int:
    return count(con, "select current_setting('threads')")


def _limit(con: duckdb.DuckDBPyConnection, bound: int) -> None:
    """Set how many MiB DuckDB may hold."""
    if allowed := apart.memory_allowed():
        bound = min(bound, allowed // 2 >> 20)
    con.execute(f"set memory_limit = '{bound}MiB'")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make what is missing of the fact and bookkeeping tables."""
    # What describes files takes its time to import, and who only reads snapshots needs none of it.
    from etl.sources import ALL

    con.execute("begin")
    con.execute(BOOKKEEPING)
    for source in ALL:
        empty = pl.DataFrame(schema=source.sorts)
        con.register("empty", empty)
        con.execute(f"create table if not exists {source.stored} as select * from empty")
        con.unregister("empty")
        if source.words:
            rows = source.readable(source.stored, list(source.sorts))
            con.execute(f"create view if not exists {source.table} as {rows}")
    con.execute("commit")


def require_version(con: duckdb.DuckDBPyConnection) -> None:
    """Raise SnapshotError for a snapshot that another version of this program made; an empty file passes."""
    tables = "select count(*) from information_schema.tables where table_name = 'meta'"
    if not count(con, tables):
        return
    row = first_row(con, "select value from meta where key = 'schema_version'")
    if row and row[0] != SCHEMA_VERSION:
        raise SnapshotError(
            f"快照是其他版本（{row[0]}）的程序生成的，本版本（{SCHEMA_VERSION}）不能读；"
            "请用 --data 另选一个目录，重新加载原始文件。"
        )


def require_city(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Raise SnapshotError for a snapshot of another city than the policy's; an empty file passes."""
    if not count(con, "select count(*) from information_schema.tables where table_name = 'unit'"):
        return
    row = first_row(con, "select unit, name from unit where role = 'city'")
    if row and row[0] != policy.city.code:
        raise SnapshotError(
            f"数据目录里的数据是{row[1]}的，现在的政策目录 {policy.folder.name} 是{policy.city.name}的；"
            f"请把 TRADE_KPI_POLICY 指向{row[1]}的政策目录，或用 --data 另选数据目录。"
        )


def refresh_reference(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Replace the tables that come from the policy and reference folders, not from loaded files."""
    reference = load_reference()
    units = [(u.code, u.name, u.short, u.role, order) for order, u in enumerate(policy.units)]
    divisions = [(code, u.code) for u in policy.units if u.role == "unit" for code in (u.code, *u.former)]
    tiers = [Decimal(line) for line in policy.document.tiers_cny]
    goods = [(item.id, code) for item in load_goods(policy.folder) for code in item.codes]
    members = [(m.group, m.partner, m.valid_from, m.valid_to) for m in reference.memberships()]
    tables = {
        "unit": pl.DataFrame(units, schema=["unit", "name", "short", "role", "display_order"], orient="row"),
        "division": pl.DataFrame(divisions, schema=["division", "unit"], orient="row"),
        "cbec_mode": pl.DataFrame({"mode": reference.cbec_modes}),
        "partner_group": pl.DataFrame(
            members, schema=["group_name", "partner", "valid_from", "valid_to"], orient="row"
        ),
        "tier": pl.DataFrame({"line_cny": tiers}, schema={"line_cny": MONEY}),
        "near_line": pl.DataFrame(
            {"share": [policy.document.near_line_share]}, schema={"share": pl.Decimal(6, 4)}
        ),
        "goods_code": pl.DataFrame(goods, schema={"goods": pl.String, "code": pl.String}, orient="row"),
        "workday": working_days(),
    }
    for name, frame in tables.items():
        con.register("frame", frame)
        con.execute(f"create or replace table {name} as select * from frame")
        con.unregister("frame")


def select(name: str) -> str:
    """The text of one SELECT file."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def append(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Add rows to a table, their columns by name.

    DuckDB finds the frame by its name here. A registered one would stay in memory until the transaction ends.
    """
    if rows.height:
        con.execute(f"insert into {table} by name select * from rows")


def set_meta(con: duckdb.DuckDBPyConnection, **values: str) -> None:
    """Write keys of the ``meta`` table."""
    con.execute("begin")
    con.executemany("insert or replace into meta values (?, ?)", list(values.items()))
    con.execute("commit")


def first_row(con: duckdb.DuckDBPyConnection, query: str, parameters: Any = None) -> tuple[Any, ...] | None:
    """The first row of a small result, which is read to its end: DuckDB keeps a connection busy until then."""
    rows = con.execute(query, parameters).fetchall()
    return rows[0] if rows else None


def count(con: duckdb.DuckDBPyConnection, query: str, parameters: Any = None) -> int:
    """The single number that a query gives."""
    row = first_row(con, query, parameters)
    return int(row[0]) if row else 0


def month_text(day: dt.date | None) -> str:
    """A month as ``YYYY-MM``, empty for none."""
    return f"{day:%Y-%m}" if day else ""
