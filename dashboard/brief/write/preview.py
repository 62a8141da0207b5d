"""The brief as one page that stands alone: for looking at before it is made, and to send on. Every text is escaped."""

from pathlib import Path

from dashboard.brief.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Picture,
    Role,
    Section,
    Table,
    plain,
)
from dashboard.brief.sections.common import numeral
from dashboard.brief.write.xml import text

STYLE = Path(__file__).resolve().parents[2] / "assets" / "brief.css"
DEMO = "演示数据　不得作为工作依据"
EVIDENCE = (Column("部分", 1, "left"), Column("数字", 1, "left"), Column("依据", 6, "left"))


def page(document: Document) -> bytes:
    """A whole HTML file."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(document.title)}</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body>{fragment(document)}</body></html>\n"
    ).encode()


def fragment(document: Document) -> str:
    """The brief as a part of a page that has its style."""
    demo = f'<p class="demo">{DEMO}</p>' if document.demo else ""
    main = [section for section in document.sections if not section.annexed]
    numbered = (_section(section, f"{numeral(n)}、") for n, section in enumerate(main, 1))
    annexed = (_section(section, "") for section in document.sections if section.annexed)
    foot = "".join(f"<p>{text(line)}</p>" for line in document.colophon)
    return (
        f'<article class="brief">{demo}<h1>{text(document.title)}</h1>'
        f'<p class="sub">{text(document.subtitle)}</p>{_paragraphs(document.opening)}{"".join(numbered)}'
        f"{_paragraphs(document.closing)}{''.join(annexed)}{_evidence(document)}<footer>{foot}</footer></article>"
    )


def _evidence(document: Document) -> str:
    """What stands behind each figure of the text, where that was asked for."""
    cited = [(section, figure.text, said) for section, figure, said in document.cited()]
    rows = tuple(tuple(map(Cell, texts)) for texts in cited)
    return f"<h2>依据</h2>{_table(Table('正文数字的依据', EVIDENCE, rows))}" if rows else ""


def _section(section: Section, number: str) -> str:
    return f"<h2>{text(number + section.title)}</h2>" + "".join(_block(block) for block in section.blocks)


def _paragraphs(paragraphs: tuple[Paragraph, ...]) -> str:
    return "".join(_block(paragraph) for paragraph in paragraphs)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h3>{text(block.text)}</h3>"
        case Paragraph():
            lead = f"<b>{text(block.lead)}</b>" if block.lead else ""
            return f"<p>{lead}{text(plain(block.runs))}</p>"
        case Table():
            return _table(block)
        case Chart():
            return _chart(block)
        case Picture():
            drawn = block.svg.replace("<svg ", f'<svg role="img" aria-label="{text(block.alt)}" ', 1)
            return f"<figure>{drawn}<figcaption>{text(block.title)}</figcaption></figure>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{text(column.title)}</th>' for column in table.columns)
    rows = "".join(
        f"<tr>{''.join(_cell(cell, column.align) for cell, column in zip(row, table.columns, strict=True))}</tr>"
        for row in table.rows
    )
    note = f'<p class="note">注：{text(table.note)}</p>' if table.note else ""
    title = text(table.title)
    inner = f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" tabindex="0" role="region" aria-label="{title}">{inner}</div>{note}'


def _cell(cell: Cell, align: str) -> str:
    return f'<td class="{f"{align} {cell.tone}".strip()}">{text(cell.text)}</td>'


WIDTH, HIGH, ROW = 640.0, 200.0, 22.0


def _chart(chart: Chart) -> str:
    """A chart as a small drawing; the Word document, slides and workbook have it editable."""
    drawn = _lines(chart) if chart.kind == "line" else _bars(chart)
    return f"<figure>{drawn}<figcaption>{text(chart.title)}</figcaption></figure>"


LOOKS: dict[Role, str] = {
    "value": 'stroke="#1f3a5f" stroke-width="2.5"',
    "pace": 'stroke="#7f7f7f" stroke-dasharray="6 4"',
    "target": 'stroke="#b3261e" stroke-dasharray="2 3"',
}


def _lines(chart: Chart) -> str:
    known = [value for series in chart.series for value in series.values if value is not None]
    least, most = min(0.0, *known), max(known) or 1.0
    wide = (WIDTH - 20) / max(1, len(chart.categories) - 1)

    def at(index: int, value: float) -> str:
        return (
            f"{10 + index * wide:.1f},{10 + (HIGH - 40) * (1 - (value - least) / ((most - least) or 1)):.1f}"
        )

    lines = "".join(
        f'<polyline fill="none" {LOOKS[series.role]} points="'
        + " ".join(at(i, value) for i, value in enumerate(series.values) if value is not None)
        + '"/>'
        for series in chart.series
    )
    ends = (
        f'<text x="10" y="{HIGH - 8:g}">{chart.categories[0]}</text>'
        f'<text x="{WIDTH - 10:g}" y="{HIGH - 8:g}" text-anchor="end">{chart.categories[-1]}</text>'
    )
    named = "，".join(series.name for series in chart.series)
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HIGH:g}" width="{WIDTH:g}" role="img" aria-label="{text(f"{chart.title}：{named}")}"'
        f' font-size="12" fill="#555">{lines}{ends}</svg>'
    )


def _bars(chart: Chart) -> str:
    values = chart.series[0].values
    most = max((value for value in values if value is not None), default=0) or 1.0
    rows = "".join(
        _bar(i * ROW, name, value, (value or 0) / most, chart.number)
        for i, (name, value) in enumerate(zip(chart.categories, values, strict=True))
    )
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {len(values) * ROW + 4:g}" width="{WIDTH:g}" role="img" '
        f'aria-label="{text(chart.title)}" font-size="12" fill="#333">{rows}</svg>'
    )


def _bar(top: float, name: str, value: float | None, share: float, number: str) -> str:
    wide = max(0.0, share) * (WIDTH - 190)
    return (
        f'<text x="104" y="{top + 15:g}" text-anchor="end">{text(name)}</text>'
        f'<rect x="110" y="{top + 4:g}" width="{wide:.1f}" height="14" fill="#9db2c8"/>'
        f'<text x="{114 + wide:.1f}" y="{top + 15:g}">{_number(value, number)}</text>'
    )


def _number(value: float | None, number: str) -> str:
    if value is None:
        return "—"
    decimals = len(number.rstrip("%").partition(".")[2])
    return f"{value * 100:,.{decimals}f}%" if number.endswith("%") else f"{value:,.{decimals}f}"
