"""Web pages that systems export under the name .xls: their tables as rows of text."""

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import polars as pl

from etl.cells import PLAIN_NUMBER
from etl.errors import FileRefused
from etl.tables import MAX_COLUMNS, Merge, Opened, table_of_rows

MAX_CHARACTERS = 64 << 20
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"  # XML whose <Table> is none of a web page

UNSEEN = ("comment", "script", "style")  # what stands in a cell and is none of its text

Cell = tuple[str, int, int]  # text, columns and rows that it covers


def is_html(start: str) -> bool:
    """Whether the first characters of a file are those of a web page."""
    text = start.lstrip("\ufeff \t\r\n").lower()
    return bool(re.match(r"<[a-z!?/]", text) and re.search(r"<(html|body|table|tr|head|div)\b", text)) and (
        SPREADSHEET not in text
    )


def open_html(text: str) -> Opened:
    """One table for each outermost <table>; a cell over several columns or rows stands at its upper left."""
    if len(text) > MAX_CHARACTERS:
        raise FileRefused("网页格式的表格过大，没有读取；请用表格软件另存为 .xlsx 再发。")
    parser = _Tables()
    parser.feed(text)
    parser.close()
    grids = [found for rows in parser.tables if (found := _grid(rows))[0].width]
    if not grids:
        raise FileRefused("这是网页文件，其中没有表格；请导出为 .xlsx 或 CSV 再发。")
    names = [""] if len(grids) == 1 else [f"表{number}" for number in range(1, len(grids) + 1)]
    tables = [
        replace(table_of_rows(name, grid, marked=True), merged=merged)
        for name, (grid, merged) in zip(names, grids, strict=True)
    ]
    return Opened(tables, [])


def _grid(rows: list[list[Cell]]) -> tuple[pl.DataFrame, tuple[Merge, ...]]:
    """The cells in their places, those that a cell of an earlier row covers left empty; and the cells over several rows."""
    placed: list[dict[int, str]] = []
    merged: list[Merge] = []
    covered: dict[int, int] = {}  # column → rows that are still covered, this one included
    for number, row in enumerate(rows, start=1):
        below = {column: down - 1 for column, down in covered.items() if down > 1}
        column, texts = 0, {}
        for text, across, down in row:
            while column in covered:
                column += 1
            texts[column] = text
            if down > 1 and across == 1:
                merged.append((column, number, min(number + down - 1, len(rows))))
            if down > 1:
                below |= dict.fromkeys(range(column, column + across), down - 1)
            column += across
        placed.append(texts)
        covered = below
    width = max((max(texts) + 1 for texts in placed if texts), default=0)
    if width > MAX_COLUMNS:
        raise FileRefused(f"表格有 {width} 列，超出限度，没有读取；请只保留需要的列再发。")
    columns = {f"c{index}": [texts.get(index, "") for texts in placed] for index in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), tuple(merged)


class _Tables(HTMLParser):
    """Collects ``tables``, each a list of rows of cells; a table within a cell is part of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[Cell]]] = []
        self._depth = 0
        self._unseen = 0
        self._exact = ""
        self._texts: list[str] | None = None
        self._span = 1, 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag in ("tr", "td", "th"):
            self._end_cell()
            if tag == "tr" or not self.tables[-1]:
                self.tables[-1].append([])
            if tag != "tr":
                given = dict(attrs)
                self._texts = []
                self._exact = given.get("sdval") or given.get("x:num") or ""
                self._span = _count(given.get("colspan")), _count(given.get("rowspan"))

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if self._depth == 1 and tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._texts is not None and not self._unseen:
            self._texts.append(data)

    def _end_cell(self) -> None:
        if self._texts is not None:
            self.tables[-1][-1].append((_exact("".join(self._texts).strip(), self._exact), *self._span))
            self._texts = None


def _exact(shown: str, stored: str) -> str:
    """The number that a spreadsheet stored beside what it shows, where it is the same one with more digits."""
    figure = shown.replace(",", "")
    if not re.match(PLAIN_NUMBER, shown) or not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", stored):
        return shown
    places = len(figure.partition(".")[2])
    return stored if f"{Decimal(stored):.{places}f}" == figure else shown


def _count(text: str | None) -> int:
    """A span as stated, within what a table may have."""
    return min(max(int(text[:6]), 1), MAX_COLUMNS + 1) if text and text.isdecimal() else 1
