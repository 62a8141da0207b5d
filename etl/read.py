"""Rows of text to typed rows: read each cell, set totals and notes aside, split good rows from faults.

Nothing is lost: rows read = accepted + quarantined + skipped, where skipped are totals, notes and
repeated headers.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from etl import cells
from etl.contracts import ADVICE, Column
from etl.decode import Table, has_bad_bytes
from etl.layout import Hints, Layout
from etl.policy import Policy

CITY_TOTAL = r"^(合计|总计|总和|全市|全市合计|全市总计|永州市|永州市合计|全市小计)$"
ANY_TOTAL = r"^其中|(合计|小计|总计)$|^(总和|全市|永州市)$"
NOTE = r"^(注|备注|说明|填表|制表|数据来源|资料来源|审核|联系人|单位[:：(（]|\*)"
FAULT_COLUMNS = {
    "row": pl.Int32,
    "column_name": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "advice": pl.String,
}
LABEL_READERS = ("text", "unit", "uscc", "period", "indicator")


@dataclass(frozen=True)
class Batch:
    """One chunk of a table, read.

    good: the schema's columns but file_id and sheet. faults: one row per faulty cell (FAULT_COLUMNS).
    totals: the whole city's rows of the table itself, same columns as good.
    """

    good: pl.DataFrame
    faults: pl.DataFrame
    totals: pl.DataFrame
    read: int
    quarantined: int
    skipped: int


@dataclass(frozen=True)
class Reader:
    """What reading needs beside the table: the policy's names, and what the user stated."""

    policy: Policy
    hints: Hints
    units: dict[str, str] = field(init=False)
    indicators: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        units = {
            cells_key: unit.code
            for unit in self.policy.units
            if unit.role in ("unit", "zone")
            for cells_key in (unit.code, *unit.former, unit.name, unit.short, *unit.aliases)
        }
        indicators = {
            word: item.id for item in self.policy.indicators for word in (item.id, item.name, item.short)
        }
        object.__setattr__(self, "units", units)
        object.__setattr__(self, "indicators", indicators)

    def batches(self, table: Table, layout: Layout) -> Iterator[Batch]:
        """Each chunk of the table, split into good rows, faults and totals."""
        for frame in table.frames():
            rows = _named(frame.filter(pl.col("row") >= layout.first_row), layout)
            yield self._batch(rows.filter(~pl.col("_blank")), layout)

    def _batch(self, rows: pl.DataFrame, layout: Layout) -> Batch:
        aside = rows.select(_is_total(layout) | _is_note(layout) | _is_header(layout)).to_series()
        city = rows.filter(rows.select(_is_city_total(layout)).to_series())
        body = rows.filter(~aside)
        typed = body.select("row", *self._typed(body, layout))
        faulty = _unreadable(body, typed, layout)
        sound = typed.filter(~typed["row"].is_in(faulty["row"].implode()))
        schema = layout.source.schema
        with_lineage = sound.with_columns(file_id=pl.lit(0, pl.Int32), sheet=pl.lit(""))
        good, failures = schema.filter(with_lineage.select(schema.column_names()))
        failed = failures.details() if len(failures) else None
        faults = faulty if failed is None else pl.concat([faulty, _broken(failed, body, layout)])
        totals = city.select("row", *self._typed(city, layout)) if city.height else typed.clear()
        return Batch(
            good=good.drop("file_id", "sheet"),
            faults=faults,
            totals=totals,
            read=rows.height,
            quarantined=faults["row"].n_unique(),
            skipped=rows.height - body.height,
        )

    def _typed(self, rows: pl.DataFrame, layout: Layout) -> Iterator[pl.Expr]:
        """One expression a schema column; columns that the file lacks are null or what the user stated."""
        schema = layout.source.schema
        dtypes = {name: spec.dtype for name, spec in schema.columns().items()}
        columns = layout.source.columns
        for name, dtype in dtypes.items():
            if name in ("file_id", "sheet", "row"):
                continue
            if name in layout.columns:
                yield self._cell(rows, name, columns[name], layout).cast(dtype).alias(name)
            elif name == "period" and layout.month:
                yield pl.lit(layout.month[0]).alias(name)
            elif name == "months":
                span = cells.months(pl.col("period")) if "period" in layout.columns else None
                fixed = layout.month[1] if layout.month else 1
                yield (pl.lit(fixed, pl.Int8) if span is None else span).alias(name)
            elif name == "flow":
                yield pl.lit(cells_flow(self.hints.flow)).cast(pl.String).alias(name)
            else:
                yield pl.lit(None, dtype).alias(name)

    def _cell(self, rows: pl.DataFrame, name: str, column: Column, layout: Layout) -> pl.Expr:
        cell = pl.col(name)
        if column.reader == "money":
            plain = rows.select(cell.str.contains(r"^-?[\d,]+\.?\d*$").all()).item() if rows.height else False
            return (cells.plain_money if plain else cells.money)(cell, layout.factors[name])
        if column.reader == "unit":
            return self._unit(cell)
        if column.reader == "indicator":
            return cells.choice(cell, self.indicators)
        if column.reader == "target":
            return self._target(cell)
        if column.reader == "choice":
            return cells.choice(cell, column.words or {})
        if column.reader == "code":
            return cells.code(cell, column.digits)
        readers: dict[str, Callable[[pl.Expr], pl.Expr]] = {
            "text": cells.text,
            "number": cells.number,
            "growth": cells.growth,
            "date": cells.date,
            "period": cells.period,
            "uscc": cells.uscc,
            "hs_code": cells.hs_code,
        }
        return readers[column.reader](cell)

    def _unit(self, cell: pl.Expr) -> pl.Expr:
        """A unit's code by any of its names; 湖南省 and 永州市 before a name fall away."""
        name = cells.tidy(cell)
        inner = name.str.replace(r"^(湖南省)?(永州市)?", "")
        known = list(self.units), list(self.units.values())
        exact = name.replace_strict(*known, default=None, return_dtype=pl.String)
        return pl.coalesce(exact, inner.replace_strict(*known, default=None, return_dtype=pl.String))

    def _target(self, cell: pl.Expr) -> pl.Expr:
        """A target as a fraction where its indicator is one: 10% and 10 and 0.1 are 10 %; 1–3 alone is unclear."""
        clean = cells.tidy(cell)
        figure = clean.str.strip_suffix("%").cast(pl.Decimal(24, 8), strict=False)
        fractions = [item.id for item in self.policy.indicators if item.county.kind in ("share", "growth")]
        is_fraction = cells.choice(pl.col("indicator"), self.indicators).is_in(fractions)
        hundredth = figure * pl.lit(Decimal("0.01")).cast(pl.Decimal(24, 8))
        share = (
            pl.when(clean.str.ends_with("%") | (figure >= 3))
            .then(hundredth)
            .when(figure <= 1)
            .then(figure.cast(pl.Decimal(38, 8)))
        )
        count = pl.when(~clean.str.ends_with("%")).then(figure.cast(pl.Decimal(38, 8)))
        return pl.when(is_fraction).then(share).otherwise(count).cast(cells.MONEY, strict=False)


def cells_flow(flow: str | None) -> str | None:
    """The stored direction for what the user stated, None for nothing."""
    return {"进口": "import", "出口": "export", "import": "import", "export": "export"}.get(flow or "")


def _named(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Raw cells under their column names, with what tells rows of other sorts apart."""
    raw = [name for name in frame.columns if name != "row"]
    blank = pl.all_horizontal(pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in raw)
    spare = [name for name in raw if int(name[1:]) >= layout.width]
    ragged = (
        pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in spare) if spare else pl.lit(False)
    )
    return frame.select(
        "row",
        *(
            (pl.col(f"c{index}") if f"c{index}" in raw else pl.lit(None, pl.String)).alias(name)
            for name, index in layout.columns.items()
        ),
        pl.coalesce(cells.tidy(pl.col(name)) for name in raw[: layout.width]).alias("_first"),
        pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in raw).alias("_filled"),
        blank.alias("_blank"),
        ragged.fill_null(False).alias("_ragged"),
        has_bad_bytes().fill_null(False).alias("_bad_bytes"),
    )


def _label_cells(layout: Layout) -> list[pl.Expr]:
    named = [n for n, c in layout.source.columns.items() if n in layout.columns and c.reader in LABEL_READERS]
    return [cells.tidy(pl.col(name)) for name in named] + [pl.col("_first")]


def _is_total(layout: Layout) -> pl.Expr:
    return pl.any_horizontal(cell.str.contains(ANY_TOTAL).fill_null(False) for cell in _label_cells(layout))


def _is_city_total(layout: Layout) -> pl.Expr:
    if layout.source.kind not in ("firm_month", "county_month", "cbec_month"):
        return pl.lit(False)
    return pl.any_horizontal(cell.str.contains(CITY_TOTAL).fill_null(False) for cell in _label_cells(layout))


def _is_note(layout: Layout) -> pl.Expr:
    return (pl.col("_first").str.contains(NOTE) & (pl.col("_filled") <= 2)).fill_null(False)


def _is_header(layout: Layout) -> pl.Expr:
    """A header repeated further down (pages joined, two downloads in one file)."""
    same = [
        cells.tidy(pl.col(name)) == re.sub(r"\s", "", label)
        for name, label in layout.labels.items()
        if layout.columns[name] < layout.width
    ][:4]
    return pl.sum_horizontal(test.fill_null(False).cast(pl.Int32) for test in same) >= min(2, len(same))


def _unreadable(body: pl.DataFrame, typed: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """One row per filled cell that its reader could not read, and per ragged or undecodable row."""
    found = []
    for name in layout.columns:
        lost = body.select((cells.tidy(pl.col(name)).is_not_null() & typed[name].is_null()).alias("lost"))
        if lost["lost"].any():
            column = layout.source.columns[name]
            advice = f"「{layout.labels[name]}」无法识别，{ADVICE[column.reader]}"
            found.append(_faults(body.filter(lost["lost"]), name, layout.labels[name], "unreadable", advice))
    for flag, advice in (
        ("_ragged", "本行的列数多于表头，请核对分隔符和引号。"),
        ("_bad_bytes", "本行有不能解码的字节，请在原系统中重新导出本行。"),
    ):
        if body[flag].any():
            found.append(_faults(body.filter(body[flag]), "_first", "", flag[1:], advice))
    return pl.concat(found) if found else pl.DataFrame(schema=FAULT_COLUMNS)


def _broken(failed: pl.DataFrame, body: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """One row per schema rule that a row breaks."""
    own = layout.source.rules or {}
    found = []
    for rule in (
        name for name, dtype in failed.schema.items() if dtype == pl.Enum(["valid", "invalid", "unknown"])
    ):
        rows = body.join(failed.filter(pl.col(rule) == "invalid").select("row"), on="row", how="semi")
        if not rows.height:
            continue
        name, _, check = rule.partition("|")
        if check:
            header = layout.source.columns[name].header if name in layout.source.columns else name
            label = layout.labels.get(name, header)
            advice, rule = (
                f"「{label}」是必填项，{ADVICE.get(layout.source.columns[name].reader, '请补上。')}",
                "missing",
            )
        else:
            label, advice = own[rule]
            name = next((n for n, c in layout.source.columns.items() if c.header == label), "_first")
        found.append(_faults(rows, name if name in body.columns else "_first", label, rule, advice))
    return pl.concat(found) if found else pl.DataFrame(schema=FAULT_COLUMNS)


def _faults(rows: pl.DataFrame, value: str, label: str, rule: str, advice: str) -> pl.DataFrame:
    return rows.select(
        "row",
        pl.lit(label).alias("column_name"),
        pl.col(value).fill_null("").alias("value"),
        pl.lit(rule).alias("rule"),
        pl.lit(advice).alias("advice"),
    )
