"""Whole columns of cells: each distinct one read once a file, plain numbers of all columns at once."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import cells, columns
from etl.columns import Distinct, Numbers, read_cells
from etl.contracts import WORD

MONEY = cells.MONEY


def counted(reader):
    """A reader, and the cells it was asked for, in their order."""
    asked = []

    def read(cell):
        return reader(
            cell.map_batches(lambda found: asked.extend(found.to_list()) or found, return_dtype=pl.String)
        )

    return read, asked


def of_block(texts):
    """A column as a block of text gives it: of its distinct cells."""
    raw = pl.Series(texts, dtype=pl.String)
    return raw.cast(pl.Enum(raw.drop_nulls().unique(maintain_order=True)))


def test_blocks_of_a_file_read_each_distinct_cell_once():
    read, asked = counted(lambda cell: cell.str.strip_chars())
    reader = Distinct(read)
    for texts in (["道县", " 道县", None], ["道县", "江永县"], ["江永县", "道县"]):
        values, unread = reader(of_block(texts))
        assert values.to_list() == [text and text.strip() for text in texts]
        assert unread is None
    assert sorted(set(asked)) == [" 道县", "江永县", "道县"]
    assert len(asked) == 3


def test_a_cell_that_cannot_be_read_is_marked_in_every_block_and_a_blank_is_not():
    reader = Distinct(lambda cell: cells.code(cell, 3))
    for _ in range(2):
        values, unread = reader(of_block(["110", "香港", None, "-"]))
        assert values.to_list() == ["110", None, None, None]
        assert unread.to_list() == [False, True, False, False]


def test_what_was_read_is_forgotten_before_it_is_too_much_and_read_again(monkeypatch):
    monkeypatch.setattr(columns, "MOST_KNOWN", 3)
    read, asked = counted(lambda cell: cell.str.strip_chars())
    reader = Distinct(read)
    for texts in (["甲", "乙"], ["丙", "丁"], ["甲", "丁"], ["甲", "乙", "丙"]):
        assert reader(of_block(texts))[0].to_list() == texts
        assert len(reader._places) <= 3
    assert asked.count("甲") == 3


def test_words_of_several_blocks_keep_their_category():
    reader = Distinct(lambda cell: cells.label(cell).cast(WORD))
    found = [reader(of_block(texts))[0] for texts in (["出口", "进口"], ["进口", "出口", "出口"])]
    assert [column.dtype for column in found] == [WORD, WORD]
    assert pl.concat(found).cast(pl.String).to_list() == ["出口", "进口", "进口", "出口", "出口"]


amounts = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "-", "（5）", "1,23", "12.5万元", "1e3", "－7", "9999999999999999999", "1,234,567.89"]
    ),
    st.integers(-(10**12), 10**12).map(lambda number: f"{number:,}"),
    st.decimals(-(10**9), 10**9, places=4).map(str),
)


@pytest.mark.parametrize("factor", [Decimal(1), Decimal(10_000)])
@settings(derandomize=True, deadline=None, max_examples=40)  # the same examples each time
@given(written=st.lists(amounts, min_size=1, max_size=30))
def test_numbers_worked_out_for_all_columns_at_once_are_those_of_one_cell_alone(factor, written):
    raw = pl.Series(written, dtype=pl.String)
    reader = Numbers(
        lambda cell: cells.plain_money(cell, factor), lambda cell: cells.money(cell, factor).cast(MONEY)
    )
    one_by_one = read_cells(raw, lambda cell: cells.money(cell, factor))
    plain = raw.to_frame("a").select(reader.plain(pl.col("a"))).to_series()
    for values, unread in (reader(raw), reader(raw, plain), reader(of_block(written))):
        assert values.to_list() == one_by_one.to_list()
        filled = read_cells(raw, lambda cell: cells.tidy(cell).is_not_null())
        marked = [False] * len(raw) if unread is None else unread.fill_null(False).to_list()
        assert marked == (filled & values.is_null()).to_list()
