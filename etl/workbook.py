"""Workbooks (.xlsx, .xls, .xlsb, .ods, whatever they are called) to tables of text.

A workbook is looked at before it is unpacked: bombs, entities, passwords and stray far cells are
refused from its directory and its sheets' XML, and formulas without a stored result are marked.
"""

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import ParseError

import fastexcel
import pyarrow  # type: ignore[import-untyped]
from pyarrow import compute

from etl import biff, inflate, ooxml, opendocument, xlsb
from etl.beside import NOTHING, Beside, downwards
from etl.errors import FileRefused
from etl.ooxml import column_number
from etl.sheets import DAMAGED, PASSWORD, SheetText, open_book, read_apart, read_sheets
from etl.tables import LOST_DIGITS, NO_RESULT, Opened, mark, table_of_rows

LONG = r"<v>-?([1-9][0-9]{15,}|[1-9](\.[0-9]+)?[eE]\+?(1[5-9]|[2-9][0-9]))"  # more than the 15 digits of a number
LONG_CELL = re.compile(rb"<c ([^>]*)>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v></c>")
MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
MOST_KEPT = 32 << 20  # bytes of sheets that are kept from one look to the next; others are unpacked again
MAX_CELLS = 40_000_000  # of the rectangle from A1 to the last cell with content
FAR_CELL = r' r="(?:[A-Za-z]{3,}[0-9]|[A-Za-z]+[0-9]{6})'
ODD = f"{LONG}|</f>|<f [^>]*/>"
FILLED_CELL = re.compile(rb' r="([A-Za-z]+)(\d+)"(?:[^>]*[^/])?>')
FORMULA_CELL = re.compile(rb"<c ([^>]*)>(<f[^>]*>([^<]*)</f>|<f[^>]*/>)(?:<v>([^<]*)</v>|<v ?/>)?</c>")


def open_zip(path: Path) -> Opened:
    """The tables of a workbook that is a zip archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, path.stat().st_size)
            _refuse_other_kinds(archive)
            if ooxml.BOOK in archive.namelist():
                sheets, below = _checked_sheets(archive, path)
                return _opened(sheets, ooxml.beside(archive, below))
            if "content.xml" in archive.namelist():
                return _open_document(archive, path)
            if xlsb.BOOK in archive.namelist():
                _refuse_entities(archive.read(xlsb.LINKS))
                return _opened(read_apart(path), xlsb.beside(archive))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, KeyError, ParseError):
        raise FileRefused(DAMAGED) from None
    return _opened(read_apart(path))


def _open_document(archive: zipfile.ZipFile, path: Path) -> Opened:
    """The tables of an OpenDocument spreadsheet, all of which stands in one part."""
    content = archive.read("content.xml")
    _refuse_entities(content)
    opendocument.refuse_repeats(content)
    marked = opendocument.with_marks(content)
    changed = {"content.xml": marked} if marked != content else {}
    sheets = _read_changed(archive, changed) if changed else read_apart(path)
    return _opened(sheets, opendocument.beside(content))


def _read_changed(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> list[SheetText]:
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(_copy(archive, changed))
        copy.flush()
        return read_apart(Path(copy.name))


def open_ole(path: Path) -> Opened:
    """The tables of a workbook in the older binary container, which also wraps encrypted ones."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused(PASSWORD)
    return _opened(read_apart(path), biff.beside(content))


def _opened(sheets: list[SheetText], beside: Beside = NOTHING) -> Opened:
    hidden = [sheet.name for sheet in sheets if not sheet.visible]
    tables = [
        replace(
            table_of_rows(sheet.name, sheet.cells, sheet.marked),
            left=sheet.left,
            day_zero=beside.day_zero,
            merged=downwards(beside.areas.get(sheet.name, ()), sheet.left, sheet.cells.height),
        )
        for sheet in sheets
        if sheet.visible and sheet.cells.height
    ]
    if not tables:
        raise FileRefused("工作簿里没有内容，请检查是否存错了文件。")
    return Opened(tables, [f"已忽略隐藏的工作表：{'、'.join(hidden)}"] if hidden else [])


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


def _checked_sheets(archive: zipfile.ZipFile, path: Path) -> tuple[list[SheetText], Mapping[str, bytes]]:
    """The sheets, after what must not reach the reader was refused, and what stands below the cells of each part.

    The reader takes in the shared texts while the sheets are checked, and the sheets while it is looked whether
    any needs marks: nearly none does, and then what was read holds. Formulas show in a part's bytes, numbers that
    lost digits in what was read.
    """
    data = path.read_bytes()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(_book, archive, data)
        parts = _safe_parts(archive, data)
        reading = pool.submit(read_sheets, opening.result())
        marked, below = _marked_sheets(archive, data, parts, _may_have_formulas)
        sheets = reading.result() if not marked else []
    if marked:
        sheets = read_sheets(open_book(_copy(archive, marked)))
    if any(sheet.long for sheet in sheets):
        more, _ = _marked_sheets(archive, data, parts, lambda sheet: True)
        if more != marked:
            sheets = read_sheets(open_book(_copy(archive, more)))
    return sheets, below


def _book(archive: zipfile.ZipFile, data: bytes) -> fastexcel.ExcelReader:
    """The workbook, its sheets not yet read, after what the reader takes in at once was checked.

    Reading a part checks its length and checksum, so a directory that lies about sizes is refused too.
    """
    for part in (ooxml.BOOK, ooxml.LINKS, "xl/sharedStrings.xml"):
        if part in archive.namelist():
            _refuse_entities(inflate.part(archive, data, part))
    return open_book(data)


def _safe_parts(archive: zipfile.ZipFile, data: bytes) -> dict[str, bytes]:
    """Each sheet's XML, empty where it would be too much to keep; entities and stray far cells refuse the file."""
    parts: dict[str, bytes] = {}
    room = MOST_KEPT
    for name in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            sheet = inflate.part(archive, data, name)
            _refuse_entities(sheet)
            _refuse_far_cells(sheet)
            parts[name] = sheet if len(sheet) <= room else b""
            room -= len(parts[name])
    return parts


def _marked_sheets(
    archive: zipfile.ZipFile, data: bytes, parts: Mapping[str, bytes], likely: Callable[[bytes], bool]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The sheets that got marks, for formulas without result and numbers that lost digits, and what stands below
    the cells of all. parts: as of _safe_parts. likely: tells quickly which sheets may need any."""
    marked: dict[str, bytes] = {}
    below: dict[str, bytes] = {}
    for name, kept in parts.items():
        sheet = kept or inflate.part(archive, data, name)
        # Most sheets have nothing odd, and each look at all of one takes its time.
        if likely(sheet) and _has(sheet, ODD) and (changed := _mended(sheet, archive)) != sheet:
            marked[name] = changed
        below[name] = sheet[sheet.rfind(b"</sheetData>") :]
    return marked, below


def _may_have_formulas(sheet: bytes) -> bool:
    """Whether an f stands among the cells: the names of most other tags and attributes there, and of columns, have none."""
    return sheet.find(b"f", max(0, sheet.find(b"<sheetData")), sheet.rfind(b"</sheetData>")) >= 0


def _mended(sheet: bytes, archive: zipfile.ZipFile) -> bytes:
    """An odd sheet with its marks."""
    changed = _with_marks(sheet, _recalculates(archive))
    return LONG_CELL.sub(_lost, changed) if _has(changed, LONG) else changed


def _has(sheet: bytes, pattern: str) -> bool:
    """Whether a regular expression of arrow's matches anywhere: three times as fast as Python's."""
    ends = pyarrow.py_buffer(struct.pack("<2i", 0, len(sheet)))
    one = pyarrow.Array.from_buffers(pyarrow.binary(), 1, [None, ends, pyarrow.py_buffer(sheet)])  # no copy
    return bool(compute.match_substring_regex(one, pattern)[0].as_py())


def _lost(cell: re.Match[bytes]) -> bytes:
    """A number of more digits than a spreadsheet keeps, as a mark: the last ones are not what was typed."""
    attributes, value = cell.groups()
    if b' t="' in b" " + attributes.replace(b't="n"', b"") or not re.match(LONG.encode(), b"<v>" + value):
        return cell[0]
    return _text_cell(attributes, mark(LOST_DIGITS, value.decode("ascii", "replace")))


def _text_cell(attributes: bytes, text: str) -> bytes:
    """A cell in the place of another, with a text in it."""
    where = b" ".join(re.findall(rb'r="[A-Z]+\d+"', attributes))
    return b'<c %b t="inlineStr"><is><t>%b</t></is></c>' % (where, text.encode("utf-8"))


def _refuse_entities(part: bytes) -> None:
    if b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part[:4096]:
        raise FileRefused("工作簿里有实体声明，不是正常的表格，没有读取；请用表格软件另存为 .xlsx 再发。")


def _refuse_far_cells(sheet: bytes) -> None:
    """The reader allots every cell up to the last one with content, so one stray cell could exhaust memory."""
    if not _has(sheet, FAR_CELL):
        return
    places = {(len(letters), letters.upper(), int(row)) for letters, row in FILLED_CELL.findall(sheet)}
    _, column, _ = max(places, default=(0, b"", 0))
    last = max((row for _, _, row in places), default=0)
    rows = len({row for _, _, row in places})
    if len(column) > 2:
        raise FileRefused(f"表格在第 {column.decode()} 列还有内容，超出限度，没有读取；请删去多余的列再发。")
    if last > 10_000 + 10 * rows or last * column_number(column) > MAX_CELLS:
        raise FileRefused(f"表格在第 {last} 行还有零散内容，没有读取；请删去表外的内容再发。")


def _recalculates(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook says that its results are yet to be computed: then a 0 is no result."""
    return b'fullCalcOnLoad="1"' in archive.read(ooxml.BOOK)


def _with_marks(sheet: bytes, recalculates: bool) -> bytes:
    """The sheet with a mark in each cell whose formula has no stored result."""

    def marked(cell: re.Match[bytes]) -> bytes:
        attributes, _, formula, value = cell.groups()
        is_text = b't="str"' in attributes
        if (value and not (recalculates and value == b"0")) or (is_text and value == b""):
            return cell[0]
        return _text_cell(attributes, mark(NO_RESULT, "=" + (formula or b"").decode("utf-8", "replace")))

    return FORMULA_CELL.sub(marked, sheet)


def _copy(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return buffer.getvalue()
