"""What the parts of an .xlsx say that its reader passes over: merged cells, and the day that numbers count from."""

import itertools
import posixpath
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree

from etl.beside import FIRST_DAY_1904, MOST_AREAS, Area, Beside
from etl.tables import DAY_ZERO

BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
DATE_1904 = re.compile(rb"date1904=[\"'](1|true)[\"']")
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def beside(archive: zipfile.ZipFile, below: Mapping[str, bytes]) -> Beside:
    """What stands beside the cells. below: by part what stands below a sheet's cells, its merged ones among it."""
    book, parts = archive.read(BOOK), links(archive, LINKS)
    areas = {
        sheet.get("name", ""): _areas(below.get(parts.get(sheet.get(LINK), ""), b""))
        for sheet in _parsed(book).iterfind(".//{*}sheet")
    }
    return Beside(FIRST_DAY_1904 if DATE_1904.search(book) else DAY_ZERO, areas)


def links(archive: zipfile.ZipFile, part: str) -> Mapping[str | None, str]:
    """Where in the archive each of a workbook's links leads; they stand in a part of their own."""
    return {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
        for link in _parsed(archive.read(part))
    }


def _parsed(part: bytes) -> ElementTree.Element:
    """The XML of a part; an encoding that the parser does not know is a fault like any other."""
    try:
        return ElementTree.fromstring(part)
    except (LookupError, ValueError) as fault:
        raise ElementTree.ParseError(str(fault)) from None


def column_number(letters: bytes) -> int:
    """A column's number from its letters, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _areas(sheet: bytes) -> list[Area]:
    found = itertools.islice(MERGED.finditer(sheet), MOST_AREAS)
    return [
        (int(top) - 1, int(bottom) - 1, column_number(first) - 1, column_number(last) - 1)
        for first, top, last, bottom in (area.groups() for area in found)
    ]
