"""Reconciliation, revisions and templates: what the task force checks and sends out."""

import datetime as dt

import duckdb
import openpyxl
import pytest
from builders import code, declared, firm_table, trade, write_bureau, write_csv

from etl import snapshot
from etl.apply import Options
from etl.diff import compare
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.reconcile import reconciled
from etl.sources import ALL, BY_KIND
from etl.template import write_template

A, B, C = code("431103", 1), code("431122", 2), code("431123", 3)


def run(data, *paths, confirm=None):
    return load(data, [(path, Hints()) for path in paths], Options(confirm=confirm))


def reconciliation(data):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        rows = con.execute(
            "select check_name, unit, period, difference_cny, share from reconciliation"
        ).fetchall()
        checks = {check.name: check for check in reconciled(con, "2025-09")}
    return {
        (name, unit, period): (int(difference), share) for name, unit, period, difference, share in rows
    }, checks


def firms(folder, *figures, title="2025年9月"):
    rows = [("甲", A, "冷水滩区", trade(*figures[0])), ("乙", B, "东安县", trade(*figures[1]))]
    return firm_table(folder / f"企业{title}.xlsx", f"{title}企业进出口情况表", rows)


def test_sources_are_set_against_each_other_and_the_difference_is_shown(tmp_path):
    county = write_bureau(
        tmp_path / "县.xlsx",
        "2025年9月各县市区",
        [
            ["冷水滩区", *trade(9, 95, 1, 10)],
            ["东安县", *trade(5, 50, 0, 0)],
            ["全市", *trade(14, 145.5, 1, 10)],
        ],
        leading=("县市区",),
    )
    lines = [("202509", "出口", A, "甲", "07020000", "110", "0110", "140,000", 1)]
    lines += [("202509", "进口", A, "甲", "12019019", "502", "0110", "12,000", 1)]
    run(
        tmp_path / "data",
        firms(tmp_path, (9, 90, 1, 10), (5, 50, 0, 0)),
        county,
        declared(tmp_path / "d.csv", lines),
    )
    found, checks = reconciliation(tmp_path / "data")
    assert found["企业之和与县市区表（累计）", "431103", "2025-09"] == (-50_000, pytest.approx(5 / 105))
    assert found["企业之和与县市区表（累计）", "431122", "2025-09"] == (0, 0)
    assert found["县市区之和与全市行（累计）", "4311", "2025-09"] == (-5_000, pytest.approx(0.5 / 155.5))
    assert found["企业表与海关明细（当月）", "4311", "2025-09"] == (-2_000, pytest.approx(2 / 152))
    check = checks["企业之和与县市区表（累计）"]
    assert (check.units, check.beyond, check.worst.unit) == (2, (check.worst,), "431103")
    assert (check.worst.left_cny, check.worst.right_cny) == (1_000_000, 1_050_000)
    assert check.worst.difference_cny == -50_000


def test_the_cumulative_is_set_against_the_months_only_where_all_of_them_are_there(tmp_path):
    def table(title, month, ytd):
        return write_bureau(
            tmp_path / f"{title}.xlsx", title, [["道县", *trade(month, ytd, 0, 0)]], leading=("县市区",)
        )

    run(tmp_path / "data", table("2025年1—2月", 10, 10), table("2025年3月", 5, 16), table("2025年5月", 5, 30))
    found, _ = reconciliation(tmp_path / "data")
    assert found["累计与当月之和", "431124", "2025-03"] == (10_000, pytest.approx(1 / 16))
    assert ("累计与当月之和", "431124", "2025-05") not in found


def counties(folder, title, *rows):
    return write_bureau(folder / f"县{title}.xlsx", title, rows, leading=("县市区",))


def test_a_dash_for_imports_leaves_the_exports_to_be_compared(tmp_path):
    """双牌县 prints exports of 1200 and no imports, not even in the total of both."""
    dash = ["双牌县", "—", "—", "—", 100, 1200, "—", "—", "—", "—"]
    table = counties(tmp_path, "2025年9月", dash, ["全市", *trade(100, 1200, 0, 0)])
    firm = firm_table(tmp_path / "企.xlsx", "2025年9月", [("丙", C, "双牌县", trade(100, 900, 0, 0))])
    assert run(tmp_path / "data", table, firm).exit_code == 0
    found, checks = reconciliation(tmp_path / "data")
    assert found["企业之和与县市区表（累计）", "431123", "2025-09"] == (-3_000_000, pytest.approx(0.25))
    assert found["县市区之和与全市行（累计）", "4311", "2025-09"] == (0, 0)
    assert checks["企业之和与县市区表（累计）"].beyond[0].unit == "431123"


def test_a_unit_without_any_cumulative_is_not_compared(tmp_path):
    table = counties(tmp_path, "2025年1—2月", ["双牌县", 5, "—", "—", 5, "—", "—", 0, "—", "—"])
    firm = firm_table(tmp_path / "企.xlsx", "2025年1—2月", [("丙", C, "双牌县", trade(5, 5, 0, 0))])
    assert run(tmp_path / "data", table, firm).exit_code == 0
    found, _ = reconciliation(tmp_path / "data")
    assert [key for key in found if key[1] == "431123"] == [("企业表累计与当月之和", "431123", "2025-02")]


def test_the_flow_that_a_total_leaves_over_is_the_other_one(tmp_path):
    """进出口 = 出口 = 1200 says that there were no imports; without the total nobody knows."""
    told = ["双牌县", 100, 1200, "—", 100, 1200, "—", "—", "—", "—"]
    untold = ["道县", "—", "—", "—", 100, 1200, "—", "—", "—", "—"]
    run(tmp_path / "data", counties(tmp_path, "2025年9月", told, untold))
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        rows = con.execute(
            """select unit, ytd_export::bigint, ytd_import::bigint from mart_unit_month
            where source is not null and unit <> '4311' order by unit"""
        ).fetchall()
        lights = dict(
            con.execute(
                "select unit, status from scoreboard where indicator = 'import_share' and period = '2025-09'"
            ).fetchall()
        )
    assert rows == [("431123", 12_000_000, 0), ("431124", 12_000_000, None)]
    assert (lights["431123"], lights["431124"]) == ("behind", "no_data")


def test_the_flow_that_a_firms_total_leaves_over_is_the_other_one(tmp_path):
    row = ("丙", C, "双牌县", ["—", 1200, "—", "—", "—", "—", "—", 200, "—"])
    run(tmp_path / "data", firm_table(tmp_path / "企.xlsx", "2025年9月", [row]))
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        query = "select ytd_export::bigint, ytd_import::bigint from mart_firm_month"
        assert con.execute(query).fetchall() == [(10_000_000, 2_000_000)]


def test_a_unit_that_one_side_lacks_is_compared_with_nothing(tmp_path):
    """5亿 in the table of units without a firm, and firms in a unit that the table does not list."""
    table = counties(
        tmp_path, "2025年9月", ["冷水滩区", *trade(9, 90, 1, 10)], ["道县", *trade(0, 50_000, 0, 0)]
    )
    lines = [("202509", "出口", C, "丙", "07020000", "110", "9710", "140,000", 1)]
    lines += [("202509", "进口", A, "甲", "12019019", "502", "0110", "100,000", 1)]
    cbec = write_csv(
        tmp_path / "c.csv",
        [("统计月份", "县市区", "出口（元）", "进口（元）"), ("202509", "道县", "7000", 0)],
    )
    run(
        tmp_path / "data",
        table,
        firms(tmp_path, (9, 90, 1, 10), (5, 50, 0, 0)),
        declared(tmp_path / "d.csv", lines),
        cbec,
    )
    found, _ = reconciliation(tmp_path / "data")
    assert found["企业之和与县市区表（累计）", "431103", "2025-09"] == (0, 0)
    assert found["企业之和与县市区表（累计）", "431124", "2025-09"] == (-500_000_000, 1)
    assert found["企业之和与县市区表（累计）", "431122", "2025-09"] == (500_000, 1)
    assert found["县市区表与海关明细（当月）", "431103", "2025-09"] == (0, 0)
    assert found["县市区表与海关明细（当月）", "431123", "2025-09"] == (-140_000, 1)
    assert found["县市区表与海关明细（当月）", "431124", "2025-09"] == (0, 0)
    assert found["跨境电商表与海关明细（当月）", "431124", "2025-09"] == (7_000, 1)
    assert found["跨境电商表与海关明细（当月）", "431123", "2025-09"] == (-140_000, 1)


def test_the_firms_cumulatives_are_set_against_their_months_by_unit(tmp_path):
    data = tmp_path / "data"
    run(data, firms(tmp_path, (10, 10, 2, 2), (5, 5, 0, 0), title="2025年1—2月"))
    run(data, firms(tmp_path, (10, 25, 2, 4), (5, 10, 0, 0), title="2025年3月"))
    found, _ = reconciliation(data)
    assert found["企业表累计与当月之和", "431103", "2025-03"] == (50_000, pytest.approx(5 / 29))
    assert found["企业表累计与当月之和", "431122", "2025-03"] == (0, 0)


def test_a_january_of_its_own_counts_once_beside_january_and_february_in_one(tmp_path):
    """Whose cumulative is compared in every month of that year: 4, then 10 with February, 16 in March of which 15 add up."""
    data = tmp_path / "data"
    for title, month, ytd in (("2025年1月", 4, 4), ("2025年1—2月", 10, 10), ("2025年3月", 5, 16)):
        run(data, counties(tmp_path, title, ["道县", *trade(month, ytd, 0, 0)]))
        run(data, firms(tmp_path, (month, ytd, 0, 0), (month, ytd, 0, 0), title=title))
    found, _ = reconciliation(data)
    for check, unit in (("累计与当月之和", "431124"), ("企业表累计与当月之和", "431103")):
        summed = {key[2]: value for key, value in found.items() if key[:2] == (check, unit)}
        assert summed == {"2025-01": (0, 0), "2025-02": (0, 0), "2025-03": (10_000, pytest.approx(1 / 16))}


def test_a_table_without_months_breaks_their_sum_and_a_single_dash_does_not(tmp_path):
    def table(title, *rows):
        return counties(tmp_path, title, *rows)

    run(
        tmp_path / "data",
        table(
            "2025年1—2月", ["道县", *trade(10, 10, 0, 0)], ["新田县", "—", "—", "—", "—", 0, "—", "—", 0, "—"]
        ),
        table("2025年3月", ["道县", *trade(5, 15, 0, 0)], ["新田县", *trade(3, 3, 0, 0)]),
        table("2025年4月", ["道县", None, 20, None, None, 20, None, None, 0, None]),
        table("2025年5月", ["道县", *trade(5, 25, 0, 0)]),
    )
    found, _ = reconciliation(tmp_path / "data")
    summed = {key[1:]: value for key, value in found.items() if key[0] == "累计与当月之和"}
    assert summed == {
        ("431124", "2025-02"): (0, 0),
        ("431124", "2025-03"): (0, 0),
        ("431128", "2025-03"): (0, 0),
    }


def test_a_revision_is_named_by_indicator_unit_and_month_with_its_light(tmp_path):
    data = tmp_path / "data"
    old = run(data, firms(tmp_path, (1, 92, 1, 8), (1, 60, 1, 40))).snapshot
    new = run(data, firms(tmp_path, (1, 88, 1, 12), (1, 60, 1, 40))).snapshot
    changes = {(change.indicator, change.unit): change for change in compare(old, new)}
    changed = changes["import_share", "431103"]
    assert (changed.value_before, changed.value_after) == (pytest.approx(0.08), pytest.approx(0.12))
    assert (changed.status_before, changed.status_after, changed.turned) == ("on_pace", "met", True)
    assert ("import_share", "431122") not in changes


def test_a_new_month_is_a_change_and_the_same_data_are_none(tmp_path):
    data = tmp_path / "data"
    old = run(data, firms(tmp_path, (1, 92, 1, 8), (1, 60, 1, 40))).snapshot
    new = run(data, firms(tmp_path, (1, 93, 1, 8), (1, 61, 1, 40), title="2025年10月")).snapshot
    assert {change.period for change in compare(old, new)} == {"2025-10"}
    assert not any(change.turned for change in compare(old, new))
    assert compare(new, new) == []


FILLED = {
    "uscc": A,
    "text": "某名",
    "money": 12.5,
    "number": 7.1,
    "date": "2025-09-18",
    "period": "202509",
    "unit": "道县",
    "hs_code": "07020000",
    "hs_level": "0805",
    "target": "10%",
    "indicator": "import_share",
    "category": "飞地经济",
}


def template(folder, source, *rows):
    """The kind's template with rows below its example; a row holds the columns in which it is not like that."""
    path = write_template(source, load_policy(), folder / "模板.xlsx", dt.date(2025, 9, 1))
    book = openpyxl.load_workbook(path)
    sheet = book["数据"]
    below = sheet.max_row
    for number, changes in enumerate(rows, start=below + 1):
        for index, name in enumerate(source.columns, start=1):
            sheet.cell(number, index, changes.get(name, sheet.cell(below, index).value))
    book.save(path)
    return path


def fill(column):
    return next(iter(column.words)) if column.words else FILLED.get(column.reader, "1" * column.digits)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.kind)
def test_a_filled_template_loads_without_an_option_and_its_example_is_no_data(tmp_path, source):
    row = {name: fill(column) for name, column in source.columns.items()}
    result = run(tmp_path / "data", template(tmp_path, source, row)).files[0]
    assert (result.refused, result.kind) == ("", source.kind)
    assert (result.rows_read, result.accepted, result.quarantined, result.skipped) == (2, 1, 0, 1)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.kind)
def test_the_example_of_a_template_is_a_row_that_would_be_good(tmp_path, source):
    """Changed in one cell it is somebody's own, and each of its values is read."""
    name, column = next(
        (name, column)
        for name, column in source.columns.items()
        if column.reader in ("text", "money", "hs_level", "target")
    )
    result = run(
        tmp_path / "data",
        template(tmp_path, source, {name: "12%" if column.reader == "target" else fill(column)}),
    )
    assert (result.files[0].refused, result.files[0].accepted, result.files[0].skipped) == ("", 1, 1)


def test_a_template_that_nobody_filled_is_refused(tmp_path):
    report = run(tmp_path / "data", template(tmp_path, BY_KIND["firm_month"]))
    assert "没有一行可用，只有示例" in report.files[0].refused


def test_the_example_written_over_is_data(tmp_path):
    source = BY_KIND["firms"]
    path = template(tmp_path, source)
    book = openpyxl.load_workbook(path)
    for index, column in enumerate(source.columns.values(), start=1):
        book["数据"].cell(2, index, fill(column))
    book.save(path)
    result = run(tmp_path / "data", path).files[0]
    assert (result.refused, result.rows_read, result.accepted) == ("", 1, 1)


def test_the_template_keeps_codes_and_months_as_text(tmp_path):
    """A code of 18 digits that is typed into a cell of numbers becomes 9.14E+17 and is lost."""
    for kind, columns in (("declarations", "ACDEFG"), ("customs_public", "ACEG"), ("county_targets", "D")):
        path = write_template(BY_KIND[kind], load_policy(), tmp_path / f"{kind}.xlsx", dt.date(2025, 9, 1))
        sheet = openpyxl.load_workbook(path)["数据"]
        assert {sheet.column_dimensions[letter].number_format for letter in columns} == {"@"}, kind
        assert {sheet[f"{letter}2"].number_format for letter in columns} == {"@"}, kind


def test_the_template_offers_the_indicators_as_a_list(tmp_path):
    path = write_template(BY_KIND["county_targets"], load_policy(), tmp_path / "t.xlsx", dt.date(2025, 9, 1))
    lists = [rule.formula1 for rule in openpyxl.load_workbook(path)["数据"].data_validations.dataValidation]
    assert {"进口占比", "退税天数"} < set(lists[0].strip('"').split(","))


def test_the_template_offers_the_units_and_classes_as_lists(tmp_path):
    path = write_template(BY_KIND["firms"], load_policy(), tmp_path / "t.xlsx", dt.date(2025, 9, 1))
    lists = [rule.formula1 for rule in openpyxl.load_workbook(path)["数据"].data_validations.dataValidation]
    assert any("冷水滩区" in words and "江华县" in words for words in lists)
    assert '"一类,二类,三类,四类' in " ".join(lists)
