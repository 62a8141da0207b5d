"""One stream out of a compound file, the container of .xls: sectors, and a table that links each to its next one.

All that is read stands in the file once, so that no link, however it lies, gives more than the file holds.
"""

from dataclasses import dataclass

import numpy as np

HEADER_BYTES = 512
LINKS_IN_HEADER = 76
ENTRY_BYTES = 128
DIRECTORY_BYTES = 1 << 20  # that are looked through; a workbook has some ten entries
NAME_BYTES = 64
SMALL_SHIFT = 6  # of the sectors in which small streams stand
ROOT = 5  # the sort of the entry whose stream holds the small ones


@dataclass(frozen=True)
class _Sectors:
    """Pieces of equal size, and by the number of each that of the one after it."""

    data: memoryview
    size: int
    links: list[int]

    def chain(self, first: int) -> bytes:
        """All pieces from that one on, as far as the links lead; a circle ends when it is as long as the table."""
        numbers: list[int] = []
        while first < len(self.links) and len(numbers) < len(self.links):
            numbers.append(first)
            first = self.links[first]
        return b"".join(self.piece(number) for number in numbers)

    def piece(self, number: int) -> memoryview:
        return self.data[number * self.size : (number + 1) * self.size]


@dataclass(frozen=True)
class _Entry:
    """A stream as the directory names it."""

    name: str
    sort: int
    first: int
    size: int


def stream(file: bytes, names: tuple[str, ...]) -> bytes:
    """The stream of the first of the names that is there; nothing where there is none, or the file is no such one."""
    header = file[:HEADER_BYTES]
    shift = int.from_bytes(header[30:32], "little")
    if len(header) < HEADER_BYTES or shift not in (9, 12):
        return b""
    sectors = _Sectors(memoryview(file)[1 << shift :], 1 << shift, [])
    sectors = _Sectors(sectors.data, sectors.size, _links(header, sectors))
    entries = _entries(sectors.chain(_number(header, 48))[:DIRECTORY_BYTES])
    found = (entry for name in names for entry in entries if entry.name == name)
    entry = next(found, None)
    if entry is None:
        return b""
    home = _small_sectors(header, sectors, entries) if entry.size < _number(header, 56) else sectors
    return home.chain(entry.first)[: entry.size]


def _links(header: bytes, sectors: _Sectors) -> list[int]:
    """The table of links. Which sectors hold it says the header, and a chain of sectors for what finds no place there."""
    count = len(sectors.data) // sectors.size + 1
    most = count * 4 // sectors.size + 1  # sectors that the table needs
    places, further = _numbers(header[LINKS_IN_HEADER:]), _number(header, 68)
    for _ in range(most):
        if further >= count:
            break
        *more, further = _numbers(sectors.piece(further)) or [count]
        places += more
    told = [place for place in places if place < count][:most]
    return [link for place in told for link in _numbers(sectors.piece(place))]


def _small_sectors(header: bytes, sectors: _Sectors, entries: list[_Entry]) -> _Sectors:
    """The small sectors: they stand in the root's stream, and have a table of links of their own."""
    root = next((entry.first for entry in entries if entry.sort == ROOT), len(sectors.links))
    data, size = memoryview(sectors.chain(root)), 1 << SMALL_SHIFT
    links = _numbers(sectors.chain(_number(header, 60)))[: len(data) // size + 1]
    return _Sectors(data, size, links)


def _entries(directory: bytes) -> list[_Entry]:
    whole = len(directory) // ENTRY_BYTES * ENTRY_BYTES
    return [_entry(directory[start : start + ENTRY_BYTES]) for start in range(0, whole, ENTRY_BYTES)]


def _entry(written: bytes) -> _Entry:
    length = min(int.from_bytes(written[64:66], "little"), NAME_BYTES)
    name = written[:length].decode("utf-16-le", "replace").rstrip("\0")
    return _Entry(name, written[66], _number(written, 116), _number(written, 120))


def _number(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 4], "little")


def _numbers(data: bytes | memoryview) -> list[int]:
    found: list[int] = np.frombuffer(data[: len(data) // 4 * 4], "<u4").tolist()
    return found
