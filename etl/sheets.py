"""Sheets as calamine reads them: in this process, or apart in one of its own.

Calamine allots every cell up to the last, and where memory ends it takes its process along. Of an
.xlsx that can be ruled out beforehand; the other formats are read apart, within limits.
"""

import contextlib
import os
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from etl import apart
from etl.buffers import content_of
from etl.errors import FileRefused
from etl.tables import CELL_ERROR, MARK, MAX_COLUMNS, mark

LIMITS = apart.Limits(memory_bytes=4 << 30, seconds=120)
DECIMALS = 7  # the reader prints nine and no zeros at the end: of so many some may have been cut
CUT_NUMBER = rf"^-?\d+\.\d{{{DECIMALS},}}$"
DIGITS = 15  # of a number in a spreadsheet
LOST = rf"^-?[0-9]{{{DIGITS + 1}}}"  # of more digits than that: the last ones are not what was typed
DAMAGED = "工作簿打不开（已损坏、过大或不是表格文件），请用表格软件另存为 .xlsx 再发。"
PASSWORD = "工作簿有打开密码，无法读取；请去掉密码后另存再发。"
ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


@dataclass(frozen=True)
class SheetText:
    """A sheet as text, one String column a column from its first filled one, one row a sheet row.

    left: columns before it. marked: whether marks may stand in cells. long: whether there may be numbers of more
    digits than a spreadsheet keeps.
    """

    name: str
    visible: bool
    cells: pl.DataFrame
    left: int = 0
    marked: bool = False
    long: bool = False


def open_book(data: bytes) -> fastexcel.ExcelReader:
    """A workbook with its shared texts, its sheets not yet read; FileRefused where that fails."""
    with _reader_faults():
        return fastexcel.read_excel(data)


def read_sheets(book: fastexcel.ExcelReader) -> list[SheetText]:
    """All sheets of a workbook; FileRefused where the reader cannot make sense of one."""
    with _reader_faults():
        return [_sheet(book, name) for name in book.sheet_names]


def read_apart(path: Path) -> list[SheetText]:
    """All sheets of a file, read in a process of its own; whatever becomes of that one, this one goes on."""
    try:
        answer = apart.run("etl.sheets:answer", os.fsencode(path), LIMITS)
    except apart.Died:
        raise FileRefused(DAMAGED) from None
    result: list[SheetText] | str = pickle.loads(answer)
    if isinstance(result, str):
        raise FileRefused(result)
    return result


def answer(path: bytes) -> bytes:
    """What the process apart does: the sheets, or the sentence of the refusal."""
    try:
        result: list[SheetText] | str = read_sheets(open_book(Path(os.fsdecode(path)).read_bytes()))
    except FileRefused as refusal:
        result = str(refusal)
    return pickle.dumps(result)


@contextlib.contextmanager
def _reader_faults() -> Iterator[None]:
    """Whatever the reader stumbles over becomes one sentence; its panics are no ordinary exceptions."""
    try:
        yield
    except fastexcel.FastExcelError as error:
        raise FileRefused(PASSWORD if "assword" in str(error) else DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(DAMAGED) from None


def _sheet(book: fastexcel.ExcelReader, name: str) -> SheetText:
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if sheet.visible != "visible" or not sheet.total_height:
        return SheetText(name, sheet.visible == "visible", pl.DataFrame())
    if sheet.width > MAX_COLUMNS:
        raise FileRefused(f"工作表「{name}」有 {sheet.width} 列，超出限度，没有读取；请只保留需要的列再发。")
    batch, errors = sheet.to_arrow_with_errors()
    cells = pl.DataFrame(pl.from_arrow(batch))
    # Most of what is looked for shows in the bytes of a whole column, at once.
    texts = zip(cells.columns, batch.columns, strict=True)
    with_points = [name for name, column in texts if b"." in content_of(column)]
    long = _any_cell(cells, LOST, DIGITS + 1)
    if _any_cell(cells.select(with_points), CUT_NUMBER, DECIMALS + 2):
        cells = _exact_numbers(book, name, cells)
    faults = errors.errors if errors else []
    for error in faults:
        kind = re.search(r"Error\((\w+)\)", error.detail)
        cells[error.position] = mark(CELL_ERROR, ERRORS.get(kind[1], "#?") if kind else "#?")
    marked = bool(faults) or any(_has_mark(content_of(column)) for column in batch.columns)
    return SheetText(name, True, cells, sheet.available_columns()[0].absolute_index, marked, long)


def _has_mark(content: bytes) -> bool:
    return not content.isascii() and MARK.encode() in content  # most columns are ASCII, which is told at once


def _any_cell(cells: pl.DataFrame, pattern: str, shortest: int) -> bool:
    """Whether a cell of so many bytes has the pattern; columns of short cells, most of a table, are told by their length."""
    longest = cells.select(pl.all().str.len_bytes().max())
    wide = [name for name in cells.columns if (longest[name].item() or 0) >= shortest]
    return bool(wide) and any(cells.select(pl.col(wide).str.contains(pattern).any()).row(0))


def _exact_numbers(book: fastexcel.ExcelReader, name: str, texts: pl.DataFrame) -> pl.DataFrame:
    """The reader prints numbers to nine decimals; where that is another number, take the exact form instead.

    Exact is what a spreadsheet counts with, 15 digits; a text of more digits, a credit code, is no number.
    """
    floats = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
    exact = floats.rename(dict(zip(floats.columns, texts.columns, strict=True))).select(
        pl.all().round_sig_figs(DIGITS)
    )
    return texts.select(
        pl.when(
            (exact[column].abs() < 10**DIGITS)
            & (texts[column].cast(pl.Float64, strict=False) != exact[column])
        )
        .then(exact[column].cast(pl.String))
        .otherwise(texts[column])
        .alias(column)
        for column in texts.columns
    )
