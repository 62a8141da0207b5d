"""Delimited text to frames of cells, block by block, so that memory stays flat.

Most blocks are perfectly regular, and quickly parsed. One that is not (short rows, blank lines, doubled
quotes) goes through a more patient parser, and what that cannot read (bad bytes, bad quotes, ragged
rows) is mended record by record: good records stay, a record that cannot be read becomes a mark.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from etl.delimiter import BAR, read_head, without_rules
from etl.encoding import BLOCK_BYTES, Block, blocks, decoded
from etl.errors import FileRefused
from etl.parallel import in_order
from etl.regular import ODD_SIGNS, RegularParser, is_well_formed, line_count
from etl.tables import BAD_QUOTES, CUT, MARK, MAX_COLUMNS, TOO_WIDE, Opened, Table, mark

HEAD_BYTES = 1 << 18
MAX_RECORD_LINES = 20
NEAR = 1_000  # lines before the last that are looked at
CELLS = "，"  # between the cells of a line that is kept as one


def open_text(path: Path, encoding: str, block_bytes: int = BLOCK_BYTES) -> Opened:
    """The one table of a delimited text file; FileRefused for what is no text or has no columns."""
    head_block = next(blocks(path, encoding, HEAD_BYTES, HEAD_BYTES), Block(b"", 0))
    head_text = decoded(head_block, encoding)
    delimiter, head = read_head(head_text)
    width = max((len(cells) for _, cells in head), default=0)
    if width > MAX_COLUMNS:
        raise FileRefused(f"表头有 {width} 列，超出限度，没有读取；请核对分隔符，只保留需要的列再发。")

    def frames() -> Iterator[pl.DataFrame]:
        quick = RegularParser("gb18030" if encoding == "gb18030" else "utf-8", delimiter, width)
        whole = blocks(path, encoding, block_bytes)
        ruled = map(_without_rules, whole) if delimiter == BAR else whole
        found = (_with_cut_end(block, encoding, delimiter, width) for block in ruled)
        return _numbered(in_order(lambda block: _frame(block, encoding, delimiter, width, quick), found))

    return Opened([Table("", head, frames)], [])


def _without_rules(block: Block) -> Block:
    return Block(without_rules(block.data), block.offset)


def _with_cut_end(block: Block, encoding: str, delimiter: str, width: int) -> Block:
    """The block, its last line marked where the file ends in the middle of it: no line break, and cells too few.

    Where other lines are as short, lines may end with their last filled cell, and nothing shows a cut.
    """
    *lines, last = block.data.split(b"\n") if block.data[-1:] not in (b"\n", b"\r") else (b"",)
    name, full = "utf-8" if block.offset is None else encoding, width - 1
    if not last or _signs(last, name, delimiter) >= full:
        return block
    if any(_signs(line, name, delimiter) < full for line in lines[-NEAR:]):
        return block
    told = mark(CUT, last.decode(name, "replace").replace('"', "")).replace(delimiter, CELLS)
    return Block(block.data[: len(block.data) - len(last)] + told.encode(name), block.offset)


def _signs(line: bytes, encoding: str, delimiter: str) -> int:
    return line.decode(encoding, "replace").count(delimiter)


def _numbered(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Row numbers count records as a spreadsheet does, blank lines included."""
    read = 0
    for frame in frames:
        rows = pl.int_range(read + 1, read + frame.height + 1, dtype=pl.Int32, eager=True)
        yield frame.insert_column(0, rows.alias("row"))
        read += frame.height


def _frame(block: Block, encoding: str, delimiter: str, width: int, quick: RegularParser) -> pl.DataFrame:
    """The cells of a block (c0 …) and whether a mark stands in a row."""
    if delimiter == BAR and encoding == "gb18030":  # half of 珅, among others, looks like a bar
        return careful_frame(block, encoding, delimiter, width)
    frame = quick(block.data)
    if frame is None:
        frame = patient_frame(block, encoding, delimiter, width)
    if frame is None:
        return careful_frame(block, encoding, delimiter, width)
    return frame.insert_column(0, pl.repeat(False, frame.height, eager=True).alias("damaged"))


def careful_frame(block: Block, encoding: str, delimiter: str, width: int) -> pl.DataFrame:
    """The cells of a block that was mended record by record, and whether a mark stands in a row."""
    records = _mended(decoded(block, encoding), delimiter, width)
    frame = _parse("".join(f"{record}\n" for record in records).encode("utf-8"), delimiter, width)
    damaged = pl.any_horizontal(pl.all().str.contains(MARK, literal=True).fill_null(False))
    return frame.select(damaged.alias("damaged"), pl.all())


def patient_frame(block: Block, encoding: str, delimiter: str, width: int) -> pl.DataFrame | None:
    """The cells of a block that may have short rows; None where anything else is odd.

    GB18030 goes through the parser byte by byte as Latin-1: no byte of its longer characters looks
    like a delimiter, a quote or a line break.
    """
    data = block.data
    if not is_well_formed(data, delimiter):
        return None
    try:
        if encoding == "gb18030":
            columns = _parse(data.decode("latin-1").encode("utf-8"), delimiter, width)
            frame = columns.with_columns(_from_latin1(column) for column in columns)
        elif any(sign.encode("utf-8") in data for sign in ODD_SIGNS):
            return None
        else:
            frame = _parse(data, delimiter, width)
    except (pl.exceptions.PolarsError, UnicodeError):
        return None
    return frame if frame.height == line_count(data) else None  # else there are line breaks within quotes


def _parse(data: bytes, delimiter: str, width: int) -> pl.DataFrame:
    header = delimiter.join(f"c{index}" for index in range(width)).encode("ascii")
    return pl.read_csv(header + b"\n" + data, separator=delimiter, infer_schema=False)


def _from_latin1(column: pl.Series) -> pl.Series:
    """GB18030 text out of its bytes, each distinct cell decoded once; UnicodeError where it is none, or odd."""
    if (column.str.len_bytes() == column.str.len_chars()).all():
        return column
    distinct = column.drop_nulls().unique()
    longer = distinct.filter(distinct.str.len_bytes() != distinct.str.len_chars())
    texts = pl.Series([cell.encode("latin-1").decode("gb18030") for cell in longer.to_list()])
    if texts.str.contains_any(ODD_SIGNS).any():
        raise UnicodeError
    return column.replace(longer, texts)


def _mended(text: str, delimiter: str, width: int) -> Iterator[str]:
    """The records of a block, each fit for the parser."""
    lines = text.removesuffix("\n").split("\n")
    position = 0
    while position < len(lines):
        record, taken = _record(lines, position, delimiter, width)
        yield record
        position += taken


def _record(lines: list[str], position: int, delimiter: str, width: int) -> tuple[str, int]:
    """The record that begins at a line, and how many lines it takes."""
    line = lines[position]
    if '"' not in line and line.count(delimiter) < width:
        return line, 1
    for taken in range(1, min(MAX_RECORD_LINES, len(lines) - position) + 1):
        cells = _strictly("\n".join(lines[position : position + taken]), delimiter)
        if cells is None:
            continue
        if any(cell.strip() for cell in cells[width:]):
            return _written([mark(TOO_WIDE, line)], delimiter), 1
        if taken == 1 or len(cells) >= width - 1:
            return _written(cells[:width], delimiter), taken
    return _written([mark(BAD_QUOTES, line)], delimiter), 1


def _strictly(record: str, delimiter: str) -> list[str] | None:
    """The cells of one record, None where its quotes do not fit."""
    try:
        rows = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _written(cells: list[str], delimiter: str) -> str:
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)
