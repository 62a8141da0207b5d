"""The quarantine as a workbook that its reader can mend and send back: one sheet a kind, one line a row.

Headers are the kind's main ones with the unit of money, so that nothing has to be stated; cells stand as they
stood in the file, as text, the faulty ones marked with a comment. Where a row came from stands in columns
that are locked; by these headers the loader knows a repair (etl.repair), whatever program saved it.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import duckdb
import xlsxwriter

from etl.contracts import Column, Source
from etl.example import allowed_words
from etl.faults import LEFT_OVER, RULES
from etl.policy import Policy
from etl.quarantine import COUNT, WAITING, Flaw, Waiting, month_label, shown, waiting
from etl.sources import BY_KIND
from etl.warehouse import count, first_row

CODE, FILE, SHEET, ROW, MONTH, REASON = "来源编号", "来源文件", "工作表", "行号", "所属月份", "原因"
ORIGIN = (CODE, FILE, SHEET, ROW, MONTH, REASON)
MARKER = frozenset((CODE, SHEET, ROW))
HELP = "请改正标色的内容（批注写明原因和改法），灰色各列请勿改动，改好保存后把本文件重新加载。"
DEMO = "【演示数据】"
LEFT_OVER_HELP = "请把内容填到应在的各列，再清空本格。"
MOST_ROWS = 10_000  # a person mends no more by hand, and comments make a larger workbook slow
HEADER_ROW = 1
WIDTHS = {CODE: 16, FILE: 28, SHEET: 12, ROW: 7, MONTH: 12, REASON: 44, LEFT_OVER: 30}
SHEET_NAME = 28


def write_book(
    target: Path | IO[bytes], rows: Sequence[Waiting], total: int, policy: Policy, demo: bool = False
) -> None:
    """Write the rows, which come in the order of kinds; ``total``: how many there are, where the rows were cut."""
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target)) as book:
        formats = _formats(book)
        cut = f"只写出 {total} 行中的前 {len(rows)} 行，其余请改正原文件再发。" if total > len(rows) else ""
        for name, group in _sheets(rows):
            source = BY_KIND[group[0].kind]
            told = (DEMO if demo else "") + HELP + cut
            _sheet(book.add_worksheet(name), source, group, policy, formats, told)


def export(
    con: duckdb.DuckDBPyConnection, target: Path | IO[bytes], policy: Policy, file: str = "", kind: str = ""
) -> tuple[int, int]:
    """Write what waits, of one file by number or name or of one kind; gives rows written and rows waiting."""
    total = count(con, COUNT, [file, kind])
    rows = waiting(con.sql(WAITING, params=[file, kind, MOST_ROWS]).pl())
    demo = first_row(con, "select value from meta where key = 'demo'") == ("true",)
    if rows:
        write_book(target, rows, total, policy, demo)
    return len(rows), total


def _formats(book: Any) -> dict[str, Any]:
    """Everything is text and typed as such: no formula comes alive, no code becomes a number."""
    text = {"num_format": "@", "quote_prefix": True, "border": 1, "border_color": "#c8ccd2"}
    return {
        "help": book.add_format({"bold": True}),
        "header": book.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1, "align": "center"}),
        "origin": book.add_format({**text, "bg_color": "#ececec", "font_color": "#555555"}),
        "cell": book.add_format({**text, "locked": False}),
        "faulty": book.add_format({**text, "locked": False, "bg_color": "#ffd9d0"}),
    }


def _sheets(rows: Sequence[Waiting]) -> Iterator[tuple[str, list[Waiting]]]:
    """A sheet for each kind, and where files differ in their money units one for each of these."""
    for kind, of_kind in itertools.groupby(rows, key=lambda row: row.kind):
        by_units: dict[str, list[Waiting]] = {}
        for row in of_kind:
            by_units.setdefault(json.dumps(dict(row.units), sort_keys=True), []).append(row)
        for number, group in enumerate(by_units.values(), start=1):
            label = BY_KIND[kind].label[:SHEET_NAME]
            yield label if number == 1 else f"{label}{number}", group


def _sheet(
    sheet: Any, source: Source, rows: Sequence[Waiting], policy: Policy, formats: Mapping[str, Any], told: str
) -> None:
    before = [FILE, SHEET, ROW, *([MONTH] if source.period == "title" else []), REASON]
    columns = source.columns
    headers = [*before, *(column.header for column in columns.values()), LEFT_OVER, CODE]
    sheet.write_string(0, 0, told, formats["help"])
    for place, header in enumerate(headers):
        column = next((item for item in columns.items() if item[1].header == header), None)
        sheet.write_string(HEADER_ROW, place, header + _unit(column, rows[0].units), formats["header"])
        sheet.set_column(place, place, WIDTHS.get(header, max(12, 2 * len(header) + 6)))
        if column and (words := allowed_words(column[1], policy)):
            choice = {"validate": "list", "source": words, "error_type": "warning"}
            sheet.data_validation(HEADER_ROW + 1, place, HEADER_ROW + len(rows), place, choice)
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        _row(sheet, line, headers, row, formats)
    sheet.freeze_panes(HEADER_ROW + 1, len(before))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{HEADER_ROW + 1 + len(rows)}"})
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def _unit(column: tuple[str, Column] | None, units: Mapping[str, str]) -> str:
    return f"（{units[column[0]]}）" if column and column[0] in units else ""


def _row(sheet: Any, line: int, headers: Sequence[str], row: Waiting, formats: Mapping[str, Any]) -> None:
    origin = {
        FILE: row.file_name,
        SHEET: row.sheet,
        ROW: str(row.row),
        MONTH: month_label(row.period, row.months) if row.period else "",
        REASON: "；".join(dict.fromkeys(map(said, row.flaws))),
        CODE: row.code,
    }
    whole = [flaw for flaw in row.flaws if flaw.header not in headers]
    first = next(place for place, header in enumerate(headers) if header not in origin)
    for place, header in enumerate(headers):
        if header in origin:
            sheet.write_string(line, place, shown(origin[header]), formats["origin"])
            continue
        flaws = [flaw for flaw in row.flaws if flaw.header == header] + (whole if place == first else [])
        sheet.write_string(line, place, shown(row.cells.get(header)), formats["faulty" if flaws else "cell"])
        if flaws:
            sheet.write_comment(line, place, _comment(flaws, header), {"x_scale": 2, "author": ""})


def said(flaw: Flaw) -> str:
    """A flaw in words: the rule and what to do."""
    return f"{RULES.get(flaw.rule, flaw.rule)}：{flaw.advice}"


def _comment(flaws: Iterable[Flaw], header: str) -> str:
    lines = [said(flaw) for flaw in flaws] + ([LEFT_OVER_HELP] if header == LEFT_OVER else [])
    return "\n".join(dict.fromkeys(lines))[:2_000]
