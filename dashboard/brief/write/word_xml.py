"""Paragraphs, tables, charts and pictures as WordprocessingML. Pure: text in, XML out."""

import re
from collections.abc import Callable, Iterable

from dashboard.board import Tone
from dashboard.brief.document import Cell, Column, Figure, Run, Table
from dashboard.brief.write.xml import text

INKS: dict[Tone, str] = {"red": "B3261E", "green": "1B6E3C", "grey": "6B6B6B", "": ""}
SHAPES = "●◐▼○"
SYMBOLS = '<w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" w:eastAsia="Segoe UI Symbol"/>'
RULE = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
EMU_PER_MM = 36_000
TEXT_WIDTH_TWIPS = 8844  # 156 mm
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
FEW = 8  # rows that stay together
Cite = Callable[[Figure], str | None]  # the id of the comment on a figure


def paragraph(style: str, inner: str, extra: str = "") -> str:
    """A paragraph of a style (by id) around ready runs."""
    return f'<w:p {NAMESPACES}><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{inner}</w:p>'


def run(words: str, colour: str = "", bold: bool = False) -> str:
    """Runs of one look; the shapes of lights get a font that has them."""
    return "".join(
        _run(part, colour, bold, symbol=part in SHAPES) for part in re.split(f"([{SHAPES}])", words) if part
    )


def _run(words: str, colour: str, bold: bool, symbol: bool) -> str:
    marks = SYMBOLS if symbol else ""
    marks += "<w:b/>" if bold else ""
    marks += f'<w:color w:val="{colour}"/>' if colour else ""
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text(words)}</w:t></w:r>'


def runs(parts: Iterable[Run], cite: Cite) -> str:
    """Running text; a figure with a comment stands between its marks."""
    return "".join(run(part) if isinstance(part, str) else _figure(part, cite(part)) for part in parts)


def _figure(figure: Figure, comment: str | None) -> str:
    if comment is None:
        return run(figure.text)
    return (
        f'<w:commentRangeStart w:id="{comment}"/>{run(figure.text)}<w:commentRangeEnd w:id="{comment}"/>'
        f'<w:r><w:commentReference w:id="{comment}"/></w:r>'
    )


def caption(style: str, kind: str, number: int, title: str) -> str:
    """「表1　标题」; the number is a field that Word counts anew when tables are moved."""
    field = f'<w:fldSimple w:instr=" SEQ {kind} \\* ARABIC ">{run(str(number))}</w:fldSimple>'
    return paragraph(style, f"{run(kind)}{field}{run('　' + title)}")


def table(style: str, item: Table) -> str:
    """三线表: thick rules above and below, a thin one under the header, which repeats on every page.

    A few rows stay on one page; of more no row stands alone under the header or over the note.
    """
    widths = _widths(item.columns)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    header = "".join(
        _cell(style, Cell(column.title), "center", width, keep=True, header=True)
        for column, width in zip(item.columns, widths, strict=True)
    )
    last = len(item.rows) - 1
    body = "".join(
        _row(style, item, cells, widths, _kept(at, last, bool(item.note)))
        for at, cells in enumerate(item.rows)
    )
    return (
        f'<w:tbl {NAMESPACES}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblBorders><w:top w:val="single" w:sz="12" w:space="0" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="12" w:space="0" w:color="000000"/></w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>{body}</w:tbl>"
    )


def _widths(columns: tuple[Column, ...]) -> list[int]:
    whole = sum(column.width for column in columns)
    return [round(TEXT_WIDTH_TWIPS * column.width / whole) for column in columns]


def _kept(at: int, last: int, noted: bool) -> bool:
    """Whether a row stays on the page of what follows it."""
    if at == last:
        return noted
    return last < FEW or at == 0 or at == last - 1


def _row(style: str, item: Table, cells: tuple[Cell, ...], widths: list[int], keep: bool) -> str:
    inner = "".join(
        _cell(style, cell, column.align, width, keep)
        for cell, column, width in zip(cells, item.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr>"


def _cell(style: str, cell: Cell, align: str, width: int, keep: bool, header: bool = False) -> str:
    inner = run(cell.text, INKS[cell.tone], header)
    kept = "<w:keepNext/>" if keep else ""
    words = f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}<w:jc w:val="{align}"/></w:pPr>{inner}</w:p>'
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{RULE if header else ""}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{words}</w:tc>"


def picture(relationship: str, number: int, width_mm: float, height_mm: float, alt: str) -> str:
    """An inline picture in a line of its own."""
    wide, high = round(width_mm * EMU_PER_MM), round(height_mm * EMU_PER_MM)
    graphic = (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="图片{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    )
    return _drawing(graphic, number, wide, high, "图片", alt)


def chart(relationship: str, number: int, width_mm: float, height_mm: float, alt: str) -> str:
    """An inline native chart in a line of its own."""
    wide, high = round(width_mm * EMU_PER_MM), round(height_mm * EMU_PER_MM)
    graphic = (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relationship}"/></a:graphicData>'
    )
    return _drawing(graphic, number, wide, high, "图表", alt)


def _drawing(graphic: str, number: int, wide: int, high: int, name: str, alt: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="{name}{number}" descr="{text(alt)}"/><wp:cNvGraphicFramePr/>'
        f"<a:graphic>{graphic}</a:graphic></wp:inline></w:drawing></w:r>"
    )
