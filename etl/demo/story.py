"""What the demo tells: its months, units, leading firms and the numbers that were tuned by hand.

Nothing here imitates a real firm or total. Money is in whole hundreds of yuan (a hundredth of 万元, the last
decimal of the bureau's tables), so that every sum is exact; ``YI`` and ``WAN`` turn 亿元 and 万元 into it.
"""

import datetime as dt
import random
from dataclasses import dataclass

Month = tuple[int, int]

WAN, YI = 100, 1_000_000
YUAN = 100  # yuan in the unit of money used here
SEED = "永州外贸演示"
FIRST_YEAR, LAST_MONTH = 2023, (2026, 10)
LAST_DAY = dt.date(2026, 10, 31)
MONTHS: tuple[Month, ...] = tuple(
    (year, month)
    for year in range(FIRST_YEAR, LAST_MONTH[0] + 1)
    for month in range(1, 13)
    if (year, month) <= LAST_MONTH
)
COUNTY_TABLES_FROM: Month = (2024, 2)  # before it, the firm table alone
CITY = "4311"
OUTSIDE = "outside"  # firms whose credit code names another city
INDUSTRIES = ("农产品", "机电产品", "轻工产品", "其他")


def index(month: Month) -> int:
    """Position of a month in MONTHS (beyond the ends too)."""
    return (month[0] - FIRST_YEAR) * 12 + month[1] - 1


def dice(topic: str) -> random.Random:
    """A generator of its own for each topic, so that a change in one leaves the others as they were."""
    return random.Random(f"{SEED}:{topic}")


@dataclass(frozen=True)
class Unit:
    """A reporting unit or zone as the demo sees it.

    names: full name first, then forms that senders use. divisions: digits 3–8 of its firms' codes.
    small_firms: how many firms besides the leading ones. import_share: wished in 2026.
    cbec: e-commerce 万元 a month in 2023, and growth a year.
    rebate_days: wished in 2026 for class 一 and 二, and for the others.
    cluster: members from the outset (besides leading firms), and the months in which more begin to trade.
    """

    code: str
    names: tuple[str, ...]
    divisions: tuple[str, ...]
    small_firms: int
    import_share: float
    cbec: tuple[float, float]
    rebate_days: tuple[float, float]
    industry: str
    cluster: tuple[int, tuple[Month, ...]] | None = None

    @property
    def short(self) -> str:
        """The shortest form of the name."""
        return min(self.names, key=len)


UNITS: tuple[Unit, ...] = (
    Unit("431102", ("零陵区",), ("431102",), 108, 0.101, (900, 0.60), (2.5, 2.9), "农产品",
         (11, ((2024, 6), (2025, 4)))),
    Unit("431103", ("冷水滩区",), ("431103",), 155, 0.105, (1100, 0.665), (2.4, 2.9), "机电产品",
         (3, ((2024, 5), (2024, 11), (2025, 6)))),
    Unit("431181", ("祁阳市", "祁阳"), ("431181", "431121"), 118, 0.101, (500, 0.52), (2.6, 3.1), "轻工产品",
         (8, ((2025, 2),))),
    Unit("431122", ("东安县",), ("431122",), 72, 0.097, (250, 0.38), (3.4, 3.9), "机电产品",
         (3, ((2025, 3), (2025, 12)))),
    Unit("431123", ("双牌县",), ("431123",), 22, 0.052, (0, 0), (3.3, 3.6), "轻工产品", (0, ())),
    Unit("431124", ("道县",), ("431124",), 110, 0.025, (550, 0.58), (2.4, 2.9), "机电产品",
         (3, ((2024, 12), (2026, 1)))),
    Unit("431125", ("江永县",), ("431125",), 34, 0.110, (0, 0), (3.6, 4.9), "农产品", (3, ((2026, 10),))),
    Unit("431126", ("宁远县",), ("431126",), 98, 0.030, (420, 0.44), (2.6, 3.2), "轻工产品",
         (3, ((2025, 9), (2026, 3)))),
    Unit("431127", ("蓝山县",), ("431127",), 84, 0.098, (600, 0.66), (2.3, 2.9), "轻工产品", (3, ((2026, 2),))),
    Unit("431128", ("新田县",), ("431128",), 48, 0.101, (160, 0.55), (3.3, 3.5), "轻工产品", (0, ())),
    Unit("431129", ("江华瑶族自治县", "江华县"), ("431129",), 62, 0.104, (190, 0.31), (2.5, 3.0), "机电产品",
         (3, ((2026, 6),))),
    Unit("431171", ("永州经开区", "经开区"), ("431103", "431102"), 78, 0.119, (730, 0.62), (2.2, 2.6), "机电产品",
         (9, ((2024, 9),))),
    Unit("431172", ("金洞管理区",), ("431181", "431121"), 6, 0.08, (0, 0), (2.8, 3.2), "农产品"),
    Unit("431173", ("回龙圩管理区",), ("431125",), 5, 0.08, (0, 0), (2.8, 3.2), "农产品"),
    Unit(OUTSIDE, ("",), ("430121", "440304"), 3, 0.0, (0, 0), (2.8, 3.2), "其他"),
)  # fmt: skip
COUNTIES = tuple(unit.code for unit in UNITS if unit.cluster)  # the 12 that carry targets
UNIT: dict[str, Unit] = {unit.code: unit for unit in UNITS}


@dataclass(frozen=True)
class Leader:
    """A firm whose size is planned: 亿元 in the twelve months to 2026-10 and in 2023."""

    unit: str
    industry: str
    now: float
    then: float
    in_cluster: bool = False


LEADERS: tuple[Leader, ...] = (
    Leader("431171", "机电产品", 21.30, 16.40, True), Leader("431102", "农产品", 15.20, 12.30, True),
    Leader("431124", "机电产品", 11.40, 9.30, True), Leader("431181", "轻工产品", 9.38, 7.10, True),
    Leader("431126", "轻工产品", 8.15, 6.20, True), Leader("431103", "机电产品", 6.40, 4.70, True),
    Leader("431129", "机电产品", 5.30, 3.40, True), Leader("431127", "轻工产品", 4.60, 2.90, True),
    Leader("431122", "机电产品", 3.90, 2.60, True), Leader("431171", "机电产品", 3.30, 2.20),
    Leader("431103", "农产品", 2.90, 1.90), Leader("431124", "轻工产品", 2.60, 1.55),
    Leader("431125", "农产品", 2.30, 1.45, True), Leader("431181", "机电产品", 2.15, 1.35),
    Leader("431102", "轻工产品", 1.95, 1.17), Leader("431126", "机电产品", 1.85, 0.88),
    Leader("431171", "轻工产品", 1.72, 0.80), Leader("431127", "轻工产品", 1.55, 0.72),
    Leader("431103", "机电产品", 1.45, 0.62), Leader("431122", "农产品", 1.33, 0.70),
    Leader("431129", "轻工产品", 1.24, 0.60), Leader("431128", "轻工产品", 1.12, 0.42, True),
    Leader("431102", "农产品", 1.09, 0.66), Leader("431123", "轻工产品", 1.05, 0.36, True),
    Leader("431124", "农产品", 0.97, 0.60), Leader("431181", "农产品", 0.91, 0.55),
    Leader("431171", "机电产品", 0.86, 0.40), Leader("431126", "农产品", 0.79, 0.50),
    Leader("431103", "轻工产品", 0.74, 0.45),
    # the whole cluster of 双牌 (five firms, under 2亿元) and of 新田 (four firms)
    Leader("431123", "轻工产品", 0.36, 0.10, True), Leader("431123", "轻工产品", 0.18, 0.05, True),
    Leader("431123", "轻工产品", 0.10, 0.02, True), Leader("431123", "轻工产品", 0.08, 0.01, True),
    Leader("431128", "轻工产品", 0.33, 0.12, True), Leader("431128", "轻工产品", 0.15, 0.06, True),
    Leader("431128", "轻工产品", 0.10, 0.03, True),
)  # fmt: skip
DIPS: dict[int, tuple[Month, Month, float]] = {2: ((2025, 4), (2025, 6), 0.71)}  # leader → lean months

# The city's imports as a share of the month's trade. 2026 stands still while the pace goes on: behind from July.
IMPORT_SHARE: dict[int, tuple[float, ...]] = {
    2023: (0.0158, 0.0160, 0.0164, 0.0166, 0.0168, 0.0172, 0.0170, 0.0174, 0.0176, 0.0180, 0.0183, 0.0187),
    2024: (0.0330, 0.0352, 0.0371, 0.0402, 0.0433, 0.0449, 0.0487, 0.0493, 0.0529, 0.0541, 0.0570, 0.0597),
    2025: (0.0612, 0.0636, 0.0651, 0.0690, 0.0702, 0.0741, 0.0745, 0.0788, 0.0795, 0.0818, 0.0830, 0.0859),
    2026: (0.0868, 0.0882, 0.0874, 0.0889, 0.0881, 0.0878, 0.0876, 0.0880, 0.0878, 0.0905),
}
SEASON: dict[str, tuple[float, ...]] = {  # by industry, January first
    "农产品": (1.20, 0.78, 0.98, 0.92, 0.86, 0.82, 0.84, 0.90, 1.02, 1.12, 1.24, 1.32),
    "机电产品": (0.98, 0.66, 0.97, 0.99, 1.01, 1.04, 1.02, 1.03, 1.07, 1.05, 1.08, 1.10),
    "轻工产品": (0.96, 0.58, 0.90, 0.98, 1.04, 1.08, 1.10, 1.08, 1.05, 1.02, 1.08, 1.13),
    "其他": (0.97, 0.72, 1.00, 1.00, 1.00, 1.02, 1.03, 1.03, 1.05, 1.04, 1.06, 1.08),
}
CBEC_SEASON = (0.95, 0.70, 0.92, 0.95, 0.98, 1.10, 0.95, 0.98, 1.02, 1.05, 1.32, 1.08)
CBEC_CURVE = 1.3  # above 1: growth slow at first, faster later
CBEC_LATE = (
    "431125",
    (2025, 3),
    130.0,
    0.9,
)  # a unit that starts from nothing: month, 万元 a month, growth a year
MARKET_PROCUREMENT = ("431127", (2025, 5))  # mode 1039 from this month on
