"""Merged cells and the first day of all kinds of workbook: what an .xlsx gets, the older and the open formats get too."""

import datetime as dt
import io
import random
import struct
import zipfile

import duckdb
import pytest
from builders import code
from corpus import raw
from test_decode import mutated

from etl import biff, opendocument, snapshot, xlsb
from etl.apply import Options
from etl.beside import downwards
from etl.compound import stream
from etl.decode import open_file
from etl.errors import FileRefused
from etl.layout import Hints
from etl.load import load
from etl.tables import DAY_ZERO

A, B = code("431102", 1), code("431103", 2)
HEADER = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态", "退税额（元）")
JUNE = (dt.date(2024, 6, 3), dt.date(2024, 6, 6))
SERIAL_1904 = (
    (dt.date(2024, 6, 3) - dt.date(1904, 1, 1)).days,
    (dt.date(2024, 6, 6) - dt.date(1904, 1, 1)).days,
)


def xls(rows, merged=(), since_1904=False):
    return raw.xls({"台账": rows}, merged={"台账": merged}, since_1904=since_1904)


def xlsb_book(rows, merged=(), since_1904=False):
    return raw.xlsb({"台账": rows}, merged={"台账": merged}, since_1904=since_1904)


def ods(rows, merged=(), since_1904=False):
    return raw.ods({"台账": rows}, merged={"台账": merged}, first_day="1904-01-01" if since_1904 else "")


BOOKS = {"xls": xls, "xlsb": xlsb_book, "ods": ods}
every_format = pytest.mark.parametrize("ending", BOOKS)


def loaded(tmp_path, content, ending):
    """What became of a file, and its rows: case, code, acceptance, yuan."""
    path = tmp_path / f"退税.{ending}"
    path.write_bytes(content)
    result = load(tmp_path / "data", [(path, Hints())], Options()).files[0]
    with duckdb.connect(str(snapshot.current(tmp_path / "data").path), read_only=True) as con:
        return result, con.execute(
            'select case_no, uscc, accepted::varchar, amount_cny::integer from fact_rebates order by "row"'
        ).fetchall()


def opened(tmp_path, content):
    path = tmp_path / "book"
    path.write_bytes(content)
    return open_file(path).tables


@every_format
def test_a_cell_merged_over_rows_is_said_of_all_of_them_wherever_the_table_stands(tmp_path, ending):
    rows = [
        (None,) * 8,
        (None, *HEADER),
        (None, "1", A, "2024-06-03", "2024-06-06", "一类", "正常", 1),
        (None, "2", None, None, "2024-06-06", "一类", "正常", 2),
        (None, "3", B, "2024-06-04", "2024-06-06", "一类", "正常", 3),
    ]
    content = BOOKS[ending](rows, [(2, 3, 2, 2), (2, 3, 3, 3)])
    result, found = loaded(tmp_path, content, ending)
    assert (result.accepted, result.quarantined) == (3, 0)
    assert found == [("1", A, "2024-06-03", 1), ("2", A, "2024-06-03", 2), ("3", B, "2024-06-04", 3)]


@every_format
def test_an_amount_merged_over_rows_is_not_shared_out(tmp_path, ending):
    rows = [(str(n), A, "2024-06-03", "2024-06-06", "一类", "正常", 9 if n else None) for n in (1, 0)]
    _, found = loaded(tmp_path, BOOKS[ending]([HEADER, *rows], [(1, 2, 6, 6)]), ending)
    assert found == [("1", A, "2024-06-03", 9), ("0", A, "2024-06-03", None)]


@every_format
def test_only_a_merge_over_rows_of_one_column_counts(tmp_path, ending):
    rows = [[f"{row}{column}" for column in "abcd"] for row in range(5)]
    areas = [(0, 0, 0, 3), (1, 2, 0, 1), (1, 3, 2, 2), (4, 4, 1, 2)]
    assert opened(tmp_path, BOOKS[ending](rows, areas))[0].merged == ((2, 2, 4),)


@every_format
@pytest.mark.parametrize("since_1904", [False, True])
def test_bare_numbers_of_days_count_from_the_day_that_the_workbook_says(tmp_path, ending, since_1904):
    days = SERIAL_1904 if since_1904 else (45446, 45449)
    rows = [HEADER, ("1", A, *days, "一类", "正常", 7)]
    _, found = loaded(tmp_path, BOOKS[ending](rows, since_1904=since_1904), ending)
    assert found == [("1", A, "2024-06-03", 7)]


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_dates_that_are_such_stay_what_they_are_where_numbers_count_from_1904(tmp_path, ending):
    rows = [HEADER, ("1", A, *JUNE, "一类", "正常", 7)]
    _, found = loaded(tmp_path, BOOKS[ending](rows, since_1904=True), ending)
    assert found == [("1", A, "2024-06-03", 7)]


@pytest.mark.parametrize("write", [raw.xls, raw.xlsb, raw.ods])
def test_each_sheet_has_its_own_merged_cells(tmp_path, write):
    sheets = {name: [[name], ["b"], ["c"], ["d"]] for name in ("甲", "b&<", "c")}
    book = write(sheets, merged={"甲": [(0, 1, 0, 0)], "b&<": [(1, 2, 0, 0)]})
    assert [table.merged for table in opened(tmp_path, book)] == [((0, 1, 2),), ((0, 2, 3),), ()]


def test_rows_and_cells_that_an_open_document_repeats_count_as_often(tmp_path):
    head = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><text:p>上</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="4"/><table:table-cell '
        'table:number-rows-spanned="2" office:value-type="string"><text:p>合</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:covered-table-cell table:number-columns-repeated="5"/></table:table-row>'
    )
    table = opened(tmp_path, raw.ods({"台账": [["下"]]}, head=head))[0]
    assert (table.left, table.merged) == (0, ((4, 4, 5),))


def test_a_table_within_a_cell_of_an_open_document_moves_nothing():
    rows = '<table:table-row><table:table-cell table:number-rows-spanned="2"/></table:table-row>'
    inner = f'<table:table-cell><table:table table:name="内">{rows * 3}</table:table></table:table-cell>'
    content = raw.ods({"台账": []}, head=f"<table:table-row>{inner}</table:table-row>{rows}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = opendocument.beside(archive.read("content.xml"))
    assert found.areas == {"台账": [(1, 2, 0, 0)]}


def test_areas_that_overlap_or_reach_below_the_sheet_are_taken_once():
    assert downwards([(0, 1 << 40, 0, 0), (1, 5, 0, 0), (5, 9, 0, 0), (2, 3, 1, 1)], 0, 4) == (
        (0, 1, 4),
        (1, 3, 4),
    )
    assert downwards([(4, 9, 0, 0), (0, 3, 2, 2)], 3, 4) == ()


def records(*found):
    return b"".join(struct.pack("<HH", sort, len(data)) + data for sort, data in found)


BEGIN, END = (biff.BEGIN, b"\0\6\5\0"), (biff.END, b"")


def sheet_named(name, place):
    return biff.SHEET, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name.encode("latin-1")


def test_a_chart_in_an_old_sheet_has_no_merged_cells_of_the_sheet():
    inside = (biff.MERGED, struct.pack("<H4H", 1, 0, 1, 0, 0))
    own = (biff.MERGED, struct.pack("<H4H", 1, 2, 3, 0, 0))
    sheet = records(BEGIN, BEGIN, inside, END, own, END)
    found = biff.of_records(records(BEGIN, sheet_named("a", 25), END) + sheet)
    assert found.areas == {"a": [(2, 3, 0, 0)]}


@pytest.mark.parametrize("told", [b"", b"\1", b"\xff\xff", b"\2\0" + struct.pack("<4H", 0, 1, 0, 0)])
def test_a_record_that_says_more_than_it_holds_is_read_as_far_as_it_goes(told):
    book = records(BEGIN, sheet_named("a", 25), (biff.SHEET, b"\1"), END) + records(
        BEGIN, (biff.MERGED, told), END
    )
    assert biff.of_records(book).day_zero == DAY_ZERO
    assert biff.of_records(book[:-7]).day_zero == DAY_ZERO


def entry(name, sort, first, size):
    text = name.encode("utf-16-le")
    return struct.pack("<64sHB49xII4x", text, len(text) + 2, sort, first, size)


def backwards(content, size, first):
    """The content in pieces, the last one foremost, and the link of each; first: the number of the foremost."""
    pieces = [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]
    return b"".join(reversed(pieces)), [LAST, *range(first, first + len(pieces) - 1)]


LAST, NONE = 0xFFFFFFFE, 0xFFFFFFFF


def compound(content, small=False, further=LAST):
    """A compound file of one stream in pieces that stand backwards; a small one stands within the root's.

    further: the sector in which the list of where the links stand goes on.
    """
    body, small_links = backwards(content, 64, 0) if small else (content, [])
    sectors, links = backwards(body, 512, 3)
    last = 3 + len(links) - 1
    start = len(small_links) - 1 if small else last
    root = entry("Root Entry", 5, last if small else LAST, len(body))
    told = (0, 1, 1, 0, 4096, 2, 1, further, 0, *((0,) * 109 if further != LAST else (0, *[NONE] * 108)))
    header = struct.pack("<8s16x5H6x118I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, *told)
    table = struct.pack("<128I", 0xFFFFFFFD, LAST, LAST, *links, *[NONE] * (125 - len(links)))
    small_table = struct.pack("<128I", *small_links, *[NONE] * (128 - len(small_links)))
    directory = (root + entry("Workbook", 2, start, len(content))).ljust(512, b"\0")
    return header + table + directory + small_table + sectors


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 4095, 4096, 50_000])
def test_a_stream_comes_whole_out_of_the_pieces_of_its_container(length):
    content = random.Random(length).randbytes(length)
    assert stream(compound(content, length < 4096), ("Workbook",)) == content
    assert stream(compound(content, length < 4096), ("Book", "Workbook")) == content
    assert stream(compound(content, length < 4096), ("Book",)) == b""


def test_links_in_a_circle_give_no_more_than_the_file_holds():
    whole = compound(
        random.Random(1).randbytes(50_000), further=5
    )  # the table of links is said to go on in itself
    circle = whole.replace(struct.pack("<I", LAST), struct.pack("<I", 4))
    assert len(stream(whole, ("Workbook",))) <= len(whole)
    assert len(stream(circle, ("Workbook",))) <= len(circle)


@pytest.mark.parametrize("claimed", ["gbk", "no such encoding"])
@pytest.mark.parametrize(
    ("book", "part"),
    [
        (raw.xlsx({"a": [["a"], ["b"], ["c"]]}), "xl/workbook.xml"),
        (raw.xlsx({"a": [["a"], ["b"], ["c"]]}), "xl/_rels/workbook.xml.rels"),
        (xlsb_book([["a"], ["b"], ["c"]]), xlsb.LINKS),
        (ods([["a"], ["b"], ["c"]], [(0, 1, 0, 0)]), "content.xml"),
    ],
)
def test_a_part_that_claims_an_encoding_of_its_own_is_read_or_refused(tmp_path, book, part, claimed):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = f'<?xml version="1.0" encoding="{claimed}"?>'.encode() + parts[part]
    try:
        assert opened(tmp_path, raw.zipped(parts))[0].head[2] == (3, ["c"])
    except FileRefused as refusal:
        assert "打不开" in str(refusal)


@pytest.mark.parametrize("ending", ["xls", "xlsb"])
def test_damage_to_what_stands_beside_the_cells_is_no_accident(ending):
    rows = [[f"{row}{column}" for column in "abcd"] for row in range(30)]
    whole = BOOKS[ending](rows, [(1, 9, 0, 0), (3, 4, 2, 2)], since_1904=True)
    for number in range(400):
        source = random.Random(f"{ending} {number}")
        if ending == "xls":
            biff.beside(mutated(whole, source))
            biff.of_records(mutated(stream(whole, biff.STREAMS), source))
            continue
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        part = source.choice([xlsb.BOOK, "xl/worksheets/sheet1.bin"])
        with zipfile.ZipFile(io.BytesIO(raw.zipped(parts | {part: mutated(parts[part], source)}))) as archive:
            xlsb.beside(archive)
