"""The quarantine as a workbook that goes out and comes back mended: what joins, what stays, what counts once."""

import json

import duckdb
import openpyxl
import pytest
from builders import code, declared, firm_table, registry, trade, write_bureau, write_csv

from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.quarantine import WAITING, waiting
from etl.repair_book import MOST_ROWS, write_book

A, B, C = code("431103", 1), code("431122", 2), code("431124", 3)


def run(data, *paths, hints=None, **options):
    return load(data, [(path, hints or Hints()) for path in paths], Options(**options))


def rows(data, query):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


def book_of(data, path, file="", kind=""):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        found = waiting(con.sql(WAITING, params=[file, kind, MOST_ROWS]).pl())
    write_book(path, found, len(found), load_policy())
    return path


def mend(path, *changes, sheet=None):
    """Change cells as (row, header without unit, value) and save, as a spreadsheet program does."""
    book = openpyxl.load_workbook(path)
    page = book[sheet] if sheet else book.worksheets[0]
    headers = {str(cell.value).split("（")[0]: cell.column for cell in page[2]}
    for row, header, value in changes:
        page.cell(row, headers[header]).value = value
    book.save(path)
    return path


def counts(result):
    return result.rows_read, result.accepted, result.quarantined, result.skipped


def september(folder, *firms, name="九月.xlsx", unit="万元"):
    named = [(f"{place}公司", uscc, place, trade(*figures)) for uscc, place, figures in firms]
    return firm_table(folder / name, "2025年9月企业进出口情况表", named, unit=unit)


GOOD = (A, "冷水滩区", (9, 90, 1, 10))
BAD = ("9.14311E+17", "东安县", (5, 50, 0, 0))


def test_a_mended_row_joins_its_month_without_replacing_it_and_leaves_the_quarantine(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    result = run(data, back).files[0]
    assert (result.kind, result.label, result.periods) == ("repair", "更正（企业月度进出口）", "2025-09")
    assert counts(result) == (1, 1, 0, 0)
    found = rows(data, "select uscc, period::varchar, ytd_export::integer from fact_firm_month order by uscc")
    assert found == [(A, "2025-09-01", 900_000), (B, "2025-09-01", 500_000)]
    assert rows(data, "select (select count(*) from quarantine), (select count(*) from quarantine_row)") == [
        (0, 0)
    ]


def test_the_same_repair_twice_changes_nothing_and_says_so(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    run(data, back)
    again = run(data, back)
    assert again.snapshot is None
    assert counts(again.files[0]) == (1, 0, 0, 1)
    assert "已不在隔离中" in again.files[0].notes[0]
    assert rows(data, "select count(*) from fact_firm_month") == [(2,)]


def test_the_row_on_its_way_out_says_where_it_came_from_what_is_wrong_and_what_to_do(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    page = openpyxl.load_workbook(book_of(data, tmp_path / "更正.xlsx")).worksheets[0]
    said = {head.value: cell for head, cell in zip(page[2], page[3], strict=True)}
    assert [said[name].value for name in ("来源文件", "工作表", "行号", "所属月份")] == [
        "九月.xlsx", "Sheet1", "6", "2025-09",
    ]  # fmt: skip
    assert said["出口累计（万元）"].value == "50"
    faulty = said["统一社会信用代码"]
    assert faulty.value == "9.14311E+17"
    assert "无法识别" in faulty.comment.text and "18位" in faulty.comment.text
    assert (
        faulty.fill.bgColor.rgb != said["企业名称"].fill.bgColor.rgb or faulty.fill != said["企业名称"].fill
    )
    assert page.protection.sheet
    locked = {name for name, cell in said.items() if cell.protection.locked}
    assert locked == {"来源文件", "工作表", "行号", "所属月份", "原因", "来源编号"}


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    data = tmp_path / "data"
    header = ("园区", "县市区")
    run(
        data,
        write_csv(tmp_path / "园区.csv", [header, ("好园", "道县"), ('=HYPERLINK("http://x")', "永洲县")]),
    )
    page = openpyxl.load_workbook(book_of(data, tmp_path / "更正.xlsx")).worksheets[0]
    cell = next(cell for cell in page[3] if str(cell.value).startswith("=HYPER"))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_what_is_still_wrong_stays_in_its_own_place_as_last_sent(tmp_path):
    data = tmp_path / "data"
    bad = ("12345", "东安县", (5, 50, 0, 0))
    run(data, september(tmp_path, GOOD, BAD, bad))
    back = mend(
        book_of(data, tmp_path / "更正.xlsx"),
        (3, "统一社会信用代码", B), (4, "企业名称", "新名"), (4, "统一社会信用代码", "123456"),
    )  # fmt: skip
    report = run(data, back)
    assert report.exit_code == 1
    assert counts(report.files[0]) == (2, 1, 1, 0)
    found = rows(data, 'select file_name, sheet, "row", value, rule from quarantine')
    assert found == [("九月.xlsx", "Sheet1", 7, "123456", "unreadable")]
    kept = json.loads(rows(data, "select cells from quarantine_row")[0][0])
    assert (kept["企业名称"], kept["统一社会信用代码"], kept["出口累计"]) == ("新名", "123456", "50")
    again = mend(book_of(data, tmp_path / "再更正.xlsx"), (3, "统一社会信用代码", C))
    assert counts(run(data, again).files[0]) == (1, 1, 0, 0)


def test_each_file_keeps_its_month_and_its_money_unit(tmp_path):
    data = tmp_path / "data"
    august = firm_table(
        tmp_path / "八月.xlsx", "2025年1—2月企业进出口情况表",
        [("甲", A, "冷水滩区", trade(9, 90, 1, 10)), ("乙", "1", "东安县", trade(5, 50, 0, 0))],
    )  # fmt: skip
    run(
        data,
        august,
        september(tmp_path, (A, "冷水滩区", (9e4, 9e5, 0, 0)), ("1", "东安县", (7e4, 7e5, 0, 0)), unit="元"),
    )
    path = book_of(data, tmp_path / "更正.xlsx")
    sheets = openpyxl.load_workbook(path).sheetnames
    assert sheets == ["企业月度进出口", "企业月度进出口2"]
    for sheet in sheets:
        mend(path, (3, "统一社会信用代码", B), sheet=sheet)
    assert counts(run(data, path).files[0]) == (2, 2, 0, 0)
    found = rows(
        data,
        f"select period::varchar, months, ytd_export::integer from fact_firm_month where uscc = '{B}' order by 1",
    )
    assert found == [("2025-02-01", 2, 500_000), ("2025-09-01", 1, 700_000)]


def test_a_row_that_a_newer_file_replaced_is_skipped_and_never_counts_twice(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    run(data, september(tmp_path, GOOD, (B, "东安县", (6, 60, 0, 0)), name="九月修订.xlsx"))
    report = run(data, back)
    assert report.snapshot is None
    assert counts(report.files[0]) == (1, 0, 0, 1)
    assert rows(data, f"select ytd_export::integer from fact_firm_month where uscc = '{B}'") == [(600_000,)]


def test_a_newer_file_replaces_the_repaired_rows_of_its_month_too(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    run(data, mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B)))
    run(data, september(tmp_path, GOOD, (B, "东安县", (6, 60, 0, 0)), name="九月修订.xlsx"))
    assert rows(data, f"select ytd_export::integer from fact_firm_month where uscc = '{B}'") == [(600_000,)]


def test_a_repair_for_another_data_folder_touches_nothing(tmp_path):
    for folder in ("a", "b"):
        other = BAD if folder == "a" else ("1", "东安县", (8, 80, 0, 0))
        run(tmp_path / folder, september(tmp_path, GOOD, other))
    back = mend(book_of(tmp_path / "a", tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    assert counts(run(tmp_path / "b", back).files[0]) == (1, 0, 0, 1)


def test_rows_added_copied_emptied_or_moved_to_another_month_are_passed_over_and_named(tmp_path):
    data = tmp_path / "data"
    bad = [(str(n), "东安县", (5, 50, 0, 0)) for n in range(4)]
    run(data, september(tmp_path, GOOD, *bad))
    path = book_of(data, tmp_path / "更正.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    heads = [cell.value for cell in page[2]]
    for column, head in enumerate(heads, start=1):
        page.cell(7, column, page.cell(3, column).value)  # a copy of the first row
        page.cell(
            8, column, None if head.startswith("来源") or head == "行号" else page.cell(3, column).value
        )
        if head not in ("来源文件", "工作表", "行号", "所属月份", "原因", "来源编号"):
            page.cell(4, column).value = None
        if head == "所属月份":
            page.cell(5, column, "2025-08")
    book.save(path)
    result = run(data, mend(path, (3, "统一社会信用代码", B), (5, "统一社会信用代码", C))).files[0]
    assert counts(result) == (6, 1, 1, 4)
    told = "；".join(result.notes)
    for words in ("第7行与前面", "第8行没有来源编号", "第4行没有内容", "第5行改动了所属月份"):
        assert words in told
    assert rows(data, "select count(*) from quarantine_row") == [(3,)]


def test_a_repaired_row_is_held_like_any_other_until_somebody_confirms_it(tmp_path):
    data = tmp_path / "data"
    august = [("甲", A, "冷水滩区", trade(9, 80, 1, 10)), ("乙", B, "东安县", trade(5, 45, 0, 0))]
    run(data, firm_table(tmp_path / "八月.xlsx", "2025年8月企业进出口情况表", august))
    run(data, september(tmp_path, GOOD, BAD), confirm="乙的代码待更正")
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B), (3, "出口累计", "500000"))
    held = run(data, back)
    assert held.exit_code == 2
    assert "疑似金额单位写错" in held.files[0].refused and "第3行" in held.files[0].refused
    assert rows(data, "select count(*) from quarantine_row") == [(1,)]
    let_in = run(data, back, confirm="已核对")
    assert counts(let_in.files[0]) == (1, 1, 0, 0)
    assert ("已核对",) in rows(data, "select reason from confirmation")


def test_a_month_that_is_complete_again_is_held_against_its_own_total(tmp_path):
    data = tmp_path / "data"
    table = write_bureau(
        tmp_path / "九月.xlsx",
        "2025年9月企业进出口情况表",
        [
            ["甲", A, "冷水滩区", *trade(9, 90, 1, 10)],
            ["乙", "1", "东安县", *trade(5, 50, 0, 0)],
            ["合计", None, None, *trade(14, 140, 1, 10)],
        ],
    )
    run(data, table)
    path = book_of(data, tmp_path / "更正.xlsx")
    wrong = mend(path, (3, "统一社会信用代码", B), (3, "出口累计", "80"))
    assert "合计行" in run(data, wrong).files[0].refused
    assert run(data, mend(path, (3, "出口累计", "50"))).exit_code == 0


def test_a_repaired_amount_that_throws_the_months_sum_off_is_held(tmp_path):
    data = tmp_path / "data"
    line = [A, "甲", "07020000", "110", "0110"]
    months = [(f"2025{month:02}", "出口", *line, "1000000", 1) for month in (7, 8)]
    bad = [("202508", "出口", *line, "待定", 1)]
    run(data, declared(tmp_path / "海关.csv", months + bad))
    path = book_of(data, tmp_path / "更正.xlsx")
    held = run(data, mend(path, (3, "人民币值", "9000000000")))
    assert "2025-08 的合计与 2025-07 相比" in held.files[0].refused
    assert run(data, mend(path, (3, "人民币值", "90000"))).exit_code == 0


def test_a_month_that_is_another_files_does_not_take_the_row_in(tmp_path):
    data = tmp_path / "data"
    header = ("统计月份", "县市区", "出口（万元）", "进口（万元）")
    run(data, write_csv(tmp_path / "九.csv", [header, ("202509", "道县", 1, 0), ("202509", "宁远县", 2, 0)]))
    run(data, write_csv(tmp_path / "十.csv", [header, ("202510", "道县", 1, 0), ("2025.1", "宁远县", 3, 0)]))
    path = book_of(data, tmp_path / "更正.xlsx")
    taken = run(data, mend(path, (3, "统计月份", "202509"))).files[0]
    assert counts(taken) == (1, 0, 1, 0)
    found = rows(data, "select rule, value, file_name from quarantine")
    assert found == [("month_taken", "202509", "十.csv")]
    assert counts(run(data, mend(path, (3, "统计月份", "202510"))).files[0]) == (1, 1, 0, 0)
    months = (
        "select period::varchar, month_export::integer from fact_cbec_month where unit = '431126' order by 1"
    )
    assert rows(data, months) == [("2025-09-01", 20_000), ("2025-10-01", 30_000)]


def test_a_month_that_nobody_speaks_for_is_taken_in_and_replaced_later(tmp_path):
    data = tmp_path / "data"
    header = ("统计月份", "县市区", "出口（万元）", "进口（万元）")
    run(data, write_csv(tmp_path / "季.csv", [header, ("202509", "道县", 1, 0), ("2025.1", "道县", 3, 0)]))
    run(data, mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统计月份", "202510")))
    months = "select period::varchar, month_export::integer from fact_cbec_month order by 1"
    assert rows(data, months) == [("2025-09-01", 10_000), ("2025-10-01", 30_000)]
    run(data, write_csv(tmp_path / "十月.csv", [header, ("202510", "道县", 4, 0)]))
    assert rows(data, months) == [("2025-09-01", 10_000), ("2025-10-01", 40_000)]


def test_what_the_user_had_stated_need_not_be_stated_again(tmp_path):
    data = tmp_path / "data"
    query = write_csv(tmp_path / "查询.csv", [("商品编码", "人民币"), ("85", "1,234"), ("84", "约5")])
    run(data, query, hints=Hints(flow="进口", period="2025-09"))
    assert run(data, mend(book_of(data, tmp_path / "更正.xlsx"), (3, "人民币", "5"))).exit_code == 0
    assert rows(data, "select flow, period::varchar, value_cny::integer from fact_customs_public order by 3") == [
        ("import", "2025-09-01", 5), ("import", "2025-09-01", 1234),
    ]  # fmt: skip


def test_a_line_that_could_not_be_split_comes_in_once_it_is_filled_in_and_cleared(tmp_path):
    data = tmp_path / "data"
    path = tmp_path / "园区.csv"
    path.write_text('园区,县市区\n好园,道县\n新"园,"道县\n', encoding="utf-8")
    assert counts(run(data, path).files[0]) == (2, 1, 1, 0)
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "园区", "新园"), (3, "县市区", "道县"))
    assert counts(run(data, back).files[0]) == (1, 0, 1, 0)
    assert counts(run(data, mend(back, (3, "原行内容", None))).files[0]) == (1, 1, 0, 0)
    assert rows(data, "select park from fact_parks order by park") == [("好园",), ("新园",)]


def test_one_workbook_mends_several_kinds_and_survives_as_csv(tmp_path):
    data = tmp_path / "data"
    parks = write_csv(tmp_path / "园区.csv", [("园区", "县市区"), ("好园", "道县"), ("新园", "永洲县")])
    run(data, parks, september(tmp_path, GOOD, BAD))
    path = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    result = run(data, mend(path, (3, "县市区", "宁远县"), sheet="园区名单")).files[0]
    assert (result.label, counts(result)) == ("更正（企业月度进出口、园区名单）", (2, 2, 0, 0))
    run(data, write_csv(tmp_path / "园区2.csv", [("园区", "县市区"), ("好园", "道县"), ("另园", "永洲县")]))
    page = openpyxl.load_workbook(book_of(data, tmp_path / "再.xlsx")).worksheets[0]
    lines = [
        ["宁远县" if cell.value == "永洲县" else cell.value for cell in line] for line in page.iter_rows()
    ]
    assert counts(run(data, write_csv(tmp_path / "再.csv", lines)).files[0]) == (1, 1, 0, 0)


def test_a_ledger_row_that_a_newer_ledger_states_is_not_overwritten_by_its_repair(tmp_path):
    data = tmp_path / "data"
    first = [(A, "甲", "冷水滩区", "", "", "", "一", "", ""), ("1", "乙", "东安县", "", "", "", "二", "", "")]
    run(data, registry(tmp_path / "名录.csv", first))
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    run(data, registry(tmp_path / "增补.csv", [(B, "乙", "道县", "", "", "", "三", "", "")]))
    result = run(data, back).files[0]
    assert counts(result) == (1, 0, 0, 1)
    assert "更新的文件" in result.notes[0]
    assert rows(data, f"select unit from fact_firms where uscc = '{B}'") == [("431124",)]
    assert rows(data, "select count(*) from quarantine_row") == [(0,)]


def test_a_repaired_ledger_row_replaces_the_older_row_with_its_key(tmp_path):
    data = tmp_path / "data"
    run(data, write_csv(tmp_path / "a.csv", [("园区", "县市区"), ("甲园", "道县"), ("乙园", "道县")]))
    run(data, write_csv(tmp_path / "b.csv", [("园区", "县市区"), ("甲园", "永洲县"), ("丙园", "道县")]))
    run(data, mend(book_of(data, tmp_path / "更正.xlsx"), (3, "县市区", "宁远县")))
    assert rows(data, "select park, unit from fact_parks order by unit, park") == [
        ("丙园", "431124"), ("乙园", "431124"), ("甲园", "431126"),
    ]  # fmt: skip


def test_check_says_what_a_repair_would_do_and_changes_nothing(tmp_path):
    data = tmp_path / "data"
    run(data, september(tmp_path, GOOD, BAD))
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", B))
    assert counts(run(data, back, publish=False).files[0]) == (1, 1, 0, 0)
    assert rows(data, "select count(*) from quarantine_row") == [(1,)]


@pytest.mark.parametrize("file", ["九月.xlsx", "1"])
def test_the_rows_of_one_file_are_picked_by_name_or_number(tmp_path, file):
    data = tmp_path / "data"
    parks = write_csv(tmp_path / "园区.csv", [("园区", "县市区"), ("好园", "道县"), ("新园", "永洲县")])
    run(data, september(tmp_path, GOOD, BAD), parks)
    assert openpyxl.load_workbook(book_of(data, tmp_path / "r.xlsx", file=file)).sheetnames == [
        "企业月度进出口"
    ]
    assert openpyxl.load_workbook(book_of(data, tmp_path / "k.xlsx", kind="parks")).sheetnames == ["园区名单"]


def test_a_row_of_a_table_without_months_keeps_the_month_that_the_user_stated(tmp_path):
    data = tmp_path / "data"
    header = ("进出口标志", "统一社会信用代码", "商品编码", "贸易伙伴编码", "监管方式编码", "人民币值")
    good = ("出口", code("431103", 1), "85423100", "110", "0110", 100)
    path = write_csv(tmp_path / "明细.csv", [header, good, ("出口", "12345", "85423100", "110", "0110", 50)])
    report = run(data, path, hints=Hints(period="2025-09"))
    assert counts(report.files[0]) == (2, 1, 1, 0)
    back = mend(book_of(data, tmp_path / "更正.xlsx"), (3, "统一社会信用代码", code("431122", 2)))
    assert counts(run(data, back).files[0]) == (1, 1, 0, 0)
    months = rows(data, "select strftime(period, '%Y-%m'), cast(value_cny as integer) from fact_declarations")
    assert sorted(months) == [("2025-09", 50), ("2025-09", 100)]
