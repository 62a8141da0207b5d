"""Rows of text to typed rows: read each cell, set totals and notes aside, split good rows from faults.

Nothing is lost: rows read = accepted + quarantined + skipped, where skipped are totals, notes,
repeated headers and exact copies.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import dataframely as dy
import polars as pl

from etl import cells
from etl.aside import TOTAL_WORDS, sorted_out
from etl.contracts import Column, Source
from etl.faults import beyond, broken, fault_table, harmed, marked, ragged, unreadable
from etl.layout import Hints, Layout
from etl.policy import Policy
from etl.tables import Table
from etl.titles import plain

DOWNLOAD_LIMIT = 10_000  # rows, of the customs online query
ORDINALS = ("序号", "行号")  # such columns number the rows, so they do not make two copies differ
Read = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Batch:
    """One chunk of a table, read.

    good: the schema's columns but file_id and sheet. faults: one row per faulty cell (faults.COLUMNS).
    totals: the whole city's rows of the table itself, same columns as good. read = good rows +
    quarantined + skipped; copies: how many of the skipped are exact copies of an earlier row.
    """

    good: pl.DataFrame
    faults: pl.DataFrame
    totals: pl.DataFrame
    read: int
    quarantined: int
    skipped: int
    copies: int


def remarks(source: Source, read: int, copies: int) -> list[str]:
    """What the counts of a whole file tell its sender."""
    told = []
    if copies:
        told.append(f"有 {copies} 行与前面的行完全相同（可能是重复下载），只计一次")
    if source.kind == "customs_public" and read - copies == DOWNLOAD_LIMIT:
        told.append(f"正好 {DOWNLOAD_LIMIT} 行，可能被下载上限截断，请核对后分批下载")
    return told


@dataclass(frozen=True)
class Reader:
    """What reading needs beside the table: the policy's names, and what the user stated."""

    policy: Policy
    hints: Hints
    units: dict[str, str] = field(init=False)
    indicators: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        units = {
            name: unit.code
            for unit in self.policy.units
            if unit.role in ("unit", "zone")
            for name in (unit.code, *unit.former, unit.name, unit.short, *unit.aliases)
        }
        indicators = {
            word: item.id for item in self.policy.indicators for word in (item.id, item.name, item.short)
        }
        object.__setattr__(self, "units", units)
        object.__setattr__(self, "indicators", indicators)

    def batches(self, table: Table, layout: Layout) -> Iterator[Batch]:
        """Each chunk of the table, split into good rows, faults and totals."""
        seen = pl.Series(dtype=pl.String)
        for frame in table.frames():
            rows = frame.filter(pl.col("row") >= layout.first_row)
            if layout.source.copies == "skip":
                fresh, seen = _without_copies(rows, layout, seen)
                yield self._batch(fresh, layout, rows.height - fresh.height)
            else:
                yield self._batch(rows, layout, 0)

    def _batch(self, rows: pl.DataFrame, layout: Layout, copies: int) -> Batch:
        typed, unread = self._typed(rows, layout)
        sound = ~harmed(rows, layout)
        for mask in (*unread.values(), *(_filled(rows[name]) for name in beyond(rows, layout))):
            sound &= ~mask
        schema = layout.source.schema
        candidates = typed.filter(sound).with_columns(file_id=pl.lit(0, pl.Int32), sheet=pl.lit(""))
        good, failures = schema.filter(candidates.select(schema.column_names()))
        left = rows.filter(~pl.col("row").is_in(good["row"].implode()))
        sorts = sorted_out(left, layout)
        body = left.filter(~(sorts["blank"] | sorts["aside"]))
        city = sorts["row"].filter(sorts["city_total"])
        blank = int(sorts["blank"].sum())
        numbers = {name: rows["row"].filter(mask) for name, mask in unread.items()}
        return Batch(
            good=good.drop("file_id", "sheet"),
            faults=_faults(body, numbers, failures, layout),
            totals=typed.filter(pl.col("row").is_in(city.implode())),
            read=rows.height - blank + copies,
            quarantined=body.height,
            skipped=left.height - blank - body.height + copies,
            copies=copies,
        )

    def _typed(self, rows: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
        """The schema's columns (but file_id and sheet), and by column which filled cells could not be read.

        Columns that the file lacks are null, or what the title or the user states.
        """
        typed, unread = [rows["row"]], {}
        for name, spec in layout.source.schema.columns().items():
            if name in ("file_id", "sheet", "row"):
                continue
            if name in layout.columns:
                values, mask = self._column(rows, name, layout)
                if mask is not None:
                    unread[name] = mask
            else:
                values = self._stated(rows, name, layout)
            typed.append(values.cast(spec.dtype).alias(name))
        return pl.DataFrame(typed), unread

    def _stated(self, rows: pl.DataFrame, name: str, layout: Layout) -> pl.Series:
        """A column that the file does not have."""
        value: dt.date | str | int | None = None
        if name == "period" and layout.month:
            value = layout.month[0]
        elif name == "flow":
            value = cells_flow(self.hints.flow)
        elif name == "months" and "period" in layout.columns:
            return _read_distinct(rows[f"c{layout.columns['period']}"], cells.months)[0]
        elif name == "months":
            value = layout.month[1] if layout.month else 1
        return pl.repeat(value, rows.height, eager=True)

    def _column(self, rows: pl.DataFrame, name: str, layout: Layout) -> tuple[pl.Series, pl.Series | None]:
        """A column's typed values, and which filled cells could not be read; None for none."""
        column, place = layout.source.columns[name], f"c{layout.columns[name]}"
        raw = rows[place] if place in rows.columns else pl.Series(place, [None] * rows.height, pl.String)
        if column.reader == "money":
            return _read_numbers(
                raw,
                lambda cell: cells.money(cell, layout.factors[name]),
                lambda cell: cells.plain_money(cell, layout.factors[name]),
            )
        if column.reader == "number":
            return _read_numbers(raw, cells.number, lambda cell: cells.plain_money(cell, Decimal(1)))
        if column.reader == "target":
            return self._targets(raw, rows[f"c{layout.columns['indicator']}"])
        return _read_distinct(raw, self._reader(column))

    def _reader(self, column: Column) -> Read:
        """The function of ``cells`` that a column names, with what the column says about it."""
        readers: dict[str, Read] = {
            "text": _name,
            "growth": cells.growth,
            "date": cells.date,
            "period": cells.period,
            "uscc": cells.uscc,
            "hs_code": cells.hs_code,
            "hs_level": cells.hs_level,
            "unit": self._unit,
            "indicator": lambda cell: cells.choice(cell, self.indicators),
            "choice": lambda cell: cells.choice(cell, column.words or {}),
            "code": lambda cell: cells.code(cell, column.digits, column.zeros),
        }
        return readers[column.reader]

    def _unit(self, cell: pl.Expr) -> pl.Expr:
        """A unit's code by any of its names; 湖南省 and 永州市 before a name fall away."""
        name = cells.label(cell)
        inner = name.str.replace(r"^(湖南省)?(永州市)?", "")
        return pl.coalesce(cells.choice(name, self.units), cells.choice(inner, self.units))

    def _targets(self, raw: pl.Series, indicator: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        """Targets in their indicator's unit; of a fraction 10% and 10 and 0.1 are 10 %, and 1 to 3 alone is unclear."""
        fractions = [item.id for item in self.policy.indicators if item.county.kind in ("share", "growth")]
        clean = cells.tidy(pl.col("cell"))
        percent = clean.str.ends_with("%")
        figure = clean.str.strip_suffix("%").cast(pl.Decimal(24, 8), strict=False)
        of_fraction = cells.choice(pl.col("indicator"), self.indicators).is_in(fractions).fill_null(False)
        hundredth = (figure * pl.lit(Decimal("0.01")).cast(pl.Decimal(24, 8))).cast(cells.MONEY, strict=False)
        plain_figure = figure.cast(cells.MONEY, strict=False)
        values = (
            pl.when(of_fraction & (percent | (figure >= 3)))
            .then(hundredth)
            .when(of_fraction & (figure <= 1) | ~of_fraction & ~percent)
            .then(plain_figure)
        )
        read = pl.select(cell=raw, indicator=indicator).select(
            values.alias("value"), clean.is_not_null().alias("filled")
        )
        unread = read["filled"] & read["value"].is_null()
        return read["value"], unread if unread.any() else None


def cells_flow(flow: str | None) -> str | None:
    """The stored direction for what the user stated, None for nothing."""
    return {"进口": "import", "出口": "export", "import": "import", "export": "export"}.get(flow or "")


def _name(cell: pl.Expr) -> pl.Expr:
    """A name or free text; the word of a total is none, so that its row is looked at."""
    return pl.when(~cells.label(cell).str.contains(TOTAL_WORDS)).then(cells.text(cell))


def _read_distinct(raw: pl.Series, read: Read) -> tuple[pl.Series, pl.Series | None]:
    """Read each distinct cell once; the second is which filled cells could not be read, None for none."""
    distinct = raw.unique()
    cell = pl.col("cell")
    known = pl.select(cell=distinct).select(
        cell, read(cell).alias("value"), cells.tidy(cell).is_not_null().alias("filled")
    )
    values = raw.replace_strict(known["cell"], known["value"], return_dtype=known["value"].dtype)
    unread = known["cell"].filter(known["filled"] & known["value"].is_null())
    return values, raw.is_in(unread.implode()).fill_null(False) if unread.len() else None


def _read_numbers(raw: pl.Series, read: Read, read_plain: Read) -> tuple[pl.Series, pl.Series | None]:
    """Numbers: plain ones, nearly all of a large file, on the fast path; of the others each distinct one once."""
    cell = pl.col("cell")
    frame = pl.select(cell=raw)
    plain_cells = frame.select(cell.str.contains(cells.PLAIN_NUMBER)).to_series()
    quick = frame.select(read_plain(cell)).to_series()
    if quick.null_count() == raw.null_count() and plain_cells.all():
        return quick, None
    others = frame.select(pl.when(~plain_cells | quick.is_null()).then(cell)).to_series()
    values, unread = _read_distinct(others, read)
    return pl.select(pl.when(others.is_null()).then(quick).otherwise(values)).to_series(), unread


def _faults(
    body: pl.DataFrame, unread: dict[str, pl.Series], failures: dy.FailureInfo, layout: Layout
) -> pl.DataFrame:
    """Everything that is wrong with the rows that belong to the table but are no good."""
    if not body.height:
        return fault_table([])
    harm = harmed(body, layout)
    rules = layout.source.rules or {}
    found = (
        unreadable(body.filter(~harm), unread, layout),
        ragged(body.filter(~harm), layout),
        marked(body.filter(harm), layout),
        broken(failures.details(), body, layout, rules) if len(failures) else (),
    )
    return fault_table(itertools.chain(*found))


def _filled(raw: pl.Series) -> pl.Series:
    return (raw.str.strip_chars() != "").fill_null(False)


def _without_copies(rows: pl.DataFrame, layout: Layout, seen: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that are no exact copy of an earlier one, and all that were seen; blank rows stay."""
    ordinals = {f"c{index}" for index, header in enumerate(layout.headers) if plain(header) in ORDINALS}
    texts = [pl.col(name).fill_null("") for name in rows.columns if name[0] == "c" and name not in ordinals]
    whole = rows.select(pl.concat_str(texts, separator="\x1f")).to_series()
    blank = whole.str.strip_chars("\x1f ") == ""
    fresh = blank | (whole.is_first_distinct() & ~whole.is_in(seen.implode()))
    return rows.filter(fresh), pl.concat([seen, whole.filter(fresh & ~blank)])
