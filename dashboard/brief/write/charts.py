"""A chart as DrawingML and the workbook behind it: the same for Word and for slides, editable in both."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

from dashboard.brief.document import Chart, Role, Series
from dashboard.brief.write.sealed import sealed
from dashboard.brief.write.xml import text

FONT = '<a:latin typeface="Times New Roman"/><a:ea typeface="仿宋_GB2312"/>'
INK, MUTED, SOFT, GRID = "1F3A5F", "7F7F7F", "9DB2C8", "D9D9D9"
LINES: dict[Role, tuple[str, int, str]] = {
    "value": (INK, 28575, "solid"),
    "pace": (MUTED, 15875, "dash"),
    "target": ("B3261E", 12700, "sysDot"),
}
NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
MONTH = "yyyy\\-mm"  # how a spreadsheet writes a month
DAY_ZERO = date(1899, 12, 30)  # of spreadsheets
MOST_LABELS = 8  # months named on the axis


def xml(chart: Chart, size: float, workbook: str = "") -> bytes:
    """The chart part. size: of its text, in points. workbook: the relationship of its workbook, empty for none yet."""
    draw = _lines if chart.kind == "line" else _bars
    legend = _legend() if len(chart.series) > 1 else ""
    data = f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData>' if workbook else ""
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        f'<c:chartSpace {NAMESPACES}><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{draw(chart)}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{_text(size)}{data}</c:chartSpace>"
    ).encode()


def workbook(chart: Chart, made_at: datetime) -> bytes:
    """The chart's numbers as it refers to them: categories in column A, a series in each column after it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        sheet, number = book.add_worksheet("Sheet1"), book.add_format({"num_format": chart.number})
        month = book.add_format({"num_format": MONTH})
        for row, name in enumerate(chart.categories, 1):
            if chart.kind == "line":
                sheet.write_number(row, 0, _serial(name), month)
            else:
                sheet.write_string(row, 0, name)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name)
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value, number)
    return sealed(out.getvalue(), made_at)


def _text(size: float) -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}">{FONT}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _legend() -> str:
    return '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'


def _lines(chart: Chart) -> str:
    series = "".join(_line(chart, item, at) for at, item in enumerate(chart.series))
    every = max(1, -(-len(chart.categories) // MOST_LABELS))
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>'
        '<c:axId val="1001"/><c:axId val="1002"/></c:lineChart>'
        + _months(every)
        + _values(chart, "l", f"<c:majorGridlines>{_stroke(GRID, 6350, 'solid')}</c:majorGridlines>", "0")
    )


def alone(values: Sequence[object]) -> bool:
    """Whether a value has none beside it, so that a line without dots would not show it."""
    known = [value is not None for value in values]
    return any(
        here and not any(known[max(0, at - 1) : at] + known[at + 1 : at + 2]) for at, here in enumerate(known)
    )


def _line(chart: Chart, series: Series, at: int) -> str:
    colour, width, dash = LINES[series.role]
    dots = _dots(colour) if series.role == "value" and alone(series.values) else '<c:symbol val="none"/>'
    return (
        f"<c:ser>{_name(series, at)}{_stroke(colour, width, dash)}<c:marker>{dots}</c:marker>"
        f"{_last_label(chart, series) if series.role == 'value' else ''}{_data(chart, series, at)}"
        '<c:smooth val="0"/></c:ser>'
    )


def _dots(colour: str) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    return f'<c:symbol val="circle"/><c:size val="6"/><c:spPr>{fill}<a:ln>{fill}</a:ln></c:spPr>'


def _last_label(chart: Chart, series: Series) -> str:
    """The newest value at the end of its line."""
    last = max((at for at, value in enumerate(series.values) if value is not None), default=None)
    place = "t" if last is None or _above(chart, last) else "b"
    label = "" if last is None else f'<c:dLbl><c:idx val="{last}"/>{_label(chart, place, "1")}</c:dLbl>'
    return f"<c:dLbls>{label}{_label(chart, '', '0')}</c:dLbls>"


def _above(chart: Chart, at: int) -> bool:
    """Whether the value stands above pace and target there, so that its number may stand above it."""
    value, *bounds = (series.values[at] for series in chart.series)
    return all(bound is None or value is None or value >= bound for bound in bounds)


def _label(chart: Chart, where: str, shown: str) -> str:
    place = f'<c:dLblPos val="{where}"/>' if where else ""
    number = f'<c:numFmt formatCode="{text(chart.number)}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>'
    return (
        f'{number if shown == "1" else ""}{place}<c:showLegendKey val="0"/><c:showVal val="{shown}"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def _bars(chart: Chart) -> str:
    """Lying bars from zero, the largest on top, each with its number."""
    series = "".join(
        f'<c:ser>{_name(item, at)}<c:spPr><a:solidFill><a:srgbClr val="{SOFT}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls>{_label(chart, "outEnd", "1")}</c:dLbls>'
        f"{_data(chart, item, at)}</c:ser>"
        for at, item in enumerate(chart.series)
    )
    return (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        '<c:gapWidth val="45"/><c:axId val="1001"/><c:axId val="1002"/></c:barChart>'
        + _categories()
        + _values(chart, "t", "", "1")
    )


def _name(series: Series, at: int) -> str:
    where = f"Sheet1!${_column(at)}$1"
    return (
        f'<c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{where}</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{text(series.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )


def _data(chart: Chart, series: Series, at: int) -> str:
    last, column = len(chart.categories) + 1, _column(at)
    count = f'<c:ptCount val="{len(chart.categories)}"/>'
    values = _points((i, f"{value!r}") for i, value in enumerate(series.values) if value is not None)
    return (
        f"<c:cat>{_names(chart, f'Sheet1!$A$2:$A${last}', count)}</c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>"
        f"<c:formatCode>{text(chart.number)}</c:formatCode>{count}{values}</c:numCache></c:numRef></c:val>"
    )


def _names(chart: Chart, where: str, count: str) -> str:
    """Months as dates, places as text."""
    if chart.kind == "line":
        points = _points((i, str(_serial(name))) for i, name in enumerate(chart.categories))
        cache = f"<c:formatCode>{MONTH}</c:formatCode>{count}{points}"
        return f"<c:numRef><c:f>{where}</c:f><c:numCache>{cache}</c:numCache></c:numRef>"
    points = _points(enumerate(chart.categories))
    return f"<c:strRef><c:f>{where}</c:f><c:strCache>{count}{points}</c:strCache></c:strRef>"


def _points(values: Iterable[tuple[int, str]]) -> str:
    return "".join(f'<c:pt idx="{i}"><c:v>{text(value)}</c:v></c:pt>' for i, value in values)


def _categories() -> str:
    """Places down the left side, the first on top."""
    return (
        '<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>{_ticks()}'
        '<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _months(every: int) -> str:
    """Months along the bottom, one in so many named."""
    return (
        '<c:dateAx><c:axId val="1001"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="b"/><c:numFmt formatCode="{MONTH}" sourceLinked="0"/>{_ticks()}'
        '<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/>'
        f'<c:baseTimeUnit val="months"/><c:majorUnit val="{every}"/><c:majorTimeUnit val="months"/></c:dateAx>'
    )


def _ticks() -> str:
    marks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
    return marks + _stroke(MUTED, 9525, "solid")


def _serial(period: str) -> int:
    """A month as a spreadsheet counts its first day."""
    return (date(int(period[:4]), int(period[5:]), 1) - DAY_ZERO).days


def _values(chart: Chart, where: str, grid: str, deleted: str) -> str:
    """From zero, so that a length says what it is; below it only where a value is."""
    least = min((value for item in chart.series for value in item.values if value is not None), default=0)
    floor = '<c:min val="0"/>' if least >= 0 else ""
    return (
        f'<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/>{floor}</c:scaling>'
        f'<c:delete val="{deleted}"/><c:axPos val="{where}"/>{grid}'
        f'<c:numFmt formatCode="{text(_axis(chart.number))}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        '<c:crossAx val="1001"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _axis(number: str) -> str:
    """An axis needs fewer decimals than its values."""
    return {"0.00%": "0%", "0.0%": "0%", "0.00": "0.##"}.get(number, number)


def _stroke(colour: str, width: int, dash: str) -> str:
    return (
        f'<c:spPr><a:ln w="{width}" cap="rnd"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        f'<a:prstDash val="{dash}"/><a:round/></a:ln></c:spPr>'
    )


def _column(at: int) -> str:
    return "BCDEFGH"[at]
