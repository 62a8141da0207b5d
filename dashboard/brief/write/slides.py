"""The brief as slides: a section a slide, its gist in a few lines beside its first chart, picture or table."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Mm, Pt

from dashboard.board import Tone
from dashboard.brief.document import (
    Cell,
    Chart,
    Document,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
    plain,
)
from dashboard.brief.sections.common import numeral
from dashboard.brief.write import charts
from dashboard.brief.write.pictures import png
from dashboard.brief.write.sealed import sealed
from dashboard.brief.write.xml import clean

WIDTH, HEIGHT, MARGIN = 338.67, 190.5, 16.0  # mm, 16:9
INK, ACCENT, RULE, RED, MUTED, WHITE, GREEN, WARNING = (
    RGBColor.from_string(colour)  # type: ignore[no-untyped-call]
    for colour in ("222222", "1F3A5F", "BFBFBF", "C00000", "6B6B6B", "FFFFFF", "1B6E3C", "B3261E")
)
TONES: dict[Tone, RGBColor] = {"red": WARNING, "green": GREEN, "grey": MUTED, "": INK}
Place = tuple[float, float, float, float]  # left, top, width, height in mm
POINT = 0.3528  # mm
SIZES = (22, 20, 18, 16, 15, 14, 13, 12)
ONE_BY_ONE = (
    "topic",
    "standings",
)  # of a brief on one indicator: each drawing and table on a slide of its own
LAST_TWO = ("problems", "measures")
TITLE_FONT, TEXT_FONT = "黑体", "微软雅黑"
TOP, BOTTOM = 34.0, 176.0
WHOLE: Place = (MARGIN, TOP, WIDTH - 2 * MARGIN, BOTTOM - TOP)
MOST_POINTS, MOST_ROWS, MOST_SIGNS = 6, 13, 130
DEMO = "演示数据　不得作为工作依据"


def write(document: Document) -> bytes:
    """All slides; the same document gives the same bytes."""
    made_at = datetime.fromisoformat(document.made_at)
    show: Any = Presentation()
    show.slide_width, show.slide_height = Mm(WIDTH), Mm(HEIGHT)
    blank = show.slide_layouts[6]
    _cover(show.slides.add_slide(blank), document)
    shown = [section for section in document.sections if section.points and not section.annexed]
    for number, section in enumerate(shown, 1):
        if section.id in LAST_TWO:
            continue
        for draw in _slides_of(section, made_at):
            slide = show.slides.add_slide(blank)
            _head(slide, f"{numeral(number)}、{section.title}", document)
            draw(slide)
            _notes(slide, document, [section])
    if pair := [section for section in shown if section.id in LAST_TWO]:
        slide = show.slides.add_slide(blank)
        _head(slide, "和".join(section.title for section in pair), document)
        _columns(slide, pair)
        _notes(slide, document, pair)
    if any(section.id in ONE_BY_ONE for section in shown):
        for annex in (section for section in document.sections if section.annexed and _tables(section)):
            slide = show.slides.add_slide(blank)
            _head(slide, annex.title, document)
            _under(slide, None, _tables(annex)[-1])
    _last(show.slides.add_slide(blank), document)
    _properties(show, document, made_at)
    out = io.BytesIO()
    show.save(out)
    return sealed(out.getvalue(), made_at)


def _notes(slide: Slide, document: Document, sections: list[Section]) -> None:
    """What stands behind the figures of the slide, in its notes."""
    runs = (run for section in sections for point in section.points for run in point)
    figures = {run.key: run.text for run in runs if isinstance(run, Figure)}
    known = [
        f"{words} {document.evidence[key]}" for key, words in figures.items() if key in document.evidence
    ]
    if known:
        frame: Any = slide.notes_slide.notes_text_frame
        frame.text = clean("\n\n".join(known))


def _slides_of(section: Section, made_at: datetime) -> list[Callable[[Slide], object]]:
    """How each slide of a section is drawn: its gist beside its first drawing, or above its first table."""
    drawn = next((block for block in section.blocks if isinstance(block, Chart | Picture)), None)
    table = next((block for block in section.blocks if isinstance(block, Table)), None)
    if section.id in ONE_BY_ONE:
        return _one_by_one(section, made_at)
    if section.id == "units" and table and drawn:
        return [lambda slide: _beside(slide, table, drawn, made_at)]
    if section.id == "goals" and table and drawn:
        return [
            lambda slide: _under(slide, None, table),
            lambda slide: _right(slide, section, drawn, made_at),
        ]
    if drawn:
        return [lambda slide: _right(slide, section, drawn, made_at)]
    if table:
        return [lambda slide: _under(slide, section, table)]
    return [lambda slide: _points(slide, section, WHOLE)]


def _one_by_one(section: Section, made_at: datetime) -> list[Callable[[Slide], object]]:
    """What the document asks, the gist beside the first drawing, then every other drawing and table."""
    found: list[Callable[[Slide], object]] = []
    if section.id == "topic":
        found.append(partial(_lines, lines=_first_part(section), place=WHOLE))
    drawn = [block for block in section.blocks if isinstance(block, Chart | Picture)]
    if drawn:
        found.append(partial(_right, section=section, block=drawn[0], made_at=made_at))
    else:
        found.append(partial(_points, section=section, place=WHOLE))
    found += [partial(_drawing, block=block, place=WHOLE, made_at=made_at) for block in drawn[1:]]
    return [*found, *(partial(_under, section=None, table=table) for table in _tables(section))]


def _tables(section: Section) -> list[Table]:
    """Its tables, but those that say in one row what the gist says."""
    return [block for block in section.blocks if isinstance(block, Table) and len(block.rows) > 1]


def _first_part(section: Section) -> list[str]:
    """The paragraphs under its first heading."""
    parts = [at for at, block in enumerate(section.blocks) if isinstance(block, Heading)]
    end = parts[1] if len(parts) > 1 else len(section.blocks)
    return [plain(block.runs) for block in section.blocks[:end] if isinstance(block, Paragraph)]


def _cover(slide: Slide, document: Document) -> None:
    _words(
        slide, document.title, (MARGIN, 62, WIDTH - 2 * MARGIN, 24), 40, TITLE_FONT, ACCENT, PP_ALIGN.CENTER
    )
    _words(
        slide, document.subtitle, (MARGIN, 90, WIDTH - 2 * MARGIN, 14), 22, TEXT_FONT, INK, PP_ALIGN.CENTER
    )
    said = "\n".join(document.colophon[-3:-1])
    _words(slide, said, (MARGIN, 148, WIDTH - 2 * MARGIN, 20), 13, TEXT_FONT, MUTED, PP_ALIGN.CENTER)
    if document.demo:
        _words(slide, DEMO, (MARGIN, 112, WIDTH - 2 * MARGIN, 14), 20, TITLE_FONT, RED, PP_ALIGN.CENTER)


def _head(slide: Slide, title: str, document: Document) -> None:
    _words(slide, title, (MARGIN, 10, 200, 16), 28, TITLE_FONT, ACCENT)
    rule = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Mm(MARGIN), Mm(28), Mm(WIDTH - 2 * MARGIN), Emu(9_525))
    rule.fill.solid()
    rule.fill.fore_color.rgb, rule.shadow.inherit = RULE, False
    rule.line.fill.background()
    foot = f"{document.title}{document.subtitle}"
    _words(slide, foot, (MARGIN, 180, 220, 8), 10, TEXT_FONT, MUTED)
    if document.demo:
        _words(slide, DEMO, (WIDTH - MARGIN - 90, 12, 90, 12), 14, TITLE_FONT, RED, PP_ALIGN.RIGHT)


def _right(slide: Slide, section: Section, block: Chart | Picture, made_at: datetime) -> None:
    """Lines at the left, the drawing at the right."""
    left = 118.0
    _points(slide, section, (MARGIN, TOP, left, BOTTOM - TOP))
    _drawing(slide, block, (MARGIN + left + 8, TOP, WIDTH - 2 * MARGIN - left - 8, BOTTOM - TOP), made_at)


def _beside(slide: Slide, table: Table, block: Chart | Picture, made_at: datetime) -> None:
    """A table at the left, the drawing at the right."""
    left = 158.0
    _table(slide, table, (MARGIN, TOP, left, BOTTOM - TOP))
    _drawing(slide, block, (MARGIN + left + 8, TOP, WIDTH - 2 * MARGIN - left - 8, BOTTOM - TOP), made_at)


def _under(slide: Slide, section: Section | None, table: Table) -> None:
    """A table over the whole width, under the gist where there is room for it."""
    top = TOP
    if section:
        few = len(table.rows) <= MOST_ROWS - 5
        place = (MARGIN, TOP, WIDTH - 2 * MARGIN, 40 if few else 20)
        top = _points(slide, section, place, MOST_POINTS if few else 2) + 4
    _table(slide, table, (MARGIN, top, WIDTH - 2 * MARGIN, BOTTOM - top))


def _columns(slide: Slide, pair: list[Section]) -> None:
    """Two sections side by side under their titles."""
    wide = (WIDTH - 2 * MARGIN - 12) / len(pair)
    for at, section in enumerate(pair):
        left = MARGIN + at * (wide + 12)
        _words(slide, section.title, (left, TOP, wide, 10), 20, TITLE_FONT, ACCENT)
        _points(slide, section, (left, TOP + 13, wide, BOTTOM - TOP - 13))


def _points(slide: Slide, section: Section, place: Place, most: int = MOST_POINTS) -> float:
    """The gist, a line each; returns where it ends, in mm."""
    return _lines(slide, [_cut(plain(runs)) for runs in section.points if runs][:most], place)


def _lines(slide: Slide, lines: list[str], place: Place) -> float:
    """Lines as large as fits; returns where they end, in mm."""
    size = next((size for size in SIZES if _height(lines, size, place[2]) <= place[3]), SIZES[-1])
    frame = slide.shapes.add_textbox(*(Mm(side) for side in place)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(7)
        _run(paragraph, line, size, TEXT_FONT, INK)
    return place[1] + _height(lines, size, place[2])


def _height(lines: list[str], size: float, wide: float) -> float:
    """About how high the lines become, in mm: a sign is as wide as it is high."""
    sign = size * POINT
    rows = sum(-(-len(line) * sign // (wide - 6)) for line in lines)
    return rows * sign * 1.35 + len(lines) * 7 * POINT + 4


def _cut(line: str) -> str:
    """A line that is too long ends at a sentence or a stop before that."""
    if len(line) <= MOST_SIGNS:
        return line
    kept = line[:MOST_SIGNS]
    at = max(kept.rfind("。"), kept.rfind("；"))
    return kept[:at] + "。" if at > MOST_SIGNS // 3 else kept.rstrip("、，") + "……"


def _drawing(slide: Slide, block: Chart | Picture, place: Place, made_at: datetime) -> None:
    """A chart or picture under its title."""
    left, top, wide, high = place
    _words(slide, block.title, (left, top, wide, 9), 14, TITLE_FONT, INK, PP_ALIGN.CENTER)
    inner = (left, top + 10, wide, high - 12)
    if isinstance(block, Chart):
        _chart(slide, block, inner, made_at)
    else:
        _picture(slide, block, inner)


def _chart(slide: Slide, chart: Chart, place: Place, made_at: datetime) -> None:
    kind = XL_CHART_TYPE.LINE if chart.kind == "line" else XL_CHART_TYPE.BAR_CLUSTERED
    left, top, wide, high = map(Mm, place)
    data: Any = _Data(chart, made_at)
    slide.shapes.add_chart(kind, left, top, wide, high, data)


class _Data:
    """A chart as the presentation takes it in: its XML and its workbook."""

    def __init__(self, chart: Chart, made_at: datetime) -> None:
        self.chart = chart
        self.xlsx_blob = charts.workbook(chart, made_at)

    def xml_bytes(self, kind: object) -> bytes:
        return charts.xml(self.chart, 13)


def _picture(slide: Slide, picture: Picture, place: Place) -> None:
    scale = min(place[2] / picture.width, place[3] / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    left = place[0] + (place[2] - wide) / 2
    shape: Any = slide.shapes.add_picture(
        io.BytesIO(png(picture)), Mm(left), Mm(place[1]), Mm(wide), Mm(high)
    )
    shape._element.nvPicPr.cNvPr.set("descr", clean(picture.alt))


def _table(slide: Slide, table: Table, place: Place) -> None:
    """The first rows as a table without stripes; how many are left out is said below."""
    left, top, wide, high = place
    rows = table.rows[:MOST_ROWS]
    _words(slide, table.title, (left, top, wide, 9), 14, TITLE_FONT, INK, PP_ALIGN.CENTER)
    row_high = min(9.5, (high - 12) / (len(rows) + 1))
    sides = (Mm(left), Mm(top + 10), Mm(wide), Mm(row_high * (len(rows) + 1)))
    frame = slide.shapes.add_table(len(rows) + 1, len(table.columns), *sides)
    _plain(frame)
    # Words need more of a slide's width than of a page's, since figures stay short.
    shares = [column.width * (1.3 if column.align == "left" else 1) for column in table.columns]
    size = 11 if len(rows) > 9 else 14
    for at, column in enumerate(table.columns):
        frame.table.columns[at].width = Mm(wide * shares[at] / sum(shares))
        _cell(frame.table.cell(0, at), Cell(column.title), "center", size, header=True)
        for row, cells in enumerate(rows, 1):
            _cell(frame.table.cell(row, at), cells[at], column.align, size)
    for line in frame.table.rows:
        line.height = Mm(row_high)
    if len(table.rows) > MOST_ROWS:
        said = f"共{len(table.rows)}行，列出前{MOST_ROWS}行，其余见简报。"
        _words(slide, said, (left, BOTTOM - 2, wide, 7), 10, TEXT_FONT, MUTED)


def _plain(frame: Any) -> None:
    """No stripes and no style of the program's own."""
    properties = frame._element.graphic.graphicData.tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "0")
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


ALIGNS = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


def _cell(target: Any, cell: Cell, align: str, size: float, header: bool = False) -> None:
    target.margin_top = target.margin_bottom = Emu(18_000)
    target.margin_left = target.margin_right = Emu(54_000)
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = target.text_frame.paragraphs[0]
    paragraph.alignment = ALIGNS[align]
    _run(
        paragraph, cell.text, size, TITLE_FONT if header else TEXT_FONT, WHITE if header else TONES[cell.tone]
    )
    if header:
        target.fill.solid()
        target.fill.fore_color.rgb = ACCENT


def _last(slide: Slide, document: Document) -> None:
    """Where the numbers come from."""
    _head(slide, "数据说明", document)
    place = (MARGIN, TOP, WIDTH - 2 * MARGIN, BOTTOM - TOP)
    frame = slide.shapes.add_textbox(*(Mm(side) for side in place)).text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for number, line in enumerate(document.colophon):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(6)
        _run(paragraph, line, 16, TEXT_FONT, RED if document.demo and number == 0 else INK)


def _words(
    slide: Slide,
    words: str,
    place: Place,
    size: float,
    font: str,
    colour: RGBColor,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    frame = slide.shapes.add_textbox(*(Mm(side) for side in place)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(words.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        _run(paragraph, line, size, font, colour)


def _run(paragraph: Any, words: str, size: float, font: str, colour: RGBColor) -> None:
    run = paragraph.add_run()
    run.text = clean(words)
    run.font.size, run.font.name, run.font.color.rgb = Pt(size), font, colour
    properties = run._r.get_or_add_rPr()
    properties.set("lang", "zh-CN")
    east = properties.makeelement(qn("a:ea"), {"typeface": font})
    properties.find(qn("a:latin")).addnext(east)


def _properties(show: Any, document: Document, made_at: datetime) -> None:
    properties = show.core_properties
    properties.title, properties.author = clean(document.title), clean(document.maker)[:255]
    properties.last_modified_by, properties.language = clean(document.maker)[:255], "zh-CN"
    properties.created = properties.modified = made_at.replace(tzinfo=None)
