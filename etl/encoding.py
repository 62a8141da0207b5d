"""Bytes of a text file: which encoding, and blocks that end where a record ends.

UTF-8 and GB18030 share what structure is made of: a comma, tab, semicolon, quote or line break is
never part of a longer character. So blocks are cut before anything is decoded.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from etl.buffers import column_of
from etl.errors import FileRefused
from etl.tables import BAD_BYTE, MARK, mark

BLOCK_BYTES = 12 << 20
PIECE_BYTES = 1 << 18
WINDOW = 1 << 16  # bytes read around a fault to compare encodings, and searched back for a record's end
BYTE_ORDER_MARKS = {"utf-8": codecs.BOM_UTF8, "gb18030": "\ufeff".encode("gb18030")}


@dataclass(frozen=True)
class Block:
    """Whole records. offset: bytes of the file before it; None where they were recoded (UTF-16)."""

    data: bytes
    offset: int | None


def encoding_of(path: Path, start: bytes) -> str:
    """``utf-16…`` by its mark or its zero bytes; else whichever of utf-8 and gb18030 has fewer faults."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > 4 * min(even, odd) + len(start) // 8:
        return "utf-16-le" if odd > even else "utf-16-be"
    fault = _first_fault(path)
    if fault is None or start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    with open(path, "rb") as handle:
        window = handle.read(WINDOW)
        handle.seek(max(WINDOW, fault - WINDOW))
        window += handle.read(2 * WINDOW)
    as_utf8 = window.decode("utf-8", "replace")
    utf8, gb18030 = as_utf8.count(MARK), window.decode("gb18030", "replace").count(MARK)
    joined = len(re.findall("[一-鿿]", as_utf8)) > utf8  # mostly UTF-8: another encoding's rows stand in it
    if min(utf8, gb18030) > max(5, len(window) // 100) and not joined:
        raise FileRefused(
            "文件不是可识别的文字编码（UTF-8、UTF-16、GB18030 都不符），请用表格软件另存为 CSV UTF-8 再发。"
        )
    return "utf-8" if utf8 <= gb18030 or joined else "gb18030"


def _first_fault(path: Path) -> int | None:
    """The offset of the first byte that is no UTF-8; None where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    with open(path, "rb") as handle:
        while block := handle.read(PIECE_BYTES):  # the first fault of most files is near their start
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return read - pending + error.start
            read += len(block)
    return None


def blocks(
    path: Path, encoding: str, size: int = BLOCK_BYTES, longest: int = 4 * BLOCK_BYTES
) -> Iterator[Block]:
    """The file in blocks of whole records, no byte-order mark before them; UTF-16 arrives recoded as UTF-8.

    Zero bytes after the last record (a disk's padding) are left out. What has
    no line break in ``longest`` bytes is no table: it is cut there, so that memory stays bounded.
    """
    recoded = encoding.startswith("utf-16")
    rest, offset = b"", 0 if recoded else _skipped(path, encoding)
    for piece in _pieces(path, encoding, offset, size):
        data = rest + piece
        cut = _record_end(data) or (len(data) if len(data) >= longest else 0)
        if cut:
            yield Block(data[:cut], None if recoded else offset)
        offset += cut
        rest = data[cut:]
    if rest := rest.rstrip(b"\0"):
        yield Block(rest, None if recoded else offset)


def _skipped(path: Path, encoding: str) -> int:
    """How many bytes the byte-order marks take at the start; copying adds a second one."""
    sign = BYTE_ORDER_MARKS[encoding]
    with open(path, "rb") as handle:
        start = handle.read(64)
    count = 0
    while start.startswith(sign, count):
        count += len(sign)
    return count


def _pieces(path: Path, encoding: str, offset: int, size: int) -> Iterator[bytes]:
    with open(path, "rb") as handle:
        handle.seek(offset)
        if not encoding.startswith("utf-16"):
            yield from iter(lambda: _lines(handle, size), b"")
            return
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        while piece := handle.read(size):
            yield decoder.decode(piece).replace("\ufeff", "").encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")


def _lines(handle: BinaryIO, size: int) -> bytes:
    """The next ``size`` bytes, less what follows the last line break near their end: nothing of most pieces is copied then."""
    start, near = handle.tell(), min(WINDOW, size)
    handle.seek(start + size - near)
    window = handle.read(near)
    handle.seek(start)
    end = window.rfind(b"\n") + 1 if len(window) == near else near
    return handle.read(size - near + (end or near))


def _record_end(data: bytes) -> int:
    """The position after the last line break outside quotes, 0 where there is no line break.

    After a stray quote every line break seems to be inside: then the last one is taken, and mending the
    block finds the record at fault.
    """
    newline = b"\r" if b"\n" not in data and b"\r" in data[:-1] else b"\n"
    last = end = data.rfind(newline, 0, len(data) - (newline == b"\r")) + 1
    odd = count_of(b'"', data, end) % 2
    while odd and end > max(0, last - WINDOW):
        previous = data.rfind(newline, 0, end - 1) + 1
        odd ^= data.count(b'"', previous, end) % 2
        end = previous
    return last if odd else end


def count_of(sign: bytes, data: bytes, end: int | None = None) -> int:
    """How often a byte occurs before ``end``: several times as fast as ``data.count`` where it is frequent."""
    return int((column_of(data)[:end] == sign[0]).sum())


def decoded(block: Block, encoding: str) -> str:
    """The block's text, LF between lines; a byte that is no text becomes a mark naming its place in the file, from 1."""
    name = "utf-8" if block.offset is None else encoding
    text = block.data.replace(b"\0", b"\xff").decode(name, "mark").replace("\ufeff", "")
    if block.offset is None:
        text = re.sub(f"{MARK}{BAD_BYTE}[0-9]+{MARK}", mark(BAD_BYTE, ""), text)
    else:
        first = block.offset + 1
        marks = f"{MARK}{BAD_BYTE}([0-9]+){MARK}"
        text = re.sub(marks, lambda found: mark(BAD_BYTE, str(first + int(found[1]))), text)
    return re.sub(r"\r+\n?", "\n", text)


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return mark(BAD_BYTE, str(error.start)), error.end


codecs.register_error("mark", _mark_bad_bytes)
