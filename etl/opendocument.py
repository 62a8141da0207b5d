"""What the one part of an OpenDocument spreadsheet says that its reader passes over: errors, missing results, bombs."""

import re

from etl.errors import FileRefused
from etl.tables import CELL_ERROR, NO_RESULT, mark

ERROR_CELL = re.compile(rb"<table:table-cell([^>]*)>\s*<text:p>(#[A-Z/0-9]+[!?]?|Err:[0-9]+)</text:p>")
BARE_FORMULA = re.compile(rb'<table:table-cell([^>]*table:formula="([^"]*)"[^>]*)/>')
VALUE = re.compile(rb' (?:office|calcext):(?:value-type|string-value|value)="[^"]*"')


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
