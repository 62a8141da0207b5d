"""The bureau's monthly Excel tables, with the habits of the people who make them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import xlsxwriter

from etl.demo.faults import fault_rows
from etl.demo.firms import Firm
from etl.demo.story import CITY, COUNTY_TABLES_FROM, MONTHS, OUTSIDE, UNIT, WAN, YI, Month, index
from etl.demo.trade import CORRECTION, Flows

Cell = str | float
CREATED = dt.datetime(2026, 11, 20, 9, 30)  # fixed, so that the same bytes come out every time
GROUPS = ("进出口", "出口", "进口")
SPANS = ("当月", "累计", "同比%")
BLANK_ROWS: dict[Month, int] = {(2023, 5): 1, (2024, 8): 2, (2025, 11): 1}  # above the title
HIDDEN_SHEET: Month = (2024, 5)
FULL_WIDTH: Month = (2024, 9)  # one figure typed in full-width digits
OF_WHICH: Month = (2025, 8)  # a row 其中 after the total
IN_YI: tuple[Month, ...] = ((2024, 4), (2025, 3), (2025, 9), (2026, 5))  # county tables in 亿元
FULL_WIDTH_DIGITS = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Line:
    """Months of exports and imports of a firm, unit or the city; ytd: their cumulatives, revisions included."""

    exports: Sequence[int]
    imports: Sequence[int]
    ytd_exports: Sequence[int]
    ytd_imports: Sequence[int]


def write_firm_tables(folder: Path, firms: list[Firm], flows: list[Flows]) -> list[Path]:
    """One table of firms a month from February on; February shows January and February together."""
    lines = [_line(flow.exports, flow.imports, flow.revisions) for flow in flows]
    return [_firm_table(folder, firms, lines, t) for t, (_, month) in enumerate(MONTHS) if month > 1]


def write_county_tables(folder: Path, firms: list[Firm], flows: list[Flows]) -> list[Path]:
    """One table of units a month from COUNTY_TABLES_FROM on, the city in a row of its own."""
    units = unit_lines(firms, flows)
    city = units.pop(CITY)
    del units[OUTSIDE]
    months = [t for t, month in enumerate(MONTHS) if month >= COUNTY_TABLES_FROM and month[1] > 1]
    return [_county_table(folder, units, city, t) for t in months]


def unit_lines(firms: list[Firm], flows: list[Flows]) -> dict[str, Line]:
    """The months of every unit, and of all firms under CITY; a firm counts where it stood in that month."""
    sums = {code: [[0] * len(MONTHS) for _ in range(3)] for code in (CITY, *UNIT)}
    for firm, flow in zip(firms, flows, strict=True):
        for t in range(firm.begins, len(MONTHS)):
            for code in (CITY, firm.unit(t)):
                for total, months in zip(
                    sums[code], (flow.exports, flow.imports, flow.revisions), strict=True
                ):
                    total[t] += months[t]
    return {code: _line(*total) for code, total in sums.items()}


def _line(exports: Sequence[int], imports: Sequence[int], revisions: Sequence[int]) -> Line:
    revised = [month + revision for month, revision in zip(exports, revisions, strict=True)]
    return Line(exports, imports, _cumulated(revised), _cumulated(imports))


def _cumulated(months: Sequence[int]) -> list[int]:
    years = [months[start : start + 12] for start in range(0, len(months), 12)]
    return [value for year in years for value in accumulate(year)]


def _firm_table(folder: Path, firms: list[Firm], lines: list[Line], t: int) -> Path:
    year, month = MONTHS[t]
    path = folder / f"{year}年{month}月企业进出口情况表.xlsx"
    listed = [(firm, line) for firm, line in zip(firms, lines, strict=True) if firm.begins <= t]
    rows = [(firm.name, firm.uscc, _unit_name(firm, t), *_figures(line, t, WAN)) for firm, line in listed]
    _mark_habits(rows, t)
    total = _summed(line for _, line in listed)
    closing: list[tuple[Cell, ...]] = [*fault_rows(path.name), ("合计", "", "", *_figures(total, t, WAN))]
    if MONTHS[t] == OF_WHICH:
        part = _summed(line for firm, line in listed if firm.industry == "农产品")
        closing.append(("其中：农产品", "", "", *_figures(part, t, WAN)))
    title = f"{_span(t)}全市企业进出口情况表"
    _write_table(path, title, "万元", ("企业名称", "统一社会信用代码", "县市区"), [*rows, *closing], t)
    return path


def _county_table(folder: Path, units: dict[str, Line], city: Line, t: int) -> Path:
    year, month = MONTHS[t]
    path = folder / f"{year}年{month}月各县市区进出口情况表.xlsx"
    word, size = ("亿元", YI) if MONTHS[t] in IN_YI else ("万元", WAN)
    rows = [
        (UNIT[code].names[t % len(UNIT[code].names)], *_figures(line, t, size))
        for code, line in units.items()
    ]
    total = (("全市", "全市合计")[t % 2], *_figures(city, t, size))
    ordered = [total, *rows] if year >= 2026 else [*rows, total]
    _write_table(path, f"{_span(t)}各县市区进出口情况表", word, ("县市区",), ordered, t)
    return path


def _span(t: int) -> str:
    year, month = MONTHS[t]
    return f"{year}年1—2月" if month == 2 else f"{year}年{month}月"


def _unit_name(firm: Firm, t: int) -> str:
    names = UNIT[firm.unit(t)].names
    return names[t % len(names)]


def _summed(lines: Iterable[Line]) -> Line:
    parts = list(lines)
    return Line(
        *(
            [sum(months) for months in zip(*(getattr(part, name) for part in parts), strict=True)]
            for name in ("exports", "imports", "ytd_exports", "ytd_imports")
        )
    )


def _figures(line: Line, t: int, size: int) -> list[Cell]:
    """The nine figures of a row: month, cumulative and growth of both flows together and of each."""
    exports = _figure(line.exports, line.ytd_exports, t)
    imports = _figure(line.imports, line.ytd_imports, t)
    both = [out + into for out, into in zip(exports, imports, strict=True)]
    cells: list[Cell] = []
    for month, ytd, before in (both, exports, imports):
        cells += (month / size, ytd / size, _growth(ytd, before, t))
    return cells


def _figure(months: Sequence[int], ytd: Sequence[int], t: int) -> tuple[int, int, int]:
    """The month (February with January), the cumulative, and last year's cumulative (0 before the demo)."""
    month = months[t - 1] + months[t] if MONTHS[t][1] == 2 else months[t]
    return month, ytd[t], ytd[t - 12] if t >= 12 else 0


def _growth(ytd: int, before: int, t: int) -> Cell:
    """The cumulative against last year's as people print it: 12.3, 增长1.5倍, 持平, —."""
    if before <= 0:
        return "—"
    change = ytd / before - 1
    if change >= 1:
        return f"增长{change:.1f}倍"
    if abs(change) < 0.0005:
        return "持平"
    return round(change * 100, 1) if t % 3 else f"{change * 100:.1f}"


def _mark_habits(rows: list[tuple[Cell, ...]], t: int) -> None:
    """Type single figures the way some senders do: full-width digits, a negative in brackets."""
    if MONTHS[t] == FULL_WIDTH:
        name, code, unit, figure, *rest = rows[4]
        rows[4] = (name, code, unit, f"{figure:.2f}".translate(FULL_WIDTH_DIGITS), *rest)
    if t == index(CORRECTION):
        position = next(n for n, row in enumerate(rows) if isinstance(row[3], float) and row[3] < 0)
        name, code, unit, both, *rest = rows[position]
        rows[position] = (name, code, unit, f"（{-float(both):.2f}）", *rest)


def _write_table(
    path: Path, title: str, unit: str, leading: Sequence[str], rows: Sequence[Sequence[Cell]], t: int
) -> None:
    """Title, money unit, two merged header levels, rows, footnote; a hidden sheet in one month."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    book.set_properties({"title": title, "comments": "演示数据", "created": CREATED})
    sheet = book.add_worksheet("Sheet1")
    centred = book.add_format({"align": "center", "valign": "vcenter", "border": 1})
    top = BLANK_ROWS.get(MONTHS[t], 0)
    width = len(leading) + len(GROUPS) * len(SPANS)
    sheet.merge_range(
        top, 0, top, width - 1, title, book.add_format({"align": "center", "bold": True, "font_size": 16})
    )
    sheet.write_string(top + 1, width - 1, f"单位：{unit}")
    for column, header in enumerate(leading):
        sheet.merge_range(top + 2, column, top + 3, column, header, centred)
    for group, header in enumerate(GROUPS):
        first = len(leading) + group * len(SPANS)
        sheet.merge_range(top + 2, first, top + 2, first + len(SPANS) - 1, header, centred)
        sheet.write_row(top + 3, first, SPANS, centred)
    for number, row in enumerate(rows, start=top + 4):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write_number(number, column, cell)
    sheet.write_string(top + 4 + len(rows), 0, "注：演示数据，纯属虚构；累计数含对以前月份的修订。")
    if MONTHS[t] == HIDDEN_SHEET:
        hidden = book.add_worksheet("核对用")
        hidden.write_string(0, 0, "内部核对，勿报")
        hidden.hide()
    book.close()
