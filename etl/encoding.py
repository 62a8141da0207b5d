"""Bytes of a text file: which encoding, and blocks that end where a record ends.

UTF-8 and GB18030 share what structure is made of: a comma, tab, semicolon, quote or line break is
never part of a longer character. So blocks are cut before anything is decoded.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.errors import FileRefused
from etl.tables import BAD_BYTE, MARK, mark

BLOCK_BYTES = 16 << 20
WINDOW = 1 << 16  # bytes around the first fault by which encodings are compared, and of a search for a record's end
UTF8_BOM = codecs.BOM_UTF8


@dataclass(frozen=True)
class Block:
    """Whole records. offset: bytes of the file before it; None where they were recoded (UTF-16)."""

    data: bytes
    offset: int | None


def encoding_of(path: Path, start: bytes) -> str:
    """``utf-16…`` by its mark or its zero bytes; else whichever of utf-8 and gb18030 has fewer faults."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    fault = _first_fault(path)
    if fault is None or start.startswith(UTF8_BOM):
        return "utf-8"
    with open(path, "rb") as handle:
        window = handle.read(WINDOW)
        handle.seek(max(WINDOW, fault - WINDOW))
        window += handle.read(2 * WINDOW)
    utf8, gb18030 = (window.decode(name, "replace").count(MARK) for name in ("utf-8", "gb18030"))
    if min(utf8, gb18030) > max(5, len(window) // 100):
        raise FileRefused(
            "文件不是可识别的文字编码（UTF-8、UTF-16、GB18030 都不符），请用表格软件另存为 CSV UTF-8 再发。"
        )
    return "utf-8" if utf8 <= gb18030 else "gb18030"


def _first_fault(path: Path) -> int | None:
    """The offset of the first byte that is no UTF-8, None where all are (a cut character at the end aside)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    with open(path, "rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return read - pending + error.start
            read += len(block)
    return None


def blocks(path: Path, encoding: str, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """The file in blocks of whole records with ``\\n`` between lines, UTF-16 recoded as UTF-8, no byte-order mark."""
    recoded = encoding.startswith("utf-16")
    rest, offset = b"", 0
    for piece in _pieces(path, encoding, size):
        data = rest + piece
        while not offset and data.startswith(BYTE_ORDER_MARKS):
            rest...
        cut = _record_end(data) or (len(data) if len(data) > LONGEST_RECORD else 0)
        if cut:
            yield Block(_one_newline(data[:cut]), None if recoded else offset)
        offset += cut
        rest = data[cut:]
    if rest.strip(b"\0"):
        yield Block(_one_newline(rest.rstrip(b"\0")), None if recoded else offset)


def _pieces(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding.startswith("utf-16") else None
    with open(path, "rb") as handle:
        while piece := handle.read(size):
            yield decoder.decode(piece).encode("utf-8") if decoder else piece
    if decoder:
        yield decoder.decode(b"", final=True).encode("utf-8")


def _record_end(data: bytes) -> int:
    """The position after the last line break outside quotes.

    After a stray quote no line break seems to be outside: then the last one is taken, and the mending
    of the block finds the record at fault. A file of lone carriage returns is cut at one of them.
    """
    newline = b"\n" if b"\n" in data else b"\r"
    last = end = data.rfind(newline) + 1
    odd = data.count(b'"', 0, end) % 2
    while odd and end > max(0, last - WINDOW):
        previous = data.rfind(newline, 0, end - 1) + 1
        odd ^= data.count(b'"', previous, end) % 2
        end = previous
    return last if odd else end


def _one_newline(data: bytes) -> bytes:
    if data.count(b"\r") != data.count(b"\r\n"):
        return re.sub(rb"\r+\n?", b"\n", data)
    return data


def decoded(block: Block, encoding: str) -> str:
    """The block's text; a byte that is none (a zero byte too) becomes a mark that says where in the file it is."""
    data = block.data.replace(b"\0", b"\xff")
    base = block.offset or 0
    name = "utf-8" if encoding.startswith("utf-16") else encoding
    text = data.decode(name, "offset-marks").replace("\ufeff", "")
    if block.offset is None:
        return text
    return re.sub(f"{MARK}{BAD_BYTE}([0-9]+){MARK}", lambda found: mark(BAD_BYTE, str(base + int(found[1]) + 1)), text)


def _offset_marks(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return mark(BAD_BYTE, str(error.start)), error.end


codecs.register_error("offset-marks", _offset_marks)
