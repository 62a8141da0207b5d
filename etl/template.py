"""An empty workbook of one kind, made from the kind's own contract: headers, units, lists, example, notes.

A filled template loads without an option: its title names the month, its header or 单位 line the money unit.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from etl.contracts import ADVICE, Column, Source
from etl.happenings import load_categories
from etl.industries import leading
from etl.policy import Policy

LIST_ROWS = 2_000
EXAMPLES = {
    "uscc": "91431103MAEXAMPLEX",
    "date": "2025-09-18",
    "period": "202509",
    "money": 100,
    "number": 7.1,
    "code": "",
    "hs_code": "07020000",
    "target": "10%",
}
EXAMPLE_MARK = "示例"


def write_template(source: Source, policy: Policy, path: Path, month: dt.date) -> Path:
    """Write the kind's template; ``month`` goes into the title of kinds that name one."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("数据")
        bold = book.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1, "align": "center"})
        columns = source.columns
        top = 0
        if source.period == "title":
            title = f"{month.year}年{month.month}月{source.label}表"
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            sheet.write_string(1, 0, "单位：万元")
            top = 2
        for index, column in enumerate(columns.values()):
            unit = f"（{column.unit}）" if column.unit and column.reader == "money" else ""
            unit = unit or ("（万元）" if column.reader == "money" and source.period != "title" else "")
            sheet.write_string(top, index, column.header + unit, bold)
            sheet.set_column(index, index, max(12, 2 * len(column.header) + 6))
            if words := allowed_words(column, policy):
                sheet.data_validation(top + 1, index, LIST_ROWS, index, {"validate": "list", "source": words})
        sheet.freeze_panes(top + 1, 0)
        _notes(book, source, policy)
    return path


def allowed_words(column: Column, policy: Policy) -> list[str]:
    """The closed list of a column's values, as a drop-down shows it (a list holds 255 characters at most)."""
    if column.reader == "unit":
        return [unit.short for unit in policy.units if unit.role in ("unit", "zone")]
    if column.reader == "category":
        return list(dict.fromkeys(load_categories(policy.folder).values()))
    if column.reader == "industry":
        return list(leading(policy.folder))
    if column.reader == "choice" and column.words:
        return [_shown(column.words, value) for value in dict.fromkeys(column.words.values())]
    return []


def _shown(words: Mapping[str, str], value: str) -> str:
    """The spelling to offer for a stored value: 一类 for 一, 美元 for USD."""
    spellings = [word for word, stored in words.items() if stored == value]
    return next((word for word in spellings if not word.isascii()), spellings[0])


def _notes(book: xlsxwriter.Workbook, source: Source, policy: Policy) -> None:
    """A second sheet that says what each column means, gives an example, and what is asked of it."""
    sheet = book.add_worksheet("填表说明")
    bold = book.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1})
    for index, heading in enumerate(("列", "含义", "必填", "示例", "要求")):
        sheet.write_string(0, index, heading, bold)
    for row, column in enumerate(source.columns.values(), start=1):
        words = allowed_words(column, policy)
        example = words[0] if words else EXAMPLES.get(column.reader, EXAMPLE_MARK)
        cells = (
            column.header,
            column.meaning,
            "是" if column.required else "否",
            str(example),
            ADVICE[column.reader],
        )
        for index, cell in enumerate(cells):
            sheet.write_string(row, index, cell)
    sheet.set_column(0, 4, 24)
    sheet.write_string(
        len(source.columns) + 2, 0, f"说明：{source.grain}；空白表示没有数据，没有发生的请填0。"
    )
