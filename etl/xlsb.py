"""What the records of an .xlsb say that its reader passes over: merged cells, and the day that numbers count from."""

import itertools
import re
import struct
import zipfile
from collections.abc import Iterator

from etl.beside import FIRST_DAY_1904, MOST_AREAS, Area, Beside
from etl.ooxml import links
from etl.tables import DAY_ZERO

BOOK = "xl/workbook.bin"
LINKS = "xl/_rels/workbook.bin.rels"
BOOK_BYTES = 1 << 20  # of the list of sheets, which has some hundred bytes for each
PROPERTIES, SHEET = 153, 156
SIZE_BYTES = 4
# the records of merged cells between those that begin and end them: a search is quicker than a walk over all cells
MERGED = re.compile(rb"\xb1\x01\x04.{4}((?:\xb0\x01\x10.{16})+)\xb2\x01\x00", re.DOTALL)
AREA = struct.Struct("<3x4I")


def beside(archive: zipfile.ZipFile) -> Beside:
    """What stands beside the cells, as far as the workbook says in which part each sheet stands."""
    with archive.open(BOOK) as book:
        records = list(_records(book.read(BOOK_BYTES)))
    days = [data for sort, data in records if sort == PROPERTIES and data]
    sheets, parts = [_sheet(data) for sort, data in records if sort == SHEET], links(archive, LINKS)
    there = {parts.get(link, "") for link, _ in sheets}.intersection(archive.namelist())
    areas = {part: _areas(archive.read(part)) for part in there}  # once, however many sheets it is said to be
    named = {name: areas.get(parts.get(link, ""), []) for link, name in sheets}
    return Beside(FIRST_DAY_1904 if days and days[0][0] & 1 else DAY_ZERO, named)


def _areas(sheet: bytes) -> list[Area]:
    found = MERGED.search(sheet)
    return list(itertools.islice(AREA.iter_unpack(found[1]), MOST_AREAS)) if found else []


def _sheet(record: bytes) -> tuple[str, str]:
    """The link to a sheet's part, and the sheet's name; they stand after its state and number."""
    link, start = _text(record, 8)
    return link, _text(record, start)[0]


def _text(record: bytes, start: int) -> tuple[str, int]:
    """A text, which stands after how many letters it has, and where it ends."""
    end = start + 4 + 2 * int.from_bytes(record[start : start + 4], "little")
    return record[start + 4 : end].decode("utf-16-le", "replace"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Sort and data of each record; both sort and size are written in sevens of bits, the lowest first."""
    position = 0
    while position < len(data):
        sort, position = _sevens(data, position, 2)
        size, position = _sevens(data, position, SIZE_BYTES)
        yield sort, data[position : position + size]
        position += size


def _sevens(data: bytes, position: int, most: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[position : position + most]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, position + place + 1
    return value, position + most
