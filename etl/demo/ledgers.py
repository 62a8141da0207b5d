"""The smaller ledgers: registry, e-commerce by unit, parks and their projects, events, county targets."""

import datetime as dt
import random
from pathlib import Path

from etl.demo.faults import fault_rows
from etl.demo.files import GB18030, Cells, write_csv, written_date
from etl.demo.firms import PARK_UNITS, Firm, park_name
from etl.demo.story import COUNTIES, MONTHS, UNIT, UNITS, WAN, Month, dice
from etl.demo.trade import Flows

OVERSEAS_STOCK = ("431181", 2026, 1.008)  # from that year on the unit counts that much more than customs
PROJECT_MONTHS: dict[str, tuple[int, ...]] = {  # projects of a million dollars and more in 2026
    "431102": (3, 8), "431103": (2, 5, 9), "431181": (4, 7), "431122": (3, 10), "431123": (), "431124": (1, 6),
    "431126": (5, 10), "431127": (2, 6), "431128": (), "431129": (4, 9), "431171": (1, 3, 7), "431173": (),
}  # fmt: skip
SHORT_PARKS = {  # parks that missed their two projects in earlier years
    2023: ("431122", "431123", "431128", "431129", "431173"),
    2024: ("431123", "431126", "431128", "431173"),
    2025: ("431123", "431173"),
}
TOO_SMALL: tuple[tuple[str, Month], ...] = (  # projects under a million dollars
    ("431123", (2026, 4)), ("431123", (2026, 8)), ("431128", (2026, 6)), ("431173", (2026, 3)), ("431102", (2025, 5)),
)  # fmt: skip
INCUBATED: tuple[tuple[str, int, int], ...] = (  # unit, year, month in which an incubated firm stood on its own
    ("431171", 2025, 4), ("431171", 2025, 6), ("431171", 2025, 7), ("431171", 2025, 9), ("431171", 2025, 11),
    ("431171", 2025, 12), ("431171", 2026, 1), ("431171", 2026, 3), ("431171", 2026, 4), ("431171", 2026, 6),
    ("431171", 2026, 8), ("431103", 2026, 2), ("431103", 2026, 5), ("431103", 2026, 7), ("431103", 2026, 9),
)  # fmt: skip
FAIRS: tuple[tuple[str, str, str], ...] = (  # fair, unit, day
    ("东南亚果蔬展", "431102", "2024-11-06"), ("消费电子展", "431171", "2025-01-09"), ("箱包皮具展", "431127", "2025-03-18"),
    ("中东电力展", "431124", "2025-10-14"), ("消费电子展", "431103", "2026-01-08"), ("箱包皮具展", "431127", "2026-03-17"),
    ("东南亚果蔬展", "431102", "2026-06-10"), ("纺织服装展", "431181", "2026-09-02"),
)  # fmt: skip
EVENTS: tuple[tuple[str, str, str, str, str], ...] = (  # category, name, unit, day, yuan
    # Bases and clusters are called as the registry calls their firms' cluster; one is not, and stays unscored.
    ("外贸转型升级基地", "演示零陵区农产品集群", "431102", "2022-11-30", ""),
    ("外贸转型升级基地", "演示蓝山县轻工产品集群", "431127", "2023-09-15", ""),
    ("外贸转型升级基地", "演示经开区机电产品集群", "431171", "2024-12-20", ""),
    ("省级外贸产业集群", "演示冷水滩区机电产品集群", "431103", "2023-06-30", ""),
    ("省级外贸产业集群", "演示祁阳轻工产品集群", "431181", "2024-10-18", ""),
    ("省级外贸产业集群", "演示江华县机电产品集群", "431129", "2025-11-07", ""),
    ("省级外贸产业集群", "演示道县机电产品集群", "431124", "2026-07-24", ""),
    ("省级外贸产业集群", "演示江永香柚集群", "431125", "2026-09-11", ""),
    ("跨境电商服务企业", "演示跨境服务企业一号", "431103", "2024-11-05", ""),
    ("市场采购", "演示首单市场采购", "431127", "2025-05-16", "860000"),
    ("服务贸易", "演示首笔服务外包", "431103", "2025-03-27", "320000"),
    ("服务贸易", "演示中医药服务出口", "431102", "2026-02-12", "540000"),
    ("跨境电商孵化中心", "演示孵化中心一号", "431171", "2025-01-10", ""),
    ("跨境电商孵化中心", "演示孵化中心二号", "431103", "2025-10-22", ""),
    *(
        ("跨境电商孵化企业", f"演示孵化企业{number:02d}", code, f"{year}-{month:02d}-15", "")
        for number, (code, year, month) in enumerate(INCUBATED, start=1)
    ),
    *(
        ("境外展会", f"演示{fair}第{number}团", code, day, "")
        for number, (fair, code, day) in enumerate(FAIRS, start=1)
    ),
    ("省级跨境电商产业带", "演示蓝山皮具产业带", "431127", "2025-08-29", ""),
    ("省级跨境电商产业园", "演示经开区跨境电商产业园", "431171", "2026-04-30", ""),
    ("供港直通车", "演示直通车一号", "431102", "2024-08-20", "2000000"),
    ("供港直通车", "演示直通车二号", "431102", "2025-08-12", "2050000"),
    ("供港直通车", "演示直通车三号", "431125", "2026-01-15", "1980000"),
)
CATALOGUE: tuple[tuple[str, str], ...] = (  # invented, not the province's list
    ("84798999", "演示目录：专用机器"), ("90314990", "演示目录：光学测量仪器"), ("8532", "演示目录：电容器"),
    ("4407", "演示目录：锯材"), ("2513200000", "演示目录：刚玉岩"),
)  # fmt: skip
TARGETS: dict[str, tuple[int, int]] = {  # unit → firms over 1亿元, firms over 10亿元
    "431102": (3, 1), "431103": (4, 1), "431181": (4, 1), "431124": (3, 1), "431126": (2, 1), "431171": (5, 2),
}  # fmt: skip
TARGET_NAMES = (("firms_over_100m", "进出口过1亿元企业"), ("firms_over_1b", "进出口过10亿元企业"))
RATE = 7.12  # yuan for a dollar


def write_registry(folder: Path, firms: list[Firm]) -> Path:
    """The firm registry: a row per firm and unit it stood in."""
    rng = dice("registry")
    header = (
        "统一社会信用代码", "企业名称", "县市区", "园区", "产业", "集群", "出口退税管理类别", "AEO高级认证", "生效日期",
    )  # fmt: skip
    path = folder / "演示企业名录.csv"
    rows = [row for firm in firms if firm.registered for row in _registered(firm, rng)]
    return write_csv(path, header, (*rows, *fault_rows(path.name)))


def _registered(firm: Firm, rng: random.Random) -> list[Cells]:
    aeo = "是" if firm.aeo else "否"
    rows: list[Cells] = []
    for month, code in firm.postings:
        since = max(month, MONTHS[firm.begins])
        effective = written_date(dt.date(*since, 1), rng)
        unit = rng.choice(UNIT[code].names)
        tax_class = f"{firm.rebate_class}类"
        rows.append(
            (firm.uscc, firm.name, unit, firm.park, firm.industry, firm.cluster, tax_class, aeo, effective)
        )
    return rows


def write_cbec(folder: Path, firms: list[Firm], flows: list[Flows]) -> Path:
    """Cross-border e-commerce of every unit and month, in 万元: customs' figure, and one unit's own."""
    sums = {(t, unit.code): [0, 0] for t in range(len(MONTHS)) for unit in UNITS}
    for firm, flow in zip(firms, flows, strict=True):
        for t in range(len(MONTHS)):
            entry = sums[t, firm.unit(t)]
            entry[0] += flow.cbec_exports[t]
            entry[1] += flow.cbec_imports[t]
    path = folder / "跨境电商月度.csv"
    rows = [_cbec_row(t, code, *pair) for (t, code), pair in sums.items() if code in COUNTIES]
    return write_csv(
        path, ("统计月份", "县市区", "出口（万元）", "进口（万元）"), (*rows, *fault_rows(path.name)), GB18030
    )


def _cbec_row(t: int, code: str, exports: int, imports: int) -> Cells:
    year, month = MONTHS[t]
    unit, since, factor = OVERSEAS_STOCK
    own = round(exports * factor) if code == unit and year >= since else exports
    return f"{year}{month:02d}", UNIT[code].names[0], f"{own / WAN:,.2f}", f"{imports / WAN:,.2f}"


def write_parks(folder: Path) -> Path:
    """The parks that take part."""
    rows = [(park_name(UNIT[code]), UNIT[code].names[0]) for code in PARK_UNITS]
    return write_csv(folder / "园区名单.csv", ("园区", "县市区"), rows)


def write_projects(folder: Path) -> Path:
    """Foreign-trade projects, in dollars or in yuan with the rate; some are under a million dollars."""
    rng = dice("projects")
    path = folder / "园区外贸实体项目.csv"
    header = ("项目名称", "园区", "县市区", "引进日期", "投资额", "币种", "汇率")
    large = [(month, code, True) for code, month in _large_projects(rng)]
    plan = sorted([*large, *((month, code, False) for code, month in TOO_SMALL)])
    rows = [_project(number, *project, rng) for number, project in enumerate(plan, start=1)]
    return write_csv(path, header, (*rows, *fault_rows(path.name)))


def _large_projects(rng: random.Random) -> list[tuple[str, Month]]:
    planned = [(code, (2026, month)) for code, months in PROJECT_MONTHS.items() for month in months]
    for year, short in SHORT_PARKS.items():
        for code in PARK_UNITS:
            months = rng.sample(range(1, 13), rng.randint(0, 1) if code in short else rng.randint(2, 3))
            planned += [(code, (year, month)) for month in months]
    return planned


def _project(number: int, month: Month, code: str, large: bool, rng: random.Random) -> Cells:
    day = dt.date(*month, rng.randint(1, 28))
    dollars = rng.randint(10, 60) * 100_000 if large else rng.randint(4, 9) * 100_000
    in_yuan = (f"{round(dollars * RATE):,}", "人民币", str(RATE))
    money = (f"{dollars:,}", "美元", "") if rng.random() < 0.5 else in_yuan
    unit = UNIT[code]
    return f"演示外贸项目{number:03d}", park_name(unit), unit.names[0], written_date(day, rng), *money


def write_events(folder: Path) -> Path:
    """Things that happened once, each with the paper that proves it."""
    path = folder / "大事记.csv"
    header = ("类别", "名称", "县市区", "日期", "金额", "依据")
    rows = [
        (category, name, UNIT[code].names[0], day, yuan, f"演示依据〔{day[:4]}〕{number}号")
        for number, (category, name, code, day, yuan) in enumerate(EVENTS, start=1)
    ]
    return write_csv(path, header, (*rows, *fault_rows(path.name)))


def write_catalogue(folder: Path) -> Path:
    """A catalogue of encouraged imports with codes of several lengths."""
    return write_csv(folder / "演示鼓励类进口商品目录.csv", ("鼓励进口商品编码", "商品名称"), CATALOGUE)


def write_targets(folder: Path) -> Path:
    """The split of the firm counts over six units; every other row names the indicator, the rest give its id."""
    rows = [
        (TARGET_NAMES[which][position % 2], UNIT[code].names[0], str(targets[which]), "2027-06-30")
        for position, (code, targets) in enumerate(TARGETS.items())
        for which in (0, 1)
    ]
    return write_csv(folder / "县市区目标分解.csv", ("指标", "县市区", "目标值", "截止日期"), rows)
