"""A workbook of quarantined rows (etl.repair_book) that came back mended: it supplements, and never replaces.

Each of its rows is found back in the quarantine by the file, sheet and row it came from, and read by the same
readers in its file's month and its sheet's money unit. What is good now joins the month or ledger of its
file and leaves the quarantine; what is still wrong stays there, in its own place, as last sent. A row that
waits no more (mended already, or superseded by a newer file) is skipped, so that nothing counts twice.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from etl import holds
from etl.contracts import Source
from etl.errors import FileRefused
from etl.faults import COLUMNS, MONTH_TAKEN
from etl.policy import Policy
from etl.quarantine import FIELDS, key_sql
from etl.read import city_totals
from etl.repair_rows import Line, Mended, Sheet, is_repair, mended, open_sheet
from etl.sources import BY_KIND
from etl.supersede import cover, drop_loose_faults, supersede
from etl.tables import Table
from etl.warehouse import append
from etl.words import Words

KIND, LABEL = "repair", "更正"
NAMED = 5
SKIPPED = {
    "no_origin": "没有来源编号，没有读取；新增的行请加到原表中再发",
    "twice": "与前面的行来源相同，只取第一行",
    "gone": "已不在隔离中（已更正，或已由更新的文件取代），没有读取",
    "other": "不是本工作表这种表的行，没有读取，仍在隔离",
    "blank": "没有内容，仍在隔离",
    "month": "改动了所属月份，没有读取，仍在隔离；月份请在原文件中改正",
    "newer": "已有更新的文件写明同一记录，不再隔离",
    "aside": "是合计、说明或与前面完全相同的行，不再隔离",
}
PLACE = {"file_id": pl.Int32, "file_name": pl.String, "kind": pl.String, "sheet": pl.String, "row": pl.Int32}


@dataclass(frozen=True)
class Outcome:
    """What became of a repair: rows read = accepted + quarantined + skipped. changed: whether it did anything."""

    label: str
    first: dt.date | None
    last: dt.date | None
    read: int
    accepted: int
    quarantined: int
    notes: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class _Done:
    """What became of one sheet."""

    source: Source
    read: int
    accepted: int
    waiting: int
    changed: bool
    notes: tuple[str, ...]


def apply(
    con: duckdb.DuckDBPyConnection, policy: Policy, tables: Sequence[Table], file_id: int, confirm: str | None
) -> Outcome:
    """Let the rows in that are good now; FileRefused where they look like a slip and nobody confirms them."""
    done = [_apply_sheet(con, policy, table, file_id) for table in tables if is_repair(table)]
    notes = [f"工作表「{table.sheet}」不是更正表，没有读取" for table in tables if not is_repair(table)]
    notes += [note for sheet in done for note in sheet.notes]
    read, waiting = sum(sheet.read for sheet in done), sum(sheet.waiting for sheet in done)
    if not read:
        raise FileRefused("更正表里没有数据行，请检查是否存错了文件。")
    months: list[dt.date] = []
    for source in {sheet.source.kind: sheet.source for sheet in done if sheet.accepted}.values():
        months += (month for month in cover(con, source, file_id) if month)
        slips = holds.repair_reasons(con, source, file_id, dt.date.today(), policy.short_names)
        notes += holds.let_in(con, source, file_id, slips, confirm)
        _settle_in(con, source, file_id)
    labels = "、".join(dict.fromkeys(sheet.source.label for sheet in done))
    return Outcome(
        label=f"{LABEL}（{labels}）",
        first=min(months, default=None),
        last=max(months, default=None),
        read=read,
        accepted=sum(sheet.accepted for sheet in done),
        quarantined=waiting,
        notes=tuple(notes),
        changed=any(sheet.changed for sheet in done),
    )


def _apply_sheet(con: duckdb.DuckDBPyConnection, policy: Policy, table: Table, file_id: int) -> _Done:
    sheet = open_sheet(con, table)
    source = BY_KIND[sheet.kind]
    if not sheet.lines:
        return _Done(source, sheet.read, 0, 0, False, _told(sheet.skipped))
    found = mended(policy, sheet)
    _insert(con, source, sheet, found, file_id)
    newer, taken = _barred(con, source, sheet, file_id)
    good = set(found.good["row"]) - newer - taken
    changed = {line.row for line in sheet.lines if line.differs(found.sent[line.row])}
    wrong = set(found.rejected["row"]) | taken
    aside = {line.row for line in sheet.lines} - good - newer - wrong
    wrong |= aside - changed
    waiting = [line for line in sheet.lines if line.row in wrong & changed]
    _leave(con, [line for line in sheet.lines if line.row not in wrong - changed])
    _keep_waiting(con, source, waiting, found)
    told = _told({**sheet.skipped, "newer": sorted(newer), "aside": sorted(aside & changed)})
    stays = len(wrong - changed) == len(sheet.lines)
    return _Done(source, sheet.read, len(good), len(wrong), not stays, told)


def _told(skipped: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Which rows were passed over, and why."""
    return tuple(
        f"第{'、'.join(map(str, rows[:NAMED]))}行{f'等 {len(rows)} 行' if len(rows) > NAMED else ''}{SKIPPED[reason]}"
        for reason, rows in skipped.items()
        if rows
    )


def _insert(
    con: duckdb.DuckDBPyConnection, source: Source, sheet: Sheet, found: Mended, file_id: int
) -> None:
    """Put the good rows into the facts, each with its own place in the repair, and note whose place it takes."""
    place = (pl.lit(file_id, pl.Int32).alias("file_id"), pl.lit(sheet.name).alias("sheet"))
    Words(con).append(source, source.placed(found.good, file_id, sheet.name))
    if found.totals.height:
        append(con, "fact_total", city_totals(source, found.totals).with_columns(place))
    good = set(found.good["row"])
    rows = [
        (file_id, sheet.name, line.row, line.origin.file_id, line.origin.sheet, line.origin.row)
        for line in sheet.lines
        if line.row in good
    ]
    names = ["file_id", "sheet", "row", "origin_file_id", "origin_sheet", "origin_row"]
    append(con, "repaired", pl.DataFrame(rows, schema=names, orient="row"))


def _barred(
    con: duckdb.DuckDBPyConnection, source: Source, sheet: Sheet, file_id: int
) -> tuple[set[int], set[int]]:
    """Take back the good rows that may not come in: what a newer ledger states too, and what is of another file's month."""
    query = _stated_newer(source) if source.period == "none" else _month_of_another(source)
    rows = con.execute(
        f"""select mine."row" from {source.table} as mine
        inner join repaired on repaired.file_id = mine.file_id and repaired.sheet = mine.sheet and repaired."row" = mine."row"
        where mine.file_id = $file and mine.sheet = $sheet and ({query})""",
        {"file": file_id, "sheet": sheet.name},
    ).fetchall()
    barred = [row for (row,) in rows]
    for table, there in (
        ((source.stored, source.says("sheet", "?")), ("repaired", "sheet = ?")) if barred else ()
    ):
        con.execute(
            f"""delete from {table} where file_id = ? and {there} and list_contains(?, "row")""",
            [file_id, sheet.name, barred],
        )
    return (set(barred), set()) if source.period == "none" else (set(), set(barred))


def _stated_newer(source: Source) -> str:
    """Whether a file after the row's own has its key, good or waiting; a repaired row is as old as its first file."""
    key = key_sql(source, "mine")
    return f"""exists (
            select 1 from {source.table} as other
            left join repaired as first
                on first.file_id = other.file_id and first.sheet = other.sheet and first."row" = other."row"
            where {key_sql(source, "other")} = {key} and other.file_id <> $file
              and coalesce(first.origin_file_id, other.file_id) > repaired.origin_file_id)
        or exists (
            select 1 from quarantine_row as other
            where other.kind = '{source.kind}' and other.row_key = {key} and other.file_id > repaired.origin_file_id)"""


def _month_of_another(source: Source) -> str:
    flow = "mine.flow" if source.one_flow else "'both'"
    month = f"select 1 from coverage where kind = '{source.kind}' and period = mine.period and flow = {flow}"
    return f"exists ({month}) and not exists ({month} and file_id = repaired.origin_file_id)"


def _leave(con: duckdb.DuckDBPyConnection, lines: Iterable[Line]) -> None:
    """Let the quarantined rows go that the lines mend."""
    places = [(line.origin.file_id, line.origin.sheet, line.origin.row) for line in lines]
    if places:
        con.register("leaving", pl.DataFrame(places, schema=["file_id", "sheet", "row"], orient="row"))
        con.execute(
            """delete from quarantine_row as waiting where exists (
                select 1 from leaving where leaving.file_id = waiting.file_id
                    and leaving.sheet = waiting.sheet and leaving."row" = waiting."row")"""
        )
        con.unregister("leaving")
        drop_loose_faults(con)


def _keep_waiting(
    con: duckdb.DuckDBPyConnection, source: Source, lines: Sequence[Line], found: Mended
) -> None:
    """Put what was sent in the place of what waited, with what is wrong with it now."""
    places = {line.row: _place(line) for line in lines}
    read = {row["row"]: row for frame in (found.good, found.rejected) for row in frame.iter_rows(named=True)}
    kept = [_kept(line, read.get(line.row, {}), found.sent[line.row]) | places[line.row] for line in lines]
    told = [
        fault | places[fault["row"]] for fault in found.faults.iter_rows(named=True) if fault["row"] in places
    ]
    good = set(found.good["row"])
    told += (_taken(source, found.sent[line.row]) | places[line.row] for line in lines if line.row in good)
    append(con, "quarantine_row", pl.DataFrame(kept, schema={**FIELDS, **PLACE}))
    append(con, "quarantine", pl.DataFrame(told, schema={**COLUMNS, **PLACE}))


def _kept(line: Line, read: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    cells = {**line.origin.cells, **{header: text or None for header, text in sent.items()}}
    return {
        **{name: read.get(name) for name in FIELDS},
        "units": read.get("units") or json.dumps(dict(line.origin.units), ensure_ascii=False),
        "cells": json.dumps(cells, ensure_ascii=False),
    }


def _taken(source: Source, sent: Mapping[str, str]) -> dict[str, Any]:
    header = source.columns["period"].header
    advice = f"「{header}」所指的月份已有其他文件的数据，请把该月的数据补全成一个文件再加载。"
    value = sent.get(header, "")
    return {"header": header, "column_name": header, "value": value, "rule": MONTH_TAKEN, "advice": advice}


def _place(line: Line) -> dict[str, Any]:
    return {name: getattr(line.origin, name) for name in PLACE}


def _settle_in(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> None:
    """Let the repaired rows stand for their own files: in a ledger by key, else in months, none of which they replace."""
    if source.period == "none":
        supersede(con, source, file_id, replace=False)
        return
    months = "max(mine.months)" if "months" in source.schema.column_names() else "1"
    flow = "mine.flow" if source.one_flow else "'both'"
    con.execute("delete from coverage where file_id = ?", [file_id])
    con.execute(
        f"""insert into coverage
        select repaired.origin_file_id, '{source.kind}', mine.period, {flow}, {months}
        from {source.table} as mine
        inner join repaired on repaired.file_id = mine.file_id and repaired.sheet = mine.sheet and repaired."row" = mine."row"
        where mine.file_id = ? and not exists (
            select 1 from coverage as known
            where known.kind = '{source.kind}' and known.period = mine.period and known.flow = {flow})
        group by all""",
        [file_id],
    )
