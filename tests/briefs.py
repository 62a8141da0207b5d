"""Reading a brief's files back, and what its numbers must be according to the snapshot alone."""

import io
import re
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import duckdb
from docx.oxml.ns import qn

from dashboard.opened import CONFIG
from etl.snapshot import current

NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")
# What is written behind a number, longest first: a growth from a doubling on is in times its base.
SCALES = {"亿元": 100_000_000, "万元": 10_000, "个百分点": Decimal("0.01"), "%": Decimal("0.01"), "倍": 1}
GREEN = ("met", "on_pace")
GREY = ("no_data",)
RED = ("behind",)
TURNED = {
    "red": (RED, GREEN),
    "green": (GREEN, RED),
    "grey": (GREY, (*GREEN, *RED)),
    "known": ((*GREEN, *RED), GREY),
}
FIRMS = {
    "tier_near": "near",
    "firms_trading": "ttm_total > 0",
    "firms_month_up": "tier > tier_month",
    "firms_month_down": "tier < tier_month",
    "firms_december_up": "tier > tier_december",
    "firms_december_down": "tier < tier_december",
    "firms_year_up": "ttm_total > 0 and ttm_year <= 0",
    "firms_year_down": "ttm_total <= 0 and ttm_year > 0",
}
SUPPORT = {
    "support_total": "sum(amount_cny)",
    "support_year": "coalesce(sum(amount_cny) filter (year(paid) = at_year), 0)",
    "support_payments": "count(*) filter (amount_cny <> 0)",
    "support_firms": "count(distinct uscc) filter (net > 0 and uscc not like '1%')",
}
# A firm's payment is that unit's where it belonged on the day, an office's the one's that the ledger names.
PAID = """
    select {} from (
        select paid.uscc, paid.paid, paid.amount_cny, sum(paid.amount_cny) over (partition by paid.uscc) as net,
            coalesce(home.unit, paid.unit) as unit, year(month.day) as at_year
        from fact_support as paid cross join (select cast(? as date) as day) as month
        left join mart_belonging as home
            on home.uscc = paid.uscc and home.valid_from <= last_day(paid.paid) and home.valid_to > last_day(paid.paid)
        where paid.paid between '2024-06-14' and last_day(month.day)
    ) where {}
"""
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
        placed = self.con.execute("select unit, period, rank, coloured, green from unit_rank").fetchall()
        self.ranks = {row[:2]: row[2:] for row in placed}
        self.units = self.con.execute("select role, unit from unit").fetchall()
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
        if ":" in topic:
            return self._about(*topic.split(":", 1), unit, period)
        if (topic, unit, period) in self.board:
            return self.board[topic, unit, period][0]
        if topic.startswith(TRADE):
            return self.trade[unit, period][topic]
        day = f"{period}-01"
        if topic in ("cbec_ytd", "cbec_month"):
            column = {"cbec_ytd": "ytd_cny", "cbec_month": "month_cny"}[topic]
            return self.one(f"select {column} from mart_cbec_month where unit = ? and period = ?", unit, day)
        if topic in SUPPORT:
            return self.one(PAID.format(SUPPORT[topic], self.where(unit)), day, *self.of_unit(unit))
        if topic == "rank":
            return self.ranks[unit, period][0]
        if topic in FIRMS:
            return self._firms(FIRMS[topic], unit, day)
        if topic.startswith("tier_"):
            return self._firms(f"ttm_total >= {int(topic.removeprefix('tier_'))}", unit, day)
        return None

    def where(self, unit: str) -> str:
        """The condition that a row is the unit's; of the city every row is."""
        return "unit = ?" if self.of_unit(unit) else "true"

    def of_unit(self, unit: str) -> list[str]:
        """The unit for that condition; empty for the city."""
        return [] if ("city", unit) in self.units else [unit]

    def _firms(self, such: str, unit: str, day: str) -> int:
        query = f"select count(*) from mart_firm_tier where period = ? and ({such}) and {self.where(unit)}"
        return self.one(query, day, *self.of_unit(unit))

    def _about(self, kind: str, of: str, unit: str, period: str) -> float | None:
        """What a figure says of another: a light's pace, target and gap, growth, counts, places gained or lost."""
        if kind == "growth":
            now, then = (Decimal(self.of(of, unit, at)) for at in (period, year_before(period)))
            return float(now / then - 1)
        if kind == "moved":
            return abs(self.ranks[unit, period][0] - self.ranks[unit, month_before(period)][0])
        if kind == "run":
            return self._run(of, unit, period)
        if kind in ("pace", "target", "gap"):
            value, target, pace, status = self.board[of, unit, period]
            bound = target if status == "met" or pace is None else pace
            gap = None if value is None else abs(Fraction(repr(value)) - Fraction(repr(bound)))
            return {"pace": pace, "target": target, "gap": gap}[kind]
        if of == "rank":
            return self.ranks[unit, period][{"coloured": 1, "green": 2}[kind]]
        if kind.startswith("turned_"):
            return self._turned(unit, period, *TURNED[kind.removeprefix("turned_")])
        if of == "lights":
            found = [row[3] for (_, place, at), row in self.board.items() if (place, at) == (unit, period)]
        elif of.startswith("units:"):
            units = [code for role, code in self.units if role == "unit"]
            found = [self.board[of.removeprefix("units:"), code, period][3] for code in units]
        else:
            return None
        coloured = [status for status in found if status != "monitor"]
        return len(coloured) if kind == "coloured" else coloured.count(kind)

    def _run(self, indicator: str, unit: str, period: str) -> int:
        """How many months in a row it has been behind, none before the document."""
        months = 0
        while period >= "2024-06" and self.board.get((indicator, unit, period), (None,))[-1] == "behind":
            months, period = months + 1, month_before(period)
        return months

    def _turned(self, unit: str, period: str, into: tuple[str, ...], other: tuple[str, ...]) -> int:
        """How many of a place's lights are of these states and were of those others a month ago."""
        before = month_before(period)
        pairs = [
            (row[3], self.board[indicator, unit, before][3])
            for (indicator, place, at), row in self.board.items()
            if (place, at) == (unit, period)
        ]
        return sum(now in into and then in other for now, then in pairs)


def month_before(period: str) -> str:
    """The month before."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


def year_before(period: str) -> str:
    """The same month of the year before."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def equal(text: str, value: float | Decimal | Fraction) -> bool:
    """Whether a number as it is written, with its word, is the value, rounded to the digits that are written."""
    if text in ("持平", "基本持平"):
        return abs(value) < 0.0005
    written = NUMBER.search(text)
    assert written, text
    number = Decimal(written[0].replace(",", "").replace("−", "-")) * (-1 if text.startswith("下降") else 1)
    end = text.rstrip("。，）").removesuffix("以上").removesuffix("以内")
    unit = next((scale for name, scale in SCALES.items() if end.endswith(name)), 1)
    digits = len(written[0].partition(".")[2])
    half = Decimal(1).scaleb(-digits) / 2
    exact = Fraction(repr(value) if isinstance(value, float) else value) / Fraction(unit)
    return abs(Fraction(number) - exact) <= Fraction(half)


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
