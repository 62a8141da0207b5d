"""The quarantine as a workbook that goes out and comes back mended: what joins, what stays, what counts once."""

import duckdb
import openpyxl
from builders import code, firm_table, trade

from etl import snapshot
from etl.layout import Hints
from etl.load import Options, load
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
        page.cell(row, headers[header], value)
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
