"""Workbooks (.xlsx, .xls, .xlsb, .ods, whatever they are called) to tables of text.

A workbook is looked at before it is unpacked: bombs, entities, passwords and stray far cells are
refused from its directory and its sheets' XML. Then calamine reads it.
"""

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from etl.errors import FileRefused
from etl.tables import CELL_ERROR, MAX_COLUMNS, NO_RESULT, Opened, Table, mark, table_of_rows

MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
MAX_CELLS = 40_000_000  # of the rectangle from A1 to the last cell with content
FORMULA_CELL = re.compile(rb"<c ([^>]*)>(<f[^>]*>([^<]*)</f>|<f[^>]*/>)(?:<v>([^<]*)</v>|<v ?/>)?</c>")
LONG_NUMBER = r"^-?\d+\.\d{9,}$"
DAMAGED = "工作簿打不开（已损坏或不是表格文件），请用表格软件另存为 .xlsx 再发。"
PASSWORD = "工作簿有打开密码，无法读取；请去掉密码后另存再发。"


def open_zip(path: Path) -> Opened:
    """The tables of a workbook that is a zip archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, path.stat().st_size)
            _refuse_other_kinds(archive)
            return _read(_checked(archive) or path.read_bytes())
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        raise FileRefused(DAMAGED) from None


def open_ole(path: Path) -> Opened:
    """The tables of a workbook in the older binary container, which also wraps encrypted ones."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileRefused(PASSWORD)
    return _read(data)


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse by the directory alone, before anything is unpacked."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise FileRefused("压缩内容有密码，无法读取；请去掉密码后另存再发。")
    if unpacked > MAX_UNPACKED or (unpacked > 50 << 20 and unpacked > MAX_RATIO * size):
        raise FileRefused(f"文件解开后有 {unpacked >> 20} MB，超出限度，没有读取；请只保留需要的工作表再发。")


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise FileRefused(PASSWORD)
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileRefused("这是文档或幻灯片，不是表格；请把其中的表另存为 .xlsx 再发。")
    raise FileRefused("这是压缩包，不是表格；请解压后把其中的表格文件发来。")


def _checked(archive: zipfile.ZipFile) -> bytes | None:
    """Refuse what must not reach the reader; a copy of the archive where formulas without result are marked.

    Reading a part checks its length and checksum, so a directory that lies about sizes is refused too.
    """
    parts = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    marked: dict[str, bytes] = {}
    for name in [*parts, *({"content.xml", "xl/sharedStrings.xml"} & set(archive.namelist()))]:
        part = archive.read(name)
        if b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part[:4096]:
            raise FileRefused("工作簿里有实体声明，不是正常的表格，没有读取；请用表格软件另存为 .xlsx 再发。")
        if name in parts:
            _refuse_far_cells(part)
            if b"</f>" in part and (changed := _with_marks(part, _recalculates(archive))) != part:
                marked[name] = changed
        elif name == "content.xml":
            _refuse_far_repeats(part)
    return _copy(archive, marked) if marked else None


def _refuse_far_cells(sheet: bytes) -> None:
    """The reader allots every cell up to the last one with content, so one stray cell could exhaust memory."""
    if found := re.search(rb' r="([A-Z]{3})\d+"[^>]*[^/]>', sheet):
        raise FileRefused(
            f"表格在第 {found[1].decode()} 列还有内容，超出限度，没有读取；请删去多余的列再发。"
        )
    start = sheet.rfind(b"<c ", 0, sheet.rfind(b"</c>") + 1)
    last = re.match(rb'<c [^>]*?r="[A-Z]+(\d+)"', sheet[start : start + 200])
    rows = int(last[1]) if last else 0
    if rows > MAX_CELLS // MAX_COLUMNS:
        widest = max(map(_column_number, set(re.findall(rb' r="([A-Z]+)\d+"[^>]*[^/]>', sheet))))
        if rows > 10_000 + 10 * sheet.count(b"<row ") or rows * widest > MAX_CELLS:
            raise FileRefused(f"表格在第 {rows} 行还有零散内容，没有读取；请删去表外的内容再发。")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_far_repeats(content: bytes) -> None:
    """OpenDocument writes 'this cell a million times' in one line; with content in it that is a bomb."""
    cells = rb'<table:table-cell[^>]*number-columns-repeated="\d{4,}"[^>]*office:value'
    rows = rb'number-rows-repeated="\d{5,}"[^>]*>\s*<table:table-cell[^>]*office:value'
    if re.search(cells, content) or re.search(rows, content):
        raise FileRefused("表格把同一内容重复了上万次，没有读取；请删去表外的内容再发。")


def _recalculates(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook says that its results are yet to be computed: then a 0 is no result."""
    return b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")


def _with_marks(sheet: bytes, recalculates: bool) -> bytes:
    """The sheet with a mark in each cell whose formula has no stored result."""

    def marked(cell: re.Match[bytes]) -> bytes:
        attributes, _, formula, value = cell.groups()
        is_text = b't="str"' in attributes
        if (value and not (recalculates and value == b"0")) or (is_text and value == b""):
            return cell[0]
        where = b" ".join(re.findall(rb'r="[A-Z]+\d+"', attributes))
        text = mark(NO_RESULT, "=" + (formula or b"").decode("utf-8", "replace"))
        return b'<c %b t="inlineStr"><is><t>%b</t></is></c>' % (where, text.encode("utf-8"))

    return FORMULA_CELL.sub(marked, sheet)


def _copy(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return buffer.getvalue()


@contextlib.contextmanager
def _reader_faults() -> Iterator[None]:
    """Whatever the reader stumbles over becomes one sentence; its panics are no ordinary exceptions."""
    try:
        yield
    except fastexcel.FastExcelError as error:
        raise FileRefused(PASSWORD if "assword" in str(error) else DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FileRefused(DAMAGED) from None
        raise


def _read(data: bytes) -> Opened:
    tables, hidden = [], []
    with _reader_faults():
        book = fastexcel.read_excel(data)
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible != "visible":
                hidden.append(name)
            elif sheet.total_height:
                tables.append(_table(book, sheet))
    if not tables:
        raise FileRefused("工作簿里没有内容，请检查是否存错了文件。")
    return Opened(tables, [f"已忽略隐藏的工作表：{'、'.join(hidden)}"] if hidden else [])


def _table(book: fastexcel.ExcelReader, sheet: fastexcel.ExcelSheet) -> Table:
    batch, errors = sheet.to_arrow_with_errors()
    frame = pl.DataFrame(pl.from_arrow(batch))
    if frame.width > MAX_COLUMNS:
        raise FileRefused(
            f"工作表「{sheet.name}」有 {frame.width} 列，超出限度，没有读取；请只保留需要的列再发。"
        )
    if frame.select(pl.any_horizontal(pl.all().str.contains(LONG_NUMBER).any())).item():
        frame = _exact_numbers(book, sheet.name, frame)
    for error in errors.errors if errors else []:
        row, column = error.position
        kind = re.search(r"Error\((\w+)\)", error.detail)
        frame[row, column] = mark(CELL_ERROR, ERROR_NAMES.get(kind[1], "#错误") if kind else "#错误")
    return table_of_rows(sheet.name, frame)


ERROR_NAMES = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


def _exact_numbers(book: fastexcel.ExcelReader, name: str, texts: pl.DataFrame) -> pl.DataFrame:
    """The reader prints numbers to nine decimals; where that cuts, take the shortest exact form instead."""
    floats = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
    exact = floats.rename(dict(zip(floats.columns, texts.columns, strict=True)))
    return texts.select(
        pl.when(texts[column].str.contains(LONG_NUMBER) & exact[column].is_not_null())
        .then(exact[column].cast(pl.String))
        .otherwise(texts[column])
        .alias(column)
        for column in texts.columns
    )
