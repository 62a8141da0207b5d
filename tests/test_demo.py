"""What the demonstration files promise to the loader and to the screens made from them."""

import csv
import datetime as dt
import functools
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn import uscc

from etl.demo import CUSTOMS_PUBLIC, FAULTS, Fault, write_demo

ROOT = Path(__file__).resolve().parent.parent
GB18030, UTF8 = "gb18030", "utf-8-sig"
FIRST_FIRM_ROW = 4  # title, money unit, two header levels


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Path]]:
    """Two folders written at the same time by two processes, and what the one here returned."""
    here, there = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("there")
    command = f"from pathlib import Path; from etl.demo import write_demo; write_demo(Path({str(there)!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"}
    other = subprocess.Popen([sys.executable, "-c", command], cwd=ROOT, env=environment)
    paths = write_demo(here)
    assert other.wait(timeout=120) == 0
    return here, there, paths


@pytest.fixture(scope="module")
def folder(runs: tuple[Path, Path, list[Path]]) -> Path:
    return runs[0]


@functools.cache
def rows(path: Path, encoding: str = UTF8) -> list[dict[str, str]]:
    """The rows of a CSV file without its deliberate faults."""
    faulty = {fault.row for fault in FAULTS if fault.file == path.name}
    with path.open(encoding=encoding, newline="") as stream:
        return [row for row in csv.DictReader(stream) if tuple(row.values()) not in faulty]


@functools.cache
def table(path: Path) -> list[list[object]]:
    """The cells of a bureau table from its title on."""
    cells = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    return cells[next(n for n, row in enumerate(cells) if row[0]) :]


def money(text: object) -> Decimal:
    """An amount as the files write it, brackets for a negative included."""
    digits = str(text).replace(",", "").replace("（", "-").replace("）", "")
    return Decimal(digits)


def firm_table(folder: Path, month: str) -> dict[str, list[object]]:
    """The firms of a month's table by their code."""
    lines = table(folder / f"{month}企业进出口情况表.xlsx")[FIRST_FIRM_ROW:]
    return {
        str(line[1]): line for line in lines if uscc.is_valid(str(line[1])) and "MAFAUL" not in str(line[1])
    }


def test_the_demo_writes_the_same_bytes_twice(runs: tuple[Path, Path, list[Path]]) -> None:
    here, there, _ = runs
    files = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(there) for path in there.rglob("*") if path.is_file())
    assert [name for name in files if (here / name).read_bytes() != (there / name).read_bytes()] == []


def test_it_returns_every_file_that_loads_without_options(runs: tuple[Path, Path, list[Path]]) -> None:
    here, _, paths = runs
    assert sorted(paths) == sorted(path for path in here.iterdir() if path.is_file())


def test_every_code_in_the_registry_passes_its_check(folder: Path) -> None:
    codes = {row["统一社会信用代码"] for row in rows(folder / "演示企业名录.csv")}
    assert 950 <= len(codes) <= 1050
    assert [code for code in codes if not uscc.is_valid(code)] == []


def test_every_name_says_that_it_is_invented(folder: Path) -> None:
    names = [row["企业名称"] for row in rows(folder / "演示企业名录.csv")]
    assert all(re.fullmatch(r"演示(农产品|机电|轻工|商贸)企业\d{4}有限公司", name) for name in names)


def test_two_firms_share_one_name(folder: Path) -> None:
    firms = {(row["统一社会信用代码"], row["企业名称"]) for row in rows(folder / "演示企业名录.csv")}
    assert sorted(Counter(name for _, name in firms).values())[-2:] == [1, 2]


def test_firms_that_move_have_a_second_later_row(folder: Path) -> None:
    registry = rows(folder / "演示企业名录.csv")
    times = Counter(row["统一社会信用代码"] for row in registry)
    assert sum(count == 2 for count in times.values()) == 12
    assert max(times.values()) == 2


def test_some_firms_trade_that_the_registry_does_not_know(folder: Path) -> None:
    known = {row["统一社会信用代码"] for row in rows(folder / "演示企业名录.csv")}
    unknown = firm_table(folder, "2026年10月").keys() - known
    assert len(unknown) == 14
    assert sum(not code[2:].startswith("4311") for code in unknown) == 3


@pytest.mark.parametrize("month", ["2023年12月", "2025年5月", "2026年10月"])
def test_declarations_add_up_to_the_firm_table(folder: Path, month: str) -> None:
    year, number = re.findall(r"\d+", month)
    declared: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows(folder / f"演示海关明细{year}年.csv", GB18030):
        if row["统计年月"] == f"{year}{int(number):02d}":
            declared[row["统一社会信用代码"], row["进出口标志"]] += money(row["人民币值"])
    shown = firm_table(folder, month)
    assert {code for code, _ in declared} <= shown.keys()
    for code, line in shown.items():
        assert money(line[6]) * 10_000 == declared[code, "出口"]
        assert money(line[9]) * 10_000 == declared[code, "进口"]


def test_february_shows_two_months_as_one_and_january_has_no_table(folder: Path) -> None:
    february = table(folder / "2025年2月企业进出口情况表.xlsx")
    assert february[0][0] == "2025年1—2月全市企业进出口情况表"
    assert all(line[3] == line[4] for line in february[FIRST_FIRM_ROW:-1])
    assert not list(folder.glob("*年1月*"))


def test_the_city_is_a_row_of_its_own_a_little_above_its_units(folder: Path) -> None:
    lines = table(folder / "2026年10月各县市区进出口情况表.xlsx")[FIRST_FIRM_ROW:-1]
    city = next(line for line in lines if str(line[0]).startswith("全市"))
    units = [line for line in lines if line is not city]
    firms = firm_table(folder, "2026年10月").values()
    assert len(units) == 14
    assert money(city[2]) == sum(money(line[4]) for line in firms)
    missing = 1 - sum(money(line[2]) for line in units) / money(city[2])
    assert 0 < missing < Decimal("0.005")


def test_a_table_in_yi_says_so_and_loses_nothing(folder: Path) -> None:
    cells = table(folder / "2026年5月各县市区进出口情况表.xlsx")
    city = next(line for line in cells if str(line[0]).startswith("全市"))
    firms = firm_table(folder, "2026年5月").values()
    assert cells[1][-1] == "单位：亿元"
    assert money(city[2]) * 10_000 == sum(money(line[4]) for line in firms)


def test_a_few_cumulatives_were_revised(folder: Path) -> None:
    before, after = firm_table(folder, "2026年9月"), firm_table(folder, "2026年10月")
    same = [
        code for code in before if money(after[code][4]) == money(before[code][4]) + money(after[code][3])
    ]
    assert 0.99 * len(before) < len(same) <= len(before)


def test_commodity_codes_keep_their_leading_zeros(folder: Path) -> None:
    declared = rows(folder / "演示海关明细2023年.csv", GB18030)
    assert {len(row["商品编码"]) for row in declared} == {8}
    assert any(row["商品编码"].startswith("07") for row in declared)


def test_market_procurement_begins_in_one_month(folder: Path) -> None:
    months = {
        row["统计年月"]
        for year in (2023, 2024, 2025)
        for row in rows(folder / f"演示海关明细{year}年.csv", GB18030)
        if row["监管方式编码"] == "1039"
    }
    assert min(months) == "202505"


def test_one_firm_goes_over_the_support_cap_in_the_last_month(folder: Path) -> None:
    def over(until: dt.date) -> list[Decimal]:
        paid: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows(folder / "市级支持资金台账.csv"):
            day = dt.date(*map(int, re.findall(r"\d+", row["拨付日期"])))
            if day <= until:
                paid[row["统一社会信用代码"]] += money(row["补助金额"])
        return [total for total in paid.values() if total > 1_000_000]

    assert over(dt.date(2026, 9, 30)) == []
    assert over(dt.date(2026, 10, 31)) == [Decimal(1_186_000)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_each_fault_stands_once_in_its_file(folder: Path, fault: Fault) -> None:
    path = folder / fault.file
    if path.suffix == ".csv":
        encoding = GB18030 if "海关" in path.name or "跨境" in path.name else UTF8
        with path.open(encoding=encoding, newline="") as stream:
            cells = [tuple(row) for row in csv.reader(stream)]
    else:
        cells = [tuple(str(cell) for cell in row) for row in table(path)]
    assert cells.count(fault.row) == 1


@pytest.mark.parametrize(("name", "flow"), CUSTOMS_PUBLIC)
def test_customs_downloads_do_not_say_their_direction(folder: Path, name: str, flow: str) -> None:
    text = (folder / name).read_bytes().decode(GB18030)
    assert text.startswith('"数据年月","商品编码"')
    assert text.rstrip("\n").endswith('",')
    assert '"0","?",' in text
    assert flow not in text
    assert {"43", "44"} <= {row["注册地编码"] for row in rows(folder / name, GB18030)}
