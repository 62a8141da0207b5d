"""The shared way to a file: CSV as offices save it, and dates in the forms people write."""

import csv
import datetime as dt
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

GB18030, UTF8_BOM = "gb18030", "utf-8-sig"

Cells = Sequence[str]


def write_csv(path: Path, header: Cells, rows: Iterable[Cells], encoding: str = UTF8_BOM) -> Path:
    """One CSV file with Windows line ends; only what needs quotes gets them."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def written_date(day: dt.date, rng: random.Random) -> str:
    """The day in one of the forms that people use: 2024-06-08, 2024年6月8日, 2024.6.8, 2024/6/8."""
    draw = rng.random()
    if draw < 0.55:
        return day.isoformat()
    if draw < 0.75:
        return f"{day.year}年{day.month}月{day.day}日"
    separator = "." if draw < 0.9 else "/"
    return separator.join((str(day.year), str(day.month), str(day.day)))
