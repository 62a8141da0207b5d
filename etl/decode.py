"""A file to its tables of text, by what its bytes are, whatever its name says.

Nothing is interpreted here: no header, no types. Large text files come in blocks, so that memory
stays flat.
"""

from pathlib import Path

from etl import heap
from etl.encoding import blocks, decoded, encoding_of
from etl.errors import FileRefused
from etl.html import is_html, open_html
from etl.tables import Opened, Table
from etl.text import open_text
from etl.workbook import open_ole, open_zip

__all__ = ["Opened", "Table", "open_file"]

START_BYTES = 4096
OTHER_KINDS = {
    b"%PDF": "这是 PDF 文件，不是表格；请提供 .xlsx 或 CSV。",
    b"\x89PNG": "这是图片，不是表格；请提供 .xlsx 或 CSV。",
    b"\xff\xd8\xff": "这是图片，不是表格；请提供 .xlsx 或 CSV。",
    b"Rar!": "这是压缩包，不是表格；请解压后把其中的表格文件发来。",
    b"7z\xbc\xaf": "这是压缩包，不是表格；请解压后把其中的表格文件发来。",
    b"\x1f\x8b": "这是压缩包，不是表格；请解压后把其中的表格文件发来。",
    b"MIME-Version": "这是网页存档，不是表格；请用表格软件另存为 .xlsx 再发。",
    b"<?xml": "这是 XML 文件，不能直接读取；请用表格软件另存为 .xlsx 再发。",
}


def open_file(path: Path) -> Opened:
    """The tables of a file.

    Raises FileRefused with one sentence for what cannot be read: empty, encrypted, a bomb, no table.
    """
    heap.keep_freed()
    with open(path, "rb") as handle:
        start = handle.read(START_BYTES)
    if not start.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FileRefused("文件是空的，请检查是否导出成功。")
    if start.startswith(b"PK\x03\x04"):
        return open_zip(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return open_ole(path)
    web_page = is_html(start.decode("latin-1").removeprefix("\xef\xbb\xbf"))
    for sign, sentence in OTHER_KINDS.items():
        if start.startswith(sign) and not web_page:
            raise FileRefused(sentence)
    encoding = encoding_of(path, start)
    if is_html(start.decode(encoding, "replace")):
        return open_html("".join(decoded(block, encoding) for block in blocks(path, encoding)))
    return open_text(path, encoding)
