"""Titles and headers: which month, which unit of money, which column."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.headers import labels_of, plain_label, wanted
from etl.sources import ALL
from etl.titles import bracketed_unit, is_months, money_unit_in, months_in, year_in

bounded = settings(derandomize=True, deadline=None, max_examples=100)


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("2025年9月企业进出口情况表", [(2025, 9, 1)]),
        ("2025年1—2月", [(2025, 2, 2)]),
        ("2025 年 1 - 2 月", [(2025, 2, 2)]),
        ("2025年1月至2月", [(2025, 2, 2)]),
        ("2025年1—9月累计", [(2025, 9, 1)]),
        ("２０２５年９月", [(2025, 9, 1)]),
        ("二〇二五年九月", [(2025, 9, 1)]),
        ("二〇二五年十二月", [(2025, 12, 1)]),
        ("二○二五年十月", [(2025, 10, 1)]),
        ("企业_202509_终版", [(2025, 9, 1)]),
        ("企业2025-09", [(2025, 9, 1)]),
        ("2024年8月与2025年8月对比", [(2024, 8, 1), (2025, 8, 1)]),
        ("填报日期：2025年10月15日", []),
        ("20251015", []),
        ("2025-10-15", []),
        ("2025年13月", []),
        ("2025年", []),
        ("九月", []),
    ],
)
def test_months_of_a_title(title, months):
    assert months_in(title) == months


@bounded
@given(year=st.integers(2004, 2039), month=st.integers(1, 12))
def test_a_month_is_found_in_every_usual_title(year, month):
    for title in (
        f"{year}年{month}月",
        f"截至{year}年{month:02d}月底",
        f"表{year}-{month:02d}",
        f"({year}{month:02d})",
    ):
        assert months_in(title) == [(year, month, 1)]


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("9月", [(2025, 9, 1)]),
        ("09月份", [(2025, 9, 1)]),
        ("十二月", [(2025, 12, 1)]),
        ("1-2月", [(2025, 2, 2)]),
        ("1—9月", [(2025, 9, 1)]),
        ("一至二月", [(2025, 2, 2)]),
        ("1月、2月", [(2025, 2, 2)]),
        ("7-9月", [(2025, 0, 1)]),
        ("13月", []),
    ],
)
def test_the_month_of_a_sheet_name_with_its_year(name, months):
    assert is_months(name) and months_in(f"2025年{name}") == months


@pytest.mark.parametrize("name", ["9月底稿", "Sheet1", "2025年9月", "零陵区", "9"])
def test_a_name_of_anything_else_is_no_month(name):
    assert not is_months(name)


def test_a_year_is_taken_only_where_it_is_the_only_one():
    assert year_in("2025年企业进出口") == 2025
    assert year_in("2024年和2025年") is None
    assert year_in("企业进出口") is None


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("单位:亿元", "亿元"),
        ("（单位：人民币万元）", "万元"),
        ("金额单位：元、%", "元"),
        ("单位：家、万元", "万元"),
        ("万元", "万元"),
        ("情况表（万元）", "万元"),
        ("单位：万美元", "万美元"),
        ("单位：万吨", "万吨"),
        ("填报单位：永州市商务局", None),
        ("单位：永州市商务局", None),
        ("填报单位：永州市商务局  金额单位：万元", "万元"),
        ("2025年9月企业进出口情况表", None),
    ],
)
def test_the_unit_of_money_of_a_line(line, unit):
    assert money_unit_in([line]) == unit


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("出口（万元）", "万元"),
        ("出口[亿元]当月", "亿元"),
        ("代码（18位）", None),
        ("出口(人民币万元)", "万元"),
        ("出口", None),
    ],
)
def test_the_unit_in_a_header(label, unit):
    assert bracketed_unit(label) == unit


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("出口\n当月", "出口当月"),
        ("本月出口额", "出口当月"),
        ("9月出口", "出口当月"),
        ("2025年9月出口", "出口当月"),
        ("累计出口总额", "出口累计"),
        ("2025年1-9月出口", "出口累计"),
        ("1—9月累计进出口", "进出口累计"),
        ("其中：进口累计", "进口累计"),
        ("出口（万元）累计", "出口累计"),
        ("出口人民币累计", "出口累计"),
        ("出口累计同比%", "出口累计同比"),
        ("出口累计增长", "出口累计同比"),
        ("出口上年同期累计", "出口上年同期累计"),
        ("出口美元累计", "出口美元累计"),
        ("出口累计增减额", "出口累计增减额"),
        ("县（市、区）", "县"),
        ("* 企 业 名 称", "企业名称"),
    ],
)
def test_a_header_in_plain_words(label, plain):
    assert plain_label(label) == plain


def test_a_group_reaches_over_the_blank_cells_after_it_and_ends_at_a_column_merged_downwards():
    upper = ["企业名称", "出口", "", "备注", "进口", ""]
    lower = ["", "当月", "累计", "", "当月", "累计"]
    assert labels_of([upper, lower]) == ["企业名称", "出口当月", "出口累计", "备注", "进口当月", "进口累计"]


def test_three_levels_are_stacked_from_the_top():
    levels = [
        ["县市区", "人民币", "", "", ""],
        ["", "出口", "", "进口", ""],
        ["", "当月", "累计", "当月", "累计"],
    ]
    assert labels_of(levels)[1:] == ["人民币出口当月", "人民币出口累计", "人民币进口当月", "人民币进口累计"]


@bounded
@given(levels=st.lists(st.lists(st.text(max_size=4), max_size=6), min_size=1, max_size=3))
def test_there_is_one_label_a_column_whatever_the_header(levels):
    assert len(labels_of(levels)) == max(map(len, levels))


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.kind)
def test_no_spelling_names_two_columns_of_a_kind(source):
    spellings = [spelling for _, names in wanted(source.kind).values() for spelling in set(names)]
    assert len(spellings) == len(set(spellings))
