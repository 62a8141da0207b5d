"""City-level support paid to firms since the document: the items and ceilings are those of its clauses."""

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

from etl.demo.faults import fault_rows
from etl.demo.files import Cells, write_csv, written_date
from etl.demo.firms import Firm
from etl.demo.story import LAST_DAY, UNIT, dice, index

FILE = "市级支持资金台账.csv"
HEADER = ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额")
FIRST_DAY = dt.date(2024, 8, 1)


@dataclass(frozen=True)
class Item:
    """An item that many firms receive: rate on the base, ceiling in yuan, usual bases, how many payments."""

    name: str
    rate: float
    ceiling: int | None
    bases: tuple[int, int]
    payments: int


ITEMS: tuple[Item, ...] = (
    Item("供港直通车购置", 0.1, 200_000, (600_000, 2_200_000), 14),
    Item("跨境电商业务试点服务费", 0.8, 24_000, (12_000, 40_000), 44),
    Item("鼓励类进口贴息", 0.5, 1_000_000, (60_000, 420_000), 16),
    Item("其他境外展展位费", 0.7, None, (20_000, 90_000), 48),
    Item("认证、专利、商标、国际营销体系", 0.7, None, (15_000, 120_000), 36),
    Item("电商平台推广服务费", 0.5, 150_000, (30_000, 360_000), 32),
    Item("出口订单融资贴息", 0.5, 100_000, (30_000, 240_000), 24),
    Item("AEO 高级认证费", 0.5, 150_000, (80_000, 320_000), 9),
)
# leader → (day, item, project, base in yuan or None, amount in yuan)
Planned = tuple[dt.date, str, str, int | None, int]
PLANNED: dict[int, tuple[Planned, ...]] = {
    5: (  # the one firm over the cap, from 2026-10 on, by 186,000 yuan
        (dt.date(2025, 5, 22), "鼓励类进口贴息", "演示进口设备一期", 1_240_000, 620_000),
        (dt.date(2025, 11, 18), "电商平台推广服务费", "演示海外推广", 300_000, 150_000),
        (dt.date(2026, 3, 25), "AEO 高级认证费", "演示高级认证", 260_000, 130_000),
        (dt.date(2026, 10, 21), "鼓励类进口贴息", "演示进口设备二期", 572_000, 286_000),
    ),
    1: (  # exactly at the cap, which is not over it
        (dt.date(2024, 9, 12), "供港直通车购置", "演示直通车一号", 2_000_000, 200_000),
        (dt.date(2025, 3, 20), "蔬菜出口综合评价靠前的 2 至 5 家", "演示2024年度评价", None, 500_000),
        (dt.date(2025, 9, 9), "供港直通车购置", "演示直通车二号", 2_050_000, 200_000),
        (dt.date(2026, 5, 28), "电商平台推广服务费", "演示平台推广", 200_000, 100_000),
    ),
    0: (  # close to the cap
        (dt.date(2025, 4, 15), "产业集群综合评价前三", "演示2024年度第一名", None, 500_000),
        (dt.date(2025, 8, 13), "鼓励类进口贴息", "演示零部件进口", 620_000, 310_000),
        (dt.date(2026, 6, 17), "AEO 高级认证费", "演示高级认证", 240_000, 120_000),
    ),
    3: ((dt.date(2025, 4, 15), "产业集群综合评价前三", "演示2024年度第二名", None, 400_000),),
    7: ((dt.date(2025, 4, 15), "产业集群综合评价前三", "演示2024年度第三名", None, 300_000),),
    10: ((dt.date(2025, 3, 20), "蔬菜出口综合评价靠前的 2 至 5 家", "演示2024年度评价", None, 300_000),),
    12: ((dt.date(2026, 4, 9), "蔬菜出口综合评价靠前的 2 至 5 家", "演示2025年度评价", None, 260_000),),
    16: ((dt.date(2025, 7, 8), "跨境电商孵化中心", "演示孵化中心一号", None, 250_000),),
    18: ((dt.date(2026, 2, 10), "跨境电商孵化中心", "演示孵化中心二号", None, 250_000),),
    17: ((dt.date(2025, 12, 16), "省级跨境电商产业带 / 产业园", "演示蓝山产业带", None, 500_000),),
}

# Payments that a check must find: each verdict at least once.
QUESTIONED: dict[int, tuple[Planned, ...]] = {
    2: (
        (dt.date(2026, 4, 15), "产业集群综合评价前三", "演示2025年度第一名", None, 300_000),
    ),  # four where three win
    4: ((dt.date(2026, 4, 15), "产业集群综合评价前三", "演示2025年度第二名", None, 250_000),),
    6: ((dt.date(2026, 4, 15), "产业集群综合评价前三", "演示2025年度第三名", None, 200_000),),
    8: ((dt.date(2026, 4, 15), "产业集群综合评价前三", "演示2025年度第四名", None, 150_000),),
    22: ((dt.date(2026, 2, 11), "供港直通车购置", "演示直通车四号", 2_200_000, 220_000),),
    23: ((dt.date(2026, 6, 9), "境外展展位费补贴", "演示境外展位甲", 50_000, 36_000),),
    24: (
        (dt.date(2025, 10, 16), "其他境外展展位费", "演示海外参展推介一号", 30_000, 21_000),
        (dt.date(2026, 8, 20), "认证、专利、商标、国际营销体系", "演示海外参展推介（一号）", 28_000, 19_600),
    ),
    25: ((dt.date(2026, 5, 12), "外贸企业参展补助", "演示参展乙", 30_000, 15_000),),
    26: ((dt.date(2024, 5, 20), "其他境外展展位费", "演示境外展位丙", 40_000, 28_000),),
    27: ((dt.date(2026, 9, 3), "电商平台推广服务费", "演示平台推广丁", None, 60_000),),
}


def write_support(folder: Path, firms: list[Firm]) -> Path:
    """The ledger of payments, in order of their day."""
    rng = dice("support")
    told = [*PLANNED.items(), *QUESTIONED.items()]
    planned = [(firms[leader], payment) for leader, payments in told for payment in payments]
    payments = sorted(planned + _usual(firms, rng), key=lambda pair: (pair[1][0], pair[0].uscc, pair[1][1]))
    rows = [_row(firm, payment, rng) for firm, payment in payments]
    return write_csv(folder / FILE, HEADER, (*rows, *fault_rows(FILE)))


def _usual(firms: list[Firm], rng: random.Random) -> list[tuple[Firm, Planned]]:
    """Small payments to registered firms that PLANNED leaves out, one per firm and item."""
    open_to = [firm for firm in firms if firm.registered and not firm.begins and firm.leader not in PLANNED]
    paid: list[tuple[Firm, Planned]] = []
    for item in ITEMS:
        for number, firm in enumerate(rng.sample(open_to, item.payments), start=1):
            paid.append((firm, _payment(item, number, rng)))
    return paid


def _payment(item: Item, number: int, rng: random.Random) -> Planned:
    base = rng.randrange(*item.bases, 1000)
    amount = round(base * item.rate)
    day = FIRST_DAY + dt.timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days))
    return day, item.name, f"演示{item.name[:2]}项目{number:02d}", base, min(amount, item.ceiling or amount)


def _row(firm: Firm, payment: Planned, rng: random.Random) -> Cells:
    day, item, project, base, amount = payment
    unit = UNIT[firm.unit(index((day.year, day.month)))].names[0]
    bases = "" if base is None else f"{base:,}"
    return written_date(day, rng), firm.uscc, firm.name, unit, item, project, bases, f"{amount:,}"
