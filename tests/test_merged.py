"""What workbooks say beside their cells: merged cells, the year that dates count from, numbers cut to 15 digits."""

import datetime as dt
import io
import zipfile

import duckdb
import pytest
import xlsxwriter
from builders import code
from corpus import raw

from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

A, B = code("431102", 1), code("431103", 2)
HEADER = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态", "退税额（元）")
JUNE = (dt.date(2024, 6, 3), dt.date(2024, 6, 6))
GOOD = ("2", B, *JUNE, "一类", "正常", 7)


def book(path, rows, merges=(), dated=True, **options):
    """A ledger of rebates; days as dates or as bare numbers. merges: as merge_range takes them."""
    with xlsxwriter.Workbook(str(path), options) as workbook:
        day = workbook.add_format({"num_format": "yyyy/m/d"} if dated else {})
        sheet = workbook.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
        for top, left, bottom, right, cell in merges:
            sheet.merge_range(top, left, bottom, right, cell, day if isinstance(cell, dt.date) else None)
    return path


def loaded(tmp_path, path):
    """What became of the file, and its rows: code, acceptance, yuan."""
    result = load(tmp_path / "data", [(path, Hints())], Options()).files[0]
    if result.refused:
        return result, []
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        return result, con.execute(
            'select case_no, uscc, accepted::varchar, amount_cny::integer from fact_rebates order by "row"'
        ).fetchall()


def test_a_cell_merged_over_rows_is_said_of_all_of_them(tmp_path):
    rows = [(str(n), None, None, JUNE[1], "一类", "正常", n) for n in (1, 2)]
    path = book(tmp_path / "退税.xlsx", rows, [(1, 1, 2, 1, A), (1, 2, 2, 2, JUNE[0])])
    result, found = loaded(tmp_path, path)
    assert (result.accepted, result.quarantined) == (2, 0)
    assert found == [("1", A, "2024-06-03", 1), ("2", A, "2024-06-03", 2)]


def test_an_amount_merged_over_rows_is_not_shared_out(tmp_path):
    rows = [(str(n), A, *JUNE, "一类", "正常", None) for n in (1, 2)]
    _, found = loaded(tmp_path, book(tmp_path / "退税.xlsx", rows, [(1, 6, 2, 6, 9)]))
    assert found == [("1", A, "2024-06-03", 9), ("2", A, "2024-06-03", None)]


def test_a_merge_over_blank_rows_and_a_header_makes_no_rows(tmp_path):
    rows = [(None,) * 7, ("1", None, *JUNE, "一类", "正常", 1), (None,) * 7]
    path = book(tmp_path / "退税.xlsx", rows, [(2, 1, 3, 1, A), (0, 0, 1, 0, HEADER[0])])
    result, found = loaded(tmp_path, path)
    assert (result.rows_read, found) == (1, [("1", A, "2024-06-03", 1)])


@pytest.mark.parametrize("dated", [True, False])
def test_days_count_from_1904_where_the_workbook_says_so(tmp_path, dated):
    path = book(tmp_path / "退税.xlsx", [GOOD], dated=dated, date_1904=True)
    assert loaded(tmp_path, path)[1] == [("2", B, "2024-06-03", 7)]


def test_a_number_that_lost_its_last_digits_names_no_case(tmp_path):
    """The case typed as 43110220240600123 stands there as 43110220240600100, as all of that day do."""
    path = book(tmp_path / "退税.xlsx", [(43110220240600100, A, *JUNE, "一类", "正常", 1), GOOD])
    result, found = loaded(tmp_path, path)
    assert (result.quarantined, found) == (1, [("2", B, "2024-06-03", 7)])
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        rule, advice = con.execute("select rule, advice from quarantine").fetchall()[0]
    assert rule == "unreadable" and "超过15位" in advice


def test_a_long_number_kept_as_text_and_one_that_nobody_reads_are_no_fault(tmp_path):
    row = ("43110220240600123", A, *JUNE, "一类", "正常", 1, 6217001234567890123)
    result, found = loaded(tmp_path, book(tmp_path / "退税.xlsx", [row]))
    assert (result.quarantined, found) == (0, [("43110220240600123", A, "2024-06-03", 1)])


PAGE_ROW = ("1", f"<td rowspan=2>{A}</td>", "2024-06-03", "2024-06-06", "一类", "正常")


def test_a_cell_over_rows_of_a_web_page_is_said_of_both_and_its_stored_number_counts(tmp_path):
    """As a spreadsheet writes pages: it shows 1,234.57 and stores what it counts with."""
    amount = '<td sdval="1234.5678" sdnum="1033;0;#,##0.00">1,234.57</td>'
    second = ("2", "2024-06-03", "2024-06-06", "一类", "正常", '<td x:num="0.5">7.00</td>')
    path = tmp_path / "退税.xls"
    path.write_bytes(raw.html([HEADER, (*PAGE_ROW, amount), second]))
    result, found = loaded(tmp_path, path)
    assert (result.accepted, [row[:2] for row in found]) == (2, [("1", A), ("2", A)])
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        amounts = con.execute('select amount_cny::varchar from fact_rebates order by "row"').fetchall()
    assert amounts == [("1234.567800",), ("7.000000",)]


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
            "cell_error",
        ),
        ('<table:table-cell table:formula="of:=[.A1]*2"/>', "no_result"),
    ],
)
def test_an_error_or_a_formula_without_result_in_an_open_document_puts_its_row_aside(tmp_path, cell, rule):
    """Their reader has such cells empty, and an amount that may be missing came in as none."""
    days = ("2024-06-03", "2024-06-06")
    content = raw.ods(
        {"台账": [HEADER, ("1", A, *days, "一类", "正常", "@"), ("2", B, *days, "一类", "正常", 7)]}
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    written = '<table:table-cell office:value-type="string"><text:p>@</text:p></table:table-cell>'
    assert written in parts["content.xml"].decode()
    parts["content.xml"] = parts["content.xml"].decode().replace(written, cell).encode()
    path = tmp_path / "退税.ods"
    path.write_bytes(raw.zipped(parts))
    result, found = loaded(tmp_path, path)
    assert (result.quarantined, found) == (1, [("2", B, "2024-06-03", 7)])
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        assert con.execute("select rule from quarantine").fetchall() == [(rule,)]
