"""Bytes to tables of text: what a file really is, its encoding, its sheets.

A Table is a sheet as rows of strings with the row numbers that a spreadsheet shows. Nothing is
interpreted here: no header, no types. Large text files come in chunks, so that memory stays flat.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from etl.errors import FileRefused

CHUNK_BYTES = 16 << 20
HEAD_ROWS = 60
SPARE_COLUMNS = 3  # beyond the widest head row: what stands there shows a ragged row
MAX_COLUMNS = 2_000
MAX_UNPACKED = 1 << 29
MAX_RATIO = 200
BAD_CHARACTER = "\ufffd"


@dataclass(frozen=True)
class Table:
    """One visible sheet, or a whole text file (sheet "").

    head: the first rows as (row number, cells). frames: all rows in order, columns ``row`` (Int32,
    1 is the sheet's first), ``c0`` … (String; null where empty).
    """

    sheet: str
    head: list[tuple[int, list[str]]]
    frames: Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Opened:
    """A file's tables, and what the sender should know about how it was read."""

    tables: list[Table]
    notes: list[str]


def open_file(path: Path) -> Opened:
    """The tables of a file, by what its bytes are, whatever its name says.

    Raises FileRefused with one sentence for what cannot be read: empty, encrypted, a bomb, no text.
    """
    with open(path, "rb") as handle:
        start = handle.read(4096)
    if not start.replace(b"\xef\xbb\xbf", b"").strip():
        raise FileRefused("文件是空的，请检查是否导出成功。")
    if start.startswith(b"PK\x03\x04"):
        _refuse_bomb(path)
        return _workbook(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise FileRefused("工作簿有打开密码，无法读取；请去掉密码后另存再发。")
        return _workbook(path)
    return _text(path, start)


def _refuse_bomb(path: Path) -> None:
    """Refuse by the zip directory alone, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            encrypted = any(entry.flag_bits & 1 for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise FileRefused("文件已损坏（不是完整的工作簿），请重新导出。") from None
    if encrypted:
        raise FileRefused("压缩内容有密码，无法读取；请去掉密码后另存再发。")
    if unpacked > MAX_UNPACKED or (unpacked > 50 << 20 and unpacked > MAX_RATIO * path.stat().st_size):
        raise FileRefused(f"文件解开后有 {unpacked >> 20} MB，超出限度，没有读取；请只保留需要的工作表再发。")


def _workbook(path: Path) -> Opened:
    try:
        book = fastexcel.read_excel(path.read_bytes())
        loaded = [
            book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string") for name in book.sheet_names
        ]
    except fastexcel.FastExcelError:
        raise FileRefused("工作簿打不开（已损坏或不是表格文件），请用表格软件另存为 .xlsx 再发。") from None
    hidden = [sheet.name for sheet in loaded if sheet.visible != "visible"]
    notes = [f"已忽略隐藏的工作表：{'、'.join(hidden)}"] if hidden else []
    tables = [
        _sheet_table(book, sheet) for sheet in loaded if sheet.visible == "visible" and sheet.total_height
    ]
    if not tables:
        raise FileRefused("工作簿里没有内容，请检查是否存错了文件。")
    return Opened(tables, notes)


def _sheet_table(book: fastexcel.ExcelReader, sheet: fastexcel.ExcelSheet) -> Table:
    frame = sheet.to_polars()
    frame = frame.rename({name: f"c{index}" for index, name in enumerate(frame.columns)})
    long = pl.any_horizontal(pl.all().str.contains(r"^-?\d+\.\d{9,}$").any())
    if frame.width and frame.select(long).item():
        frame = _exact_numbers(book, sheet.name, frame)
    frame = frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int32))
    head = [
        (index + 1, ["" if cell is None else cell for cell in cells])
        for index, cells in enumerate(frame.head(HEAD_ROWS).drop("row").rows())
    ]
    return Table(sheet.name, head, lambda: iter((frame,)))


def _exact_numbers(book: fastexcel.ExcelReader, name: str, texts: pl.DataFrame) -> pl.DataFrame:
    """The reader prints numbers to nine decimals; where that cuts, take the shortest exact form instead."""
    floats = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
    exact = floats.rename(dict(zip(floats.columns, texts.columns, strict=True)))
    cut = r"^-?\d+\.\d{9,}$"
    columns = [
        pl.when(texts[name].str.contains(cut))
        .then(exact[name].cast(pl.String))
        .otherwise(texts[name])
        .alias(name)
        for name in texts.columns
    ]
    return texts.select(columns)


def _text(path: Path, start: bytes) -> Opened:
    encoding = _encoding(path, start)
    chunks = _decoded(path, encoding)
    first = next(chunks, "")
    if first.count(BAD_CHARACTER) > max(5, len(first) // 200):
        raise FileRefused(
            "文件不是可识别的文字编码（UTF-8、UTF-16、GB18030 都不符），请另存为 CSV UTF-8 再发。"
        )
    delimiter = _delimiter(first)
    head = _head(first, delimiter)
    width = max((len(cells) for _, cells in head), default=0) + SPARE_COLUMNS
    if width > MAX_COLUMNS:
        raise FileRefused(f"表头有 {width - SPARE_COLUMNS} 列，超出限度，没有读取；请核对分隔符是否正确。")
    return Opened([Table("", head, lambda: _frames(_decoded(path, encoding), delimiter, width))], [])


def _encoding(path: Path, start: bytes) -> str:
    """BOM, then strict UTF-8, then GB18030; a file of many good UTF-8 characters and a bad one stays UTF-8."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    good = 0
    with open(path, "rb") as handle:
        decoder = _incremental("utf-8", "strict")
        while block := handle.read(CHUNK_BYTES):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                head = error.object[: error.start].decode("utf-8", "ignore")
                good += sum(character > "\x7f" for character in head)
                return "utf-8" if good >= 20 or start.startswith(b"\xef\xbb\xbf") else "gb18030"
            if good < 20 and not text.isascii():
                good += sum(character > "\x7f" for character in text[:10_000])
    return "utf-8"


def _incremental(encoding: str, errors: str) -> io.IncrementalNewlineDecoder:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    return io.IncrementalNewlineDecoder(decoder, translate=True)


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text in chunks that end after a whole record (a line break outside quotes).

    A byte that is no text becomes U+FFFD; the loader quarantines its row.
    """
    decoder = _incremental(encoding, "replace")
    rest = ""
    with open(path, "rb") as handle:
        while block := handle.read(CHUNK_BYTES):
            text = rest + decoder.decode(block).replace("\ufeff", "").replace("\0", "")
            cut = _last_record_end(text)
            if cut:
                yield text[:cut]
            rest = text[cut:]
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def _last_record_end(text: str) -> int:
    """The position after the last line break outside quotes; 0 where the chunk has none."""
    quotes = text.count('"')
    end = text.rfind("\n") + 1
    tail = end
    while end:
        quotes_before = quotes - text.count('"', tail - 1 if tail else 0)
        if quotes_before % 2 == 0:
            return end
        end = text.rfind("\n", 0, end - 1) + 1
        tail = end
    return 0


def _delimiter(text: str) -> str:
    lines = "\n".join(text.split("\n", HEAD_ROWS)[:HEAD_ROWS])
    return max(",\t;，", key=lambda mark: (lines.count(mark), -",\t;，".index(mark)))


def _head(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    sample = text[: 1 << 20]
    rows = csv.reader(io.StringIO(sample), delimiter=delimiter)
    head = []
    try:
        for number, cells in enumerate(rows, start=1):
            head.append((number, cells))
            if number == HEAD_ROWS:
                break
    except csv.Error:
        if not head:
            raise FileRefused("文件不是可识别的表格文字，请另存为 CSV UTF-8 再发。") from None
    return head


def _frames(chunks: Iterator[str], delimiter: str, width: int) -> Iterator[pl.DataFrame]:
    """One frame a chunk; row numbers count records as a spreadsheet does, blank lines included."""
    offset = 1
    for chunk in chunks:
        frame = _parse(chunk, delimiter, width)
        yield frame.with_row_index("row", offset=offset).with_columns(pl.col("row").cast(pl.Int32))
        offset += frame.height


def _parse(chunk: str, delimiter: str, width: int) -> pl.DataFrame:
    """The fast reader; a chunk whose quotes it cannot make sense of goes through the patient one."""
    names = [f"c{index}" for index in range(width)]
    header = delimiter.join(names) + "\n"
    try:
        return pl.read_csv(
            io.BytesIO((header + chunk).encode("utf-8")),
            separator=delimiter,
            infer_schema=False,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError:
        rows = (
            cells[:width] + [""] * (width - len(cells))
            for cells in csv.reader(io.StringIO(chunk), delimiter=delimiter)
        )
        frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
        return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def has_bad_bytes() -> pl.Expr:
    """Whether any cell of a row holds a byte that was no text."""
    return pl.any_horizontal(pl.exclude("row").str.contains(BAD_CHARACTER, literal=True))


def months_in(text: str) -> list[tuple[int, int, int]]:
    """Every month named in a title or file name as (year, month, span); dates with a day do not count.

    「2025年9月」 → (2025, 9, 1); 「2025年1—2月」 → (2025, 2, 2); 「2025年1—9月」 → (2025, 9, 1).
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = re.finditer(r"(20\d{2})年?(?:(\d{1,2})月?[-—–~至到]+)?(\d{1,2})月(?!\d{1,2}日)", plain)
    found_dense = re.finditer(r"(?<!\d)(20\d{2})[-.]?(0[1-9]|1[0-2])(?!\d|[-.]\d)", plain)
    named = [
        (int(m[1]), int(m[3]), 2 if m[2] and int(m[2]) == 1 and int(m[3]) == 2 else 1)
        for m in found
        if 1 <= int(m[3]) <= 12
    ]
    return named or [(int(m[1]), int(m[2]), 1) for m in found_dense]
