"""What the one part of an OpenDocument spreadsheet says that its reader passes over.

Errors, missing results, bombs; merged cells, and the day that numbers count from.
"""

import contextlib
import re
from collections.abc import Mapping
from xml.parsers import expat

from etl.beside import MOST_AREAS, Area, Beside
from etl.errors import FileRefused
from etl.tables import CELL_ERROR, DAY_ZERO, NO_RESULT, mark

ERROR_CELL = re.compile(rb"<table:table-cell([^>]*)>\s*<text:p>(#[A-Z/0-9]+[!?]?|Err:[0-9]+)</text:p>")
BARE_FORMULA = re.compile(rb'<table:table-cell([^>]*table:formula="([^"]*)"[^>]*)/>')
VALUE = re.compile(rb' (?:office|calcext):(?:value-type|string-value|value)="[^"]*"')
TALL = re.compile(rb"number-rows-spanned=[\"'](?!1[\"'])")
DAYS = re.compile(rb"<table:null-date[^>]*table:date-value=[\"'](1899-12-30|1900-01-01|1904-01-01)[\"']")
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "


def refuse_repeats(content: bytes) -> None:
    """OpenDocument writes 'this cell a million times' in one line; with content in it that is a bomb."""
    cells = rb'<table:table-cell[^>]*number-columns-repeated="\d{4,}"[^>]*office:value'
    rows = rb'number-rows-repeated="\d{5,}"[^>]*>\s*<table:table-cell[^>]*office:value'
    if re.search(cells, content) or re.search(rows, content):
        raise FileRefused("表格把同一内容重复了上万次，没有读取；请删去表外的内容再发。")


def with_marks(content: bytes) -> bytes:
    """The content with a mark in each cell that shows an error, or whose formula has no stored result."""
    return BARE_FORMULA.sub(_without_result, ERROR_CELL.sub(_of_error, content))


def _of_error(cell: re.Match[bytes]) -> bytes:
    attributes, shown = cell.groups()
    if b"table:formula" not in attributes and b'"error"' not in attributes:
        return cell[0]
    return _start(attributes, mark(CELL_ERROR, shown.decode("ascii")))


def _without_result(cell: re.Match[bytes]) -> bytes:
    attributes, formula = cell.groups()
    if VALUE.search(attributes):
        return cell[0]
    return _start(attributes, mark(NO_RESULT, formula.decode("utf-8", "replace"))) + b"</table:table-cell>"


def _start(attributes: bytes, text: str) -> bytes:
    """The start of a cell with a text in it."""
    kept = VALUE.sub(b"", attributes)
    return b'<table:table-cell%b office:value-type="string"><text:p>%b</text:p>' % (kept, text.encode())


def beside(content: bytes) -> Beside:
    """What stands beside the cells. Dates stand there as such; the first day is of those that are bare numbers."""
    days = DAYS.search(content)
    places = _Places()
    if TALL.search(content):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = places.start, places.end
        # What comes before a fault holds; an encoding that the parser does not know is such a fault too.
        with contextlib.suppress(expat.ExpatError, LookupError, ValueError):
            parser.Parse(content, True)
    return Beside(days[1].decode() if days else DAY_ZERO, places.areas)


class _Places:
    """Counts rows and cells to where each merged one stands; a table within a cell is part of it."""

    def __init__(self) -> None:
        self.areas: dict[str, list[Area]] = {}
        self._depth, self._name = 0, ""
        self._row = self._next_row = self._column = 0

    def start(self, element: str, given: Mapping[str, str]) -> None:
        sort = element.removeprefix(TABLE)
        if sort == "table":
            self._depth += 1
            if self._depth == 1:
                self._name, self._next_row = given.get(f"{TABLE}name", ""), 0
        elif self._depth == 1 and sort == "table-row":
            self._row, self._column = self._next_row, 0
            self._next_row += _count(given, "number-rows-repeated")
        elif self._depth == 1 and sort in ("table-cell", "covered-table-cell"):
            down, across = _count(given, "number-rows-spanned"), _count(given, "number-columns-spanned")
            areas = self.areas.setdefault(self._name, [])
            if down > 1 and len(areas) < MOST_AREAS:
                areas.append((self._row, self._row + down - 1, self._column, self._column + across - 1))
            self._column += _count(given, "number-columns-repeated")

    def end(self, element: str) -> None:
        self._depth -= element == f"{TABLE}table"


def _count(given: Mapping[str, str], name: str) -> int:
    """How many rows or columns an attribute says; one where it is not there or says no number."""
    told = given.get(TABLE + name, "1")
    return int(told) if re.fullmatch("[1-9][0-9]{0,6}", told) else 1
