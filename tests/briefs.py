"""Reading a brief's files back, and what its numbers must be according to the snapshot alone."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
from docx.oxml.ns import qn

from dashboard.store import CONFIG
from etl.snapshot import current

NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")
SCALES = {"亿元": 100_000_000, "万元": 10_000, "%": Decimal("0.01")}
TRADE = ("month_", "ytd_", "ttm_")


class Truth:
    """The snapshot's own numbers, by SQL that shares nothing with the brief."""

    def __init__(self, data: Path) -> None:
        snapshot = current(data)
        assert snapshot
        self.con = duckdb.connect(str(snapshot.path), read_only=True, config=CONFIG)
        rows = self.con.execute(
            "select indicator, unit, period, value, target, pace, status from scoreboard"
        ).fetchall()
        self.board = {row[:3]: row[3:] for row in rows}
        names = "month_total, month_export, month_import, ytd_total, ytd_export, ytd_import, ttm_total"
        self.trade = {
            (unit, period): dict(zip(names.split(", "), amounts, strict=True))
            for unit, period, *amounts in self.con.execute(
                f"select unit, period, {names} from unit_trade"
            ).fetchall()
        }

    def one(self, query: str, *values: Any) -> Any:
        return self.con.execute(query, list(values)).fetchall()[0][0]

    def of(self, topic: str, unit: str, period: str) -> float | None:
        """What the figure of that key must be; None for one that is worked out by a rule of its own."""
        if (topic, unit, period) in self.board:
            return self.board[topic, unit, period][0]
        if topic.startswith(TRADE):
            return self.trade[unit, period][topic]
        day = f"{period}-01"
        if topic in ("cbec_ytd", "cbec_month"):
            column = {"cbec_ytd": "ytd_cny", "cbec_month": "month_cny"}[topic]
            return self.one(f"select {column} from mart_cbec_month where unit = ? and period = ?", unit, day)
        if topic in ("support_total", "support_year"):
            year = " and year(paid) = year(cast(? as date))" if topic == "support_year" else ""
            values = [day, day] if year else [day]
            return self.one(
                "select sum(amount_cny) from mart_firm_support"
                f" where paid >= '2024-06-14' and paid <= last_day(cast(? as date)){year}",
                *values,
            )
        if topic.startswith("tier_") and topic != "tier_near":
            line = int(topic.removeprefix("tier_"))
            return self.one(
                "select count(*) from mart_firm_tier where period = ? and ttm_total >= ?", day, line
            )
        return None


def equal(text: str, value: float | Decimal) -> bool:
    """Whether a number as it is written is the value, rounded to the digits that are written."""
    written = NUMBER.search(text)
    assert written, text
    number = Decimal(written[0].replace(",", "").replace("−", "-"))
    unit = next((scale for name, scale in SCALES.items() if text.rstrip("。，）").endswith(name)), 1)
    digits = len(written[0].partition(".")[2])
    half = Decimal(1).scaleb(-digits) / 2
    return abs(number - Decimal(repr(value) if isinstance(value, float) else value) / Decimal(unit)) <= half


def commented(word: bytes) -> list[tuple[str, str]]:
    """What each comment of a document stands on, and what it says, in the order of reading."""
    document = docx.Document(io.BytesIO(word))
    said = {comment.comment_id: comment.text for comment in document.comments}
    found, open_ones = [], {}
    for element in document.element.body.iter():
        if element.tag == qn("w:commentRangeStart"):
            open_ones[element.get(qn("w:id"))] = ""
        elif element.tag == qn("w:t"):
            for id in open_ones:
                open_ones[id] += element.text
        elif element.tag == qn("w:commentRangeEnd"):
            id = element.get(qn("w:id"))
            found.append((open_ones.pop(id), said[int(id)]))
    return found


def word_text(word: bytes) -> str:
    """Everything written in a document's body."""
    document = docx.Document(io.BytesIO(word))
    return "".join(element.text or "" for element in document.element.body.iter(qn("w:t")))


def part(container: bytes, pattern: str) -> list[bytes]:
    """The parts of an Office file whose names match, by name."""
    with zipfile.ZipFile(io.BytesIO(container)) as file:
        return [file.read(name) for name in sorted(file.namelist()) if re.fullmatch(pattern, name)]
