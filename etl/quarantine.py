"""What the quarantine keeps of a row: every cell as it stood, and what is known of where it belongs.

A kept row is told apart by its file, sheet and row. Its cells are keyed by the kind's main headers, so that
the repair workbook shows rows of any file under one header; what stands in no column that is read (a line
that could not be split, cells beyond the header) goes under LEFT_OVER.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from etl.cells import MONEY_UNITS
from etl.contracts import Source
from etl.faults import LEFT_OVER, beyond
from etl.layout import Layout, names_dollars
from etl.tables import BAD_BYTE, CELL_MARKS, MARK, ROW_SORTS


@dataclass(frozen=True)
class Fault:
    """One faulty cell, or row where column is empty. value: as it stands in the file; may name a firm."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    advice: str


FIELDS = {
    "row": pl.Int32,
    "period": pl.Date,
    "months": pl.Int8,
    "flow": pl.String,
    "row_key": pl.String,
    "units": pl.String,
    "cells": pl.String,
}
KEY_BREAK = "\x1f"
FLOW_WORDS = {"import": "进口", "export": "出口"}
UNIT_WORDS: dict[Decimal, str] = {value: word for word, value in reversed(list(MONEY_UNITS.items()))}
WHOLE_LINE = rf"{MARK}[{ROW_SORTS}]([^{MARK}]*){MARK}"
_HELD = "\ue000"  # stands for a bad byte while the other marks are taken off

_ROWS = """
    select waiting.file_id, waiting.sheet, waiting."row", waiting.file_name, files.sha256, waiting.kind,
        waiting.period, waiting.months, waiting.units, waiting.cells,
        array_agg(fault.header order by fault.column_name) filter (fault.rule is not null) as headers,
        array_agg(fault.rule order by fault.column_name) filter (fault.rule is not null) as rules,
        array_agg(fault.advice order by fault.column_name) filter (fault.rule is not null) as advices
    from quarantine_row as waiting
    inner join files on files.file_id = waiting.file_id
    left join quarantine as fault
        on fault.file_id = waiting.file_id and fault.sheet = waiting.sheet and fault."row" = waiting."row"
"""
_ORDER = """group by all order by waiting.kind, waiting.file_id, waiting.sheet, waiting."row" """
# of a file by number or name ('' for all), of a kind ('' for all)
_CHOSEN = """
    where ($1 = '' or cast(waiting.file_id as varchar) = $1 or waiting.file_name = $1) and ($2 = '' or waiting.kind = $2)
"""
WAITING = f"{_ROWS} {_CHOSEN} {_ORDER} limit $3"
COUNT = f"select count(*) from quarantine_row as waiting {_CHOSEN}"
WANTED = f"""{_ROWS}
    semi join wanted
        on wanted.file_id = waiting.file_id and wanted.sheet = waiting.sheet and wanted."row" = waiting."row"
    {_ORDER}
"""
BY_FILE = """
    select file_id, file_name, kind, count(*) as rows from quarantine_row
    group by file_id, file_name, kind order by rows desc, file_id
"""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one cell. header: as in COLUMNS of etl.faults."""

    header: str
    rule: str
    advice: str


@dataclass(frozen=True)
class Waiting:
    """One quarantined row. period and months: as far as known. units: money column → unit word of its figures."""

    file_id: int
    sheet: str
    row: int
    file_name: str
    sha256: str
    kind: str
    period: dt.date | None
    months: int | None
    units: Mapping[str, str]
    cells: Mapping[str, str | None]
    flaws: tuple[Flaw, ...]

    @property
    def code(self) -> str:
        """The file in a form that no other file shares, in this data folder or another."""
        return f"{self.file_id}-{self.sha256[:12]}"


def waiting(rows: pl.DataFrame) -> list[Waiting]:
    """The answer to WAITING as records."""
    return [_waiting(row) for row in rows.iter_rows(named=True)]


def _waiting(row: dict[str, Any]) -> Waiting:
    told = (row.pop("headers"), row.pop("rules"), row.pop("advices"))
    flaws = tuple(Flaw(*flaw) for flaw in zip(*(item or () for item in told), strict=True))
    return Waiting(
        **{**row, "units": json.loads(row["units"]), "cells": json.loads(row["cells"])}, flaws=flaws
    )


def month_label(period: dt.date, months: int | None) -> str:
    """A month as a title and a 统计月份 cell write it: 2025-09, or 2025年1—2月 for a combined one."""
    return f"{period.year}年1—2月" if months == 2 else f"{period:%Y-%m}"


def shown(cell: str | None) -> str:
    """A kept cell as a workbook can show it and gives it back: no control characters, within a cell's limit."""
    lines = (cell or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or sign >= " ")[:32_000]


def kept(
    body: pl.DataFrame, typed: pl.DataFrame, unread: Mapping[str, pl.Series], layout: Layout
) -> pl.DataFrame:
    """The quarantined rows of a block in FIELDS. typed: all its rows as read; unread: row numbers by column."""
    if not body.height:
        return pl.DataFrame(schema=FIELDS)
    source = layout.source
    facts = body.select("row").join(typed, on="row", how="left", maintain_order="left")
    none = pl.lit(None, pl.String)
    known = facts.select(
        pl.col("row"),
        (pl.col("period") if source.period != "none" else pl.lit(None, pl.Date)).alias("period"),
        (pl.col("months") if "months" in facts.columns else pl.lit(None, pl.Int8)).alias("months"),
        (pl.col("flow") if source.one_flow else none).alias("flow"),
        (_key(source, unread) if source.key else none).alias("row_key"),
        pl.lit(json.dumps(_units(layout), ensure_ascii=False)).alias("units"),
    )
    stated = [facts[name].alias(f"stated_{name}") for name in ("period", "flow") if name in facts.columns]
    cells = body.with_columns(*stated, known["months"].alias("stated_months")).select(
        pl.struct(_cells(body, layout)).struct.json_encode().alias("cells")
    )
    return pl.concat([known, cells], how="horizontal").cast(FIELDS)  # type: ignore[arg-type]


def _key(source: Source, unread: Mapping[str, pl.Series]) -> pl.Expr:
    """The key of a ledger's row as text; null where a part of it is missing, damaged or could not be read."""
    specs = source.schema.columns()
    lost = pl.lit(False)
    for name in source.key:
        if name in unread:
            lost |= pl.col("row").is_in(unread[name].implode())
        if not specs[name].nullable:
            lost |= pl.col(name).is_null()
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in source.key]
    text = pl.concat_str(parts, separator=KEY_BREAK)
    return pl.when(~lost & ~text.str.contains(MARK, literal=True)).then(text)


def key_sql(source: Source, row: str) -> str:
    """The same text for a row of the fact table, as SQL."""
    parts = (f"coalesce(cast({row}.{name} as varchar), '')" for name in source.key)
    return f" || chr({ord(KEY_BREAK)}) || ".join(parts)


def _units(layout: Layout) -> dict[str, str]:
    """The unit of each money column's figures; of one the file lacks, that of the others."""
    stated = {name: UNIT_WORDS[factor] for name, factor in layout.factors.items()}
    for name in stated:
        if names_dollars(layout, name):
            stated[name] = stated[name].replace("元", "美元")
    usual = next(iter(stated.values()), UNIT_WORDS[Decimal(1)])
    columns = layout.source.columns.items()
    return {
        name: stated.get(name) or column.unit or usual for name, column in columns if column.reader == "money"
    }


def _cells(body: pl.DataFrame, layout: Layout) -> list[pl.Expr]:
    """Every cell by its header, those of the kind's columns by the main one."""
    columns = layout.source.columns
    named = {f"c{index}": columns[name].header for name, index in layout.columns.items()}
    taken = {column.header for column in columns.values()} | {LEFT_OVER}
    found = [_text(name).alias(header) for name, header in named.items()]
    found += [
        _stated(name).alias(columns[name].header)
        for name in ("period", "flow")
        if name in columns and name not in layout.columns
    ]
    for name in (name for name in body.columns if name[0] == "c" and name not in named):
        index = int(name[1:])
        label = layout.headers[index] if index < len(layout.headers) else ""
        if label == LEFT_OVER:
            continue
        header = label if label and label not in taken else f"第{index + 1}列"
        taken.add(header)
        found.append(_text(name).alias(header))
    return [*found, _left_over(body, layout, set(named)).alias(LEFT_OVER)]


def _stated(name: str) -> pl.Expr:
    """A value that the title or the user gave for all rows, as its cell would say it."""
    value = pl.col(f"stated_{name}")
    if name == "flow":
        return value.replace_strict(FLOW_WORDS, default=None)
    combined = pl.format("{}年1—2月", value.dt.year())
    return pl.when(pl.col("stated_months") == 2).then(combined).otherwise(value.dt.strftime("%Y-%m"))


def _text(name: str) -> pl.Expr:
    """A cell without the signs of its marks; U+FFFD stays where bytes were bad, so that it is not taken for sound."""
    cell = pl.col(name).str.replace_all(WHOLE_LINE, "")
    held = cell.str.replace_all(rf"{MARK}{BAD_BYTE}[^{MARK}]*{MARK}", _HELD)
    return held.str.replace_all(CELL_MARKS, "$1").str.replace_all(_HELD, MARK)


def _left_over(body: pl.DataFrame, layout: Layout, named: set[str]) -> pl.Expr:
    """What of a row stands in no column that is read, and yet keeps it in quarantine."""
    raw = [name for name in body.columns if name[0] == "c"]
    parts = [pl.col(name).str.extract(WHOLE_LINE, 1) for name in raw]
    parts += [_text(name).replace("", None) for name in beyond(body, layout)]
    for name in sorted(set(raw) - named - set(beyond(body, layout))):
        damaged = pl.col(name).str.replace_all(CELL_MARKS, "").str.replace_all(WHOLE_LINE, "")
        parts.append(pl.when(damaged.str.contains(MARK, literal=True)).then(_text(name)))
    return pl.concat_str(parts, separator="，", ignore_nulls=True).replace("", None)
