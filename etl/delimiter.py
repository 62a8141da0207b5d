"""What separates the cells of a text file, as its first rows show, and lines that only rule a table off.

Any separator may stand within cells too: commas in amounts, bars in a commodity's elements (0|0|塑料制|无品牌), tabs
behind codes. It stands there in rows of data and not in their header, by which it is known from the true one.
"""

import csv
import io
import re
from collections import Counter
from itertools import pairwise

from etl.tables import HEAD_ROWS

BAR = "|"
DELIMITERS = f",\t;{BAR}"
RULE = re.compile(rb"(?<![^\r\n])[-+:=|\t ]+(?![^\r\n])")
UNRULED = bytes.maketrans(b"-:=+", b"   |")
Rows = list[tuple[int, list[str]]]  # each with its number


def read_head(text: str) -> tuple[str, Rows]:
    """The delimiter, and the first rows by it: that whose table begins first, and of those the one of the most cells."""
    readings = {sign: _first_rows(text, sign) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: (-_begin(readings[sign]), _agreement(readings[sign])))
    if best == BAR:
        return best, _first_rows(without_rules(text.encode("utf-8")).decode("utf-8"), best)
    return best, readings[best]


def without_rules(data: bytes) -> bytes:
    """The bytes with lines such as |---|:--:| and +---+---+ as rows of blank cells, each as long as before."""
    return RULE.sub(lambda line: line[0].translate(UNRULED), data)


def _first_rows(text: str, delimiter: str) -> Rows:
    rows = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append((number, cells))
            if number == HEAD_ROWS:
                break
    except csv.Error:
        pass  # a cell of more than 128 KB: what was read before it is the head
    return rows


def _begin(rows: Rows) -> int:
    """The number of the first of two rows, one below the other, that are as full as most; past all rows for no table.

    A table goes on to the end: what separates titles and nothing else is no delimiter.
    """
    filled = [(number, count) for number, cells in rows if (count := sum(map(bool, map(str.strip, cells))))]
    counts = Counter(count for _, count in filled if count > 1)
    usual = max(counts, key=lambda count: (counts[count], count), default=0)
    whole = [count > 1 and 2 * count > usual for _, count in filled]
    begin = next((place for place, pair in enumerate(pairwise(whole)) if all(pair)), len(whole))
    return filled[begin][0] if 2 * sum(whole[begin:]) > len(whole) - begin else HEAD_ROWS + 1


def _agreement(rows: Rows) -> int:
    """The columns of the most cells: as many as rows of one width have together."""
    widths = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return max((width * count for width, count in widths.items()), default=0)
