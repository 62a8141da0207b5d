"""The brief as a Word document."""

import io
import math
from datetime import datetime
from pathlib import Path

from docx.document import Document as Word
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Ending

from dashboard.brief.document import (
    Block,
    Chart,
    Document,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
)
from dashboard.brief.sections.common import numeral
from dashboard.brief.write import charts, word_xml
from dashboard.brief.write.pictures import png
from dashboard.brief.write.sealed import sealed
from dashboard.brief.write.styles import (
    BODY,
    CAPTION,
    CELL,
    DENSE,
    END,
    FIRST,
    NOTE,
    SECOND,
    STAND_INS,
    STYLES,
    SUBTITLE,
    TITLE,
    blank,
)
from dashboard.brief.write.xml import clean

CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHART_WIDTH, LINE_HEIGHT, BAR_HEIGHT, MAP_WIDTH = 150.0, 66.0, 84.0, 88.0
CENTRED = (
    '<w:keepNext/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>'
)
PAGE_BREAK = "<w:pageBreakBefore/>"
DEMO = "演 示 数 据　　不 得 作 为 工 作 依 据"
RED = "C00000"
LINE_SIGNS = 28  # of body text: 156 mm of 16 pt
FEWEST_LINES = 5  # of the page that the text ends on
MOST_SIGNS = 255  # of a property


def write(document: Document, own: Path | None = None) -> bytes:
    """The whole document; own: the office's template. BriefRefused where a style of it is missing."""
    return _Writer(document, own).bytes()


class _Writer:
    """One document being written; numbers of captions and drawings run through it."""

    def __init__(self, document: Document, own: Path | None) -> None:
        self.document = document
        self.made_at = datetime.fromisoformat(document.made_at)
        self.word: Word = blank(own)
        self.styles = {item.name: self.word.styles[item.name].style_id for item in STYLES}
        self.body = self.word.element.body
        self.tables = self.figures = self.drawings = self.charts = 0
        self.label = "表"

    def bytes(self) -> bytes:
        document = self.document
        self._add(word_xml.paragraph(self.styles[TITLE], word_xml.run(document.title)))
        self._add(word_xml.paragraph(self.styles[SUBTITLE], word_xml.run(document.subtitle)))
        for paragraph in document.opening:
            self._paragraph(paragraph)
        text = [section for section in document.sections if not section.annexed]
        for number, section in enumerate(text, 1):
            self._section(section, f"{numeral(number)}、")
        for paragraph in document.closing:
            self._paragraph(paragraph)
        self._keep_ending()
        self.label, self.tables = "附表", 0
        for section in document.sections:
            if section.annexed:
                self._section(section, "", PAGE_BREAK)
        self._end()
        self._properties()
        out = io.BytesIO()
        self.word.save(out)
        return sealed(out.getvalue(), self.made_at)

    def _keep_ending(self) -> None:
        """Ties the closing words to what stands before them, so that they open no page of their own."""
        lines = 0
        for element in reversed(self.body[:-1]):
            if element.tag != qn("w:p"):
                return
            paragraph = Ending(element, self.word._body)
            paragraph.paragraph_format.keep_together = True
            paragraph.paragraph_format.keep_with_next = lines > 0
            lines += math.ceil(len(paragraph.text) / LINE_SIGNS)
            if lines >= FEWEST_LINES:
                return

    def _section(self, section: Section, number: str, extra: str = "") -> None:
        self._add(word_xml.paragraph(self.styles[FIRST], word_xml.run(number + section.title), extra))
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._add(word_xml.paragraph(self.styles[SECOND], word_xml.run(block.text)))
            case Paragraph():
                self._paragraph(block)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)
            case Picture():
                self._picture(block)

    def _paragraph(self, paragraph: Paragraph) -> None:
        lead = word_xml.run(paragraph.lead, bold=True)
        self._add(word_xml.paragraph(self.styles[BODY], lead + word_xml.runs(paragraph.runs, self._cite)))

    def _table(self, table: Table) -> None:
        self.tables += 1
        self._add(word_xml.caption(self.styles[CAPTION], self.label, self.tables, table.title))
        self._add(word_xml.table(self.styles[DENSE if table.dense else CELL], table))
        self._add(
            word_xml.paragraph(self.styles[NOTE], word_xml.run(f"注：{table.note}" if table.note else ""))
        )

    def _chart(self, chart: Chart) -> None:
        self.charts += 1
        relationship = self._graft(chart)
        high = LINE_HEIGHT if chart.kind == "line" else BAR_HEIGHT
        drawing = word_xml.chart(relationship, self._next(), CHART_WIDTH, high, chart.title)
        self._add(word_xml.paragraph(self.styles[CELL], drawing, CENTRED))
        self._figure_caption(chart.title)

    def _picture(self, picture: Picture) -> None:
        relationship, _ = self.word.part.get_or_add_image(io.BytesIO(png(picture)))
        high = MAP_WIDTH * picture.height / picture.width
        drawing = word_xml.picture(relationship, self._next(), MAP_WIDTH, high, picture.alt)
        self._add(word_xml.paragraph(self.styles[CELL], drawing, CENTRED))
        self._figure_caption(picture.title)

    def _figure_caption(self, title: str) -> None:
        self.figures += 1
        caption = word_xml.caption(self.styles[CAPTION], "图", self.figures, title)
        self._add(caption.replace("</w:pPr>", '<w:keepNext w:val="0"/></w:pPr>', 1))

    def _next(self) -> int:
        self.drawings += 1
        return self.drawings

    def _graft(self, chart: Chart) -> str:
        """The chart and its workbook as parts of the document; the id by which the document knows the chart."""
        package, name = self.word.part.package, f"/word/charts/chart{self.charts}.xml"
        book = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{self.charts}.xlsx")
        part = Part(PackURI(name), CHART, b"", package)
        held = part.relate_to(
            Part(book, WORKBOOK, charts.workbook(chart, self.made_at), package), RELATIONSHIP_TYPE.PACKAGE
        )
        part._blob = charts.xml(chart, 10.5, held)
        return str(self.word.part.relate_to(part, RELATIONSHIP_TYPE.CHART))

    def _cite(self, figure: Figure) -> str | None:
        """A comment with what stands behind the figure, where that is known."""
        said = self.document.evidence.get(figure.key)
        if said is None:
            return None
        comment = self.word.part._comments_part.comments.add_comment(clean(said), "外贸指标监测", "监")
        # Word takes the time of a comment as local, so that it bears no zone.
        comment._comment_elm.set(qn("w:date"), f"{self.made_at:%Y-%m-%dT%H:%M:%S}")
        return str(comment.comment_id)

    def _end(self) -> None:
        rule = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="4" w:color="000000"/></w:pBdr><w:spacing w:before="240"/>'
        for number, line in enumerate(self.document.colophon):
            demo = self.document.demo and number == 0
            run = word_xml.run(line, RED if demo else "", demo)
            self._add(word_xml.paragraph(self.styles[END], run, "" if number else rule))

    def _properties(self) -> None:
        """Title and maker in the file; 演示数据 at the head of every page; names that stand in for fonts."""
        properties = self.word.core_properties
        maker = clean(self.document.maker)[:MOST_SIGNS]
        properties.title, properties.author, properties.last_modified_by = self.document.title, maker, maker
        properties.comments = clean(self.document.colophon[-2])[:MOST_SIGNS]
        properties.language, properties.keywords, properties.revision = "zh-CN", "", 1
        properties.created = properties.modified = self.made_at.replace(tzinfo=None)
        if self.document.demo:
            section = self.word.sections[0]
            for header in (section.header, section.even_page_header):
                words = word_xml.run(DEMO, RED, True)
                inner = word_xml.paragraph(self.styles[CELL], words, '<w:jc w:val="center"/>')
                header._element.append(parse_xml(inner))
        for part in self.word.part.package.iter_parts():
            if part.content_type == CONTENT_TYPE.WML_FONT_TABLE:
                part._blob = _font_table()

    def _add(self, xml: str) -> None:
        self.body.insert(len(self.body) - 1, parse_xml(xml))


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{stand_in}"/><w:charset w:val="86"/></w:font>'
        for name, stand_in in STAND_INS.items()
    )
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<w:fonts {word_xml.NAMESPACES}>{fonts}</w:fonts>".encode()
