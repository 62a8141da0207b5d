"""The brief as a workbook: one sheet an indicator and one a unit, with numbers as numbers."""

import io
import math
import re
from collections.abc import Iterable
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format

from dashboard import format, words
from dashboard.board import Light, before, level_of
from dashboard.brief.document import Document
from dashboard.brief.facts import Facts, Firms
from dashboard.brief.sections.common import deadline_cell
from dashboard.brief.sections.goals import MONTHS, NUMBERS
from dashboard.brief.sentences import rate, reason
from dashboard.brief.write.charts import alone
from dashboard.brief.write.sealed import sealed
from dashboard.brief.write.xml import clean
from etl.policy import Indicator, Policy

STATUS_COLOURS = {
    "滞后": ("#F6D5D1", "#B3261E"),
    "序时达标": ("#E4F2E7", "#1B6E3C"),
    "已达标": ("#D7ECDC", "#1B6E3C"),
    "暂无数据": ("#ECECEC", "#6B6B6B"),
}
INK, MUTED, RED = "#1F3A5F", "#7F7F7F", "#B3261E"
FONT = "微软雅黑"
LINE_HIGH, HIGHEST_ROW = 15.0, 409.0  # points
GRID = {"visible": True, "line": {"color": "#D9D9D9"}}
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'‘’「」]")
LIGHT_HEAD = ("目标", "期限", "数值", "序时进度", "缺口", "状态", "说明")
TRADE_HEAD = (
    "月份",
    "当月进出口",
    "当月出口",
    "当月进口",
    "累计进出口",
    "累计出口",
    "累计进口",
    "累计同比",
    "近12个月",
)
TRADE_TITLE = "进出口（万元）；1—2月合并公布的，不单列当月，见累计"
TRADE_COLUMNS = (
    *enumerate(("month_total", "month_export", "month_import", "ytd_total", "ytd_export", "ytd_import"), 1),
    (8, "ttm_total"),
)


def write(facts: Facts, document: Document) -> bytes:
    """The whole workbook; the same facts give the same bytes."""
    made_at, out = datetime.fromisoformat(document.made_at), io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": clean(document.title),
                "author": clean(document.maker),
                "created": made_at.replace(tzinfo=None),
            }
        )
        _Book(book, facts, document).fill()
    return sealed(out.getvalue(), made_at)


def number_of(policy: Policy, light: Light) -> str:
    """The number format of a light: its kind's, with the digits that tell value, pace and target apart."""
    _, level = level_of(policy, light)
    usual = NUMBERS[level.kind]
    digits = len(words.value(policy, light).number.partition(".")[2])
    if light.value is None or digits <= len(usual.rstrip("%").partition(".")[2]):
        return usual
    return f"0.{'0' * digits}{'%' if usual.endswith('%') else ''}"


def lines_of(line: str, width: float) -> int:
    """How many lines a text takes in a column of that width, in digits; a Chinese character is two wide."""
    return max(1, math.ceil(sum(1 if ord(sign) < 0x2000 else 2 for sign in line) / (width - 2)))


class _Book:
    """One workbook being written."""

    def __init__(self, book: xlsxwriter.Workbook, facts: Facts, document: Document) -> None:
        self.book, self.facts, self.document = book, facts, document
        self.names: set[str] = set()
        base = {"font_name": FONT, "font_size": 10}
        self.text = book.add_format(base)
        self.centred = book.add_format({**base, "align": "center"})
        self.dash = book.add_format({**base, "align": "right", "font_color": MUTED})
        self.wrapped = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({**base, "font_size": 14, "bold": True, "font_color": INK})
        self.demo = book.add_format({**base, "bold": True, "font_color": RED})
        head = {
            "bold": True,
            "bottom": 1,
            "top": 2,
            "align": "center",
            "text_wrap": True,
            "valign": "vcenter",
        }
        self.head = book.add_format({**base, **head})
        self.base, self.numbers = base, dict[str, Format]()

    def fill(self) -> None:
        self._summary()
        for indicator in self.facts.indicators:
            self._indicator(indicator)
        units = (
            self.facts.policy.counties if self.facts.of_city else (self.facts.policy.unit(self.facts.place),)
        )
        for code in [self.facts.policy.city.code, *(unit.code for unit in units)]:
            self._unit(code)
        if self.facts.firms is not None:
            self._firms(self.facts.firms)
        self._rules()
        if self.document.evidence:
            self._evidence()

    def _sheet(self, name: str, title: str, widths: Iterable[float]) -> xlsxwriter.workbook.Worksheet:
        """A new sheet with its title, and 演示数据 on it where it is; paper A4 on its side."""
        short = NOT_IN_NAMES.sub("", clean(name))[:28] or "表"
        while short in self.names:
            short += "·"
        self.names.add(short)
        sheet = self.book.add_worksheet(short)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, clean(title), self.title)
        if self.document.demo:
            sheet.write_string(1, 0, self.document.colophon[0], self.demo)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C— &P —")
        return sheet

    def _string(
        self, sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, words_: str, centred: bool = False
    ) -> None:
        """A text stays a text, whatever it begins with."""
        sheet.write_string(row, column, clean(words_), self.centred if centred else self.text)

    def _paragraphs(
        self, sheet: xlsxwriter.workbook.Worksheet, row: int, texts: Iterable[str], widths: Iterable[float]
    ) -> None:
        """Texts that wrap, in a row as high as the longest needs: not every program finds that out itself."""
        lines = 1
        for column, (words_, width) in enumerate(zip(texts, widths, strict=True)):
            sheet.write_string(row, column, clean(words_), self.wrapped)
            lines = max(lines, sum(lines_of(line, width) for line in clean(words_).split("\n")))
        sheet.set_row(row, min(lines * LINE_HIGH, HIGHEST_ROW))

    def _number(
        self, sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, value: float | None, number: str
    ) -> None:
        if value is None:
            sheet.write_string(row, column, format.DASH, self.dash)
        else:
            sheet.write_number(row, column, value, self._look(number))

    def _charted(
        self, sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, value: float | None, number: str
    ) -> None:
        """A number that a chart draws: where it is missing an empty cell, since a text would be drawn as zero."""
        if value is not None:
            sheet.write_number(row, column, value, self._look(number))

    def _look(self, number: str) -> Format:
        """The format of cells with that number format, one for all of them."""
        if number not in self.numbers:
            self.numbers[number] = self.book.add_format({**self.base, "num_format": number})
        return self.numbers[number]

    def _heads(self, sheet: xlsxwriter.workbook.Worksheet, row: int, names: Iterable[str]) -> None:
        for column, name in enumerate(names):
            sheet.write_string(row, column, name, self.head)
        sheet.freeze_panes(row + 1, 1)
        sheet.repeat_rows(row)

    def _light(self, sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, light: Light) -> None:
        """Target, deadline, value, pace, gap, status, note."""
        number = number_of(self.facts.policy, light)
        self._number(sheet, row, column, light.target, number)
        self._string(sheet, row, column + 1, deadline_cell(self.facts.policy, light).text, centred=True)
        for offset, value in enumerate((light.value, light.pace, light.gap), 2):
            self._number(sheet, row, column + offset, value, number)
        self._string(sheet, row, column + 5, words.STATUS[light.status], centred=True)
        self._string(sheet, row, column + 6, reason(light) if light.value is None else light.note)

    def _colours(self, sheet: xlsxwriter.workbook.Worksheet, first: int, last: int, column: int) -> None:
        """The lights by conditional format, so that they follow what is typed."""
        for status, (fill, ink) in STATUS_COLOURS.items():
            look = self.book.add_format({"bg_color": fill, "font_color": ink, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": look}
            sheet.conditional_format(first, column, last, column, rule)

    def _summary(self) -> None:
        """The brief's place: every indicator with its light."""
        facts = self.facts
        sheet = self._sheet(
            "目标总表", f"{self.document.title}{self.document.subtitle}", (8, 28, 12, 12, 12, 12, 12, 12, 44)
        )
        self._heads(sheet, 3, ("条", "指标", *LIGHT_HEAD))
        found = [light for item in facts.indicators if (light := facts.light(item.id))]
        for row, light in enumerate(found, 4):
            indicator, level = level_of(facts.policy, light)
            self._string(sheet, row, 0, indicator.clause)
            self._string(sheet, row, 1, f"{indicator.name}（{level.unit}）")
            self._light(sheet, row, 2, light)
        self._colours(sheet, 4, 4 + len(found), 7)
        for row, line in enumerate(self.document.colophon, 6 + len(found)):
            self._string(sheet, row, 0, line)

    def _indicator(self, indicator: Indicator) -> None:
        """The 12 and the city on one indicator, then the city's months with a chart."""
        facts = self.facts
        sheet = self._sheet(
            indicator.short, f"{indicator.name}（{indicator.basis}）", (16, 12, 12, 12, 12, 12, 12, 44)
        )
        self._heads(sheet, 3, ("县市区", *LIGHT_HEAD))
        places = [unit for unit in facts.policy.units if unit.role in ("city", "unit")]
        found = [(unit, light) for unit in places if (light := facts.light(indicator.id, unit.code))]
        for row, (unit, light) in enumerate(found, 4):
            self._string(sheet, row, 0, unit.short)
            self._light(sheet, row, 1, light)
        self._colours(sheet, 4, 4 + len(found), 6)
        run = facts.board.history(indicator.id, facts.place, facts.period, MONTHS)
        self._months(sheet, indicator, run, 6 + len(found))

    def _months(
        self, sheet: xlsxwriter.workbook.Worksheet, indicator: Indicator, run: list[Light], top: int
    ) -> None:
        if not run:
            return
        number = NUMBERS[level_of(self.facts.policy, run[-1])[1].kind]
        for column, name in enumerate(("月份", "数值", "序时进度", "目标", "状态")):
            sheet.write_string(top, column, name, self.head)
        for row, light in enumerate(run, top + 1):
            self._string(sheet, row, 0, light.period)
            for column, value in enumerate((light.value, light.pace, light.target), 1):
                self._charted(sheet, row, column, value, number_of(self.facts.policy, light))
            self._string(sheet, row, 4, words.STATUS[light.status], centred=True)
        self._colours(sheet, top + 1, top + len(run), 4)
        columns = [(1, INK, "solid", 2.25)]
        columns += [(2, MUTED, "dash", 1.25)] if any(light.pace is not None for light in run) else []
        columns += [(3, RED, "round_dot", 1.0)] if any(light.target is not None for light in run) else []
        name = f"{self.facts.name}{indicator.name}走势"
        dots = alone([light.value for light in run])
        self._chart(sheet, name, (top, top + len(run)), columns, number, (top, 6), dots)

    def _chart(
        self,
        sheet: xlsxwriter.workbook.Worksheet,
        title: str,
        rows: tuple[int, int],
        columns: list[tuple[int, str, str, float]],
        number: str,
        at: tuple[int, int],
        dots: bool,
    ) -> None:
        """A line chart of the columns, whose first row are their names. dots: on the first of them."""
        chart, (head, last) = self.book.add_chart({"type": "line"}), rows
        for column, colour, dash, width in columns:
            chart.add_series(
                {
                    "name": [sheet.name, head, column],
                    "categories": [sheet.name, head + 1, 0, last, 0],
                    "values": [sheet.name, head + 1, column, last, column],
                    "line": {"color": colour, "dash_type": dash, "width": width},
                    "marker": {"type": "circle" if dots and column == columns[0][0] else "none", "size": 5},
                }
            )
        chart.set_title({"name": clean(title), "name_font": {"name": FONT, "size": 11}})
        chart.set_x_axis({"num_font": {"name": FONT, "size": 9}, "interval_unit": 3})
        chart.set_y_axis(
            {
                "num_format": number,
                "num_font": {"size": 9},
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_legend({"position": "bottom"} if len(columns) > 1 else {"none": True})
        chart.set_size({"width": 560, "height": 280})
        sheet.insert_chart(*at, chart)

    def _unit(self, code: str) -> None:
        """One place: its lights, then its trade by month with a chart."""
        facts, place = self.facts, self.facts.policy.unit(code)
        sheet = self._sheet(
            place.short,
            f"{place.name}（{format.period(facts.period)}）",
            (24, 13, 13, 13, 13, 13, 13, 13, 44),
        )
        self._heads(sheet, 3, ("指标", *LIGHT_HEAD))
        found = [light for item in facts.indicators if (light := facts.light(item.id, code))]
        for row, light in enumerate(found, 4):
            indicator, level = level_of(facts.policy, light)
            self._string(sheet, row, 0, f"{indicator.name}（{level.unit}）")
            self._light(sheet, row, 1, light)
        self._colours(sheet, 4, 4 + len(found), 6)
        self._trade(sheet, code, 6 + len(found))

    def _trade(self, sheet: xlsxwriter.workbook.Worksheet, code: str, top: int) -> None:
        """The place's trade in 万元, month by month; a month alone only where it was published alone."""
        facts = self.facts
        rows = [
            row
            for back in range(MONTHS - 1, -1, -1)
            if (row := facts.trade.get((code, before(facts.period, back))))
        ]
        if not rows:
            return
        sheet.write_string(top, 0, TRADE_TITLE, self.text)
        for column, name in enumerate(TRADE_HEAD):
            sheet.write_string(top + 1, column, name, self.head)
        for at, item in enumerate(rows, top + 2):
            self._string(sheet, at, 0, item.period)
            for column, measure in TRADE_COLUMNS:
                two = measure.startswith("month_") and item.months != 1
                amount = None if two else item.of(measure)
                self._charted(
                    sheet, at, column, None if amount is None else float(amount) / 10_000, "#,##0.00"
                )
            then = facts.trade.get((code, before(item.period, 12)))
            growth = rate(item.ytd_total, then.ytd_total if then else None)
            self._charted(sheet, at, 7, None if growth is None else float(growth), "0.0%;-0.0%")
        name = f"{facts.policy.unit(code).short}当月进出口（万元）"
        dots = alone([item.month_total if item.months == 1 else None for item in rows])
        line, place = [(1, INK, "solid", 2.25)], (top + 1, 10)
        self._chart(sheet, name, (top + 1, top + 1 + len(rows)), line, "#,##0.00", place, dots)

    def _firms(self, firms: Firms) -> None:
        """The firms near a line; only in a brief that names firms."""
        sheet = self._sheet("近线企业", "近线企业（近12个月进出口，万元）", (44, 22, 16, 16, 16, 16))
        self._heads(sheet, 3, ("企业", "统一社会信用代码", "县市区", "近12个月", "下一档", "差额"))
        for row, firm in enumerate(firms.near, 4):
            texts = (firm.name, firm.uscc, self.facts.policy.unit(firm.unit).short)
            for column, words_ in enumerate(texts):
                self._string(sheet, row, column, words_)
            for column, amount in enumerate((firm.ttm_cny, firm.line_cny, firm.missing_cny), 3):
                self._number(sheet, row, column, float(amount) / 10_000, "#,##0.00")

    def _rules(self) -> None:
        """Definitions and sources."""
        facts = self.facts
        widths = (8, 26, 60, 60, 20)
        sheet = self._sheet("口径和来源", "指标口径和数据来源", widths)
        self._heads(sheet, 3, ("条", "指标", "原文", "公式", "注意"))
        row = 4
        for item in facts.indicators:
            texts = (item.clause, item.name, item.quote, item.formula, "；".join(item.caveats))
            self._paragraphs(sheet, row, texts, widths)
            row += 1
        row += 1
        for column, name in enumerate(("", "数据", "最新月份", "文件数", "最近加载")):
            sheet.write_string(row, column, name, self.head)
        for source in facts.sources:
            row += 1
            self._string(sheet, row, 1, source.label)
            self._string(sheet, row, 2, source.latest_period or format.DASH)
            sheet.write_number(row, 3, source.files, self.text)
            self._string(sheet, row, 4, format.moment(source.loaded_at))
        for at, line in enumerate(self.document.colophon, row + 2):
            self._string(sheet, at, 1, line)

    def _evidence(self) -> None:
        """What stands behind each figure of the brief's text."""
        widths = (20, 18, 120)
        sheet = self._sheet("依据", "正文数字的依据", widths)
        self._heads(sheet, 3, ("部分", "数字", "依据"))
        for row, (section, figure, said) in enumerate(self.document.cited(), 4):
            self._paragraphs(sheet, row, (section, figure.text, said), widths)
