"""The invented firms: who they are, where they stand and since when they trade."""

import math
import random
from dataclasses import dataclass, replace
from statistics import NormalDist

from stdnum.cn import uscc

from etl.demo.story import (
    INDUSTRIES,
    LEADERS,
    MONTHS,
    OUTSIDE,
    UNIT,
    UNITS,
    YI,
    Leader,
    Month,
    Unit,
    dice,
    index,
)

SMALL_MEDIAN, SMALL_SPREAD, SMALL_CAP = 0.085, 1.25, 0.64  # 亿元 a year; log-normal, bent below the cap
SMALL_GROWTH = (0.24, 0.28)  # mean and deviation of the log growth, 2023 to the last twelve months
MOVES: tuple[tuple[str, str, Month], ...] = (  # from, to, first month in the new unit
    ("431102", "431171", (2023, 10)), ("431103", "431171", (2024, 3)), ("431103", "431171", (2024, 7)),
    ("431103", "431102", (2024, 9)), ("431181", "431172", (2024, 11)), ("431124", "431126", (2025, 1)),
    ("431126", "431124", (2025, 5)), ("431127", "431129", (2025, 7)), ("431102", "431103", (2025, 9)),
    ("431122", "431103", (2026, 1)), ("431128", "431126", (2026, 4)), ("431103", "431171", (2026, 7)),
)  # fmt: skip
UNREGISTERED = (
    "431102",
    "431103",
    "431103",
    "431181",
    "431181",
    "431122",
    "431124",
    "431124",
    "431126",
    "431127",
    "431129",
)
PARK_UNITS = tuple(unit.code for unit in UNITS if unit.code not in ("431125", "431172", OUTSIDE))
NO_CLASS_12 = "431123"  # every firm of this unit is of class 三 or 四
SAME_NAME = (60, 61)  # these two firms, of one unit and industry, share a name
AEO_LEADERS = 14


@dataclass(frozen=True)
class Firm:
    """One firm.

    postings: (first month, unit), in order. now and then: money in the last twelve months and in 2023.
    begins and ends: positions in MONTHS. imports: its weight among its unit's importers, 0 for none.
    """

    uscc: str
    name: str
    industry: str
    postings: tuple[tuple[Month, str], ...]
    now: float
    then: float
    leader: int | None = None
    cluster: str = ""
    park: str = ""
    rebate_class: str = "三"
    aeo: bool = False
    registered: bool = True
    begins: int = 0
    ends: int = len(MONTHS)
    imports: float = 0.0
    cbec: bool = False

    def unit(self, t: int) -> str:
        """The unit at that position in MONTHS; what a move leaves behind stays in the old unit."""
        if len(self.postings) == 1:
            return self.postings[0][1]
        return [code for month, code in self.postings if index(month) <= t][-1]


def build_firms() -> list[Firm]:
    """All firms, in the order of the registry."""
    rng = dice("firms")
    leaders = [_leader(number, plan, rng) for number, plan in enumerate(LEADERS)]
    small = [firm for unit in UNITS for firm in _small_firms(unit, rng)]
    firms = [_identified(number, firm, rng) for number, firm in enumerate(leaders + small, start=1)]
    first, second = SAME_NAME
    firms[second] = replace(firms[second], name=firms[first].name)
    return _unregistered(_moved(firms))


def cluster_name(unit: Unit) -> str:
    """The name of a unit's cluster."""
    return f"演示{unit.short}{unit.industry}集群"


def park_name(unit: Unit) -> str:
    """The name of a unit's park."""
    return f"演示{unit.short}产业园"


def _leader(number: int, plan: Leader, rng: random.Random) -> Firm:
    unit = UNIT[plan.unit]
    return Firm(
        uscc="",
        name="",
        industry=plan.industry,
        postings=((MONTHS[0], plan.unit),),
        now=plan.now * YI,
        then=plan.then * YI,
        leader=number,
        cluster=cluster_name(unit) if plan.in_cluster else "",
        park=park_name(unit) if plan.unit in PARK_UNITS else "",
        rebate_class=_rebate_class(plan.unit, rng, generous=True),
        aeo=number < AEO_LEADERS,
        imports=rng.uniform(0.5, 1.0),
        cbec=rng.random() < 0.6,
    )


def _small_firms(unit: Unit, rng: random.Random) -> list[Firm]:
    """The unit's many: sizes at even steps of one distribution, shuffled; cluster members first."""
    sizes = [_size((step + 0.5) / unit.small_firms) for step in range(unit.small_firms)]
    rng.shuffle(sizes)
    if unit.code == OUTSIDE:
        sizes = [0.06, 0.09, 0.04]
    firms = [_small_firm(unit, size, rng) for size in sizes]
    if unit.cluster:
        outset, starts = unit.cluster
        for position, begins in enumerate([0] * outset + [index(month) for month in starts]):
            firms[position] = replace(
                firms[position],
                cluster=cluster_name(unit),
                industry=unit.industry,
                begins=begins,
                ends=len(MONTHS),
            )
    return firms


def _size(quantile: float) -> float:
    drawn = SMALL_MEDIAN * math.exp(SMALL_SPREAD * NormalDist().inv_cdf(quantile))
    return drawn / math.hypot(1, drawn / SMALL_CAP)


def _small_firm(unit: Unit, size: float, rng: random.Random) -> Firm:
    growth = max(0.9, math.exp(rng.gauss(*SMALL_GROWTH)))
    kind = unit.industry if rng.random() < 0.45 else rng.choice(INDUSTRIES)
    life = rng.random()
    return Firm(
        uscc="",
        name="",
        industry=kind,
        postings=((MONTHS[0], unit.code),),
        now=size * YI,
        then=size * YI / growth,
        park=park_name(unit) if rng.random() < 0.4 and unit.code in PARK_UNITS else "",
        rebate_class=_rebate_class(unit.code, rng),
        begins=rng.randrange(2, index((2026, 7))) if life < 0.22 else 0,
        ends=rng.randrange(index((2024, 6)), len(MONTHS)) if life > 0.96 else len(MONTHS),
        imports=rng.uniform(0.5, 1.5) if unit.import_share and rng.random() < 0.4 else 0.0,
        cbec=rng.random() < 0.35,
    )


def _rebate_class(unit: str, rng: random.Random, generous: bool = False) -> str:
    draw = rng.random() * (0.6 if generous else 1.0)
    if unit == NO_CLASS_12:
        return "三" if draw < 0.8 else "四"
    return "一" if draw < 0.08 else "二" if draw < 0.46 else "三" if draw < 0.93 else "四"


def _identified(number: int, firm: Firm, rng: random.Random) -> Firm:
    """The firm with its invented name and a credit code whose check character holds (GB 32100)."""
    unit = UNIT[firm.postings[0][1]]
    stem = f"91{rng.choice(unit.divisions)}MADEM{number:04d}"
    kind = firm.industry.replace("机电产品", "机电").replace("轻工产品", "轻工").replace("其他", "商贸")
    return replace(firm, uscc=stem + uscc.calc_check_digit(stem), name=f"演示{kind}企业{number:04d}有限公司")


def _moved(firms: list[Firm]) -> list[Firm]:
    """The firms after MOVES: each takes the next small firm of its unit that no cluster counts."""
    moved = list(firms)
    for origin, target, month in MOVES:
        position = next(n for n, firm in enumerate(moved) if _is_plain(firm, origin))
        posting = (month, target)
        moved[position] = replace(moved[position], postings=(*moved[position].postings, posting), park="")
    return moved


def _unregistered(firms: list[Firm]) -> list[Firm]:
    """The firms, of which the registry does not know one for each unit listed, nor those of other cities."""
    chosen = [replace(firm, registered=firm.postings[0][1] != OUTSIDE) for firm in firms]
    for origin in UNREGISTERED:
        position = next(n for n, firm in enumerate(chosen) if _is_plain(firm, origin))
        chosen[position] = replace(chosen[position], registered=False)
    return chosen


def _is_plain(firm: Firm, unit: str) -> bool:
    """Whether a firm may move or be missing from the registry without touching the story."""
    plain = firm.leader is None and not firm.cluster and firm.registered and len(firm.postings) == 1
    return plain and firm.postings[0][1] == unit and firm.now < 0.3 * YI
