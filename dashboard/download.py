"""Tables as files to take along: CSV that spreadsheets open in Chinese, and xlsx. Rows in, bytes out."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import xlsxwriter

# What is said at the end of each table made within ``marked``.
_mark: ContextVar[str] = ContextVar("mark", default="")
Cell = str | int | float | None
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 14
# A spreadsheet would take a text that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def marked(mark: str) -> Iterator[None]:
    """Within, every table ends with a row that says so, such as who took it and when."""
    before = _mark.set(mark)
    try:
        yield
    finally:
        _mark.reset(before)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark and CRLF; a text that a spreadsheet would run gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in (*rows, *_last(header)))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: header bold and frozen, with a filter; texts stay texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, header, book.add_format({"bold": True}))
        last = 0
        for last, row in enumerate(rows, start=1):
            page.write_row(last, 0, row)
        for row in _last(header):
            page.write_row(last + 1, 0, row, book.add_format({"italic": True}))
            page.set_footer(f"&L{row[0]}".replace("&", "&&").replace("&&L", "&L", 1))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(header) - 1)
        page.set_column(0, len(header) - 1, WIDTH)
    return out.getvalue()


def _last(header: Sequence[str]) -> list[list[Cell]]:
    mark = _mark.get()
    return [[mark, *[None] * (len(header) - 1)]] if mark else []


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
