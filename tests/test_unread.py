"""Columns that nobody reads are told, with their place and the column that they may be meant for; nothing is held."""

import duckdb
import pytest
from builders import code, write_csv
from corpus.case import LOWER, UPPER, bureau, firm
from corpus.raw import Sheet, xlsx

from dashboard.identity import operator
from dashboard.questions import quality as asked
from dashboard.store import Gate
from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

A = code("431102", 1)
REBATES = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态")
CASE = ("1", A, "2024-06-08", "2024-06-12", "一类", "正常")


def loaded(tmp_path, *paths):
    return load(tmp_path / "data", [(path, Hints()) for path in paths], Options())


def rebates(tmp_path, *headers, name="退税.csv"):
    return write_csv(tmp_path / name, [(*REBATES, *headers), (*CASE, *["1.5"] * len(headers))])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("退税額（万元）", "G列「退税額（万元）」（可能是「退税额」）没有读取，如是写错的列名请改正后再发"),
        ("退锐金额", "G列「退锐金额」（可能是「退税额」）没有读取，如是写错的列名请改正后再发"),
        ("备住", "G列「备住」没有读取"),
        ("经手科室", "G列「经手科室」没有读取"),
        ("甲；乙", "G列「甲;乙」没有读取"),
    ],
)
def test_a_column_that_nobody_reads_is_told_with_its_letter_and_what_it_may_be(tmp_path, header, said):
    result = loaded(tmp_path, rebates(tmp_path, header)).files[0]
    assert (result.accepted, result.refused) == (1, "")
    assert said in result.notes


@pytest.mark.parametrize(
    "header", ["序号", "备注", "退税额（万元）", "同比增长", "上年同期退税额", "联系电话", ""]
)
def test_a_column_that_is_read_or_says_nothing_to_the_product_is_passed_over(tmp_path, header):
    assert not any("没有读取" in note for note in loaded(tmp_path, rebates(tmp_path, header)).files[0].notes)


def test_the_letter_is_the_sheets_own_and_sheets_with_the_same_columns_are_told_at_once(tmp_path):
    headers = {"upper": (*UPPER, "主营产品"), "lower": (*LOWER, None)}
    sheets = {
        f"{month}月": Sheet(
            bureau([*firm(100 * month), "蔬菜"], title=f"2025年{month}月企业进出口情况表", **headers),
            first=(2, 3),
        )
        for month in (8, 9)
    }
    path = tmp_path / "企业.xlsx"
    path.write_bytes(xlsx(sheets))
    assert "工作表「8月」「9月」O列「主营产品」没有读取" in loaded(tmp_path, path).files[0].notes


def test_a_required_column_under_a_miswritten_header_is_pointed_at(tmp_path):
    header = ["办结曰期" if name == "办结日期" else name for name in REBATES]
    result = loaded(tmp_path, write_csv(tmp_path / "退税.csv", [header, CASE])).files[0]
    assert "缺少列「办结日期」（表里的「办结曰期」可能就是），请补上后再发。" in result.refused


def left_aside(tmp_path):
    return [
        (item.file, item.said)
        for item in asked.left_aside(Gate(snapshot.current(tmp_path / "data"), operator()))
    ]


def test_what_was_left_aside_stays_told_until_the_file_is_replaced(tmp_path):
    loaded(tmp_path, rebates(tmp_path, "退税額", name="旧.csv"))
    assert left_aside(tmp_path) == [
        ("旧.csv", "G列「退税額」（可能是「退税额」）没有读取，如是写错的列名请改正后再发")
    ]
    loaded(tmp_path, rebates(tmp_path, "退税额", name="新.csv"))
    assert left_aside(tmp_path) == []
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        assert con.execute("select amount_cny::varchar from fact_rebates").fetchall() == [("1.500000",)]
