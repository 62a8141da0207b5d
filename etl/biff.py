"""What the records of an .xls say that its reader passes over: merged cells, and the day that numbers count from.

A stream of records: two bytes of its sort, two of its length, its data. The workbook's own come first,
then those of each sheet; a chart within a sheet begins and ends like one.
"""

import struct
from collections.abc import Iterator

from etl.beside import FIRST_DAY_1904, MOST_AREAS, Area, Beside
from etl.compound import stream
from etl.tables import DAY_ZERO

STREAMS = ("Workbook", "Book")  # the second is that of Excel 95, which knows no merged cells
BEGIN, END, DAYS, SHEET, MERGED = 0x0809, 0x000A, 0x0022, 0x0085, 0x00E5
HEAD = struct.Struct("<HH")
AREA = struct.Struct("<HHHH")


def beside(file: bytes) -> Beside:
    """What stands beside the cells, as far as the file can be made sense of."""
    return of_records(stream(file, STREAMS))


def of_records(records: bytes) -> Beside:
    """What the records of a stream say, each looked at once, however many sheets are said to begin at one place."""
    day_zero, sheets, found = DAY_ZERO, list[tuple[int, str]](), list[tuple[int, Area]]()
    depth = begun = 0
    for place, sort, data in _told(records):
        if sort == BEGIN:
            begun = begun if depth else place
            depth += 1
        elif sort == END:
            depth = max(depth - 1, 0)
        elif sort == DAYS and not begun and data == b"\1\0":
            day_zero = FIRST_DAY_1904
        elif sort == SHEET and not begun:
            sheets.append(_sheet(data))
        elif sort == MERGED and depth == 1 and len(found) < MOST_AREAS:
            found += [(begun, area) for area in _areas(data)]
    areas: dict[int, list[Area]] = {place: [] for place, _ in sheets}
    for place, area in found:
        areas.setdefault(place, []).append(area)
    return Beside(day_zero, {name: areas[place] for place, name in sheets})


def _told(records: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, sort and data of the few records that matter among those of all cells."""
    wanted, head, last = {BEGIN, END, DAYS, SHEET, MERGED}, HEAD.unpack_from, len(records) - HEAD.size
    place = 0
    while place <= last:
        sort, length = head(records, place)
        if sort in wanted:
            yield place, sort, records[place + 4 : place + 4 + length]
        place += 4 + length


def _sheet(record: bytes) -> tuple[int, str]:
    """Where a sheet's records begin, and its name."""
    wide = record[7:8] == b"\1"
    letters = record[6] * (2 if wide else 1) if len(record) > 6 else 0
    name = record[8 : 8 + letters].decode("utf-16-le" if wide else "latin-1", "replace")
    return int.from_bytes(record[:4], "little"), name


def _areas(record: bytes) -> list[Area]:
    told = int.from_bytes(record[:2], "little")
    there = min(told, (len(record) - 2) // AREA.size)
    return [AREA.unpack_from(record, 2 + AREA.size * number) for number in range(there)]
