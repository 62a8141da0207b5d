"""Rows of text to typed rows: read each cell, set totals and notes aside, split good rows from faults.

Nothing is lost: rows read = accepted + quarantined + skipped, where skipped are totals, notes,
repeated headers and exact copies.
"""

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

import dataframely as dy
import polars as pl

from etl import cells
from etl.aside import sorted_out, total_name
from etl.columns import CELL, Answer, Distinct, Numbers, Read, worked_out
from etl.contracts import FLOWS, Column, Source
from etl.example import example_rows
from etl.faults import beyond, broken, fault_table, harmed, marked, ragged, unreadable
from etl.happenings import load_categories
from etl.industries import AROUND, load_industries
from etl.layout import Hints, Layout, names_dollars
from etl.merged import filled
from etl.parallel import in_order
from etl.policy import Policy
from etl.quarantine import kept
from etl.stacked import refuse_other_table
from etl.tables import Table
from etl.titles import plain

DOWNLOAD_LIMIT = 10_000  # rows, of the customs online query
LARGE = 50_000  # rows of a block
ORDINALS = ("序号", "行号")  # such columns number the rows, so they do not make two copies differ
ORDINAL = r"^\(?[0-9一二三四五六七八九十]{1,2}[.、)]"  # before a unit's name: 「1. 零陵区」
OFFICE = r"(管委会|管理委员会|人民政府|0{6}|\.0+)$"  # after it: who reports, or what a code is padded with
ColumnReader = Callable[[pl.DataFrame], Answer]  # from the rows of a table to one of their columns, typed


@dataclass(frozen=True)
class OfCells:
    """The reader of a column of the schema that stands in one column of the rows."""

    cells: str
    read: Distinct | Numbers

    def __call__(self, rows: pl.DataFrame) -> Answer:
        return self.read(rows[self.cells])


class OfNumbers(OfCells):
    """The same of numbers."""

    read: Numbers


@dataclass(frozen=True)
class Batch:
    """One chunk of a table, read.

    good: the schema's columns but file_id and sheet. faults: one row per faulty cell (faults.COLUMNS).
    rejected: one row per quarantined row, kept whole (quarantine.FIELDS). totals: the whole city's rows of
    the table itself, same columns as good. read = good rows + quarantined + skipped; copies: how many of the
    skipped are exact copies of an earlier row.
    """

    good: pl.DataFrame
    faults: pl.DataFrame
    rejected: pl.DataFrame
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


def city_totals(source: Source, totals: pl.DataFrame) -> pl.DataFrame:
    """The rows that the table's own totals give to fact_total, but for file and sheet."""
    figures = [name for name in totals.columns if name.startswith(("month_", "ytd_"))]
    known = totals.filter(pl.col("period").is_not_null()).select("row", "period", "months", *figures)
    return known.with_columns(kind=pl.lit(source.kind))


@dataclass(frozen=True)
class Reader:
    """What reading needs beside the table: the policy's names, and what the user stated."""

    policy: Policy
    hints: Hints
    units: dict[str, str] = field(init=False)
    indicators: dict[str, str] = field(init=False)
    categories: dict[str, str] = field(init=False)
    industries: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        units = {
            name: unit.code
            for unit in self.policy.units
            if unit.role in ("unit", "zone")
            for name in (unit.code, *unit.former, unit.name, unit.short, *unit.aliases)
        }
        indicators = {
            plain(word).upper(): item.id
            for item in self.policy.indicators
            for word in (item.id, item.name, item.short)
        }
        object.__setattr__(self, "units", units)
        object.__setattr__(self, "indicators", indicators)
        object.__setattr__(self, "categories", load_categories(self.policy.folder))
        object.__setattr__(self, "industries", load_industries(self.policy.folder))

    def batches(self, table: Table, layout: Layout) -> Iterator[Batch]:
        """Each chunk of the table, split into good rows, faults and totals; the next ones are read meanwhile."""
        names = [name for name in layout.source.schema.columns() if name not in ("file_id", "sheet", "row")]
        readers = {name: self._reader(name, layout) for name in names}
        pieces = _pieces(table, layout)
        # one at once: polars has threads of its own, and to parse the pieces takes several times as long
        yield from in_order(lambda piece: _batch(piece[0], layout, readers, piece[1], self.policy), pieces, 1)

    def _reader(self, name: str, layout: Layout) -> ColumnReader:
        """How a column of the schema comes out of the rows; one reader serves all blocks of a table."""
        columns = layout.columns
        if name == "months" and "period" in columns:
            return OfCells(f"c{columns['period']}", Distinct(cells.months))
        if name not in columns:
            value = self._stated(name, layout)
            return lambda rows: (pl.repeat(value, rows.height, eager=True), None)
        column, sort = layout.source.columns[name], layout.source.schema.columns()[name].dtype
        if column.currency == "row":
            words, factor = layout.source.columns["currency"], layout.factors[name]
            dollars = names_dollars(layout, name)
            return lambda rows: _by_currency(
                rows[f"c{columns[name]}"], rows[f"c{columns['currency']}"], words, factor, dollars
            )
        if column.reader in ("money", "number"):
            numbers = _numbers(column, layout.factors.get(name, Decimal(1)), sort)
            return OfNumbers(f"c{columns[name]}", numbers)
        if column.reader == "target":
            return lambda rows: self._targets(rows[f"c{columns[name]}"], rows[f"c{columns['indicator']}"])
        read = self._cell_reader(column, layout.day_zero)
        return OfCells(f"c{columns[name]}", Distinct(lambda cell: read(cell).cast(sort)))

    def _stated(self, name: str, layout: Layout) -> dt.date | str | int | None:
        """The one value of a column that the file does not have, from the title or the user."""
        if name == "flow":
            return cells_flow(self.hints.flow)
        if name == "months":
            return layout.month[1] if layout.month else 1
        return layout.month[0] if name == "period" and layout.month else None

    def _cell_reader(self, column: Column, day_zero: str) -> Read:
        """The function of ``cells`` that a column names, with what the column says about it."""
        readers: Mapping[str, Read] = {
            # the word of a total is no name, so that its row is looked at
            "text": lambda cell: cells.text(cell, total_name(self.policy.city.name)),
            "growth": cells.growth,
            "date": lambda cell: cells.date(cell, day_zero),
            "period": lambda cell: cells.period(cell, day_zero),
            "uscc": cells.uscc,
            "hs_code": cells.hs_code,
            "hs_level": cells.hs_level,
            "unit": self._unit,
            "indicator": lambda cell: cells.choice(cell, self.indicators),
            "category": lambda cell: cells.choice(cell, self.categories),
            "industry": lambda cell: cells.choice(cell, self.industries, AROUND),
            "choice": lambda cell: cells.choice(cell, column.words or {}, column.around),
            "code": lambda cell: cells.code(cell, column.digits, column.zeros),
        }
        return readers[column.reader]

    def _unit(self, cell: pl.Expr) -> pl.Expr:
        """A unit's code by any of its names; what stands around a name and says nothing falls away.

        A bracket that says what is counted in (「冷水滩区（含经开区）」) makes it another unit's figure too: unread.
        """
        name = cells.label(cell)
        bare = name.str.replace(ORDINAL, "").str.replace(r"\((?:不含|原|[^()含])[^()]*\)$", "")
        province, city = self.policy.document.province, self.policy.city.name
        above = rf"^({province}|{province.removesuffix('省')})?({city})?"
        inner = bare.str.replace(above, "").str.replace(OFFICE, "")
        return pl.coalesce(
            cells.choice(text, self.units)
            for text in (name, bare, inner, inner.str.replace(f"^{city.removesuffix('市')}", ""))
        )

    def _targets(self, raw: pl.Series, indicator: pl.Series) -> Answer:
        """Targets in their indicator's unit; of a fraction 10% and 10 and 0.1 are 10 %, and from 1 to 3 alone it is unclear."""
        fractions = [item.id for item in self.policy.indicators if item.county.kind in ("share", "growth")]
        clean = cells.tidy(CELL)
        percent = clean.str.ends_with("%")
        figure = clean.str.strip_suffix("%").cast(cells.MONEY, strict=False)
        hundredth = (figure * pl.lit(Decimal("0.01")).cast(pl.Decimal(2, 2))).cast(cells.MONEY, strict=False)
        of_fraction = cells.choice(pl.col("indicator"), self.indicators).is_in(fractions).fill_null(False)
        values = (
            pl.when(of_fraction & (percent | (figure >= 3)))
            .then(hundredth)
            .when(of_fraction & (figure < 1) | ~of_fraction & ~percent)
            .then(figure)
        )
        both = _texts(pl.DataFrame({"cell": raw, "indicator": indicator}))
        return _answer(both, values)


def _pieces(table: Table, layout: Layout) -> Iterator[tuple[pl.DataFrame, int]]:
    """The rows below the header, chunk by chunk, and how many exact copies were left out of each."""
    seen = pl.Series(dtype=pl.UInt64)
    for frame in table.frames():
        rows = frame[int(frame["row"].search_sorted(layout.first_row)) :]
        if layout.merged:
            rows = filled(rows, layout)
        if layout.source.copies != "skip":
            yield rows, 0
            continue
        fresh, seen = _without_copies(_texts(rows), layout, seen)
        yield fresh, rows.height - fresh.height


def _by_currency(
    raw: pl.Series, currency: pl.Series, words: Column, factor: Decimal, dollars_alone: bool
) -> Answer:
    """Amounts of a table whose rows name their currency; one that names another itself stays unread.

    dollars_alone: whether the header names dollars, so that rows in yuan contradict it.
    """
    dollars = cells.choice(pl.col("currency"), words.words or {}, words.around) == "USD"
    yuan = pl.lit(None, cells.MONEY) if dollars_alone else cells.money(CELL, factor)
    read = pl.when(dollars).then(cells.money(CELL, factor, "USD")).otherwise(yuan)
    both = _texts(pl.DataFrame({"cell": raw, "currency": currency}))
    return _answer(both, read)


def _answer(rows: pl.DataFrame, read: pl.Expr) -> Answer:
    """What is read of the column ``cell`` with another column's help, and which filled cells were not."""
    values, filled = worked_out(rows, read.alias("value"), cells.tidy(CELL).is_not_null().alias("filled"))
    unread = filled & values.is_null()
    return values, unread if unread.any() else None


def cells_flow(flow: str | None) -> str | None:
    """The stored direction for what the user stated, None for nothing."""
    return FLOWS.get(plain(flow or "").upper())


def _numbers(column: Column, factor: Decimal, sort: pl.DataType) -> Numbers:
    """How a column of numbers is read; ``factor`` is the yuan in its unit. What ``sort`` cannot hold is unread."""

    def careful(cell: pl.Expr) -> pl.Expr:
        plain = column.reader == "number"
        value = cells.number(cell) if plain else cells.money(cell, factor, column.currency)
        return value.cast(sort, strict=False)

    return Numbers(lambda cell: cells.plain_money(cell, factor, sort), careful)


def _batch(
    rows: pl.DataFrame, layout: Layout, readers: Mapping[str, ColumnReader], copies: int, policy: Policy
) -> Batch:
    """The rows read, checked by the schema, and what is left of them sorted out."""
    if examples := example_rows(rows, layout, policy):
        rows = rows.filter(~pl.col("row").is_in(examples))
    typed, unread = _typed(rows, layout, readers)
    sound = ~harmed(rows, layout)
    for mask in (*unread.values(), *(_filled(rows[name].cast(pl.String)) for name in beyond(rows, layout))):
        sound &= ~mask
    schema = layout.source.schema
    readable = typed if sound.all() else typed.filter(sound)
    candidates = layout.source.placed(readable, 0, "")
    good, failures = schema.filter(candidates.select(schema.column_names()))
    left = _texts(_without(rows, good))
    sorts = sorted_out(left, layout, policy.city)
    refuse_other_table(left, sorts, layout)
    body = left.filter(~(sorts["blank"] | sorts["aside"]))
    own_total = sorts["row"].filter(sorts["city_total"])
    blank = int(sorts["blank"].sum())
    numbers = {name: rows["row"].filter(mask) for name, mask in unread.items()}
    return Batch(
        good=good.drop("file_id", "sheet"),
        faults=_faults(body, numbers, failures, layout),
        rejected=kept(body, typed, numbers, layout),
        totals=typed.filter(pl.col("row").is_in(own_total.implode())),
        read=rows.height - blank + copies + len(examples),
        quarantined=body.height,
        skipped=left.height - blank - body.height + copies + len(examples),
        copies=copies,
    )


def _without(rows: pl.DataFrame, good: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not among the good ones: of most blocks none."""
    if good.height == rows.height:
        return rows.clear()
    return rows.filter(~pl.col("row").is_in(good["row"].implode()))


def _typed(
    rows: pl.DataFrame, layout: Layout, readers: Mapping[str, ColumnReader]
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """The schema's columns (but file_id and sheet), and by column which filled cells could not be read."""
    specs = layout.source.schema.columns()
    numbers = {
        name: reader
        for name, reader in readers.items()
        if isinstance(reader, OfNumbers) and rows.schema[reader.cells] == pl.String
    }
    # polars works outside the interpreter's lock; of many blocks several are read at once already
    with ThreadPoolExecutor(1 if rows.height > LARGE else os.cpu_count()) as pool:
        plain = pool.submit(_plain, rows, numbers)
        others = {name: pool.submit(read, rows) for name, read in readers.items() if name not in numbers}
        answers = {
            name: reader.read(rows[reader.cells], plain.result()[name]) for name, reader in numbers.items()
        }
        answers |= {name: answer.result() for name, answer in others.items()}
    typed = {name: answers[name][0].cast(specs[name].dtype) for name in readers}
    unread = {name: mask for name, (_, mask) in answers.items() if mask is not None}
    return pl.DataFrame({"row": rows["row"], **typed}), unread


def _plain(rows: pl.DataFrame, numbers: Mapping[str, OfNumbers]) -> pl.DataFrame:
    """The plain ones of all columns of numbers, worked out at once."""
    return rows.select(**{name: reader.read.plain(pl.col(reader.cells)) for name, reader in numbers.items()})


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


def _texts(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every cell as text."""
    return rows.cast({pl.Enum: pl.String})


def _filled(raw: pl.Series) -> pl.Series:
    return (raw.str.strip_chars() != "").fill_null(False)


def _without_copies(rows: pl.DataFrame, layout: Layout, seen: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that are no exact copy of an earlier one, and the prints of all that were seen; blank rows stay.

    A print is a hash of 64 bits: among a million rows two different ones share it once in 10⁷ files.
    """
    ordinals = {f"c{index}" for index, header in enumerate(layout.headers) if plain(header) in ORDINALS}
    texts = [pl.col(name).fill_null("") for name in rows.columns if name[0] == "c" and name not in ordinals]
    prints = rows.select(texts).hash_rows()
    fresh = prints.is_first_distinct() & ~prints.is_in(seen.implode())
    if not fresh.all():
        fresh |= rows.select(pl.all_horizontal(text.str.strip_chars() == "" for text in texts)).to_series()
    return rows.filter(fresh), pl.concat([seen, prints.filter(fresh)])
