"""From files to facts: what is replaced, kept, refused, and what a refusal leaves untouched."""

import shutil

import duckdb
import pytest
from builders import code, declared, firm_table, registry, trade, write_bureau, write_csv

from etl import copies, snapshot
from etl.apply import Options
from etl.errors import UserError
from etl.layout import Hints
from etl.load import expand, load

A, B = code("431103", 1), code("431122", 2)


def run(data, *paths, hints=None, **options):
    return load(data, [(path, hints or Hints()) for path in paths], Options(**options))


def rows(data, query):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


def firms_september(folder, name="2025年9月企业.xlsx", ytd=900.0, title="2025年9月企业进出口情况表"):
    firms = [
        ("甲公司", A, "冷水滩区", trade(90, ytd, 10, 100)),
        ("乙公司", B, "东安县", trade(45, 450, 5, 50)),
    ]
    return firm_table(folder / name, title, firms)


def test_rows_read_are_accepted_plus_quarantined_plus_skipped(tmp_path):
    table = write_bureau(
        tmp_path / "2025年9月.xlsx",
        "2025年9月企业进出口情况表",
        [
            ["甲公司", A, "冷水滩区", *trade(90, 900, 10, 100)],
            ["乙公司", "9.14311E+17", "东安县", *trade(1, 1, 1, 1)],
            ["小计", None, None, *trade(91, 901, 11, 101)],
            ["合计", None, None, *trade(91, 901, 11, 101)],
            ["注：累计数含以前月份修订。", None, None, *[None] * 9],
        ],
    )
    result = run(tmp_path / "data", table).files[0]
    assert (result.rows_read, result.accepted, result.quarantined, result.skipped) == (5, 1, 1, 3)


def test_a_quarantined_row_names_file_row_column_value_and_what_to_do(tmp_path):
    table = firm_table(
        tmp_path / "九月.xlsx",
        "2025年9月",
        [("甲公司", A, "冷水滩区", trade(1, 1, 0, 0)), ("乙公司", "12345", "东安县", trade(1, 1, 0, 0))],
    )
    report = run(tmp_path / "data", table)
    assert report.exit_code == 1
    found = rows(
        tmp_path / "data", 'select file_name, sheet, "row", column_name, value, advice from quarantine'
    )
    assert found[0][:5] == ("九月.xlsx", "Sheet1", 6, "统一社会信用代码", "12345")
    assert "18位" in found[0][5]


def test_money_is_yuan_as_decimal_from_the_stated_unit(tmp_path):
    run(tmp_path / "data", firms_september(tmp_path))
    assert (
        str(rows(tmp_path / "data", f"select ytd_export from fact_firm_month where uscc = '{A}'")[0][0])
        == "9000000.000000"
    )


def test_each_fact_knows_its_file_sheet_and_row(tmp_path):
    path = firms_september(tmp_path)
    run(tmp_path / "data", path)
    query = f"""select files.name, files.sha256, fact.sheet, fact."row" from fact_firm_month as fact
        join files on files.file_id = fact.file_id where fact.uscc = '{B}'"""
    assert rows(tmp_path / "data", query) == [(path.name, snapshot.digest(path), "Sheet1", 6)]


def test_the_raw_file_is_kept_under_its_checksum(tmp_path):
    path = firms_september(tmp_path)
    run(tmp_path / "data", path)
    sha256 = snapshot.digest(path)
    assert (tmp_path / "data" / "raw" / sha256[:2] / f"{sha256}.xlsx").read_bytes() == path.read_bytes()


def test_a_further_month_needs_no_earlier_file(tmp_path):
    data, august = tmp_path / "data", firms_september(tmp_path, "八月.xlsx", title="2025年8月")
    run(data, august)
    august.unlink()
    shutil.rmtree(data / "raw")
    assert run(data, firms_september(tmp_path)).exit_code == 0
    assert rows(data, "select period::varchar, count(*) from fact_firm_month group by 1 order by 1") == [
        ("2025-08-01", 2), ("2025-09-01", 2),
    ]  # fmt: skip


def test_loading_the_same_bytes_again_changes_nothing(tmp_path):
    path = firms_september(tmp_path)
    first = run(tmp_path / "data", path).snapshot
    again = run(tmp_path / "data", path)
    assert again.snapshot is None
    assert again.files[0].unchanged
    assert again.exit_code == 0
    assert snapshot.current(tmp_path / "data") == first


def test_a_newer_file_replaces_its_period_whole_and_the_older_snapshot_still_opens(tmp_path):
    data = tmp_path / "data"
    old = run(data, firms_september(tmp_path)).snapshot
    only_a = firm_table(
        tmp_path / "修订.xlsx", "2025年9月企业", [("甲公司", A, "冷水滩区", trade(80, 800, 10, 100))]
    )
    revised = run(data, only_a)
    assert "2025-09 的表里少了被取代的同月数据中有累计数的 1 家企业（乙公司）" in revised.files[0].notes
    assert rows(data, "select uscc, cast(ytd_export as integer) from fact_firm_month") == [(A, 8_000_000)]
    with duckdb.connect(str(old.path), read_only=True) as con:
        assert con.execute("select count(*) from fact_firm_month").fetchall() == [(2,)]


def test_bytes_that_were_replaced_can_be_loaded_again(tmp_path):
    data = tmp_path / "data"
    first = firms_september(tmp_path)
    run(data, first)
    run(data, firms_september(tmp_path, "修订.xlsx", ytd=800.0))
    assert run(data, first).snapshot is not None
    assert rows(data, f"select cast(ytd_export as integer) from fact_firm_month where uscc = '{A}'") == [
        (9_000_000,)
    ]


def test_another_period_stays_when_one_is_replaced(tmp_path):
    data = tmp_path / "data"
    run(data, firms_september(tmp_path, "八.xlsx", title="2025年8月"), firms_september(tmp_path, "九.xlsx"))
    run(data, firms_september(tmp_path, "修订.xlsx", ytd=800.0))
    assert rows(data, "select period::varchar, count(*) from fact_firm_month group by 1 order by 1") == [
        ("2025-08-01", 2), ("2025-09-01", 2),
    ]  # fmt: skip


def test_imports_and_exports_may_come_in_files_of_their_own(tmp_path):
    data = tmp_path / "data"
    one = declared(
        tmp_path / "e.csv", [["202509", "出口", A, "甲", "07020000", "110", "0110", "1,000", "140"]]
    )
    two = declared(tmp_path / "i.csv", [["202509", "进口", A, "甲", "12019019", "502", "0110", "500", "70"]])
    run(data, one)
    run(data, two)
    assert rows(data, "select flow, cast(value_cny as integer) from fact_declarations order by flow") == [
        ("export", 1000), ("import", 500),
    ]  # fmt: skip


def test_a_ledger_is_updated_row_by_row_and_says_what_stays(tmp_path):
    data = tmp_path / "data"
    header = ("园区", "县市区")
    run(data, write_csv(tmp_path / "a.csv", [header, ("甲园", "道县"), ("乙园", "道县")]))
    note = (
        run(data, write_csv(tmp_path / "b.csv", [header, ("乙园", "宁远县"), ("丙园", "新田县")]))
        .files[0]
        .notes
    )
    assert rows(data, "select park, unit from fact_parks order by unit") == [
        ("甲园", "431124"), ("乙园", "431126"), ("丙园", "431128"),
    ]  # fmt: skip
    assert "1 行旧记录" in note[0]


def test_replace_takes_a_ledger_whole_that_was_loaded_before_without_it(tmp_path):
    data, head = tmp_path / "data", ("园区", "县市区")
    run(data, write_csv(tmp_path / "a.csv", [head, ("甲园", "道县"), ("乙园", "道县")]))
    newer = write_csv(tmp_path / "b.csv", [head, ("乙园", "道县")])
    run(data, newer)
    assert not run(data, newer, replace=True).files[0].unchanged
    assert rows(data, "select park from fact_parks") == [("乙园",)]
    assert run(data, newer, replace=True).files[0].unchanged


def test_replace_takes_the_new_ledger_whole(tmp_path):
    data = tmp_path / "data"
    run(data, write_csv(tmp_path / "a.csv", [("园区", "县市区"), ("甲园", "道县")]))
    run(data, write_csv(tmp_path / "b.csv", [("园区", "县市区"), ("乙园", "道县")]), replace=True)
    assert rows(data, "select park from fact_parks") == [("乙园",)]


def test_check_publishes_nothing(tmp_path):
    report = run(tmp_path / "data", firms_september(tmp_path), publish=False)
    assert report.files[0].accepted == 2
    assert snapshot.current(tmp_path / "data") is None


def test_the_others_are_published_when_one_is_refused_unless_strict(tmp_path):
    bad = write_csv(tmp_path / "bad.csv", [("什么", "都不是"), ("1", "2")])
    strict = run(tmp_path / "strict", bad, firms_september(tmp_path), strict=True)
    assert strict.snapshot is None
    report = run(tmp_path / "data", bad, firms_september(tmp_path))
    assert report.exit_code == 2
    assert report.snapshot is not None
    assert rows(tmp_path / "data", "select count(*) from fact_firm_month") == [(2,)]


def undecodable(folder):
    path = folder / "乱码.csv"
    path.write_bytes(bytes([0x81, 0xFF, 0xFE, 0x80]) * 400)
    return path


def no_period(folder):
    return firm_table(folder / "企业表.xlsx", "企业进出口情况表", [("甲", A, "道县", trade(1, 1, 0, 0))])


def lines(name, *rows):
    return lambda folder: write_csv(folder / name, rows)


def one_firm(unit):
    return lambda folder: firm_table(
        folder / "u.xlsx", "2025年9月", [("甲", A, "道县", trade(1, 1, 0, 0))], unit=unit
    )


CBEC = ("统计月份", "县市区", "出口（万元）", "进口（万元）")
REFUSED = {
    "undecodable bytes": (undecodable, "编码"),
    "a missing column": (
        lines(
            "r.csv",
            ("案件编号", "受理日期", "办结日期", "管理类别", "办理状态"),
            ("1", "2025-01-01", "", "一", "正常"),
        ),
        "缺少列「统一社会信用代码」",
    ),
    "an unknown 县市区": (
        lines("c.csv", CBEC, ("202509", "长沙县", 1, 0), ("202509", "道县", 1, 0)),
        "长沙县",
    ),
    "an unknown money unit": (one_firm("万吨"), "万吨"),
    "no money unit": (
        lines("n.csv", ("统计月份", "县市区", "出口", "进口"), ("202509", "道县", 1, 0)),
        "--unit",
    ),
    "no period": (no_period, "--period"),
    "an empty file": (lines("e.csv"), "空"),
    "a header only": (lines("h.csv", ("园区", "县市区")), "没有数据行"),
    "no direction": (lines("q.csv", ("数据年月", "商品编码", "人民币"), ("202509", "85", "1")), "--flow"),
    "dollars": (one_firm("万美元"), "人民币"),
    "nothing usable": (lines("p.csv", ("园区", "县市区"), ("甲园", "长沙县")), "没有一行可用"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refused_file_is_one_sentence_and_the_published_snapshot_stays_byte_identical(tmp_path, fault):
    data = tmp_path / "data"
    before = run(data, firms_september(tmp_path)).snapshot
    make, words = REFUSED[fault]
    report = run(data, make(tmp_path))
    assert report.exit_code == 2
    assert report.snapshot is None
    assert words in report.files[0].refused
    assert report.files[0].refused.rstrip("。").count("。") == 0
    assert snapshot.current(data) == before
    snapshot.verify(before)
    assert not list((data / "snapshots").glob("building-*"))


def test_what_a_file_does_not_say_the_user_may(tmp_path):
    data = tmp_path / "data"
    query = write_csv(tmp_path / "q.csv", [("商品编码", "人民币"), ("85", "1,234")])
    run(data, query, hints=Hints(flow="进口", period="2025-09"))
    assert rows(
        data, "select flow, period::varchar, cast(value_cny as integer) from fact_customs_public"
    ) == [("import", "2025-09-01", 1234)]


def test_a_january_february_file_is_one_combined_month(tmp_path):
    data = tmp_path / "data"
    run(data, firms_september(tmp_path, "一二月.xlsx", title="2025年1—2月企业进出口情况表"))
    assert rows(data, "select distinct period::varchar, months from fact_firm_month") == [("2025-02-01", 2)]


def test_old_and_new_qiyang_are_one_unit(tmp_path):
    data = tmp_path / "data"
    run(
        data,
        write_csv(
            tmp_path / "p.csv",
            [("园区", "县市区"), ("甲园", "祁阳县"), ("乙园", "祁阳市"), ("丙园", "431121")],
        ),
    )
    assert rows(data, "select distinct unit from fact_parks") == [("431181",)]


def test_a_folder_is_expanded_by_name_without_lock_files(tmp_path):
    for name in ("b.csv", "a.xlsx", "c.psv", "~$a.xlsx", ".hidden.csv", "readme.md"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in expand([tmp_path])] == ["a.xlsx", "b.csv", "c.psv"]


def test_a_path_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="找不到"):
        expand([tmp_path / "nothing"])


def test_the_registry_accepts_class_in_any_writing(tmp_path):
    data = tmp_path / "data"
    writings = ("一", "一类", "1", "A", "Ａ")
    firms = [
        (code("431103", 10 + n), f"企业{n}", "冷水滩区", "", "农产品", "", writing, "否", "2023-01-01")
        for n, writing in enumerate(writings)
    ]
    run(data, registry(tmp_path / "r.csv", firms))
    assert rows(data, "select rebate_class, count(*) from fact_firms group by 1") == [("一", 5)]


@pytest.mark.parametrize(("counted", "told"), [(10, "有 2 行与"), (0, "约有 128 行与")])
def test_copies_in_a_large_file_are_told_by_a_part_of_its_firms(tmp_path, monkeypatch, counted, told):
    """Of a file too large to count, the firms of one part in 64 are: this one is in it."""
    monkeypatch.setattr(copies, "COUNTED", counted)
    numbers = (code("431103", n) for n in range(1, 1000))
    uscc = next(uscc for uscc in numbers if duckdb.sql(f"select hash('{uscc}') % 64").fetchall() == [(0,)])
    line = ("202509", "出口", uscc, "甲", "07020000", "110", "0110", "1,000", 140)
    other = ("202509", "出口", uscc, "甲", "07020000", "110", "0110", "1,001", 140)
    result = run(tmp_path / "data", declared(tmp_path / "d.csv", [line, other, line, line])).files[0]
    assert result.accepted == 4
    assert result.notes[-1].startswith(told)
