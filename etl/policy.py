"""Read a policy folder (document, units, indicators) into frozen records.

The document is data: another city is another folder. Every key is required and an unknown key is
an error, so that a typing slip in a TOML never turns into a silently missing target.
"""

import functools
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from etl.errors import PolicyError
from etl.records import read_toml, record

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FOLDER = ROOT / "data" / "policy" / "yongzhou-2024"

Kind = Literal["count", "share", "growth", "days", "money"]
Direction = Literal[">=", "<="]
Pace = Literal["linear", "yearly", "none", "parts"]
Role = Literal["city", "unit", "zone", "unassigned"]


@dataclass(frozen=True)
class Clause:
    """One of the document's measures."""

    number: str
    title: str
    responsible: str


@dataclass(frozen=True)
class Document:
    """The document that sets the targets.

    tiers_cny: the lines, in yuan of imports and exports in twelve months, that it wants firms to reach.
    near_line_share: from which share of the next line on a firm is near it.
    """

    id: str
    city: str
    province: str
    number: str
    title: str
    issuer: str
    product: str
    issued: str
    valid_to: str
    tiers_cny: tuple[int, ...]
    near_line_share: Decimal
    clauses: tuple[Clause, ...]

    def clause(self, number: str) -> Clause:
        """The clause of that number."""
        return next(clause for clause in self.clauses if clause.number == number)


@dataclass(frozen=True)
class Unit:
    """A place that values are reported for: the city, one of the 12, a zone, or 未归属."""

    code: str
    name: str
    short: str
    role: Role
    aliases: tuple[str, ...]
    former: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """How one indicator is judged at one level (the city, or a county).

    target: a number in the indicator's unit (shares and growth as fractions); ``None`` makes a monitor;
    ``"measure"`` means that the measure states it (the number of parks).
    deadline: ``YYYY-MM``, ``each-12`` (every December) or ``always``.
    baseline: ``YYYY-MM`` where the pace starts, or ``None``.
    """

    kind: Kind
    unit: str
    target: Decimal | Literal["measure"] | None
    deadline: str
    baseline: str | None
    pace: Pace

    @property
    def yearly(self) -> bool:
        """Whether every year is judged by itself, and counts from nothing again."""
        return self.deadline.startswith("each")


@dataclass(frozen=True)
class Indicator:
    """One target of the document, as its TOML file declares it."""

    id: str
    order: int
    clause: str
    quote: str
    name: str
    short: str
    basis: str
    formula: str
    direction: Direction
    measure: str
    lineage: str
    detail: str
    caveats: tuple[str, ...]
    parameters: dict[str, Any]
    city: Level
    county: Level


@dataclass(frozen=True)
class Policy:
    """A whole policy folder."""

    folder: Path
    document: Document
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]

    @property
    def counties(self) -> tuple[Unit, ...]:
        """The units that carry targets, in display order."""
        return tuple(unit for unit in self.units if unit.role == "unit")

    @property
    def short_names(self) -> dict[str, str]:
        """The units' short names by code."""
        return {unit.code: unit.short for unit in self.units}

    @property
    def city(self) -> Unit:
        """The city itself."""
        return next(unit for unit in self.units if unit.role == "city")

    def unit(self, code: str) -> Unit:
        """The unit of that code; a code nobody declared is a PolicyError."""
        for unit in self.units:
            if unit.code == code:
                return unit
        raise PolicyError(f"没有代码为「{code}」的县市区，请核对代码（全市为 {self.document.city}）。")

    def indicator(self, id: str) -> Indicator:
        """The indicator of that id, name or short name; an unknown one is a PolicyError."""
        for indicator in self.indicators:
            if id in (indicator.id, indicator.name, indicator.short):
                return indicator
        known = "、".join(indicator.id for indicator in self.indicators)
        raise PolicyError(f"没有名为「{id}」的指标，请从以下选择：{known}。")

    def level(self, indicator: Indicator, unit: str) -> Level:
        """How the indicator is judged for that unit."""
        return indicator.city if unit == self.document.city else indicator.county


def load_policy(folder: Path | None = None) -> Policy:
    """Read a policy folder; TRADE_KPI_POLICY names another than Yongzhou's.

    Raises PolicyError, a Chinese sentence with file and key, on anything missing or unknown.
    """
    chosen = folder or Path(os.environ.get("TRADE_KPI_POLICY", DEFAULT_FOLDER))
    return _load(Path(os.path.abspath(chosen)))  # asked in every run of a page: no look at the disk


@functools.lru_cache(maxsize=8)
def _load(folder: Path) -> Policy:
    document = record(Document, read_toml(folder / "document.toml"), "document.toml")
    units = tuple(record(Unit, table, "units.toml") for table in read_toml(folder / "units.toml")["units"])
    files = sorted((folder / "indicators").glob("*.toml"))
    indicators = tuple(_indicator(path) for path in files)
    if not indicators:
        raise PolicyError(f"政策目录 {folder} 里没有指标文件（indicators/*.toml），请检查目录是否完整。")
    numbers = {clause.number for clause in document.clauses}
    for path, indicator in zip(files, indicators, strict=True):
        if indicator.clause not in numbers:
            raise PolicyError(f"{path.name} 的 clause「{indicator.clause}」不在 document.toml 中，请改正。")
    return Policy(folder, document, units, tuple(sorted(indicators, key=lambda item: item.order)))


def _indicator(path: Path) -> Indicator:
    indicator = record(Indicator, read_toml(path), path.name)
    if indicator.id != path.stem:
        raise PolicyError(f"{path.name} 的 id「{indicator.id}」与文件名不一致，请改成同名。")
    return indicator
