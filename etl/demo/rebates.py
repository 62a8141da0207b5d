"""Export tax rebate cases: one ledger, with dates in every form that the tax office's clerks use."""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import chinese_calendar
import xlsxwriter

from etl.demo.faults import fault_rows
from etl.demo.files import written_date
from etl.demo.firms import Firm
from etl.demo.story import LAST_DAY, MONTHS, UNIT, YUAN, dice, index
from etl.demo.tables import CREATED
from etl.demo.trade import Flows

FILE = "出口退税办理台账.xlsx"
HEADER = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态", "退税额")
CASES_A_MONTH = 88
SLOWER = {2023: 1.75, 2024: 1.42, 2025: 1.15, 2026: 1.0}  # against the days wished in 2026
DEVIATION = 1.2  # working days
ABNORMAL = 0.06  # share of cases under inquiry
REBATE_RATE = 0.11

Case = tuple[str, str, dt.date, dt.date | None, str, str, float]


def write_rebates(folder: Path, firms: list[Firm], flows: list[Flows]) -> Path:
    """The ledger of all cases since 2023, in order of acceptance."""
    rng = dice("rebates")
    workdays = _workdays()
    cases = [case for t in range(len(MONTHS)) for case in _month(firms, flows, t, workdays, rng)]
    book = xlsxwriter.Workbook(folder / FILE, {"in_memory": True})
    book.set_properties({"title": "出口退税办理台账", "comments": "演示数据", "created": CREATED})
    sheet = book.add_worksheet("台账")
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADER)
    for row, case in enumerate(cases, start=1):
        for column, cell in enumerate(case):
            if isinstance(cell, dt.date):
                _write_date(sheet, row, column, cell, dated, rng)
            elif cell is not None:
                sheet.write(row, column, cell)
    for row, fault in enumerate(fault_rows(FILE), start=len(cases) + 1):
        sheet.write_row(row, 0, fault)
    book.close()
    return folder / FILE


def _write_date(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    day: dt.date,
    dated: object,
    rng: random.Random,
) -> None:
    """A date cell mostly; else text in some form, or the bare serial number."""
    draw = rng.random()
    if draw < 0.5:
        sheet.write_datetime(row, column, dt.datetime.combine(day, dt.time()), dated)
    elif draw < 0.6:
        sheet.write_number(row, column, (day - dt.date(1899, 12, 30)).days)
    else:
        sheet.write_string(row, column, written_date(day, rng))


def _workdays() -> list[dt.date]:
    """China's working days, with the swapped weekends, up to the demo's last day."""
    first = dt.date(*MONTHS[0], 1)
    days = (first + dt.timedelta(days=n) for n in range((LAST_DAY - first).days + 1))
    return [day for day in days if chinese_calendar.is_workday(day)]


def _month(
    firms: list[Firm], flows: list[Flows], t: int, workdays: Sequence[dt.date], rng: random.Random
) -> list[Case]:
    """The cases accepted in one month, each of a firm that exported in it."""
    exporters = [n for n, flow in enumerate(flows) if flow.exports[t] > 0]
    chosen = rng.choices(exporters, [flows[n].exports[t] ** 0.4 for n in exporters], k=CASES_A_MONTH)
    year, month = MONTHS[t]
    days = sorted(rng.randint(1, 28) for _ in chosen)
    return [
        _case(
            firms[n],
            flows[n].exports[t],
            dt.date(year, month, day),
            f"YS-{year}{month:02d}-{number:03d}",
            workdays,
            rng,
        )
        for number, (n, day) in enumerate(zip(chosen, days, strict=True), start=1)
    ]


def _case(
    firm: Firm, exports: int, accepted: dt.date, number: str, workdays: Sequence[dt.date], rng: random.Random
) -> Case:
    state = rng.choice(("函调", "疑点")) if rng.random() < ABNORMAL else "正常"
    took = _days(firm, accepted, rng) + (0 if state == "正常" else rng.randint(10, 60))
    completed = _completion(accepted, took, workdays)
    amount = round(exports * YUAN * REBATE_RATE * rng.uniform(0.3, 1.0), 2)
    return number, firm.uscc, accepted, completed, f"{firm.rebate_class}类", state, amount


def _days(firm: Firm, accepted: dt.date, rng: random.Random) -> int:
    """Working days that a normal case takes: the unit's and class's wish, slower in earlier years."""
    t = index((accepted.year, accepted.month))
    first, others = UNIT[firm.unit(t)].rebate_days
    wish = first if firm.rebate_class in ("一", "二") else others
    return max(0, round(rng.gauss(wish * SLOWER[accepted.year], DEVIATION)))


def _completion(accepted: dt.date, took: int, workdays: Sequence[dt.date]) -> dt.date | None:
    """The day that many working days after acceptance; none while the case is open at the demo's end."""
    if not took:
        return accepted
    position = bisect_right(workdays, accepted) + took - 1
    return workdays[position] if position < len(workdays) else None
