# ruff: noqa: E501 (a case is one line where it can be)
"""Files byte by byte: workbooks of every format with whatever a fault needs, in pure Python.

A sheet is a list of rows of cells; None leaves a cell out. In .xlsx a Raw cell is XML as it stands.
"""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlwt

Cells = Sequence[object]
Area = tuple[int, int, int, int]  # first row, last row, first column, last column, counted from 0
NO_AREAS: Mapping[str, Sequence[Area]] = {}
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Raw:
    """A cell's XML after its reference: ``<c r="B2"`` + attributes + ``>`` + inner + ``</c>``."""

    attributes: str = ""
    inner: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet of an .xlsx. first: where its first row and column stand, from 1."""

    rows: Sequence[Cells]
    first: tuple[int, int] = (1, 1)
    state: str = "visible"
    dimension: str = ""
    extra_rows: str = ""
    doctype: str = ""


def formula(text: str, value: str | None = None, kind: str = "") -> Raw:
    """A formula cell; without a value it has no stored result."""
    stored = "" if value is None else f"<v>{value}</v>"
    return Raw(f' t="{kind}"' if kind else "", f"<f>{escape(text)}</f>{stored}")


def error(text: str) -> Raw:
    """A cell that shows an error value."""
    return Raw(' t="e"', f"<f>1/0</f><v>{text}</v>")


def zipped(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def xlsx(
    sheets: Mapping[str, Sheet | Sequence[Cells]], extra: Mapping[str, bytes | str] | None = None
) -> bytes:
    """A workbook; dates need a style and so stand as serial numbers here."""
    book = {name: sheet if isinstance(sheet, Sheet) else Sheet(sheet) for name, sheet in sheets.items()}
    numbered = list(enumerate(book.items(), start=1))
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
        for n, (name, sheet) in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    for n, (_, sheet) in numbered:
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet_xml(sheet)
    return zipped(parts | dict(extra or {}))


def _sheet_xml(sheet: Sheet) -> str:
    top, left = sheet.first
    rows = "".join(
        f'<row r="{number}">{"".join(_cell_xml(cell, number, column) for column, cell in enumerate(row, left) if cell is not None)}</row>'
        for number, row in enumerate(sheet.rows, top)
    )
    dimension = f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else ""
    return f'{sheet.doctype}<worksheet xmlns="{NAMESPACE}">{dimension}<sheetData>{rows}{sheet.extra_rows}</sheetData></worksheet>'


def _cell_xml(cell: object, row: int, column: int) -> str:
    reference = f'<c r="{letters(column)}{row}"'
    if isinstance(cell, Raw):
        return f"{reference}{cell.attributes}>{cell.inner}</c>"
    if isinstance(cell, int | float):
        return f"{reference}><v>{cell!r}</v></c>"
    return f'{reference} t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def letters(column: int) -> str:
    """The letters of a column, 1 → A."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def ods(
    sheets: Mapping[str, Sequence[Cells]],
    tail: str = "",
    merged: Mapping[str, Sequence[Area]] = NO_AREAS,
    first_day: str = "",
    head: str = "",
) -> bytes:
    """An OpenDocument spreadsheet; ``head`` and ``tail`` are XML before and after the rows of each sheet."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{head}{"".join(_ods_row(row, number, merged.get(name, ())) for number, row in enumerate(rows))}{tail}</table:table>'
        for name, rows in sheets.items()
    )
    days = f'<table:calculation-settings><table:null-date table:date-value="{first_day}"/></table:calculation-settings>'
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0">'
        f"<office:body><office:spreadsheet>{days if first_day else ''}{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": content,
        }
    )


def _ods_row(row: Cells, number: int, merged: Sequence[Area]) -> str:
    cells = list(map(_ods_cell, row))
    for top, bottom, left, right in merged:
        if top <= number <= bottom:
            cells[left : right + 1] = ["<table:covered-table-cell/>"] * (right + 1 - left)
        if number == top:
            spans = f'table:number-columns-spanned="{right + 1 - left}" table:number-rows-spanned="{bottom + 1 - top}"'
            cells[left] = _ods_cell(row[left]).replace("<table:table-cell", f"<table:table-cell {spans}", 1)
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"><text:p>{cell}</text:p></table:table-cell>'
    if isinstance(cell, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def xls(
    sheets: Mapping[str, Sequence[Cells]],
    hidden: Iterable[str] = (),
    merged: Mapping[str, Sequence[Area]] = NO_AREAS,
    since_1904: bool = False,
) -> bytes:
    """A workbook in the binary format of Excel 97; merged: by sheet, as those of the others."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = since_1904
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        sheet.visibility = int(name in hidden)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(
                        number, column, cell, day if isinstance(cell, dt.date) else xlwt.Style.default_style
                    )
        for area in merged.get(name, ()):
            sheet.merge(*area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsb(
    sheets: Mapping[str, Sequence[Cells]],
    merged: Mapping[str, Sequence[Area]] = NO_AREAS,
    since_1904: bool = False,
) -> bytes:
    """A workbook in the binary format of the zip family: just the records that hold cells."""
    package = "http://schemas.openxmlformats.org/package/2006"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    bundle = b"".join(
        _record(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name))
        for n, name in enumerate(sheets, start=1)
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": _record(131)
        + _record(153, struct.pack("<III", since_1904, 0, 0))
        + _record(143)
        + bundle
        + _record(144)
        + _record(132),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    for n, (name, rows) in enumerate(sheets.items(), start=1):
        parts[f"xl/worksheets/sheet{n}.bin"] = _sheet_records(rows, merged.get(name, ()))
    return zipped(parts)


def _sheet_records(rows: Sequence[Cells], merged: Sequence[Area]) -> bytes:
    width = max(map(len, rows))
    dimension = _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    cells = b"".join(
        _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        + b"".join(map(_cell_record, range(width), row))
        for number, row in enumerate(rows)
    )
    areas = b"".join(_record(176, struct.pack("<IIII", *area)) for area in merged)
    merges = _record(177, struct.pack("<I", len(merged))) + areas + _record(178) if merged else b""
    return _record(129) + dimension + _record(145) + cells + _record(146) + merges + _record(130)


def _cell_record(column: int, cell: object) -> bytes:
    if cell is None:
        return b""
    place = struct.pack("<II", column, 0)
    if isinstance(cell, int | float):
        return _record(5, place + struct.pack("<d", cell))
    return _record(6, place + _wide(str(cell)))


def _record(sort: int, data: bytes = b"") -> bytes:
    head = bytes([sort]) if sort < 128 else bytes([sort & 0x7F | 0x80, sort >> 7])
    size, length = b"", len(data)
    while length > 127:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + data


def _wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def html(rows: Sequence[Sequence[str]], encoding: str = "gbk") -> bytes:
    """A web page with one table; cells are HTML as they stand, ``<td>`` included where they begin so."""
    body = "".join(
        "<tr>"
        + "".join(cell if cell.startswith("<t") else f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body><table border="1">{body}</table></body></html>'
    return page.encode(encoding)
