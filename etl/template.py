"""An empty workbook of one kind, made from the kind's own contract: headers, units, lists, example, notes.

A filled template loads without an option: its title names the month, its header or 单位 line the money unit.
"""

import datetime as dt
from pathlib import Path

import xlsxwriter

from etl.contracts import Source, advice_on
from etl.example import NOTES_SHEET, allowed_words, example
from etl.policy import Policy

LIST_ROWS = 2_000
LONGEST_LIST = 255  # characters of a drop-down's source
AS_TEXT = (
    "uscc",
    "code",
    "hs_code",
    "hs_level",
    "period",
    "text",
)  # what a spreadsheet would make a number of
ABOUT_EXAMPLE = "示例行：加载时不读，可以删去或直接改写。"


def write_template(source: Source, policy: Policy, path: Path, month: dt.date) -> Path:
    """Write the kind's template; ``month`` goes into the title of kinds that name one."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("数据")
        bold = book.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1, "align": "center"})
        pale = {"italic": True, "font_color": "#7f7f7f"}
        top = 0
        if source.period == "title":
            title = f"{month.year}年{month.month}月{source.label}表"
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            sheet.write_string(1, 0, "单位：万元")
            top = 2
        values = example(source, policy)
        for index, (name, column) in enumerate(source.columns.items()):
            unit = f"（{column.unit}）" if column.unit and column.reader == "money" else ""
            unit = unit or ("（万元）" if column.reader == "money" and source.period != "title" else "")
            sheet.write_string(top, index, column.header + unit, bold)
            kept = {"num_format": "@"} if column.reader in AS_TEXT else {}
            sheet.set_column(index, index, max(12, 2 * len(column.header) + 6), book.add_format(kept))
            sheet.write(top + 1, index, values[name], book.add_format(pale | kept))
            words = allowed_words(column, policy)
            if words and len(",".join(words)) <= LONGEST_LIST:
                sheet.data_validation(top + 1, index, LIST_ROWS, index, {"validate": "list", "source": words})
        sheet.write_comment(top + 1, 0, ABOUT_EXAMPLE)
        sheet.freeze_panes(top + 1, 0)
        _notes(book, source, policy)
    return path


def _notes(book: xlsxwriter.Workbook, source: Source, policy: Policy) -> None:
    """A second sheet that says what each column means, gives an example, and what is asked of it."""
    sheet = book.add_worksheet(NOTES_SHEET)
    bold = book.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1})
    for index, heading in enumerate(("列", "含义", "必填", "示例", "要求")):
        sheet.write_string(0, index, heading, bold)
    values = example(source, policy)
    for row, (name, column) in enumerate(source.columns.items(), start=1):
        told = (
            column.header,
            column.meaning,
            "是" if column.required else "否",
            str(values[name]),
            advice_on(column),
        )
        for index, cell in enumerate(told):
            sheet.write_string(row, index, cell)
    sheet.set_column(0, 4, 24)
    last = len(source.columns) + 2
    sheet.write_string(last, 0, f"说明：{source.grain}；空白表示没有数据，没有发生的请填0。")
    sheet.write_string(last + 1, 0, f"灰色斜体的是{ABOUT_EXAMPLE}")
