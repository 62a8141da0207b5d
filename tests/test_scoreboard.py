"""Meaning, end to end: small real files in, the scoreboard's rows out, each value worked out by hand.

Unless said otherwise the figures of bureau tables are 万元.
"""

import json

import duckdb
import pytest
from builders import SHARED_REFERENCE, code, declared, firm_table, registry, trade, write_bureau, write_csv

from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import expand, load

A, B, C = code("431103", 1), code("431122", 2), code("440300", 3)
OUR = ("冷水滩区", "431103"), ("东安县", "431122")


def scoreboard(tmp_path, *paths, confirm=None):
    """Load the files and give (indicator, unit, period) → row."""
    data = tmp_path / "data"
    report = load(data, [(path, Hints()) for path in paths], Options(confirm=confirm))
    assert [file.refused for file in report.files if file.refused] == []
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        result = con.execute("select * from scoreboard")
        names = [column[0] for column in result.description]
        found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {(row["indicator"], row["unit"], row["period"]): row for row in found}


def month(folder, title, *firms):
    return firm_table(folder / f"{title}.xlsx", f"{title}企业进出口情况表", firms)


def firm(code, exports, imports=0.0, unit="冷水滩区", month_exports=1.0):
    return (f"企业{code[-4:]}", code, unit, trade(month_exports, exports, 0.0, imports))


def test_the_twelve_months_come_from_cumulatives_not_from_the_sum_of_months(tmp_path):
    # 90,000 + 100,000 − 90,000.5 万元 would be short of 10亿; revisions are in the cumulative alone
    board = scoreboard(
        tmp_path,
        month(tmp_path, "2024年9月", firm(A, 70_000)),
        month(tmp_path, "2024年12月", firm(A, 100_000)),
        month(tmp_path, "2025年9月", firm(A, 70_000)),
    )
    assert board["firms_over_1b", "4311", "2025-09"]["value"] == 1
    assert board["firms_over_1b", "431103", "2025-09"]["value"] == 1


def test_a_firm_a_cent_under_the_line_is_not_over_it(tmp_path):
    board = scoreboard(
        tmp_path,
        month(tmp_path, "2024年9月", firm(A, 70_000)),
        month(tmp_path, "2024年12月", firm(A, 100_000)),
        month(tmp_path, "2025年9月", firm(A, 69_999.999999)),
    )
    row = board["firms_over_1b", "4311", "2025-09"]
    assert row["value"] == 0
    assert json.loads(row["extra"])["near"] == {"count": 1, "least_short_cny": 0.01}


def test_a_firm_listed_twice_with_one_code_is_one_firm(tmp_path):
    december = month(tmp_path, "2024年12月", firm(A, 6_000), firm(A, 4_000), firm(B, 9_000))
    assert scoreboard(tmp_path, december)["firms_over_100m", "4311", "2024-12"]["value"] == 1


def test_months_without_a_file_are_grey_and_not_zero(tmp_path):
    board = scoreboard(
        tmp_path, month(tmp_path, "2025年3月", firm(A, 10, 5)), month(tmp_path, "2025年5月", firm(A, 20, 5))
    )
    gap = board["import_share", "4311", "2025-04"]
    assert (gap["status"], gap["value"]) == ("no_data", None)
    assert board["import_share", "4311", "2025-05"]["value"] == pytest.approx(0.2)


def test_a_missing_comparison_month_gives_no_twelve_months_rather_than_a_wrong_one(tmp_path):
    board = scoreboard(
        tmp_path,
        month(tmp_path, "2024年12月", firm(A, 100_000)),
        month(tmp_path, "2025年9月", firm(A, 90_000)),
    )
    assert board["firms_over_1b", "4311", "2025-09"]["status"] == "no_data"


def test_import_share_is_judged_against_a_pace_from_december_2023(tmp_path):
    board = scoreboard(
        tmp_path,
        month(tmp_path, "2023年12月", firm(A, 96, 4)),
        month(tmp_path, "2025年6月", firm(A, 92, 8), firm(B, 999, 1, "东安县")),
    )
    row = board["import_share", "431103", "2025-06"]
    assert row["value"] == pytest.approx(0.08)
    assert row["pace"] == pytest.approx(0.04 + 0.06 * 18 / 36)
    assert row["status"] == "on_pace"
    assert row["gap"] == pytest.approx(0.02)
    assert board["import_share", "431122", "2025-06"]["status"] == "behind"


def test_no_trade_at_all_is_no_data_and_not_zero_percent(tmp_path):
    board = scoreboard(tmp_path, month(tmp_path, "2025年6月", firm(A, 92, 8), firm(B, 0, 0, "东安县")))
    assert board["import_share", "431122", "2025-06"]["status"] == "no_data"


def test_the_registry_decides_the_unit_and_the_code_where_it_is_silent(tmp_path):
    board = scoreboard(
        tmp_path,
        registry(tmp_path / "r.csv", [(A, "甲", "永州经开区", "", "农产品", "", "一", "否", "2023-01-01")]),
        month(tmp_path, "2024年12月", firm(A, 20_000), firm(B, 30_000, unit="冷水滩区")),
    )
    assert board["firms_over_100m", "431171", "2024-12"]["value"] == 1
    assert board["firms_over_100m", "431122", "2024-12"]["value"] == 1
    assert board["firms_over_100m", "431103", "2024-12"]["value"] == 0


def test_a_firm_of_no_known_unit_stands_under_weiguishu_and_counts_in_the_city(tmp_path):
    board = scoreboard(tmp_path, month(tmp_path, "2024年12月", firm(A, 20_000), firm(C, 30_000, unit="")))
    assert board["firms_over_100m", "unassigned", "2024-12"]["value"] == 1
    assert board["firms_over_100m", "4311", "2024-12"]["value"] == 2


def test_a_firm_that_moves_leaves_its_past_trade_in_the_old_unit(tmp_path):
    moved = [
        (A, "甲", "冷水滩区", "", "农产品", "", "一", "否", "2023-01-01"),
        (A, "甲", "东安县", "", "农产品", "", "一", "否", "2025-07-01"),
    ]
    board = scoreboard(
        tmp_path,
        registry(tmp_path / "r.csv", moved),
        month(tmp_path, "2025年6月", firm(A, 60, 40)),
        month(tmp_path, "2025年9月", firm(A, 80, 40)),
    )
    old, new = board["import_share", "431103", "2025-09"], board["import_share", "431122", "2025-09"]
    assert old["value"] == pytest.approx(0.4)  # 40 of the 100 of January to June
    assert new["value"] == 0  # 0 of the 20 since July
    assert json.loads(new["extra"])["export_cny"] == 200_000


def test_the_county_table_wins_over_the_firm_table_and_its_own_total_is_the_city(tmp_path):
    county = write_bureau(
        tmp_path / "县.xlsx",
        "2025年9月各县市区进出口情况表",
        [["冷水滩区", *trade(0, 60, 0, 40)], ["全市", *trade(0, 150, 0, 50)]],
        leading=("县市区",),
    )
    firms = month(tmp_path, "2025年9月", firm(A, 90, 10), firm(B, 75, 25, "东安县"))
    board = scoreboard(tmp_path, county, firms, confirm="合计含未列出的县")
    assert board["import_share", "431103", "2025-09"]["value"] == pytest.approx(0.4)  # county table
    assert board["import_share", "431122", "2025-09"]["value"] == pytest.approx(
        0.25
    )  # only the firm table knows
    assert board["import_share", "4311", "2025-09"]["value"] == pytest.approx(
        0.25
    )  # its 全市 row, not the sum


def test_the_city_is_the_sum_where_the_table_has_no_total(tmp_path):
    board = scoreboard(tmp_path, month(tmp_path, "2025年9月", firm(A, 90, 10), firm(B, 60, 40, "东安县")))
    assert board["import_share", "4311", "2025-09"]["value"] == pytest.approx(0.25)


def test_the_total_row_of_the_firm_table_is_the_city(tmp_path):
    table = write_bureau(
        tmp_path / "t.xlsx",
        "2025年9月",
        [["甲", A, "冷水滩区", *trade(0, 90, 0, 10)], ["合计", None, None, *trade(0, 80, 0, 20)]],
    )
    board = scoreboard(tmp_path, table, confirm="合计含未列出的企业")
    assert board["import_share", "4311", "2025-09"]["value"] == pytest.approx(0.2)


def test_declarations_stand_in_where_no_table_is_and_only_with_both_directions(tmp_path):
    lines = [
        ("202501", "出口", A, "甲", "07020000", "110", "0110", 90, 1),
        ("202501", "进口", A, "甲", "12019019", "502", "0110", 10, 1),
    ]
    one_way = declared(tmp_path / "two.csv", [("202502", "出口", A, "甲", "07020000", "110", "0110", 90, 1)])
    board = scoreboard(tmp_path, declared(tmp_path / "one.csv", lines), one_way)
    assert board["import_share", "431103", "2025-01"]["value"] == pytest.approx(0.1)
    assert board["import_share", "431103", "2025-02"]["status"] == "no_data"


def cbec(folder, *lines, name="cbec.csv"):
    return write_csv(folder / name, [("统计月份", "县市区", "出口（万元）", "进口（万元）"), *lines])


def test_cbec_growth_is_the_same_months_average_annual_growth(tmp_path):
    board = scoreboard(
        tmp_path,
        cbec(
            tmp_path,
            ("202301", "道县", 60, 40),
            ("202401", "道县", 150, 0),
            ("202501", "道县", 225, 0),
            ("202601", "道县", 337.5, 0),
        ),
    )
    assert [board["cbec_growth", "431124", f"{year}-01"]["value"] for year in (2024, 2025, 2026)] == [
        0.5,
        0.5,
        0.5,
    ]
    assert board["cbec_growth", "431124", "2026-01"]["status"] == "met"
    assert json.loads(board["cbec_growth", "431124", "2026-01"]["extra"])["yoy"] == pytest.approx(0.5)


def test_cbec_from_zero_has_started_and_zero_still_is_behind(tmp_path):
    board = scoreboard(
        tmp_path,
        cbec(
            tmp_path,
            ("202301", "道县", 0, 0),
            ("202301", "江永县", 0, 0),
            ("202401", "道县", 5, 0),
            ("202401", "江永县", 0, 0),
        ),
    )
    started, still = board["cbec_growth", "431124", "2024-01"], board["cbec_growth", "431125", "2024-01"]
    assert (started["status"], started["value"], started["note"]) == ("no_data", None, "基期为零，已起步")
    assert (still["status"], still["value"]) == ("behind", None)


def test_a_missing_month_makes_the_cbec_cumulative_unknown(tmp_path):
    board = scoreboard(
        tmp_path,
        cbec(
            tmp_path,
            *((f"2023{m:02d}", "道县", 10, 0) for m in (1, 2, 3)),
            ("202401", "道县", 20, 0),
            ("202403", "道县", 20, 0),
        ),
    )
    assert board["cbec_growth", "431124", "2024-01"]["value"] == 1
    assert board["cbec_growth", "431124", "2024-03"]["status"] == "no_data"


def test_a_combined_january_february_counts_as_two_months_of_cbec(tmp_path):
    board = scoreboard(
        tmp_path,
        cbec(tmp_path, ("202301", "道县", 10, 0), ("202302", "道县", 10, 0), ("2024年1—2月", "道县", 40, 0)),
    )
    assert board["cbec_growth", "431124", "2024-02"]["value"] == 1


@pytest.mark.parametrize("january", ["a file of its own", "declarations"])
def test_january_is_not_added_to_the_combined_figure_that_holds_it(tmp_path, january):
    base = [(f"2023{month:02d}", "道县", 10, 0) for month in (1, 2, 3)]
    firm = code("431124", 7)
    own = cbec(tmp_path, ("202401", "道县", 15, 0), name="一月.csv")
    both = [
        ("202401", flag, firm, "甲", "42021290", "502", "9610", 150_000 * times, 1)
        for flag, times in (("出口", 1), ("进口", 0))
    ]
    first = own if january == "a file of its own" else declared(tmp_path / "一月明细.csv", both)
    later = cbec(tmp_path, ("2024年1—2月", "道县", 40, 0), ("202403", "道县", 35, 0), name="三月.csv")
    board = scoreboard(tmp_path, cbec(tmp_path, *base), first, later)
    found = [board["cbec_growth", "431124", f"2024-{month}"]["value"] for month in ("01", "02", "03")]
    assert found == [0.5, 1, 1.5]  # 15 ÷ 10, 40 ÷ 20, (40 + 35) ÷ 30


def test_cbec_falls_back_to_declarations_by_customs_mode(tmp_path):
    lines = [
        (f"{year}01", flag, A, "甲", "42021290", "502", mode, yuan, 1)
        for year, yuan in ((2023, 100), (2024, 150))
        for flag, mode in (("出口", "9610"), ("进口", "1210"), ("出口", "0110"))
    ]
    board = scoreboard(tmp_path, declared(tmp_path / "d.csv", lines))
    row = board["cbec_growth", "431103", "2024-01"]
    assert row["value"] == 0.5
    assert json.loads(row["extra"])["ytd_cny"] == 300


PARKS = [("园区", "县市区"), ("甲园", "道县"), ("乙园", "道县"), ("丙园", "江永县")]
PROJECT = ("项目名称", "园区", "县市区", "引进日期", "投资额", "币种", "汇率")


def test_a_unit_is_as_its_worst_park_and_a_park_without_projects_is_red(tmp_path):
    projects = [
        PROJECT,
        *((f"项目{n}", "甲园", "道县", "2025-02-01", 1_000_000, "美元", "") for n in range(2)),
        ("项目乙", "乙园", "道县", "2025-03-01", "7,000,000", "人民币", "7"),
        ("太小", "乙园", "道县", "2025-03-01", "6,999,999", "人民币", "7"),
        ("去年", "丙园", "江永县", "2024-12-31", 2_000_000, "美元", ""),
    ]
    board = scoreboard(
        tmp_path,
        write_csv(tmp_path / "p.csv", PARKS),
        write_csv(tmp_path / "q.csv", projects),
        cbec(tmp_path, ("202509", "道县", 1, 0)),
    )
    city, dao, jiangyong = (board["park_projects", unit, "2025-09"] for unit in ("4311", "431124", "431125"))
    assert (city["value"], city["target"], city["pace"], city["status"]) == (1, 3, None, "behind")
    assert (dao["value"], dao["pace"], dao["status"]) == (1, 1, "on_pace")
    assert (jiangyong["value"], jiangyong["status"]) == (0, "behind")


def test_the_city_is_on_pace_when_every_park_is(tmp_path):
    projects = [
        PROJECT,
        *(
            (f"项目{park}", park, "", "2025-02-01", 1_000_000, "美元", "")
            for park in ("甲园", "乙园", "丙园")
        ),
    ]
    board = scoreboard(
        tmp_path,
        write_csv(tmp_path / "p.csv", PARKS),
        write_csv(tmp_path / "q.csv", projects),
        cbec(tmp_path, ("202509", "道县", 1, 0)),
    )
    assert board["park_projects", "4311", "2025-09"]["status"] == "on_pace"


CASES = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态", "退税额")


def test_rebate_days_average_normal_cases_of_the_year_by_class_and_unit(tmp_path):
    ledger = write_csv(
        tmp_path / "t.csv",
        [
            CASES,
            ("1", A, "2025-03-04", "2025-03-04", "一类", "正常", "1"),  # 0 days
            ("2", A, "2025-03-04", "2025年3月10日", "二类", "正常", "1"),  # 4 days over a weekend
            ("3", B, "2025.3.3", "20250311", "三类", "正常", "1"),  # 6 days
            ("4", B, "2025-03-03", "2025-03-31", "一类", "函调", "1"),
            ("5", B, "2024-12-30", "2024-12-31", "一类", "正常", "1"),  # last year's
            ("6", B, "2025-03-03", "", "一类", "正常", "1"),  # still open
            ("7", B, "2025-03-05", "2025-03-04", "一类", "正常", "1"),  # impossible
            ("3", B, "2025.3.3", "20250311", "三类", "正常", "1"),  # the third again
        ],
    )
    board = scoreboard(tmp_path, ledger)
    assert board["rebate_days", "4311", "2025-03"]["value"] == pytest.approx(10 / 3)
    assert board["rebate_days", "4311", "2025-03"]["status"] == "met"
    assert board["rebate_days_class12", "4311", "2025-03"]["value"] == 2
    assert board["rebate_days", "431122", "2025-03"]["status"] == "behind"
    assert board["rebate_days_class12", "431122", "2025-03"]["status"] == "no_data"
    assert board["rebate_days_class12", "431122", "2024-12"]["value"] == 1


PAYMENT = ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额")


def test_the_support_cap_is_over_a_million_not_at_it_and_counts_since_the_document(tmp_path):
    ledger = write_csv(
        tmp_path / "s.csv",
        [
            PAYMENT,
            ("2024-06-13", A, "甲", "冷水滩区", "鼓励类进口贴息", "早", "", "900,000"),
            ("2024-06-14", A, "甲", "冷水滩区", "鼓励类进口贴息", "一", "", "600,000"),
            ("2025-01-10", A, "甲", "冷水滩区", "AEO高级认证费", "二", "", "400,000"),
            ("2025-02-10", A, "甲", "冷水滩区", "AEO高级认证费", "三", "", "0.01"),
        ],
    )
    board = scoreboard(tmp_path, ledger, cbec(tmp_path, *((f"2025{m:02d}", "道县", 1, 0) for m in (1, 2))))
    assert board["support_cap", "431103", "2025-01"]["status"] == "met"
    assert board["support_cap", "431103", "2025-02"]["status"] == "behind"
    assert board["support_cap", "4311", "2025-02"]["value"] == 1
    assert json.loads(board["support_cap", "4311", "2025-02"]["extra"])["over_cny"] == 0.01


EVENTS = ("类别", "名称", "县市区", "日期", "金额", "依据")


def test_events_count_from_their_day_on(tmp_path):
    events = write_csv(
        tmp_path / "e.csv",
        [
            EVENTS,
            ("飞地经济", "园中园", "道县", "2025-02-28", "", ""),
            ("跨境电商服务企业", "某服务", "道县", "2025-03-01", "", ""),
        ],
    )
    board = scoreboard(tmp_path, events, cbec(tmp_path, *((f"2025{m:02d}", "道县", 1, 0) for m in (1, 2, 3))))
    assert [board["break_zero_enclave", "4311", f"2025-0{m}"]["status"] for m in (1, 2, 3)] == [
        "behind",
        "met",
        "met",
    ]
    assert board["cbec_service_firms", "4311", "2025-03"]["value"] == 1
    assert board["cbec_service_firms", "431124", "2025-03"]["status"] == "monitor"


def test_market_procurement_breaks_zero_by_a_customs_row(tmp_path):
    board = scoreboard(
        tmp_path, declared(tmp_path / "d.csv", [("202501", "出口", A, "甲", "42021290", "502", "1039", 5, 1)])
    )
    assert board["break_zero_1039", "4311", "2025-01"]["status"] == "met"


def cluster(number, unit="东安县", name="东安集群"):
    return [
        (code("431122", 100 + n), f"成员{n}", unit, "", "机电产品", name, "三", "否", "2023-01-01")
        for n in range(number)
    ]


def test_a_cluster_qualifies_at_five_trading_firms_and_two_hundred_million(tmp_path):
    members = cluster(6)
    traded = [firm(row[0], 4_000, unit="东安县") for row in members[:5]] + [
        firm(members[5][0], 0, unit="东安县")
    ]
    board = scoreboard(
        tmp_path, registry(tmp_path / "r.csv", members), month(tmp_path, "2024年12月", *traded)
    )
    row = board["county_clusters", "431122", "2024-12"]
    assert (row["value"], row["status"], row["note"]) == (1, "met", "基期（2023-12）无数据，序时进度从0起算")
    assert json.loads(row["extra"]) == {"firms": 5, "ttm_cny": 200_000_000}
    assert board["county_clusters", "4311", "2024-12"]["value"] == 1
    assert board["county_clusters", "431103", "2024-12"]["value"] == 0


def test_a_cluster_short_of_firms_or_value_is_the_smaller_of_both_parts(tmp_path):
    members = cluster(4)
    traded = [firm(row[0], 1_000, unit="东安县") for row in members]
    board = scoreboard(
        tmp_path, registry(tmp_path / "r.csv", members), month(tmp_path, "2024年12月", *traded)
    )
    assert board["county_clusters", "431122", "2024-12"]["value"] == pytest.approx(
        0.2
    )  # 4,000 of 20,000, not 4 of 5


TARGETS = ("指标", "县市区", "目标值", "截止日期")


def test_a_county_target_gives_the_unit_a_colour_of_its_own(tmp_path):
    targets = write_csv(
        tmp_path / "t.csv",
        [
            TARGETS,
            ("firms_over_100m", "冷水滩区", "2", "2027-06"),
            ("进口占比", "东安县", "20%", "2026-12-31"),
            ("进口占比", "道县", 0.3, "2026-12-31"),
        ],
    )
    board = scoreboard(
        tmp_path,
        targets,
        month(tmp_path, "2023年12月", firm(A, 1_000)),
        month(tmp_path, "2024年12月", firm(A, 20_000, 100), firm(B, 85, 15, "东安县")),
    )
    assert (
        board["firms_over_100m", "431103", "2024-12"]["status"] == "on_pace"
    )  # 1 of 2, pace ⌊2 × 12 ÷ 42⌋ = 0
    assert board["firms_over_100m", "431122", "2024-12"]["status"] == "monitor"
    assert board["firms_over_100m", "431103", "2024-12"]["deadline"] == "2027-06"
    assert board["import_share", "431122", "2024-12"]["target"] == 0.2
    assert board["import_share", "431124", "2024-12"]["target"] == 0.3


def test_an_input_that_was_never_loaded_is_grey(tmp_path):
    board = scoreboard(tmp_path, month(tmp_path, "2024年12月", firm(A, 1)))
    for indicator in (
        "rebate_days",
        "support_cap",
        "park_projects",
        "cbec_growth",
        "break_zero_enclave",
        "county_clusters",
    ):
        assert board[indicator, "4311", "2024-12"]["status"] == "no_data", indicator


def test_ranks_share_the_better_place_and_no_data_has_none(tmp_path):
    firms = [
        firm(code(division, 9), exports, 10, name)
        for name, division, exports in (
            ("零陵区", "431102", 90),
            ("冷水滩区", "431103", 40),
            ("道县", "431124", 40),
            ("东安县", "431122", 10),
        )
    ]
    board = scoreboard(tmp_path, month(tmp_path, "2024年12月", *firms))
    ranks = {
        unit: board["import_share", unit, "2024-12"]["rank"]
        for unit in ("431122", "431103", "431124", "431102", "431125")
    }
    assert ranks == {"431122": 1, "431103": 2, "431124": 2, "431102": 4, "431125": None}


def test_since_names_the_first_month_of_the_unbroken_run(tmp_path):
    shares = {"2023年12月": 4, "2025年3月": 9, "2025年4月": 2, "2025年5月": 2}
    board = scoreboard(
        tmp_path,
        *(month(tmp_path, title, firm(A, 100 - imports, imports)) for title, imports in shares.items()),
    )
    assert board["import_share", "4311", "2025-05"]["since"] == "2025-04"


@pytest.mark.skipif(not SHARED_REFERENCE.exists(), reason="the shared reference case is not on this machine")
def test_the_shared_reference_case_comes_out_as_computed_independently(tmp_path):
    board = scoreboard(tmp_path, *expand([SHARED_REFERENCE / "inbox"]))
    expected = json.loads((SHARED_REFERENCE / "expected.json").read_text(encoding="utf-8"))
    for want in expected["rows"]:
        got = board[want["indicator"], want["unit"], expected["period"]]
        for name in ("value", "target", "pace"):
            assert got[name] == (None if want[name] is None else pytest.approx(want[name], rel=1e-9)), (
                want,
                name,
            )
        assert got["status"] == want["status"], want
