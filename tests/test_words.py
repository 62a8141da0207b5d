"""Texts of declarations are kept once in a snapshot: whoever reads the rows sees them as the files have them."""

from decimal import Decimal

import duckdb
import polars as pl
import pytest
from builders import code, declared
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import snapshot
from etl.apply import Options
from etl.contracts import WORD
from etl.layout import Hints
from etl.load import apply_files, load
from etl.policy import load_policy
from etl.sources import ALL, declarations
from etl.warehouse import count, create_tables
from etl.words import Words

A, B = code("431103", 1), code("431122", 2)
COLUMNS = "period, flow, uscc, firm_name, hs_code, partner, mode, cast(value_cny as varchar)"
KEYS = "select key, text from word order by key"


def line(
    month="202509", flow="出口", uscc=A, name="甲公司", goods="07020000", partner="110", mode="0110", yuan="5"
):
    return (month, flow, uscc, name, goods, partner, mode, yuan, "1")


def run(data, *paths, **options):
    return load(data, [(path, Hints()) for path in paths], Options(**options))


def rows(data, query):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


def test_rows_are_read_as_the_file_has_them(tmp_path):
    lines = [line(), line(flow="进口", uscc=B, name="", goods="1234567", mode="110", partner="502")]
    run(tmp_path / "data", declared(tmp_path / "d.csv", lines))
    found = rows(tmp_path / "data", f'select {COLUMNS} from fact_declarations order by "row"')
    assert [row[1:] for row in found] == [
        ("export", A, "甲公司", "07020000", "110", "0110", "5.000000"),
        ("import", B, None, "01234567", "502", "0110", "5.000000"),
    ]


def test_a_text_has_one_key_in_all_files_and_keys_have_no_gap(tmp_path):
    data = tmp_path / "data"
    run(data, declared(tmp_path / "a.csv", [line(), line(uscc=B, name="乙公司")]))
    before = rows(data, KEYS)
    run(data, declared(tmp_path / "b.csv", [line(month="202510"), line(month="202510", name="新名称")]))
    after = rows(data, KEYS)
    assert after[: len(before)] == before
    assert [text for _, text in after[len(before) :]] == ["新名称"]
    assert [key for key, _ in after] == list(range(1, len(after) + 1))


def test_a_file_that_is_refused_leaves_no_text_behind(tmp_path):
    data = tmp_path / "data"
    future = declared(tmp_path / "a.csv", [line(month="209912", name="未来公司")])
    good = declared(tmp_path / "b.csv", [line()])
    report = run(data, future, good)
    assert [bool(file.refused) for file in report.files] == [True, False]
    found = rows(data, KEYS)
    assert "未来公司" not in dict(found).values()
    assert [key for key, _ in found] == list(range(1, len(found) + 1))
    assert rows(data, "select firm_name from fact_declarations") == [("甲公司",)]


def test_a_month_that_is_replaced_leaves_by_its_direction(tmp_path):
    data = tmp_path / "data"
    run(data, declared(tmp_path / "a.csv", [line(yuan="10"), line(flow="进口", yuan="20")]))
    run(data, declared(tmp_path / "b.csv", [line(flow="进口", yuan="30")]))
    found = rows(data, "select flow, cast(value_cny as integer) from fact_declarations order by flow")
    assert found == [("export", 10), ("import", 30)]


@pytest.mark.parametrize(
    ("yuan", "kept"),
    [("999,999,999,999.99", Decimal("999999999999.99")), ("1,000,000,000,000", None), ("1e12", None)],
)
def test_an_amount_that_no_record_can_have_waits_and_the_others_are_loaded(tmp_path, yuan, kept):
    data = tmp_path / "data"
    report = run(data, declared(tmp_path / "d.csv", [line(), line(uscc=B, yuan=yuan)]))
    assert report.files[0].quarantined == (kept is None)
    found = rows(data, "select value_cny from fact_declarations order by uscc desc")
    assert sorted(value for (value,) in found) == sorted(value for value in (5, kept) if value)
    waiting = [(yuan, "人民币值")] if kept is None else []
    assert rows(data, "select value, column_name from quarantine") == waiting


@pytest.mark.parametrize(
    ("yuan", "told"),
    [
        ("1,000,000,000,000", "「人民币值」的数太大，不像是一行的数，请核对位数和单位。"),
        ("１０００００００００００００.50", "「人民币值」的数太大，不像是一行的数，请核对位数和单位。"),
        ("12,34", "「人民币值」无法识别，请改为数字，单位与表头一致。"),
        ("五元", "「人民币值」无法识别，请改为数字，单位与表头一致。"),
    ],
)
def test_of_an_amount_that_was_not_read_it_is_told_what_is_wrong_with_it(tmp_path, yuan, told):
    data = tmp_path / "data"
    run(data, declared(tmp_path / "d.csv", [line(), line(uscc=B, yuan=yuan)]))
    assert rows(data, "select advice from quarantine") == [(told,)]


def test_memory_is_as_before_when_a_file_was_refused_while_it_was_read(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        limit = "select current_setting('memory_limit')"
        files = [(declared(tmp_path / "a.csv", [line()]), Hints())]
        apply_files(con, load_policy(), files, Options())
        before = con.execute(limit).fetchall()
        no_flow = [("统计年月", "统一社会信用代码", "商品编码", "贸易伙伴编码", "监管方式编码", "人民币值")]
        path = tmp_path / "b.csv"
        path.write_text(
            "\n".join(",".join(row) for row in [*no_flow, ("202509", A, "07020000", "110", "0110", "5")])
        )
        results = apply_files(con, load_policy(), [(path, Hints())], Options())
        assert "--flow" in results[0].refused
        assert con.execute(limit).fetchall() == before


def test_memory_that_does_not_suffice_for_the_rows_is_said_and_the_next_file_has_all_of_it(
    tmp_path, monkeypatch
):
    too_much = "select list(range) from range(300_000_000)"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        limit = "select current_setting('memory_limit'), current_setting('threads')"
        file = (declared(tmp_path / "a.csv", [line()]), Hints())
        apply_files(con, load_policy(), [], Options())
        before = con.execute(limit).fetchall()
        with monkeypatch.context() as patched:
            patched.setattr(Words, "append", lambda words, source, rows: words._con.execute(too_much))
            failed = apply_files(con, load_policy(), [file], Options())
        assert "内存不够" in failed[0].refused
        assert con.execute(limit).fetchall() == before
        assert not apply_files(con, load_policy(), [file], Options())[0].refused


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=12), min_size=1, max_size=5))
def test_any_texts_come_back_as_they_were(batches):
    source = declarations.SOURCE
    with duckdb.connect() as con:
        create_tables(con)
        words = Words(con)
        for number, texts in enumerate(batches, 1):
            given = pl.DataFrame({"firm_name": texts}, schema={"firm_name": pl.String})
            frame = given.with_columns(
                pl.lit(None).alias(name)
                for name in source.sorts
                if name not in ("firm_name", "file_id", "sheet", "row")
            )
            numbered = frame.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32))
            typed = numbered.cast(
                {
                    name: spec.dtype
                    for name, spec in source.schema.columns().items()
                    if name in numbered.columns
                }
            )
            words.append(source, source.placed(typed, number, "表"))
            if number % 2:
                words = Words(con)  # as the next file does
        found = con.execute(
            'select sheet, firm_name from fact_declarations order by file_id, "row"'
        ).fetchall()
        assert found == [("表", text) for texts in batches for text in texts]
        assert count(con, "select count(*) - count(distinct text) from word") == 0


def test_only_texts_that_repeat_in_very_many_rows_are_kept_apart():
    coded = {source.kind: set(source.words) | set(source.numbers) for source in ALL if source.words}
    assert coded == {"declarations": {"sheet", "flow", "uscc", "firm_name", "partner", "mode", "hs_code"}}
    assert all(
        spec.dtype != WORD for source in ALL if not source.words for spec in source.schema.columns().values()
    )
