"""Files that wait for a person, and what lets them in. Figures of bureau tables are 万元."""

import datetime as dt

import duckdb
import openpyxl
import pytest
import time_machine
from builders import code, declared, firm_table, trade, write_bureau, write_csv

from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.repair_book import export

A, B = code("431103", 1), code("431122", 2)


def run(data, *paths, confirm=None):
    return load(data, [(path, Hints()) for path in paths], Options(confirm=confirm))


def refusal(report):
    return report.files[-1].refused


def month(folder, title, *figures, firms=(A, B), name=None):
    rows = [
        (f"企业{uscc[-4:]}", uscc, "冷水滩区", trade(*row)) for uscc, row in zip(firms, figures, strict=False)
    ]
    return firm_table(folder / f"{name or title}.xlsx", f"{title}企业进出口情况表", rows)


def august(folder):
    return month(folder, "2025年8月", (100, 800, 10, 80), (50, 400, 5, 40))


def test_a_table_in_the_wrong_unit_is_held_and_says_how_many_times(tmp_path):
    slipped = month(tmp_path, "2025年9月", (100e4, 900e4, 10e4, 90e4), (50e4, 450e4, 5e4, 45e4))
    report = run(tmp_path / "data", august(tmp_path), slipped)
    assert report.exit_code == 2
    assert "2025-09 的合计与 2025-08 相比相差约10000倍，疑似金额单位写错" in refusal(report)
    assert "--confirm" in refusal(report)


def test_a_table_in_dollars_by_the_size_of_its_figures_is_held(tmp_path):
    dollars = month(tmp_path, "2025年9月", (14, 900 / 7.1, 1, 90 / 7.1), (7, 450 / 7.1, 1, 45 / 7.1))
    assert "疑似币种写错" in refusal(run(tmp_path / "data", august(tmp_path), dollars))


def test_one_firm_in_the_wrong_unit_is_held_by_row(tmp_path):
    one = month(tmp_path, "2025年9月", (100, 900, 10, 90), (50e4, 450e4, 5e4, 45e4))
    assert f"第6行（{B}）" in refusal(run(tmp_path / "data", august(tmp_path), one))


def test_the_year_begins_anew_without_a_hold(tmp_path):
    old = month(tmp_path, "2025年12月", (100, 1200, 10, 120), (50, 600, 5, 60))
    new = month(tmp_path, "2026年1—2月", (150, 150, 15, 15), (80, 80, 8, 8))
    assert run(tmp_path / "data", old, new).exit_code == 0


def test_a_total_that_differs_from_its_rows_is_held_beyond_half_a_percent(tmp_path):
    def table(name, total):
        rows = [["甲", A, "冷水滩区", *trade(0, 900, 0, 100)], ["合计", None, None, *trade(0, total, 0, 100)]]
        return write_bureau(tmp_path / name, "2025年9月", rows)

    assert run(tmp_path / "a", table("a.xlsx", 904)).exit_code == 0
    assert "合计行" in refusal(run(tmp_path / "b", table("b.xlsx", 906)))


def test_a_total_is_not_compared_where_rows_of_the_file_are_in_quarantine(tmp_path):
    rows = [
        ["甲", A, "冷水滩区", *trade(0, 900, 0, 100)],
        ["乙", "坏代码", "冷水滩区", *trade(0, 900, 0, 100)],
        ["合计", None, None, *trade(0, 1800, 0, 200)],
    ]
    assert run(tmp_path / "data", write_bureau(tmp_path / "t.xlsx", "2025年9月", rows)).exit_code == 1


def test_a_firm_that_vanished_within_the_year_is_held_by_name(tmp_path):
    without_b = month(tmp_path, "2025年9月", (100, 900, 10, 90))
    assert f"少了上期有累计数的 1 家企业（企业{B[-4:]}）" in refusal(
        run(tmp_path / "data", august(tmp_path), without_b)
    )


def test_a_firm_that_a_revision_leaves_out_is_told_and_goes(tmp_path):
    """A newer file replaces its month whole; whether the firm was there by mistake, only the sender knows."""
    again = month(tmp_path, "2025年8月", (100, 800, 10, 80), name="八月订正")
    done = run(tmp_path / "data", august(tmp_path), again)
    assert f"2025-08 的表里少了被取代的同月数据中有累计数的 1 家企业（企业{B[-4:]}）" in done.files[-1].notes
    assert done.exit_code == 0


def counties(folder, title, *rows, name=None):
    path = folder / f"{name or title}.xlsx"
    return write_bureau(path, f"{title}县市区进出口情况表", rows, leading=("县市区",))


def test_a_unit_that_vanished_from_a_table_without_total_is_held_by_name(tmp_path):
    """道县 had 900 by August; 新田县 had nothing, and may be left out."""
    all_of_them = [
        ["道县", *trade(90, 900, 0, 0)],
        ["东安县", *trade(50, 500, 0, 0)],
        ["新田县", *trade(0, 0, 0, 0)],
    ]
    before = counties(tmp_path, "2025年8月", *all_of_them)
    after = counties(tmp_path, "2025年9月", ["东安县", *trade(55, 555, 0, 0)], name="后来")
    found = refusal(run(tmp_path / "data", before, after))
    assert "1 个县市区（道县）" in found and "--confirm" in found


def test_a_unit_under_its_former_code_has_not_vanished(tmp_path):
    before = counties(tmp_path, "2025年8月", ["祁阳市", *trade(90, 900, 0, 0)])
    assert (
        run(
            tmp_path / "data", before, counties(tmp_path, "2025年9月", ["431121", *trade(90, 990, 0, 0)])
        ).exit_code
        == 0
    )


@pytest.mark.parametrize("kind", ["cbec", "county"])
def test_an_unknown_unit_holds_a_table_of_units(tmp_path, kind):
    if kind == "cbec":
        rows = [
            ("统计月份", "县市区", "出口（万元）", "进口（万元）"),
            ("202509", "长沙县", 1, 0),
            ("202509", "道县", 1, 0),
        ]
        path = write_csv(tmp_path / "c.csv", rows)
    else:
        lines = [["长沙县", *trade(0, 1, 0, 1)], ["道县", *trade(0, 1, 0, 1)]]
        path = write_bureau(tmp_path / "c.xlsx", "2025年9月", lines, leading=("县市区",))
    assert "县市区「长沙县」不认识" in refusal(run(tmp_path / "data", path))


@time_machine.travel(dt.datetime(2026, 11, 25, 9, 0), tick=True)
def test_a_period_in_the_future_is_held(tmp_path):
    assert "2026-12 还没有到" in refusal(run(tmp_path / "data", month(tmp_path, "2026年12月", (1, 1, 1, 1))))


def test_a_period_long_final_is_held_when_a_file_would_change_it(tmp_path):
    data = tmp_path / "data"
    run(data, month(tmp_path, "2024年3月", (1, 1, 1, 1)), month(tmp_path, "2025年9月", (1, 1, 1, 1)))
    late = month(tmp_path, "2024年3月", (2, 2, 2, 2), name="改")
    assert "2024-03 的数据已定稿" in refusal(run(data, late))


def test_loading_history_backwards_is_not_a_change_of_what_is_final(tmp_path):
    report = run(
        tmp_path / "data",
        month(tmp_path, "2025年9月", (1, 1, 1, 1)),
        month(tmp_path, "2023年3月", (1, 1, 1, 1)),
    )
    assert report.exit_code == 0


def test_declarations_in_dollars_by_size_are_held(tmp_path):
    def lines(period, yuan):
        return [
            (period, "出口", A, "甲", "07020000", "110", "0110", yuan, 1),
            (period, "进口", A, "甲", "12019019", "502", "0110", yuan, 1),
        ]

    before = declared(tmp_path / "a.csv", lines("202508", 71_000))
    after = declared(tmp_path / "b.csv", lines("202509", 10_000))
    assert "疑似币种写错" in refusal(run(tmp_path / "data", before, after))


def test_a_held_file_changes_nothing_and_a_confirmed_one_keeps_the_reason(tmp_path):
    data = tmp_path / "data"
    before = run(data, august(tmp_path)).snapshot
    without_b = month(tmp_path, "2025年9月", (100, 900, 10, 90))
    assert run(data, without_b).snapshot is None
    assert snapshot.current(data) == before
    report = run(data, without_b, confirm="乙公司已注销")
    assert report.exit_code == 0
    assert "已确认（乙公司已注销）" in report.files[0].notes[0]
    with duckdb.connect(str(report.snapshot.path), read_only=True) as con:
        kept = con.execute("select hold, reason from confirmation").fetchall()
    assert kept[0][1] == "乙公司已注销"
    assert "少了上期有累计数的 1 家企业" in kept[0][0]


@pytest.mark.parametrize(("place", "column"), [(3, "进出口当月"), (4, "进出口累计"), (9, "进口当月")])
def test_a_total_off_in_one_column_alone_is_held_and_named(tmp_path, place, column):
    rows = [
        ["甲", A, "冷水滩区", 110, 1000, None, 100, 900, None, 10, 100, None],
        ["乙", B, "东安县", 110, 1000, None, 100, 900, None, 10, 100, None],
        ["合计", None, None, 220, 2000, None, 200, 1800, None, 20, 200, None],
    ]
    rows[2][place] = 1.1 * rows[2][place]
    path = write_bureau(tmp_path / "t.xlsx", "2025年9月", rows)
    assert f"合计行「{column}」" in refusal(run(tmp_path / "data", path))


@pytest.mark.parametrize(("unit", "scale", "exit_code"), [("亿元", 1, 0), ("万元", 10_000, 2)])
def test_what_rounding_leaves_of_a_small_total_is_no_slip_in_a_large_unit(tmp_path, unit, scale, exit_code):
    """Imports of 0.104 and 0.104 are printed as 0.10, their total as 0.21: in 万元 no rounding explains that."""
    rows = [[name, *trade(0, 0.4 * scale, 0, 0.1 * scale)] for name in ("道县", "新田县")]
    total = ["全市", *trade(0, 0.8 * scale, 0, 0.21 * scale)]
    path = write_bureau(tmp_path / "t.xlsx", "2025年9月", [*rows, total], leading=("县市区",), unit=unit)
    assert run(tmp_path / "data", path).exit_code == exit_code


def test_a_month_that_comes_again_in_another_unit_is_held(tmp_path):
    again = month(tmp_path, "2025年8月", (1_000_000, 8_000_000, 100_000, 800_000), name="改")
    assert "与已加载的同月数据相比相差约6667倍" in refusal(run(tmp_path / "data", august(tmp_path), again))


def test_e_commerce_in_dollars_by_the_size_of_its_figures_is_held(tmp_path):
    def cbec(name, period, yuan):
        rows = [("统计月份", "县市区", "出口（元）", "进口（元）"), (period, "道县", yuan, 0)]
        return write_csv(tmp_path / name, rows)

    before, after = cbec("a.csv", "202508", 7_100_000), cbec("b.csv", "202509", 1_000_000)
    assert "疑似币种写错" in refusal(run(tmp_path / "data", before, after))


@pytest.mark.parametrize(("march", "exit_code"), [(100, 2), (700, 0)], ids=["in dollars", "in yuan"])
def test_a_month_of_e_commerce_is_compared_with_the_half_of_january_and_february_in_one(
    tmp_path, march, exit_code
):
    """1400 千元 in two months: 100 is a seventh of each month, and a fourteenth of both together."""
    rows = [("统计月份", "县市区", "出口（元）", "进口（元）"), ("2025年1—2月", "道县", 1_400_000, 0)]
    before = write_csv(tmp_path / "二月.csv", rows)
    after = write_csv(tmp_path / "三月.csv", [rows[0], ("202503", "道县", march * 1000, 0)])
    assert run(tmp_path / "data", before, after).exit_code == exit_code


def test_an_entry_of_a_ledger_that_comes_again_in_another_unit_is_held_by_row(tmp_path):
    def paid(name, yuan):
        header = ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "补助金额")
        return write_csv(
            tmp_path / name, [header, ("2025-06-28", A, "甲", "东安县", "鼓励类进口贴息", "项目", yuan)]
        )

    assert "第2行的金额与已加载的同一记录相比相差约10000倍" in refusal(
        run(tmp_path / "data", paid("a.csv", 200_000), paid("b.csv", 20))
    )


def raw_month(folder, title, *rows, unit="万元"):
    """A firm table of any figures: rows of (name, code, 县市区, the nine figures)."""
    return firm_table(folder / f"{title}.xlsx", f"{title}企业进出口情况表", rows, unit=unit)


@pytest.mark.parametrize(
    ("september", "named"),
    [
        ((100, 900, 10, 90e4), "2025-09 的进口累计合计与 2025-08 相比相差约10000倍"),
        ((100, 900, 10, 90e-4), "2025-09 的进口累计合计与 2025-08 相比相差约10000倍"),
        ((100e4, 900, 10, 90), "2025-09 的出口当月合计与 2025-08 相比相差约10000倍"),
        ((100, 900, 10e4, 90), "2025-09 的进口当月合计与 2025-08 相比相差约10000倍"),
        ((100e8, 900e8, 10e8, 90e8), "2025-09 的合计与 2025-08 相比相差约100000000倍"),
        ((100e6, 900e6, 10e6, 90e6), "2025-09 的合计与 2025-08 相比相差约1000000倍"),
    ],
    ids=[
        "imports up",
        "imports down",
        "exports of the month",
        "imports of the month",
        "亿元 over 元",
        "百万元 over 元",
    ],
)
def test_each_column_is_compared_with_itself_and_however_far_it_is_off(tmp_path, september, named):
    """August: exports of 800 and imports of 80. Imports in 元 read as 万元 move the sum of both a thousandfold only."""
    before = month(tmp_path, "2025年8月", (100, 800, 10, 80), firms=(A,))
    assert named in refusal(
        run(tmp_path / "data", before, month(tmp_path, "2025年9月", september, firms=(A,)))
    )


def test_a_total_of_both_flows_alone_in_another_unit_is_held(tmp_path):
    def row(total):
        return ("甲", A, "冷水滩区", [110, total, None, 100, 800, None, 10, 80, None])

    report = run(
        tmp_path / "data",
        raw_month(tmp_path, "2025年8月", row(880)),
        raw_month(tmp_path, "2025年9月", row(990e4)),
    )
    assert "进出口累计合计与 2025-08 相比相差约10000倍" in refusal(report)


def test_one_firms_imports_in_another_unit_are_held_by_row(tmp_path):
    slipped = month(tmp_path, "2025年9月", (100, 900, 10, 90), (50, 450, 5, 45e-4))
    assert f"第6行（{B}）2025-09 的进口累计与 2025-08 相比相差约8889倍" in refusal(
        run(tmp_path / "data", august(tmp_path), slipped)
    )


@pytest.mark.parametrize(
    ("august_row", "september_row"),
    [
        ((0, 800, 0, 0.5), (0, 900, 0, 2000)),
        ((3000, 8000, 1, 5), (1, 8001, 1, 6)),
        ((1, 800, 1, 5), (3000, 3800, 300, 305)),
    ],
    ids=["imports begin, from 5000 yuan before", "a season ends", "a season begins"],
)
def test_what_begins_or_ends_as_a_firms_trade_does_is_not_held(tmp_path, august_row, september_row):
    one = month(tmp_path, "2025年8月", august_row, (900, 4000, 0, 0))
    two = month(tmp_path, "2025年9月", september_row, (900, 4900, 0, 0))
    assert run(tmp_path / "data", one, two).exit_code == 0


def test_a_firm_that_all_but_stopped_in_a_new_year_is_not_held(tmp_path):
    old = month(tmp_path, "2025年2月", (3000, 3000, 0, 0), (3000, 3000, 0, 0))
    new = month(tmp_path, "2026年2月", (3000, 3000, 0, 0), (0.5, 0.5, 0, 0))
    assert run(tmp_path / "data", old, new).exit_code == 0


def one_way(path, period, flag, yuan):
    return declared(path, [(period, flag, A, "甲", "07020000", "110", "0110", yuan, 1)])


def test_a_file_of_imports_is_compared_with_imports_alone(tmp_path):
    """August: exports of 600, imports of 100. Imports of 100 again are no dollars, whatever 700 ÷ 100 is."""
    data = tmp_path / "data"
    run(
        data,
        one_way(tmp_path / "a.csv", "202508", "出口", 600_000),
        one_way(tmp_path / "b.csv", "202508", "进口", 100_000),
    )
    report = run(data, one_way(tmp_path / "c.csv", "202509", "进口", 100_000))
    assert report.files[0].refused == ""
    dollars = run(data, one_way(tmp_path / "d.csv", "202509", "出口", 85_000))
    assert "2025-09 的合计与 2025-08 相比相差7.1倍，疑似币种写错" in refusal(dollars)


def test_imports_that_come_again_in_another_unit_are_held(tmp_path):
    data = tmp_path / "data"
    run(
        data,
        one_way(tmp_path / "a.csv", "202508", "出口", 600_000),
        one_way(tmp_path / "b.csv", "202508", "进口", 100_000),
    )
    again = run(data, one_way(tmp_path / "c.csv", "202508", "进口", 10))
    assert "2025-08 的合计与已加载的同月数据相比相差约10000倍" in refusal(again)


def test_a_firm_without_imports_that_vanished_is_held(tmp_path):
    """B exported 400 and left its imports blank."""
    blank = ("乙", B, "东安县", [None, 400, None, 50, 400, None, None, "—", None])
    before = raw_month(tmp_path, "2025年8月", ("甲", A, "冷水滩区", trade(100, 800, 10, 80)), blank)
    without_b = month(tmp_path, "2025年9月", (100, 900, 10, 90))
    assert "少了上期有累计数的 1 家企业（乙）" in refusal(run(tmp_path / "data", before, without_b))


@pytest.mark.parametrize(("firms", "exit_code"), [((A,), 2), ((A, B), 1)], ids=["two gone", "one gone"])
def test_more_firms_gone_than_rows_in_quarantine_is_held(tmp_path, firms, exit_code):
    """A faulty row may be one firm that seems gone, not two."""
    data, c = tmp_path / "data", code("431124", 3)
    run(data, month(tmp_path, "2025年8月", (1, 8, 0, 0), (1, 8, 0, 0), (1, 8, 0, 0), firms=(A, B, c)))
    rows = [("甲", uscc, "冷水滩区", trade(1, 9, 0, 0)) for uscc in firms] + [
        ("丙", "坏代码", "道县", trade(1, 9, 0, 0))
    ]
    report = run(data, raw_month(tmp_path, "2025年9月", *rows))
    assert report.exit_code == exit_code
    assert exit_code == 1 or "2 家企业" in refusal(report)


def units_of(folder, title, *rows):
    return write_bureau(folder / f"{title}.xlsx", title, rows, leading=("县市区",))


def test_a_unit_listed_twice_with_other_figures_is_held_by_its_rows(tmp_path):
    """A draft beside its correction: added up, 道县 would have 15."""
    rows = [["道县", *trade(10, 10, 0, 0)], ["新田县", *trade(1, 1, 0, 0)], ["道县", *trade(5, 5, 0, 0)]]
    report = run(tmp_path / "data", units_of(tmp_path, "2025年9月", *rows))
    assert "2025-09 的道县有 2 行（第5、7行），会相加" in refusal(report)


def test_e_commerce_of_one_unit_and_month_in_two_rows_is_held(tmp_path):
    rows = [
        ["统计月份", "县市区", "出口（元）", "进口（元）"],
        *(["202509", "道县", str(n), "0"] for n in (5, 6)),
    ]
    report = run(tmp_path / "data", write_csv(tmp_path / "电商.csv", rows))
    assert "2025-09 的道县有 2 行（第2、3行），会相加" in refusal(report)


def test_a_firm_listed_twice_is_added_up_and_told(tmp_path):
    """It may have two codes of the customs."""
    report = run(tmp_path / "data", month(tmp_path, "2025年9月", (1, 9, 0, 0), (2, 8, 0, 0), firms=(A, A)))
    assert report.exit_code == 0
    assert f"2025-09 的企业{A[-4:]}有 2 行（第5、6行），会相加" in report.files[0].notes


def test_a_repaired_row_of_a_unit_that_stands_already_is_held(tmp_path):
    """The misspelled second 道县 is mended to a unit that has its row."""
    data = tmp_path / "data"
    rows = [
        ["统计月份", "县市区", "出口（元）", "进口（元）"],
        ["202509", "道县", "5", "0"],
        ["202509", "道悬", "6", "0"],
    ]
    report = run(data, write_csv(tmp_path / "电商.csv", rows), confirm="先入库")
    assert report.files[0].quarantined == 1
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        export(con, tmp_path / "更正.xlsx", load_policy())
    book = openpyxl.load_workbook(tmp_path / "更正.xlsx")
    for row in book.active.iter_rows():
        for cell in row:
            cell.value = "道县" if cell.value == "道悬" else cell.value
    book.save(tmp_path / "更正.xlsx")
    assert "2025-09 的道县有 2 行" in refusal(run(data, tmp_path / "更正.xlsx"))


@pytest.mark.parametrize(
    ("month_export", "months", "told"),
    [(40, 1, ["标题写的是1—2月，当月却小于累计，当月按2月一个月计"]), (100, 2, [])],
)
def test_a_table_of_january_and_february_may_have_february_alone_as_its_month(
    tmp_path, month_export, months, told
):
    rows = [["道县", *trade(month_export, 100, 0, 0)], ["合计", *trade(month_export, 100, 0, 0)]]
    report = run(tmp_path / "data", units_of(tmp_path, "2025年1—2月", *rows))
    assert list(report.files[0].notes) == told
    with duckdb.connect(str(report.snapshot.path), read_only=True) as con:
        for table in ("fact_county_month", "fact_total", "coverage"):
            assert con.execute(f"select months from {table}").fetchall() == [(months,)]
