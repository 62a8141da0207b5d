"""What a page must show, read from the snapshot past all of the dashboard's code and formatted by other means."""

import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

POLICY = Path(__file__).resolve().parent.parent / "data" / "policy" / "yongzhou-2024"
CITY = "4311"
WORD = {"met": "已达标", "on_pace": "序时达标", "behind": "滞后", "no_data": "暂无数据", "monitor": "监测"}
SIGN = {"met": "●", "on_pace": "◐", "behind": "▼", "no_data": "○"}
GREEN = ("met", "on_pace")


@dataclass(frozen=True)
class Score:
    """One row of ``scoreboard``."""

    indicator: str
    unit: str
    period: str
    value: float | None
    target: float | None
    pace: float | None
    gap: float | None
    status: str
    rank: int | None


class Truth:
    """The snapshot in a data folder, asked directly."""

    def __init__(self, data: Path) -> None:
        name = (data / "snapshots" / "CURRENT").read_text("utf-8").strip()
        self.con = duckdb.connect(str(data / "snapshots" / f"snapshot-{name}.duckdb"), read_only=True)
        files = sorted((POLICY / "indicators").glob("*.toml"))
        self.rules = {rule["id"]: rule for rule in (tomllib.loads(file.read_text("utf-8")) for file in files)}
        self.units = {
            unit["code"]: unit for unit in tomllib.loads((POLICY / "units.toml").read_text("utf-8"))["units"]
        }
        self.period = self.rows("select value from meta where key = 'latest_period'")[0][0]
        self.counties = [code for code, unit in self.units.items() if unit["role"] == "unit"]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer to a question of one's own."""
        return self.con.execute(query, list(values)).fetchall()

    def score(self, indicator: str, unit: str = CITY, period: str = "") -> Score | None:
        """One light; None where the scoreboard has no such row."""
        found = self.scores(
            "indicator = ? and unit = ? and period = ?", indicator, unit, period or self.period
        )
        return found[0] if found else None

    def scores(self, where: str, *values: Any) -> list[Score]:
        """The lights that meet a condition."""
        columns = ", ".join(Score.__dataclass_fields__)
        return [Score(*row) for row in self.rows(f"select {columns} from scoreboard where {where}", *values)]

    def trade(self, unit: str, column: str, period: str = "") -> Any:
        """One figure of ``unit_trade``."""
        asked = (unit, period or self.period)
        return self.rows(f"select {column} from unit_trade where unit = ? and period = ?", *asked)[0][0]

    def short(self, unit: str) -> str:
        """A unit's short name."""
        return str(self.units[unit]["short"])

    def figure(self, score: Score) -> tuple[str, str]:
        """A value as a card has it: number and unit."""
        rule = self.rules[score.indicator]
        level = rule["city" if score.unit == CITY else "county"]
        if score.value is None:
            return "—", ""
        if level["target"] == "measure":
            return f"{score.value:.0f}/{score.target:.0f}", level["unit"]
        scale, digits = {"share": (100, 2), "growth": (100, 1), "days": (1, 1), "count": (1, 0)}[
            level["kind"]
        ]
        return fixed(Decimal(repr(score.value)) * scale, digits), level["unit"]

    def value(self, score: Score) -> str:
        """A value in one piece: 「8.80%」, 「2.9 个工作日」."""
        number, unit = self.figure(score)
        return f"{number} {unit}" if unit in ("个工作日", "个百分点") else number + unit


def fixed(value: Any, digits: int, *, plus: bool = False) -> str:
    """Half up, thousands by comma, − as minus."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    sign = "−" if rounded < 0 else "+" if plus and rounded > 0 else ""
    return f"{sign}{abs(rounded):,}"


def money(yuan: Any) -> str:
    """亿元 from one 亿 on, else 万元."""
    amount = Decimal(str(yuan))
    return f"{fixed(amount / 10**8, 2)}亿元" if abs(amount) >= 10**8 else f"{fixed(amount / 10**4, 2)}万元"


def percent(fraction: Any, digits: int = 2, *, plus: bool = False) -> str:
    """A fraction in %."""
    return fixed(Decimal(str(fraction)) * 100, digits, plus=plus) + "%"
