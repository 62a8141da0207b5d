"""The rows of a repair sheet: found back in the quarantine, and read again as their own file's rows are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from etl.faults import LEFT_OVER, MARKS
from etl.headers import find_header
from etl.layout import Hints, recognise
from etl.policy import Policy
from etl.quarantine import WANTED, Waiting, month_label, shown, waiting
from etl.read import Batch, Reader
from etl.repair_book import CODE, MARKER, MONTH, ORIGIN, ROW, SHEET
from etl.sources import BY_KIND
from etl.tables import CELL_ERROR, MARK, NO_RESULT, TOO_WIDE, Table, mark
from etl.titles import months_in, plain

SORTS = {rule: sort for sort, (rule, _, _) in MARKS.items()}
OWN_CELL = {rule for rule, sort in SORTS.items() if sort in (NO_RESULT, CELL_ERROR)}
OWN_MARK = rf"{MARK}[{NO_RESULT}{CELL_ERROR}]([^{MARK}]*){MARK}"
Key = tuple[str, str, int]  # code of the file, sheet, row


@dataclass(frozen=True)
class Line:
    """One row of a repair sheet and the quarantined row that it mends. cells: as sent, by column of the frame."""

    row: int
    origin: Waiting
    cells: Mapping[str, str]

    def differs(self, sent: Mapping[str, str]) -> bool:
        """Whether anything is not as it stood; ``sent``: by main header."""
        kept = self.origin.cells
        return any(shown(text).strip() != shown(kept.get(header)).strip() for header, text in sent.items())


@dataclass(frozen=True)
class Sheet:
    """A repair sheet. head: its header alone, the origin's columns blanked. skipped: row numbers by reason.

    read: how many rows with anything in them, found back or not.
    """

    name: str
    kind: str
    head: tuple[int, list[str]]
    lines: tuple[Line, ...]
    skipped: Mapping[str, list[int]]
    read: int


@dataclass(frozen=True)
class Mended:
    """The lines read again. sent: row → main header → text; the frames are those of etl.read.Batch."""

    good: pl.DataFrame
    totals: pl.DataFrame
    faults: pl.DataFrame
    rejected: pl.DataFrame
    sent: Mapping[int, Mapping[str, str]]


def is_repair(table: Table) -> bool:
    """Whether a sheet has the columns that say where its rows came from."""
    return _header(table) is not None


def _header(table: Table) -> tuple[int, list[str]] | None:
    rows = ((number, cells) for number, cells in table.head if set(map(plain, cells)) >= MARKER)
    return next(rows, None)


def open_sheet(con: duckdb.DuckDBPyConnection, table: Table) -> Sheet:
    """The sheet's rows beside what waits; FileRefused where its other headers are not whole."""
    number, labels = _header(table) or (0, [])
    origin = {plain(label): f"c{index}" for index, label in enumerate(labels) if plain(label) in ORIGIN}
    head = (number, ["" if plain(label) in ORIGIN else label for label in labels])
    kind = find_header(Table("", [head], table.frames), None).source.kind
    frame = pl.concat(list(table.frames())).filter(pl.col("row") > number)
    names = [name for name in frame.columns if name[0] == "c"]
    rows = [
        (row["row"], {name: row[name] or "" for name in names})
        for row in frame.iter_rows(named=True)
        if any((row[name] or "").strip() for name in names)
    ]
    keys = {row: _key(cells, origin) for row, cells in rows}
    known = _waiting(con, [key for key in keys.values() if key])
    lines, skipped = [], dict[str, list[int]]()
    taken: set[Key] = set()
    for row, cells in rows:
        key = keys[row]
        found = known.get(key) if key else None
        data = {name: text for name, text in cells.items() if name not in origin.values()}
        reason = _reason(key, found, kind, data, cells.get(origin.get(MONTH, ""), ""), taken)
        if reason or key is None or found is None:
            skipped.setdefault(reason, []).append(row)
            continue
        taken.add(key)
        lines.append(Line(row, found, data))
    return Sheet(table.sheet, kind, head, tuple(lines), skipped, len(rows))


def _key(cells: Mapping[str, str], origin: Mapping[str, str]) -> Key | None:
    code, row = plain(cells[origin[CODE]]), plain(cells[origin[ROW]]).removesuffix(".0")
    file_id = code.partition("-")[0]
    return (code, cells[origin[SHEET]], int(row)) if file_id.isdecimal() and row.isdecimal() else None


def _waiting(con: duckdb.DuckDBPyConnection, keys: Sequence[Key]) -> dict[Key, Waiting]:
    """What waits under those keys; a file of the same number in another data folder has another code."""
    places = [(int(code.partition("-")[0]), sheet, row) for code, sheet, row in keys]
    con.register("wanted", pl.DataFrame(places, schema=["file_id", "sheet", "row"], orient="row"))
    found = waiting(con.sql(WANTED).pl()) if places else []
    con.unregister("wanted")
    return {(item.code, item.sheet, item.row): item for item in found}


def _reason(
    key: Key | None, found: Waiting | None, kind: str, data: Mapping[str, str], month: str, taken: set[Key]
) -> str:
    """Why a row is not read again, as a key of SKIPPED in etl.repair; empty where it is."""
    if key is None:
        return "no_origin"
    if key in taken:
        return "twice"
    if found is None:
        return "gone"
    if found.kind != kind:
        return "other"
    if not any(text.strip() for text in data.values()):
        return "blank"
    stated = months_in(month)
    if stated and found.period and stated[0][:2] != (found.period.year, found.period.month):
        return "month"
    return ""


def mended(policy: Policy, sheet: Sheet) -> Mended:
    """Read the lines again, each in the month of its own file."""
    sent: dict[int, dict[str, str]] = {}
    batches: list[Batch] = []
    for month, lines in _by_month(sheet).items():
        layout = recognise(Table("", [sheet.head], lambda: iter(())), Hints(period=month), Path())
        headers = {f"c{index}": layout.source.columns[name].header for name, index in layout.columns.items()}
        headers |= {
            f"c{index}": LEFT_OVER for index, label in enumerate(sheet.head[1]) if plain(label) == LEFT_OVER
        }
        for line in lines:
            named = ((headers[name], text) for name, text in line.cells.items() if name in headers)
            sent[line.row] = {header: re.sub(OWN_MARK, r"\1", text) for header, text in named}
        frame = _frame(lines, headers)
        table = Table("", [sheet.head], lambda frame=frame: iter((frame,)))  # type: ignore[misc]
        batches += Reader(policy, Hints()).batches(table, layout)
    return Mended(
        good=pl.concat([batch.good for batch in batches]),
        totals=pl.concat([batch.totals for batch in batches]),
        faults=pl.concat([batch.faults for batch in batches]),
        rejected=pl.concat([batch.rejected for batch in batches]),
        sent=sent,
    )


def _by_month(sheet: Sheet) -> dict[str | None, list[Line]]:
    """The lines by what their file's title said; all together where rows have their own month, or none."""
    groups: dict[str | None, list[Line]] = {}
    titled = BY_KIND[sheet.kind].period == "title"
    for line in sheet.lines:
        period = line.origin.period if titled else None
        groups.setdefault(month_label(period, line.origin.months) if period else None, []).append(line)
    return groups


def _frame(lines: Sequence[Line], headers: Mapping[str, str]) -> pl.DataFrame:
    """The lines as the rows of a table, with marks where damage was left as it was."""
    names = list(lines[0].cells)
    width = max(int(name[1:]) for name in names) + 1
    rows = [
        {name: _remarked(text, headers.get(name, ""), line.origin) for name, text in line.cells.items()}
        for line in lines
    ]
    cells = {f"c{index}": [row.get(f"c{index}") for row in rows] for index in range(width)}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    damaged = pl.any_horizontal(pl.all().str.contains(MARK, literal=True).fill_null(False))
    numbers = pl.Series("row", [line.row for line in lines], dtype=pl.Int32)
    return frame.select(numbers, damaged.alias("damaged"), pl.all())


def _remarked(text: str, header: str, origin: Waiting) -> str:
    """A cell, marked where it still says what a formula without result, an error or an unsplit line left.

    Bad bytes need no such care: the sign for them is a mark itself.
    """
    rules = {flaw.header: flaw.rule for flaw in origin.flaws}
    rule = rules.get(header, "")
    if not text.strip() or MARK in text:
        return text
    if header == LEFT_OVER:
        return mark(SORTS.get(rule, TOO_WIDE), text)
    unchanged = text.strip() == shown(origin.cells.get(header)).strip()
    return mark(SORTS[rule], text) if rule in OWN_CELL and unchanged else text
