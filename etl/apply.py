"""One file into a snapshot that is being built, whole or not at all."""

import dataclasses
import datetime as dt
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Self

import duckdb
import polars as pl

from etl import copies, february, holds, repair, snapshot, unread
from etl.contracts import Source
from etl.decode import Table, open_file
from etl.errors import FileRefused
from etl.example import NOTES_SHEET
from etl.headers import likely_kind
from etl.layout import Hints, Layout, contradictions, recognise
from etl.policy import Policy
from etl.read import Batch, Reader, cells_flow, city_totals, remarks
from etl.repair_rows import is_repair
from etl.sources import BY_KIND
from etl.space import is_full
from etl.supersede import cover, drop_partial_totals, supersede
from etl.warehouse import append, count, first_row, month_text, while_reading
from etl.words import Words
from etl.writer import Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileResult:
    """What became of one file: rows_read = accepted + quarantined + skipped, or the reason of refusal.

    lacks, held and covers: as of FileRefused.
    """

    name: str
    kind: str = ""
    label: str = ""
    periods: str = ""
    rows_read: int = 0
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    notes: tuple[str, ...] = ()
    unchanged: bool = False
    refused: str = ""
    sha256: str = ""
    lacks: str = ""
    held: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()

    @property
    def taken(self) -> bool:
        """Whether anything of it comes in anew."""
        return not self.refused and not self.unchanged


@dataclass(frozen=True)
class Options:
    """How a load goes about it.

    replace: a ledger's new file replaces the whole ledger. confirm: why a held file may come in all the same.
    base: the id of the snapshot that it must build on ("" for none); None for whichever is published.
    """

    publish: bool = True
    strict: bool = False
    replace: bool = False
    demo: bool = False
    confirm: str | None = None
    base: str | None = None


def apply_file(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    file: Path,
    hints: Hints,
    options: Options,
    begun: Callable[[Path], None],
) -> FileResult:
    """Apply one file whole or not at all; whatever is wrong with it becomes one sentence.

    ``begun`` is told of one that is not loaded yet, before it is read.
    """
    con.execute("begin")
    try:
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(snapshot.digest, file)
            result = _already_loaded(con, file, digest, _stated(hints), options.replace)
            if result is None:
                begun(file)
                result = _read_in(con, policy, file, hints, options, digest)
    except FileRefused as refusal:
        con.execute("rollback")
        return FileResult(
            file.name,
            refusal.kind,
            refused=str(refusal),
            lacks=refusal.lacks,
            held=refusal.held,
            covers=refusal.covers,
        )
    except (MemoryError, duckdb.OutOfMemoryException):
        con.execute("rollback")
        return FileResult(file.name, refused="文件太大，内存不够读取；请拆成几个文件再发。")
    except Exception as error:
        if is_full(error):  # no fault of the file: nothing can be loaded
            raise
        con.execute("rollback")
        log.exception("unexpected fault while reading %s", file)
        return FileResult(
            file.name, refused="读取时出错，文件可能已损坏；请用表格软件另存为 .xlsx 或 CSV 再发。"
        )
    con.execute("commit")
    return result


def _read_in(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    file: Path,
    hints: Hints,
    options: Options,
    digest: Future[str],
) -> FileResult:
    """The rows of a file that is not loaded yet, its sha256 on its way, and what becomes of older ones."""
    opened = open_file(file)
    file_id = count(con, "select coalesce(max(file_id), 0) + 1 from files")
    if any(map(is_repair, opened.tables)):
        done = repair.apply(con, policy, opened.tables, file_id, options.confirm)
        result = dataclasses.replace(_repaired(file.name, done, opened.notes), sha256=digest.result())
        if not result.unchanged:
            _note_file(
                con, result, file.stat().st_size, file_id, _stated(hints), done.first, done.last, options.demo
            )
        return result
    tables, notes = _recognised(opened.tables, hints, file)
    notes += unread.remarks(tables)
    source = tables[0][1].source
    with while_reading(con):
        counts = _taken(con, Reader(policy, hints), tables, file_id, file.name)
    notes += remarks(source, counts.read, counts.copies)
    _refuse_empty(con, source, file_id, counts.read, counts.accepted)
    notes += copies.remarks(con, source, file_id, counts.accepted)
    notes += february.take_alone(con, source, file_id)
    holds.refuse_twin_sheets(con, source, file_id)
    first, last = cover(con, source, file_id)
    unit = max((factor for _, layout in tables for factor in layout.factors.values()), default=Decimal(1))
    doubts = contradictions([layout for _, layout in tables], hints, file)
    units = policy.short_names
    notes += _hold(con, units, source, file_id, unit, doubts, options.confirm)
    notes += holds.left_out(con, source, file_id, units)
    if source.kind not in holds.WITH_UNITS:
        notes += copies.repeated(con, source, file_id, units)
    drop_partial_totals(con, source, file_id)
    notes += supersede(con, source, file_id, options.replace)
    result = FileResult(
        file.name, source.kind, source.label, _span(first, last),
        counts.read, counts.accepted, counts.quarantined, counts.skipped,
        notes=(*opened.notes, *notes), sha256=digest.result(),
    )  # fmt: skip
    _note_file(con, result, file.stat().st_size, file_id, _stated(hints), first, last, options.demo)
    return result


@dataclass(frozen=True)
class _Counts:
    """What became of the rows of a file, as in a Batch."""

    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    copies: int = 0

    def and_of(self, batch: Batch) -> Self:
        return dataclasses.replace(
            self,
            read=self.read + batch.read,
            accepted=self.accepted + batch.good.height,
            quarantined=self.quarantined + batch.quarantined,
            skipped=self.skipped + batch.skipped,
            copies=self.copies + batch.copies,
        )


def _taken(
    con: duckdb.DuckDBPyConnection,
    reader: Reader,
    tables: Sequence[tuple[Table, Layout]],
    file_id: int,
    name: str,
) -> _Counts:
    """Write the rows of a file's tables: the good ones while the next are read, the others as they come."""
    counts, words = _Counts(), Words(con)
    for table, layout in tables:
        _refuse_unknown_flow(layout, reader.hints)
        place = (file_id, table.sheet)
        with Writer(partial(_insert_facts, words, layout.source, place=place)) as good:
            for batch in reader.batches(table, layout):
                good.add(batch.good)
                if batch.totals.height or batch.faults.height:
                    good.settle()
                    _insert_others(con, layout.source, batch, place, name)
                counts = counts.and_of(batch)
    return counts


def _repaired(name: str, done: repair.Outcome, notes: Sequence[str]) -> FileResult:
    """The result of a repair; one that did nothing is as good as loaded already."""
    return FileResult(
        name, repair.KIND, done.label, _span(done.first, done.last), done.read, done.accepted, done.quarantined,
        done.read - done.accepted - done.quarantined, notes=(*notes, *done.notes), unchanged=not done.changed,
    )  # fmt: skip


def _note_file(
    con: duckdb.DuckDBPyConnection, result: FileResult, size: int, file_id: int, stated: str,
    first: dt.date | None, last: dt.date | None, demo: bool,
) -> None:  # fmt: skip
    con.execute(
        "insert into files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file_id, result.sha256, size, result.name, result.kind, result.label, first, last, dt.datetime.now(), result.rows_read,
         result.accepted, result.quarantined, result.skipped, stated, "；".join(result.notes), demo],
    )  # fmt: skip


def _already_loaded(
    con: duckdb.DuckDBPyConnection, file: Path, digest: Future[str], stated: str, replace: bool
) -> FileResult | None:
    """The earlier result where these bytes are loaded with the same options and still stand whole.

    A ledger that is to be taken whole must also stand alone.

    A file of a size that none had is new, without waiting for its digest.
    """
    if not count(con, "select count(*) from files where bytes = ?", [file.stat().st_size]):
        return None
    row = first_row(
        con,
        """select name, kind, label, period_from, period_to, rows_read, accepted, quarantined, skipped, file_id
        from files where sha256 = ? and hints = ? and kind <> ? order by file_id desc limit 1""",
        [digest.result(), stated, repair.KIND],
    )
    if row is None:
        return None
    standing = count(con, f"select count(*) from {BY_KIND[row[1]].table} where file_id = {row[9]}")
    others = f"select count(*) from {BY_KIND[row[1]].table} where file_id <> {row[9]}"
    if standing < row[6] or (replace and BY_KIND[row[1]].period == "none" and count(con, others)):
        return None
    name, kind, label, first, last, read, accepted, quarantined, skipped, _ = row
    return FileResult(
        name, kind, label, _span(first, last), read, accepted, quarantined, skipped, unchanged=True
    )  # fmt: skip


def _recognised(
    tables: Sequence[Table], hints: Hints, file: Path
) -> tuple[list[tuple[Table, Layout]], list[str]]:
    """The tables that hold something known, all of one kind; the first refusal where none does.

    A sheet of that kind that cannot be read (another month's, in another unit) refuses the file: nobody would miss it.
    """
    found: list[tuple[Table, Layout]] = []
    refusals: list[tuple[Table, FileRefused]] = []
    notes: list[str] = []
    for table in tables:
        try:
            layout = recognise(table, hints, file)
        except FileRefused as error:
            refusals.append((table, error))
            continue
        if found and layout.source.kind != found[0][1].source.kind:
            notes.append(
                f"工作表「{table.sheet}」是另一种表（{layout.source.label}），{unread.NOT_READ}，请单独存成文件"
            )
            continue
        found.append((table, layout))
    if not found:
        telling = (refusal for table, refusal in refusals if likely_kind(table, hints.kind))
        first = refusals[0][1] if refusals else FileRefused("文件里没有表格，请检查是否存错了文件。")
        raise next(telling, first)  # a cover before the table says nothing of it
    for table, refusal in refusals:
        if likely_kind(table, hints.kind) == found[0][1].source.kind:
            sentence = str(refusal).removeprefix(f"工作表「{table.sheet}」")
            raise FileRefused(f"工作表「{table.sheet}」：{sentence}", lacks=refusal.lacks)
        if table.sheet != NOTES_SHEET:
            notes.append(f"工作表「{table.sheet}」未识别，{unread.NOT_READ}")
    return found, notes


def _refuse_unknown_flow(layout: Layout, hints: Hints) -> None:
    if layout.source.one_flow and "flow" not in layout.columns and cells_flow(hints.flow) is None:
        raise FileRefused("文件里没有进出口方向，请用 --flow 进口 或 --flow 出口 指明。", lacks="flow")
    if layout.source.kind == "customs_public" and "period" not in layout.columns and layout.month is None:
        raise FileRefused(
            "查询时没有按月份拆分，文件里没有统计月份，请用 --period 指明，如 --period 2025-09。",
            lacks="period",
        )


def _refuse_empty(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, read: int, accepted: int
) -> None:
    if not read:
        raise FileRefused("只有表头，没有数据行，请检查是否导出完整。")
    faults = first_row(
        con,
        'select "row", column_name, value, advice from quarantine where file_id = ? order by 1 limit 1',
        [file_id],
    )
    if not accepted:
        where = (
            f"（第{faults[0]}行「{faults[1]}」为「{faults[2]}」）：{faults[3]}"
            if faults
            else "，只有示例、合计或说明，请填写数据行后再发。"
        )
        raise FileRefused(f"没有一行可用{where}")


def _hold(
    con: duckdb.DuckDBPyConnection,
    units: Mapping[str, str],
    source: Source,
    file_id: int,
    unit: Decimal,
    doubts: list[str],
    confirm: str | None,
) -> list[str]:
    """Stop a file that looks like a slip, unless somebody confirms it. doubts: what was seen before its rows were."""
    found = doubts + holds.reasons(con, source, file_id, dt.date.today(), unit, units)
    return holds.let_in(con, source, file_id, found, confirm)


def _insert_facts(words: Words, source: Source, rows: pl.DataFrame, place: tuple[int, str]) -> None:
    words.append(source, source.placed(rows, *place))


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame, place: tuple[int, str]) -> None:
    file_id, sheet = place
    append(con, table, rows.with_columns(file_id=pl.lit(file_id, pl.Int32), sheet=pl.lit(sheet)))


def _insert_others(
    con: duckdb.DuckDBPyConnection, source: Source, batch: Batch, place: tuple[int, str], name: str
) -> None:
    """The rows of a batch that are not facts: the table's own totals, and what waits to be mended."""
    if batch.totals.height:
        _insert(con, "fact_total", city_totals(source, batch.totals), place)
    for table, rows in (("quarantine", batch.faults), ("quarantine_row", batch.rejected)):
        _insert(con, table, rows.with_columns(kind=pl.lit(source.kind), file_name=pl.lit(name)), place)


def _stated(hints: Hints) -> str:
    """What the user stated, as it is kept beside the file."""
    return json.dumps(dataclasses.asdict(hints), ensure_ascii=False)


def _span(first: dt.date | None, last: dt.date | None) -> str:
    return month_text(first) if first == last else f"{month_text(first)}—{month_text(last)}"
