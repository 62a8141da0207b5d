"""What separates cells: any sign may stand within them too, and is not taken for what stands between them."""

import pytest
from corpus.case import text
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.delimiter import DELIMITERS, read_head, without_rules

bounded = settings(derandomize=True, deadline=None, max_examples=300)
HEADER = ["统计年月", "企业名称", "商品编码", "规格型号", "人民币值"]


@bounded
@given(
    signs=st.permutations(DELIMITERS),
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    titles=st.lists(st.sampled_from(["2025年9月明细", "单位：元", ""]), max_size=3),
    padded=st.booleans(),
)
def test_a_sign_that_stands_in_cells_of_data_is_no_delimiter(signs, counts, titles, padded):
    true, false, *_ = signs
    rows = [["202509", f"甲{false}公司", "07032010", false.join("甲" * (count + 1)), "1"] for count in counts]
    above = [[title, *[""] * (4 if padded else 0)] for title in titles]
    assert read_head(text([*above, HEADER, *rows], delimiter=true))[0] == true


@pytest.mark.parametrize("true", DELIMITERS)
@pytest.mark.parametrize("false", DELIMITERS)
def test_a_sign_in_titles_or_headers_alone_is_no_delimiter(true, false):
    for header in ([f"进出口{false}当月", f"出口{false}当月", "企业"], ["甲", "乙", "丙"]):
        titles = [[f"表一{false}2025年9月"], [f"单位：元{false}制表：张三"]]
        content = text([*titles, header, *[["1", "2", "丙公司"]] * 3], delimiter=true)
        assert read_head(content)[0] == true


@pytest.mark.parametrize("true", DELIMITERS)
def test_a_table_of_few_filled_cells_under_a_full_header_keeps_its_delimiter(true):
    false = next(sign for sign in DELIMITERS if sign != true)
    rows = [[f"甲{false}", "1", *[""] * 11]] * 20
    assert read_head(text([[f"列{n}" for n in range(13)], *rows], delimiter=true))[0] == true


def test_two_levels_of_header_above_amounts_with_commas_keep_their_bars():
    upper, lower = "县市区|进出口||出口|", "|当月|累计|当月|累计"
    rows = ["道县|1,234,567.00|2,345,678.00|1,234,567.00|2,345,678.00"] * 12
    delimiter, head = read_head("\n".join(["2025年9月", upper, lower, *rows]))
    assert (delimiter, head[3][1][1]) == ("|", "1,234,567.00")


@pytest.mark.parametrize(
    ("line", "blank"),
    [
        (b"|---|:-:|", b"|   |   |"),
        (b"+---+===+", b"|   |   |"),
        (b"---+----", b"   |    "),
        (b"| - | 1 |", b"| - | 1 |"),
        (b"-5|+3", b"-5|+3"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_that_only_rules_becomes_blank_cells_and_no_byte_moves(line, blank, end):
    assert without_rules(b"a|b" + end + line + end + b"c|d") == b"a|b" + end + blank + end + b"c|d"
    assert without_rules(line) == blank
