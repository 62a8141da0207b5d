"""The styles and the page of a brief in the manner of GB/T 9704, and what an office's own template must have."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from dashboard.brief.request import BriefRefused

TITLE, SUBTITLE, FIRST, SECOND, BODY, CAPTION, CELL, DENSE, NOTE, END = (
    "简报标题",
    "简报副标题",
    "简报一级标题",
    "简报二级标题",
    "简报正文",
    "简报图表题",
    "简报表格",
    "简报密表格",
    "简报表注",
    "简报文末说明",
)
# Names that stand in for fonts of the standard on a machine that lacks them.
STAND_INS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体"}
WESTERN = "Times New Roman"


@dataclass(frozen=True)
class Style:
    """One paragraph style. size, line: points, line 0 for as high as it needs; indent: characters of the first line."""

    name: str
    font: str
    size: float
    line: float = 28
    align: str = "both"
    indent: int = 0
    before: float = 0
    after: float = 0
    outline: int | None = None
    keep: bool = False


STYLES = (
    Style(TITLE, "方正小标宋简体", 22, 36, "center", before=0, after=6, keep=True),
    Style(SUBTITLE, "楷体_GB2312", 16, 28, "center", after=14),
    Style(FIRST, "黑体", 16, indent=2, outline=0, keep=True),
    Style(SECOND, "楷体_GB2312", 16, indent=2, outline=1, keep=True),
    Style(BODY, "仿宋_GB2312", 16, indent=2),
    Style(CAPTION, "黑体", 12, 20, "center", before=8, after=4, keep=True),
    Style(CELL, "仿宋_GB2312", 10.5, 15, "left"),
    Style(DENSE, "仿宋_GB2312", 9, 13, "left"),
    Style(NOTE, "仿宋_GB2312", 10.5, 16, "left", before=2, after=8),
    Style(END, "仿宋_GB2312", 12, 20, "left"),
)


def blank(own: Path | None) -> Word:
    """An empty document with all styles and the page: ours, or those of the office's template."""
    return _ours() if own is None else _theirs(own)


def _theirs(own: Path) -> Word:
    """The template without its text; header, footer and page stay. BriefRefused where a style is missing."""
    try:
        word = docx.Document(str(own))
    except Exception:  # python-docx raises whatever the container's fault makes it raise
        raise BriefRefused(f"模板 {own.name} 打不开，请确认是 Word 的 .docx 文件，另存后再试。") from None
    names = {style.name for style in word.styles}
    missing = [f"「{style.name}」" for style in STYLES if style.name not in names]
    if missing:
        raise BriefRefused(
            f"模板 {own.name} 缺少样式{'、'.join(missing)}，请在模板里新建这些段落样式后再试"
            "（不用模板生成的简报里这些样式都有，可从那里复制）。"
        )
    for kind in ("/chart", "/image", "/comments"):  # of the text that is left out; a letterhead has its own
        _drop(word, kind)
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return word


def _ours() -> Word:
    word = docx.Document()
    root = word.styles.element
    for style in list(root.findall(qn("w:style"))):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            root.remove(style)
    _defaults(root)
    _drop(word, "stylesWithEffects")  # a second copy of the styles, which Word would find to differ
    for item in STYLES:
        root.append(parse_xml(_style(item)))
    _page(word)
    return word


def _drop(word: Word, kind: str) -> None:
    for id, held in list(word.part.rels.items()):
        if held.reltype.endswith(kind):
            del word.part.rels[id]


def _defaults(root: Any) -> None:
    """Chinese throughout, so that punctuation stands as it does in Chinese."""
    found = root.find(qn("w:docDefaults"))
    found.getparent().replace(
        found,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts('仿宋_GB2312')}"
            '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    normal = next(style for style in root.findall(qn("w:style")) if style.get(qn("w:styleId")) == "Normal")
    for tag in ("w:rPr", "w:pPr"):
        old = normal.find(qn(tag))
        if old is not None:
            normal.remove(old)


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{WESTERN}" w:hAnsi="{WESTERN}" w:eastAsia="{font}" w:cs="{WESTERN}"/>'


def _style(item: Style) -> str:
    line = f'w:line="{round(item.line * 20)}" w:lineRule="exact"' if item.line else ""
    spacing = f'<w:spacing w:before="{round(item.before * 20)}" w:after="{round(item.after * 20)}" {line}/>'
    indent = (
        f'<w:ind w:firstLineChars="{item.indent * 100}" w:firstLine="{round(item.indent * item.size * 20)}"/>'
        if item.indent
        else ""
    )
    outline = "" if item.outline is None else f'<w:outlineLvl w:val="{item.outline}"/>'
    keep = "<w:keepNext/>" if item.keep else ""
    size = round(item.size * 2)
    id_ = f"Brief{[style.name for style in STYLES].index(item.name) + 1}"
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{item.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}<w:snapToGrid w:val="0"/>{spacing}{indent}'
        f'<w:jc w:val="{item.align}"/>{outline}</w:pPr><w:rPr>{_fonts(item.font)}<w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/><w:lang w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


def _page(word: Word) -> None:
    """A4 with the margins of the standard; page numbers outside, at the left on even pages."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(24)
    word.settings.odd_and_even_pages_header_footer = True
    for footer, align, side in (
        (section.footer, "right", "w:right"),
        (section.even_page_footer, "left", "w:left"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        paragraph.getparent().replace(paragraph, parse_xml(_page_number(align, side)))


def _page_number(align: str, side: str) -> str:
    """「— 1 —」 in 四号, one character in from the margin."""
    font = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    dash = f'<w:r>{font}<w:t xml:space="preserve">{{}}</w:t></w:r>'
    field = f'<w:fldSimple w:instr=" PAGE "><w:r>{font}<w:t>1</w:t></w:r></w:fldSimple>'
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:ind {side}="280"/><w:jc w:val="{align}"/></w:pPr>'
        f"{dash.format('— ')}{field}{dash.format(' —')}</w:p>"
    )
