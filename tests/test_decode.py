"""From bytes to tables of text: nothing lost at a block's edge, damage told where it is, and no accident ever."""

import csv
import io
import os
import random
import zipfile
from pathlib import Path

import polars as pl
import pytest
from corpus import raw
from corpus.case import bureau, declared, firm, text
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.decode import open_file
from etl.encoding import PIECE_BYTES, Block, _first_fault, _pieces, blocks, decoded, encoding_of
from etl.errors import FileRefused
from etl.layout import Hints, recognise
from etl.policy import load_policy
from etl.read import Reader
from etl.regular import RegularParser
from etl.tables import MARK, Table
from etl.text import careful_frame, open_text, patient_frame

bounded = settings(derandomize=True, deadline=None, max_examples=60)
PLAIN = text(declared({}, {"企业名称": "乙,公司"}, {"企业名称": "丙\n公司"}, {"人民币值": "1,000"}))


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.cast({pl.Enum: pl.String})


def filled(frame: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in texts(frame).rows()]


def cells(table: Table) -> list[list[str]]:
    """All cells, null as empty."""
    frame = pl.concat(texts(frame) for frame in table.frames()).drop("damaged")
    assert frame["row"].to_list() == list(range(1, frame.height + 1))
    return [[cell or "" for cell in row] for row in frame.drop("row").rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("size", [*range(1, 40), 97, 1000])
def test_blocks_end_where_records_end_and_lose_no_byte(tmp_path, encoding, size):
    content = PLAIN.replace("乙", "㐂𠮷").encode(encoding)
    found = list(blocks(written(tmp_path, content), encoding, size))
    assert b"".join(block.data for block in found) == content
    assert [block.offset for block in found] == [
        sum(len(block.data) for block in found[:n]) for n in range(len(found))
    ]
    for block in found:
        assert block.data.count(b'"') % 2 == 0
        block.data.decode(encoding)


def test_a_large_block_ends_at_a_line_break_without_being_copied(tmp_path):
    """Of a file of short lines nothing is left over for the next piece, and one that has none is cut as before."""
    lines = "".join(f"{number},永州\n" for number in range(40_000)).encode("gb18030")
    pieces = list(_pieces(written(tmp_path, lines), "gb18030", 0, 100_000))
    assert len(pieces) > 3 and b"".join(pieces) == lines
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert max(map(len, pieces)) <= 100_000
    bare = lines.replace(b"\n", b";")
    assert b"".join(_pieces(written(tmp_path, bare), "gb18030", 0, 100_000)) == bare


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("size", [3, 64, 1 << 20])
def test_cells_are_the_same_whatever_the_block_size(tmp_path, encoding, size):
    path = written(tmp_path, PLAIN.encode(encoding))
    table = open_text(path, encoding_of(path, path.read_bytes()[:4096]), size).tables[0]
    assert cells(table) == [
        [cell.replace("\n", "\n") for cell in row] for row in csv.reader(io.StringIO(PLAIN, newline=""))
    ]


@pytest.mark.parametrize("before", [PIECE_BYTES - 1, PIECE_BYTES - 2, PIECE_BYTES, 2 * PIECE_BYTES - 1])
def test_a_character_across_the_pieces_in_which_an_encoding_is_told_is_no_fault(tmp_path, before):
    path = tmp_path / "a.csv"
    path.write_bytes(b"," * before + "永州".encode() + b"," * PIECE_BYTES)
    assert _first_fault(path) is None
    path.write_bytes(b"," * before + "永州".encode() + b"," * PIECE_BYTES + b"\xff,")
    assert _first_fault(path) == before + 6 + PIECE_BYTES
    path.write_bytes(b"," * before + "永州".encode("gb18030"))
    assert _first_fault(path) == before


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("place", [0, 7, 40, 200])
def test_a_bad_byte_is_told_by_its_place_in_the_file(tmp_path, encoding, place):
    content = text(declared(*[{}] * 20)).encode(encoding)
    at = content.index("甲".encode(encoding), 200 + place)
    content = content[:at] + b"\xff" + content[at:]
    path = written(tmp_path, content)
    marks = "".join(decoded(block, encoding) for block in blocks(path, encoding, 100))
    assert f"{MARK}b{at + 1}{MARK}" in marks


cell_text = st.text(
    alphabet=st.characters(
        codec="gb18030", exclude_characters="\0\r\ufeff\ufffd", exclude_categories=("Cs",)
    ),
    max_size=8,
)


@bounded
@given(
    rows=st.lists(st.lists(cell_text, min_size=3, max_size=3), min_size=1, max_size=12),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    size=st.sampled_from([5, 50, 1 << 20]),
)
def test_whatever_is_written_as_csv_is_read_back(tmp_path_factory, rows, encoding, quoting, size):
    header = ["数据年月", "商品编码", "人民币"]
    content = text([header, *rows], quoting=quoting, end="\n")
    path = written(tmp_path_factory.getbasetemp(), content.encode(encoding), "round.csv")
    found = cells(open_text(path, encoding, size).tables[0])
    assert found == [header, *rows]


odd_records = st.lists(
    st.sampled_from(
        [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b" ", b"1", "永".encode("gb18030"), "𠮷".encode("gb18030"),
         "永".encode(), b"\x81", b"\xff", b"\0", "\ufeff".encode("gb18030"), "\ufffd".encode(), b'","', b'"a,b"', b"a,b,c\n"]
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=3000)
@given(parts=odd_records, encoding=st.sampled_from(["utf-8", "gb18030"]), delimiter=st.sampled_from(",\t|"))
def test_a_fast_way_reads_what_the_careful_one_reads_or_leaves_it_alone(parts, encoding, delimiter):
    block = Block(b"".join(parts).replace(b",", delimiter.encode()), 0)
    careful = careful_frame(block, encoding, delimiter, 3)
    for fast in (
        RegularParser(encoding, delimiter, 3)(block.data),
        patient_frame(block, encoding, delimiter, 3),
    ):
        if fast is not None:
            assert not careful["damaged"].any()
            assert filled(fast) == filled(careful.drop("damaged"))


def test_row_numbers_count_records_as_a_spreadsheet_does(tmp_path):
    path = written(tmp_path, b'a,b\n\n"x\ny",1\nlast,2\n')
    frame = pl.concat(texts(frame) for frame in open_file(path).tables[0].frames())
    assert frame.filter(pl.col("c0") == "last")["row"].to_list() == [4]


def test_a_formula_without_result_and_an_error_are_marked_in_their_cells(tmp_path):
    book = raw.xlsx({"甲": raw.Sheet([["a", raw.formula("1+1")], [raw.error("#N/A"), 2]], first=(3, 2))})
    assert cells(open_file(written(tmp_path, book)).tables[0])[2:] == [
        ["a", f"{MARK}f=1+1{MARK}"],
        [f"{MARK}e#N/A{MARK}", "2"],
    ]


@pytest.mark.parametrize("most", [0, 1 << 20])
def test_a_long_sheet_is_looked_at_like_a_short_one(tmp_path, monkeypatch, most):
    monkeypatch.setattr("etl.workbook.MOST_KEPT", most)
    book = raw.xlsx({"甲": raw.Sheet([["a", 1]]), "乙": raw.Sheet([["b", raw.formula("1+1")]])})
    plain, marked = open_file(written(tmp_path, book, "long.xlsx")).tables
    assert cells(plain) == [["a", "1"]]
    assert cells(marked) == [["b", f"{MARK}f=1+1{MARK}"]]


@pytest.mark.parametrize("number", ["431102198001010000", "4.31102E+17", "-1234567890123456", "1E+15"])
@pytest.mark.parametrize("beside", [1, raw.formula("1+1"), "a formula of words", "431102198001010000"])
def test_a_number_of_too_many_digits_is_marked_whatever_stands_in_another_sheet(tmp_path, number, beside):
    book = raw.xlsx(
        {"甲": raw.Sheet([["a", raw.Raw("", f"<v>{number}</v>")]]), "乙": raw.Sheet([["c", beside]])}
    )
    marked, other = open_file(written(tmp_path, book, "long.xlsx")).tables
    assert cells(marked) == [["a", f"{MARK}l{number}{MARK}"]]
    assert cells(other) == [["c", f"{MARK}f=1+1{MARK}" if isinstance(beside, raw.Raw) else str(beside)]]


def test_cells_of_a_web_page_stand_where_spans_put_them(tmp_path):
    page = raw.html(
        [["<td rowspan=2>a</td>", "<td colspan=2>b</td>", "<td rowspan=2>c</td>"], ["d", "e"], ["f"] * 4]
    )
    assert cells(open_file(written(tmp_path, page)).tables[0]) == [
        ["a", "b", "", "c"],
        ["", "d", "e", ""],
        ["f", "f", "f", "f"],
    ]


def test_a_comment_in_a_web_page_is_no_part_of_its_cell(tmp_path):
    """As LibreOffice writes the remark beside a template's example."""
    page = raw.html(
        [['<td><a class="comment-indicator"></a><comment>示例行</comment>零陵区</td>', "<td>5</td>"]]
    )
    assert cells(open_file(written(tmp_path, page)).tables[0]) == [["零陵区", "5"]]


def read_all(path: Path) -> None:
    """Everything that a load does with a file before it writes."""
    hints = Hints(flow="出口", period="2025-09", unit="万元")
    reader = Reader(load_policy(), hints)
    for table in open_file(path).tables:
        for batch in reader.batches(table, recognise(table, hints, path)):
            assert batch.read == batch.good.height + batch.quarantined + batch.skipped
            assert batch.faults["row"].n_unique() == batch.quarantined


def only_refusals(folder: Path, content: bytes) -> None:
    """Reading may refuse the file; any other exception is an accident."""
    path = written(folder, content, "fuzz.bin")
    try:
        read_all(path)
    except FileRefused as refusal:
        assert str(refusal).endswith("。")


LONGER = int(os.environ.get("TRADE_KPI_FUZZ", "1"))  # so many times the rounds of a usual run
BUREAU = bureau(firm(900), firm("１,800"), ["合计", None, None, None, None, None, 1, 2700])
SEEDS = {
    "declarations in GB18030": PLAIN.encode("gb18030"),
    "declarations in UTF-8": PLAIN.encode("utf-8-sig"),
    "declarations in UTF-16": PLAIN.encode("utf-16"),
    "a web page": raw.html([[str(cell or "") for cell in row] for row in BUREAU]),
    "xlsx": raw.xlsx({"Sheet1": BUREAU}),
}
APART = {
    "xls": raw.xls({"Sheet1": BUREAU}),
    "xlsb": raw.xlsb({"Sheet1": BUREAU}),
    "ods": raw.ods({"Sheet1": BUREAU}),
}


def mutated(content: bytes, source: random.Random) -> bytes:
    """The bytes with a few of them changed, cut out, doubled or moved."""
    data = bytearray(content)
    for _ in range(source.randint(1, 6)):
        start = source.randrange(len(data)) if data else 0
        end = min(len(data), start + source.choice((1, 2, 8, 64)))
        change = source.randrange(5)
        if change == 0:
            data[start:end] = source.randbytes(end - start)
        elif change == 1:
            del data[start:end]
        elif change == 2:
            data[start:start] = data[start:end] * source.choice((1, 2, 50))
        elif change == 3:
            data[start:start] = source.choice((b'"', b",", b"\n", b"\0", b"\xff", b"<", b"9" * 20, b"\r"))
        else:
            del data[max(start, 20) :]
    return bytes(data)


def with_mutated_parts(content: bytes, source: random.Random) -> bytes:
    """A workbook that is a sound archive, one of its parts mutated."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    victim = source.choice(sorted(parts))
    return raw.zipped(parts | {victim: mutated(parts[victim], source)})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_file_is_read_or_refused(tmp_path, seed):
    for number in range(40 * LONGER):
        source = random.Random(f"{seed} {number}")
        only_refusals(tmp_path, mutated(SEEDS[seed], source))
        if seed == "xlsx":
            only_refusals(tmp_path, with_mutated_parts(SEEDS[seed], source))


@pytest.mark.parametrize("seed", APART)
def test_a_mutated_workbook_of_another_format_is_read_or_refused(tmp_path, seed):
    for number in range(3 * LONGER):
        source = random.Random(f"{seed} {number}")
        only_refusals(tmp_path, mutated(APART[seed], source))
        if seed != "xls":
            only_refusals(tmp_path, with_mutated_parts(APART[seed], source))


@bounded
@given(content=st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(tmp_path_factory, content):
    only_refusals(tmp_path_factory.getbasetemp(), content)


@bounded
@given(
    rows=st.lists(
        st.lists(st.one_of(st.text(max_size=6), st.sampled_from(declared()[0])), max_size=9), max_size=8
    )
)
def test_random_tables_are_read_or_refused(tmp_path_factory, rows):
    only_refusals(
        tmp_path_factory.getbasetemp(), text([declared()[0], *rows]).encode("utf-8", "surrogatepass")
    )


def test_a_cell_that_would_take_all_memory_ends_in_a_refusal(tmp_path):
    book = bytearray(raw.xls({"Sheet1": BUREAU}))
    number = book.index(b"\x7e\x02\x0a\x00")  # a cell's record, its row and column after the head
    book[number + 4 : number + 8] = b"\xff\xff\xff\xff"
    with pytest.raises(FileRefused, match="打不开"):
        open_file(written(tmp_path, bytes(book)))
