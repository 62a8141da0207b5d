"""The brief as one page that stands alone: for looking at before it is made, and to send on. Every text is escaped."""

from dashboard.brief.document import (
    Block,
    Cell,
    Chart,
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

STYLE = """
.brief{max-width:820px;margin:0 auto;padding:24px 28px;background:#fff;color:#222;
 font-family:"仿宋_GB2312",FangSong,"Noto Serif CJK SC",serif;font-size:17px;line-height:1.75}
.brief h1{font-family:"方正小标宋简体","Noto Serif CJK SC",serif;font-weight:500;font-size:27px;text-align:center;margin:.3em 0}
.brief h2,.brief h3{font-size:17px;margin:1em 0 .2em 2em}
.brief h2{font-family:"黑体",SimHei,"Noto Sans CJK SC",sans-serif;font-weight:600}
.brief h3{font-family:"楷体_GB2312",KaiTi,serif;font-weight:500}
.brief p{text-indent:2em;margin:.15em 0}.brief p.sub{text-align:center;text-indent:0;margin-bottom:.8em}
.brief figure{margin:1em 0;text-align:center}.brief figcaption,.brief caption{font-size:14px;text-align:center;padding:.4em 0}
.brief .wide{overflow-x:auto}.brief table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.45;
 border-top:2px solid #222;border-bottom:2px solid #222;margin-top:.6em}
.brief caption{caption-side:top}.brief th{border-bottom:1px solid #222;font-weight:600}
.brief th,.brief td{padding:2px 5px}.brief td.left{text-align:left}.brief td.right{text-align:right}
.brief td.center{text-align:center}
.brief .red{color:#b3261e}.brief .green{color:#1b6e3c}.brief .grey{color:#6b6b6b}
.brief .note,.brief footer p{font-size:13px;text-indent:0;color:#555}.brief footer{border-top:1px solid #999;margin-top:1.2em}
.brief .demo{color:#c00000;font-weight:600;text-align:center;text-indent:0;letter-spacing:.2em}
.brief svg{max-width:100%;height:auto}
"""
DEMO = "演示数据　不得作为工作依据"


def page(document: Document) -> bytes:
    """A whole HTML file."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(document.title)}</title>'
        f"</head><body>{fragment(document)}</body></html>\n"
    ).encode()


def fragment(document: Document) -> str:
    """The brief as a part of a page, with its own style."""
    demo = f'<p class="demo">{DEMO}</p>' if document.demo else ""
    main = [section for section in document.sections if not section.annexed]
    numbered = (_section(section, f"{numeral(n)}、") for n, section in enumerate(main, 1))
    annexed = (_section(section, "") for section in document.sections if section.annexed)
    foot = "".join(f"<p>{text(line)}</p>" for line in document.colophon)
    return (
        f'<style>{STYLE}</style><article class="brief">{demo}<h1>{text(document.title)}</h1>'
        f'<p class="sub">{text(document.subtitle)}</p>{_paragraphs(document.opening)}{"".join(numbered)}'
        f"{_paragraphs(document.closing)}{''.join(annexed)}<footer>{foot}</footer></article>"
    )


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
    return (
        f'<div class="wide" tabindex="0"><table><caption>{text(table.title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


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
