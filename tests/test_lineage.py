"""The way back from a number: its rows and no others, and of them those that the viewer may read."""

import duckdb
import openpyxl
import pytest
from builders import code, firm_table, registry, trade
from frontend import POLICY

from dashboard import store
from dashboard.identity import Viewer
from dashboard.questions import lineage
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.repair_book import export
from etl.snapshot import current

SHUANGPAI, DAO, NINGYUAN, CITY = "431123", "431124", "431126", "4311"
MOVED, STAYED = code(SHUANGPAI, 1), code(DAO, 2)
NAMES = {MOVED: "搬迁公司", STAYED: "留守公司"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """搬迁公司 is 双牌's until the end of April 2025 and 宁远's from May on; 留守公司 is 道县's all the time."""
    folder = tmp_path_factory.mktemp("moved")
    rows = [
        (MOVED, NAMES[MOVED], unit, "", "其他", "集群", "一类", "", day)
        for unit, day in (("双牌县", "2024-01-01"), ("宁远县", "2025-05-01"))
    ]
    files = [registry(folder / "企业名录.csv", rows)]
    for year, month in ((2024, 6), (2024, 12), (2025, 3), (2025, 4), (2025, 5), (2025, 6)):
        firms = [
            (NAMES[uscc], uscc, "", trade(1000, 1000 * month * times, 0, 0))
            for uscc, times in ((MOVED, 2), (STAYED, 3))
        ]
        files.append(firm_table(folder / f"{year}-{month}.xlsx", f"{year}年{month}月企业进出口情况表", firms))
    report = load(folder / "data", [(file, Hints()) for file in files], Options(confirm="测试"))
    assert report.snapshot and not any(file.refused for file in report.files)
    return folder / "data"


def gate(data, role="task_force", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def named(found):
    return sorted((row.label, row.file) for row in found)


def test_a_units_trade_rests_on_no_firm_that_was_never_its_own(data):
    share = POLICY.indicator("import_share")
    for viewed in (gate(data), gate(data, "county", DAO)):
        found = lineage.trace(viewed, share, DAO, "2025-06")
        assert named(found.rows) == [("留守公司", "2025-6.xlsx")] and found.total == 1
        assert named(lineage.taken(viewed, share, DAO, "2025-06")) == named(found.rows)


def test_a_firm_that_moved_stands_in_both_units_with_the_months_that_make_up_their_sums(data):
    # 双牌: 8,000万元 up to April; 宁远: 12,000 at the end of June less those 8,000
    share = POLICY.indicator("import_share")
    before = lineage.trace(gate(data), share, SHUANGPAI, "2025-06")
    assert named(before.rows) == [("搬迁公司", "2025-3.xlsx"), ("搬迁公司", "2025-4.xlsx")]
    after = lineage.trace(gate(data), share, NINGYUAN, "2025-06")
    assert [row.file for row in after.rows] == ["2025-4.xlsx", "2025-5.xlsx", "2025-6.xlsx"]
    whole = lineage.trace(gate(data), share, CITY, "2025-06")
    assert named(whole.rows) == [("搬迁公司", "2025-6.xlsx"), ("留守公司", "2025-6.xlsx")]


@pytest.mark.parametrize(
    ("indicator", "hidden", "shown"),
    [
        ("import_share", 1, ["2025-5.xlsx", "2025-6.xlsx"]),
        ("firms_over_100m", 2, ["2025-6.xlsx"]),
        ("county_clusters", 3, ["2025-6.xlsx", "企业名录.csv"]),
    ],
)
def test_a_county_reads_of_a_firm_that_moved_in_the_months_in_which_it_was_its_own(
    data, indicator, hidden, shown
):
    viewed, asked = gate(data, "county", NINGYUAN), (POLICY.indicator(indicator), NINGYUAN, "2025-06")
    found = lineage.trace(viewed, *asked)
    assert [row.file for row in found.rows] == shown and found.hidden == hidden
    assert [row.file for row in lineage.taken(viewed, *asked)] == shown
    assert lineage.trace(gate(data), *asked).total == hidden + len(shown) == found.total


def test_a_mended_row_names_its_firm_to_no_one_who_may_not_see_the_row_that_it_mends(tmp_path):
    data = tmp_path / "data"
    rows = [
        ("甲公司", code("431122", 1), "东安县", trade(9, 90, 0, 0)),
        ("乙公司", "9.14311E+17", "东安县", trade(5, 50, 0, 0)),
    ]
    first = firm_table(tmp_path / "九月.xlsx", "2025年9月企业进出口情况表", rows)
    assert load(data, [(first, Hints())], Options()).snapshot
    back = tmp_path / "更正.xlsx"
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        export(con, back, POLICY)
    book = openpyxl.load_workbook(back)
    page = book.worksheets[0]
    column = next(cell.column for cell in page[2] if cell.value == "统一社会信用代码")
    page.cell(3, column).value = code("431122", 2)
    book.save(back)
    assert load(data, [(back, Hints())], Options()).snapshot
    share = POLICY.indicator("import_share")
    seen = lineage.trace(gate(data, "county", "431122"), share, "431122", "2025-09")
    assert named(seen.rows) == [("乙公司", "更正.xlsx"), ("甲公司", "九月.xlsx")] and not seen.hidden
    found = lineage.trace(gate(data, "county", DAO), share, "431122", "2025-09")
    assert found.rows == () and found.hidden == found.total == 2
    assert lineage.taken(gate(data, "loader"), share, "431122", "2025-09") == ()
