"""Rows of text to typed rows: what is counted where, over the edges of blocks."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from corpus import raw
from corpus.case import NO_HINTS, A, B, bureau, customs_text, declared, figures, firm, text
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.contracts import Source
from etl.decode import open_file
from etl.layout import Hints, recognise
from etl.policy import load_policy
from etl.read import Batch, Reader, remarks
from etl.sources import BY_KIND
from etl.text import open_text

bounded = settings(derandomize=True, deadline=None, max_examples=40)


def batches(path: Path, hints: Hints = NO_HINTS, block_bytes: int | None = None) -> list[Batch]:
    opened = open_text(path, "utf-8", block_bytes) if block_bytes else open_file(path)
    reader = Reader(load_policy(), hints)
    return [
        batch for table in opened.tables for batch in reader.batches(table, recognise(table, hints, path))
    ]


def written(folder: Path, content: bytes, name: str = "2025年9月.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


ROWS = {
    "good": ({}, 1, 0, 0),
    "bad code": ({"统一社会信用代码": "9.1E+17"}, 0, 1, 0),
    "bad amount": ({"人民币值": "待定"}, 0, 1, 0),
    "two faults": ({"人民币值": "待定", "统计年月": "202413"}, 0, 1, 0),
    "missing partner": ({"贸易伙伴编码": None}, 0, 1, 0),
    "total": ({"统计年月": "合计", "统一社会信用代码": None}, 0, 0, 1),
    "header": (dict(zip(declared()[0], declared()[0], strict=True)), 0, 0, 1),
}


@bounded
@given(
    sorts=st.lists(st.sampled_from(sorted(ROWS)), max_size=30), block_bytes=st.sampled_from([1, 200, 1 << 20])
)
def test_each_row_is_accepted_quarantined_or_skipped_and_keeps_its_place(
    tmp_path_factory, sorts, block_bytes
):
    content = text(declared(*(ROWS[sort][0] for sort in sorts))).encode()
    found = batches(written(tmp_path_factory.getbasetemp(), content), block_bytes=block_bytes)
    for batch in found:
        assert batch.read == batch.good.height + batch.quarantined + batch.skipped
        assert batch.faults["row"].n_unique() == batch.quarantined
    numbered = list(enumerate(sorts, start=2))
    assert [row for batch in found for row in batch.good["row"]] == [
        n for n, sort in numbered if ROWS[sort][1]
    ]
    faulty = {row for batch in found for row in batch.faults["row"]}
    assert faulty == {n for n, sort in numbered if ROWS[sort][2]}
    assert sum(batch.skipped for batch in found) == sum(ROWS[sort][3] for sort in sorts)


def test_a_row_with_two_faults_is_told_both(tmp_path):
    found = batches(written(tmp_path, text(declared(ROWS["two faults"][0], {})).encode()))
    assert sorted(found[0].faults["column_name"]) == ["人民币值", "统计年月"]
    assert found[0].quarantined == 1


@pytest.mark.parametrize("block_bytes", [1, 300, 1 << 20])
def test_copies_are_found_over_the_edges_of_blocks(tmp_path, block_bytes):
    content = customs_text({}, {"贸易伙伴编码": "110"}, {}, {"贸易伙伴编码": "116"}, {"贸易伙伴编码": "110"})
    found = batches(written(tmp_path, content.encode()), Hints(flow="出口"), block_bytes)
    assert [code for batch in found for code in batch.good["partner"]] == ["502", "110", "116"]
    assert sum(batch.copies for batch in found) == 2


def test_remarks_are_made_of_the_counts_of_a_whole_file():
    public, firms = BY_KIND["customs_public"], BY_KIND["firm_month"]
    assert remarks(public, 9_999, 0) == []
    assert "截断" in remarks(public, 10_000, 0)[0]
    assert remarks(firms, 10_000, 0) == []
    assert "3 行" in remarks(firms, 5, 3)[0]


def faults(tmp_path: Path, content: bytes, name: str = "2025年9月.xlsx") -> pl.DataFrame:
    return pl.concat(batch.faults for batch in batches(written(tmp_path, content, name)))


@pytest.mark.parametrize(
    ("content", "column", "value", "words"),
    [
        (raw.xlsx({"S": bureau(firm(raw.formula("F9*2")))}), "出口累计", "=F9*2", "公式没有计算结果"),
        (raw.xlsx({"S": bureau(firm(raw.error("#REF!")))}), "出口累计", "#REF!", "错误值"),
        (raw.xlsx({"S": bureau(firm("待定"))}), "出口累计", "待定", "请改为数字"),
        (raw.xlsx({"S": bureau(firm(900, "12345"))}), "统一社会信用代码", "12345", "18位"),
        (text(declared({"企业名称": "永@州"})).encode("gb18030").replace(b"@", b"\xff"), "企业名称", "永□州", "字节"),
        (text(declared({"企业名称": "@"})).replace("@", '"永州').encode(), "", '202409,出口,', "引号不成对"),
        (text([*declared({}), [*declared({})[1], "多"]]).encode(), "", "多", "列数多于表头"),
        (text(declared({"贸易伙伴编码": None})).encode(), "贸易伙伴编码", "", "必填"),
        (text(declared({"进出口标志": "转口"})).encode(), "进出口标志", "转口", "请从这些写法中选择：出口、进口。"),
    ],
    ids=["formula", "error", "amount", "code", "byte", "quote", "ragged", "missing", "choice"],
)  # fmt: skip
def test_a_fault_names_its_cell_and_says_what_to_do(tmp_path, content, column, value, words):
    found = faults(tmp_path, content)
    assert found["column_name"].to_list() == [column]
    assert value in found["value"][0]
    assert words in found["advice"][0]
    assert found["advice"][0].endswith("。")


def test_the_place_of_a_bad_byte_is_told(tmp_path):
    content = text(declared({}, {"企业名称": "永@州"})).encode("gb18030")
    place = content.index(b"@")
    found = faults(tmp_path, content.replace(b"@", b"\xff"), "明细.csv")
    assert f"第{place + 1}字节" in found["advice"][0]


def test_the_city_row_keeps_its_figures_apart(tmp_path):
    table = raw.xlsx({"S": bureau(firm(900), firm(100, B), ["全市合计", None, None, *figures("1,000", 5)])})
    batch = batches(written(tmp_path, table, "企业.xlsx"))[0]
    assert batch.good["uscc"].to_list() == [A, B]
    assert batch.totals.select("ytd_export", "ytd_import").rows() == [(Decimal(10_000_000), Decimal(50_000))]


@pytest.mark.parametrize("source", BY_KIND.values(), ids=lambda source: source.kind)
def test_a_batch_has_the_columns_of_its_contract(source: Source, tmp_path):
    header = [column.header for column in source.columns.values()]
    content = text([["2025年9月"], ["单位：万元"], header, ["x"] * len(header)]).encode()
    hints = Hints(kind=source.kind, flow="出口")
    batch = batches(written(tmp_path, content), hints)[0]
    assert batch.quarantined == 1
    expected = [name for name in source.schema.column_names() if name not in ("file_id", "sheet")]
    assert sorted(batch.good.columns) == sorted(expected)
