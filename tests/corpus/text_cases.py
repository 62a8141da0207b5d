# ruff: noqa: E501 (a case is one line where it can be)
"""Delimited text: encodings, line ends, quotes, ragged rows, what is no text at all."""

import codecs
import csv
import gzip
from collections.abc import Sequence

from corpus.case import CUSTOMS, DECLARED, NO_HINTS, B, Case, Cells, customs, customs_text, declared, text

from etl.layout import Hints

EXPORT = Hints(flow="出口")
TWO = declared({}, {"统一社会信用代码": B, "企业名称": "乙公司", "人民币值": "2,000"})
ONE = text(declared({}))
PLAIN = text(TWO)
VALUES = [("甲公司", 1000), ("乙公司", 2000)]
NAME_VALUE = "firm_name, value_cny"


def two(id: str, content: bytes, name: str = "海关明细.csv", **expected: object) -> Case:
    """A file that holds the two ordinary rows in whatever dress."""
    return Case(id, name, content, counts=(2, 2, 0, 0), select=NAME_VALUE, values=VALUES, **expected)  # type: ignore[arg-type]


def refused(
    id: str, content: bytes, *words: str, name: str = "海关明细.csv", hints: Hints = NO_HINTS
) -> Case:
    return Case(id, name, content, hints, refused=words)


def one_bad(id: str, content: bytes, row: int, header: str, rule: str, **more: object) -> Case:
    """A file of two rows, of which one is at fault."""
    return Case(id, "海关明细.csv", content, counts=(2, 1, 1, 0), faults=[(row, header, rule)], **more)  # type: ignore[arg-type]


def barred(rows: Sequence[Cells], rule: str) -> str:
    """A table with bars around each row, and a ruled line below the header."""
    lines = ["| " + " | ".join(map(str, row)) + " |\n" for row in rows]
    return "".join([lines[0], rule, *lines[1:]])


LOST = PLAIN.encode("ascii", "replace")  # what an encoding without Chinese leaves


def broken(old: str, new: bytes, encoding: str) -> bytes:
    """The two rows, with bytes put in the place of some text."""
    return PLAIN.encode(encoding).replace(old.encode(encoding), new)


ENCODINGS = [
    two("GB18030 without a mark", PLAIN.encode("gb18030")),
    two("GB18030 with a mark", ("\ufeff" + PLAIN).encode("gb18030")),
    two("UTF-8 without a mark", PLAIN.encode()),
    two("UTF-8 with a mark", PLAIN.encode("utf-8-sig")),
    two("UTF-8 with the mark doubled by copying", codecs.BOM_UTF8 + PLAIN.encode("utf-8-sig")),
    two("UTF-16 little-endian with a mark", codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le")),
    two("UTF-16 big-endian with a mark", codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be")),
    two("UTF-16 little-endian without a mark", PLAIN.encode("utf-16-le")),
    two("UTF-16 big-endian without a mark", PLAIN.encode("utf-16-be")),
    two("UTF-16 tab-separated as Excel calls Unicode text", codecs.BOM_UTF16_LE + text(TWO, delimiter="\t").encode("utf-16-le"), "海关明细.txt"),
    Case(
        "GB18030 characters of four bytes in a name",
        "海关明细.csv",
        text(declared({"企业名称": "永州㐂𠮷贸易有限公司"})).encode("gb18030"),
        counts=(1, 1, 0, 0), select="firm_name", values=["永州㐂𠮷贸易有限公司"],
    ),
    Case(
        "UTF-8 that would also decode as GB18030 is UTF-8",
        "海关明细.csv",
        text(declared({"企业名称": "永州"})).encode(),
        counts=(1, 1, 0, 0), select="firm_name", values=["永州"],
    ),
    Case(
        "GB18030 with a byte that is none late in the file loses that row alone and says where it is",
        "海关明细.csv",
        text(declared(*[{}] * 300, {"企业名称": "坏@公司"}, *[{}] * 9)).encode("gb18030").replace(b"@", b"\xff"),
        counts=(310, 309, 1, 0), faults=[(302, "企业名称", "bad_bytes")],
        select="count(*)", values=[309],
        notes=[],
    ),
    Case(
        "UTF-8 with a byte that is none late in the file stays UTF-8",
        "海关明细.csv",
        text(declared(*[{}] * 300, {"企业名称": "坏@公司"}, {})).encode().replace(b"@", b"\xff"),
        counts=(302, 301, 1, 0), faults=[(302, "企业名称", "bad_bytes")], select="distinct firm_name", values=["甲公司"],
    ),
    one_bad("a bad byte in an amount never becomes a shorter amount", broken("2,000", b"2,0\xff00", "gb18030"), 3, "人民币值", "bad_bytes"),
    one_bad("a zero byte in an amount never becomes a shorter amount", broken("2,000", b"2,0\x0000", "gb18030"), 3, "人民币值", "bad_bytes"),
    two("zero bytes after the last record are a disk's padding", PLAIN.encode("gb18030") + b"\0" * 5000),
    one_bad("a character that an earlier conversion lost", PLAIN.replace("乙公司", "乙\ufffd司").encode(), 3, "企业名称", "bad_bytes"),
    one_bad("a character cut in half at the end of the file", text(declared({}, {}, header=(*DECLARED[:7], "人民币值", "企业名称"))).encode("gb18030").rstrip(b"\r\n")[:-1], 3, "企业名称", "bad_bytes"),
    one_bad("a file that ends in the middle of an amount", PLAIN.removesuffix(',"2,000",140\r\n').encode("gb18030") + b",2", 3, "", "ragged"),
    Case("a last row without its last cells or a line break, as those before it", "海关明细.csv", text([row[:8] for row in TWO[1:]]).removesuffix("\r\n").join((text(TWO[:1]), "")).encode(), counts=(2, 2, 0, 0), select=NAME_VALUE, values=VALUES),
    refused("Chinese that became question marks", LOST, "问号", "编码"),
    refused("a bad byte in a required header", ONE.encode("gb18030").replace("人民币值".encode("gb18030"), b"\xff\xff"), "缺少列", "人民币值"),
    refused("bytes that are no text", bytes(range(128, 256)) * 40, "编码", "UTF-8"),
    refused("an empty file", b"", "空的"),
    refused("spaces and line breaks only", b"  \r\n\r\n \r\n", "空的"),
    refused("a byte-order mark only", codecs.BOM_UTF8, "空的"),
    refused("zero bytes only", b"\0" * 2000, "空的"),
]  # fmt: skip

LINES = [
    two("lines that end as on a Mac of old", text(TWO, end="\r").encode("gb18030")),
    two("lines that end as on Unix", text(TWO, end="\n").encode("gb18030")),
    two("lines whose carriage return was doubled by a transfer", text(TWO, end="\r\r\n").encode("gb18030")),
    two("no line end after the last row", PLAIN.rstrip().encode("gb18030")),
    two("blank lines between the rows", text(TWO, end="\r\n\r\n").encode("gb18030")),
    two("blank lines above the header", ("\r\n,,,\r\n" + PLAIN).encode("gb18030")),
    two("a title and a unit line above the header", ("2024年9月海关明细\r\n单位：元\r\n" + PLAIN).encode("gb18030")),
    two("every field quoted", text(TWO, quoting=csv.QUOTE_ALL).encode("gb18030")),
    two("spaces around the cells", text([[f" {cell}　" for cell in row] for row in TWO]).encode("gb18030")),
    two("one more comma at the end of all lines", text([[*row, None] for row in TWO]).encode("gb18030")),
    two("one more comma at the end of the header alone", text([[*TWO[0], None], *TWO[1:]]).encode("gb18030")),
    two("one more comma at the end of the rows alone", text([TWO[0], *([*row, None] for row in TWO[1:])]).encode("gb18030")),
    two("semicolons between the cells", text(TWO, delimiter=";").encode("gb18030")),
    two("tabs between the cells", text(TWO, delimiter="\t").encode("gb18030"), "海关明细.tsv"),
    two("tabs between the cells under the name of a workbook", text(TWO, delimiter="\t").encode("gb18030"), "海关明细.xls"),
    two("tabs between cells whose amounts hold more commas than there are tabs", text([*TWO[:1], *([*row[:7], f"{row[7]}", "1,234,567"] for row in TWO[1:])], delimiter="\t").encode("gb18030")),
    two("bars between the cells", text(TWO, delimiter="|").encode("gb18030"), "海关明细.txt"),
    two("bars between the cells in UTF-16", text(TWO, delimiter="|").encode("utf-16")),
    two("bars with spaces about them", "".join(" | ".join(map(str, row)) + "\n" for row in TWO).encode()),
    two("bars around each row and a ruled line below the header, as in a note", barred(TWO, "| --- | :-: |\n").encode("gb18030")),
    two("ruled lines of crosses, as a database's console prints them", ("+----+---+\r\n" + barred(TWO, "+====+===+\r\n") + "+----+---+\r\n").encode()),
    two("bars between cells whose amounts hold more commas than there are bars", text([[*TWO[0], *"甲乙丙丁"], *([*row[:7], row[7], *["1,234,567,890"] * 5] for row in TWO[1:])], delimiter="|").encode("gb18030")),
    two("commas between cells of which one holds more bars than there are commas", text([[*TWO[0], "规格型号"], *([*row, "|".join("0123456789中英美德")] for row in TWO[1:])]).encode("gb18030")),
    Case(
        "a character of GB18030 of which half looks like a bar is no end of a cell",
        "海关明细.txt", text(declared({"企业名称": "永州珅億公司"}, {"企业名称": "@"}, {}), delimiter="|").encode("gb18030").replace(b"@", b"\xff"),
        counts=(3, 2, 1, 0), select="firm_name", values=["永州珅億公司", "甲公司"], faults=[(3, "企业名称", "bad_bytes")],
    ),
    Case(
        "a last row of bars that breaks off within a name of such characters",
        "海关明细.txt", text(declared({}, {"企业名称": "珅億珅億珅億珅億珅億"}), delimiter="|").encode("gb18030")[:-20],
        counts=(2, 1, 1, 0), faults=[(3, "", "ragged")],
    ),
    two("a line sep=, above the header", ("sep=,\r\n" + PLAIN).encode("gb18030")),
    two("comma-separated text under the name of a workbook", PLAIN.encode("gb18030"), "海关明细.xlsx"),
    Case(
        "a line break within a quoted name",
        "海关明细.csv", text(declared({"企业名称": "甲\n公司"}, {"企业名称": "乙\r\n公司"}, {})).encode("gb18030"),
        counts=(3, 3, 0, 0), select="firm_name", values=["甲公司", "乙公司", "甲公司"],
    ),
    Case(
        "commas and doubled quotes within a quoted name",
        "海关明细.csv", text(declared({"企业名称": '甲,"乙"'})).encode("gb18030"),
        counts=(1, 1, 0, 0), select="firm_name", values=['甲,"乙"'],
    ),
    Case(
        "a quote within an unquoted cell is a character like any other",
        "海关明细.csv", text(declared({}, {"企业名称": "@"}, {})).replace("@", '12" 管').encode("gb18030"),
        counts=(3, 3, 0, 0), select="firm_name", values=["甲公司", '12" 管', "甲公司"],
    ),
    Case(
        "a quote that is never closed loses its own line alone",
        "海关明细.csv", text(declared({}, {"企业名称": "@"}, *[{}] * 40)).replace("@", '"乙公司').encode("gb18030"),
        counts=(42, 41, 1, 0), faults=[(3, "", "bad_quotes")],
    ),
    Case(
        "an unclosed quote among quoted fields loses its own line alone",
        "海关明细.csv", text(declared({}, {"企业名称": "@"}, *[{}] * 40), quoting=csv.QUOTE_ALL).replace('"@"', '"乙公司').encode("gb18030"),
        counts=(42, 41, 1, 0), faults=[(3, "", "bad_quotes")],
    ),
    Case(
        "text after a closing quote loses its own line alone",
        "海关明细.csv", text(declared({}, {"企业名称": "@"}, {})).replace("@", '"乙"公司').encode("gb18030"),
        counts=(3, 2, 1, 0), faults=[(3, "", "bad_quotes")],
    ),
    Case(
        "a row with one cell more than the header is not cut",
        "海关明细.csv", text([*TWO, [*TWO[1], "多余"]]).encode("gb18030"),
        counts=(3, 2, 1, 0), faults=[(4, "", "ragged")],
    ),
    Case(
        "a row with a stray cell far beyond the header is not cut",
        "海关明细.csv", text([*TWO, *[TWO[1]] * 70, [*TWO[1], *[None] * 30, "远"]]).encode("gb18030"),
        counts=(73, 72, 1, 0), faults=[(74, "", "ragged")],
    ),
    Case(
        "thousands commas without quotes make a row too long, never a smaller amount",
        "海关明细.csv", text([*TWO, *[TWO[1]] * 70]).encode("gb18030") + ",".join([*map(str, TWO[1][:7]), "1,234,567", "140"]).encode("gb18030"),
        counts=(73, 72, 1, 0), faults=[(74, "", "ragged")], select="max(value_cny)", values=[2000],
    ),
    Case(
        "blank cells beyond the header harm nothing",
        "海关明细.csv", text([*TWO, *[TWO[1]] * 70, [*TWO[1], *[None] * 30]]).encode("gb18030"),
        counts=(73, 73, 0, 0),
    ),
    Case(
        "a row that ends early lacks what is required",
        "海关明细.csv", text([*TWO, TWO[1][:5]]).encode("gb18030"),
        counts=(3, 2, 1, 0), faults=[(4, "贸易伙伴编码", "missing"), (4, "监管方式编码", "missing"), (4, "人民币值", "missing")],
    ),
    Case(
        "thousands commas that start late in the file",
        "海关明细.csv", text(declared(*[{"人民币值": "999"}] * 200, {"人民币值": "1,234,567.50"})).encode("gb18030"),
        counts=(201, 201, 0, 0), select="max(value_cny)::double", values=[1234567.5],
    ),
    Case(
        "the header repeated in the middle is no row",
        "海关明细.csv", (PLAIN + PLAIN).encode("gb18030"), counts=(5, 4, 0, 1),
    ),
    Case(
        "a total row among the detail is not added again",
        "海关明细.csv", text([*TWO, ["合计", *[None] * 6, "3,000", None]]).encode("gb18030"), counts=(3, 2, 0, 1), select="sum(value_cny)", values=[3000],
    ),
    Case(
        "identical declarations are true and stay",
        "海关明细.csv", text(declared({}, {}, {})).encode("gb18030"), counts=(3, 3, 0, 0), select="sum(value_cny)", values=[3000],
    ),
]  # fmt: skip

NO_TABLES = [
    refused("a header without rows", text(TWO[:1]).encode("gb18030"), "只有表头"),
    refused("rows without a header", text(TWO[1:]).encode("gb18030"), "认不出表头"),
    refused("a header of a million columns", b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n", "列", "超出限度"),
    refused("one endless line", b"x" * 300_000, "认不出表头"),
    refused("a letter", "尊敬的领导：\n附件请查收。\n谢谢！\n".encode(), "认不出表头"),
    refused("a PDF", b"%PDF-1.7\n%\xe2\xe3", "PDF", name="报表.csv"),
    refused("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片", name="报表.xlsx"),
    refused("a photograph", b"\xff\xd8\xff\xe0" + b"\0" * 50, "图片", name="报表.xls"),
    refused("a gzip archive", gzip.compress(PLAIN.encode()), "压缩包", name="报表.csv"),
    refused("a rar archive", b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, "压缩包", name="报表.rar"),
    refused("a 7z archive", b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "压缩包", name="报表.7z"),
    refused("JSON", b'{"rows": [{"a": 1}, {"a": 2}]}', "认不出表头", name="报表.csv"),
    refused("a web archive", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "网页存档", name="报表.xls"),
    refused("a workbook as XML of 2003", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML", name="报表.xls"),
]  # fmt: skip

TEN_THOUSAND = [{"商品编码": f"{n:08d}"} for n in range(10_000_000, 10_010_000)]
DOWNLOADS = [
    Case(
        "the customs query: quoted fields, a last empty one, commas in the amount, no second unit",
        "查询.csv", customs_text({}, {"第二数量": "5", "第二计量单位": "个"}).encode("gb18030"), EXPORT, (2, 2, 0, 0),
        select="quantity_2::integer, quantity_unit_2, value_cny::bigint, flow", values=[(0, None, 184990, "export"), (5, "个", 184990, "export")],
    ),
    Case(
        "names with commas and line breaks", "查询.csv",
        customs_text({"商品名称": "鲜,冷\n蔬菜"}).encode("gb18030"), EXPORT, (1, 1, 0, 0), select="hs_name", values=["鲜,冷蔬菜"],
    ),
    Case(
        "only the chosen dimensions, in the chosen order, in dollars", "查询.csv",
        customs_text({"美元": "1,000"}, header=("贸易伙伴名称", "数据年月", "贸易伙伴编码", "美元")).encode("gb18030"), EXPORT, (1, 1, 0, 0),
        select="partner, hs_code, value_cny, value_usd::integer", values=[("502", None, None, 1000)],
    ),
    Case(
        "a query saved again from a spreadsheet that took leading zeros", "查询.csv",
        customs_text({"商品编码": "7020000"}, {"商品编码": "702"}).encode(), EXPORT, (2, 2, 0, 0), select="hs_code", values=["07020000", "0702"],
    ),
    refused("a query whose direction nobody says", customs_text({}).encode("gb18030"), "--flow", name="查询.csv"),
    refused("a query without months whose month nobody says", customs_text({}, header=CUSTOMS[1:]).encode("gb18030"), "--period", name="2024年1月查询.csv", hints=EXPORT),
    Case(
        "a query without months whose month the user says", "查询.csv", customs_text({}, header=CUSTOMS[1:]).encode("gb18030"),
        Hints(flow="进口", period="2024-01"), (1, 1, 0, 0), select="period::varchar, flow", values=[("2024-01-01", "import")],
    ),
    refused("a query whose amount names no currency", text(customs({"金额": "5"}, header=(*CUSTOMS[:9], "金额"))).encode(), "--currency", name="查询.csv", hints=EXPORT),
    Case(
        "a query whose currency the user says", "查询.csv", text(customs({"金额": "5"}, header=(*CUSTOMS[:9], "金额"))).encode(),
        Hints(flow="出口", currency="USD"), (1, 1, 0, 0), select="value_cny, value_usd::integer", values=[(None, 5)],
    ),
    Case(
        "exactly 10,000 rows are probably cut", "查询.csv", customs_text(*TEN_THOUSAND).encode("gb18030"), EXPORT, (10_000, 10_000, 0, 0), notes=["10000", "截断"],
    ),
    Case(
        "two downloads joined: the overlap counts once", "查询.csv",
        (customs_text({}, {"贸易伙伴编码": "110"}) + customs_text({"贸易伙伴编码": "110"}, {"贸易伙伴编码": "116"})).encode("gb18030"), EXPORT, (5, 3, 0, 2),
        select="partner", values=["502", "110", "116"], notes=["1 行", "完全相同"],
    ),
    Case(
        "two downloads joined, the second one's byte-order mark in the middle", "查询.csv",
        (customs_text({}) + "\ufeff" + customs_text({"贸易伙伴编码": "110"})).encode(), EXPORT, (3, 2, 0, 1), select="partner", values=["502", "110"],
    ),
    Case(
        "two downloads joined without the second header, with its mark", "查询.csv",
        (customs_text({}) + "\ufeff" + customs_text({"贸易伙伴编码": "110"}).split("\r\n", 1)[1]).encode(), EXPORT, (2, 2, 0, 0), select="partner", values=["502", "110"],
    ),
    Case(
        "rows that differ in a column nobody reads are no copies", "查询.csv",
        customs_text({"企业性质": "国有"}, {"企业性质": "民营"}, header=(*CUSTOMS[:9], "企业性质", "人民币")).encode(), EXPORT, (2, 2, 0, 0),
    ),
    Case(
        "a bad month in one row", "查询.csv", customs_text({}, {"数据年月": "202413"}).encode("gb18030"), EXPORT, (2, 1, 1, 0), faults=[(3, "数据年月", "unreadable")],
    ),
    Case("a declaration file says its own direction", "海关明细.csv", text(declared({}, {"进出口标志": "I"}, {"进出口标志": "进口"})).encode(), counts=(3, 3, 0, 0), select="flow", values=["export", "import", "import"]),
    Case("a declaration file without a direction takes the user's", "海关明细.csv", text(declared({}, header=tuple(h for h in DECLARED if h != "进出口标志"))).encode(), Hints(flow="进口"), (1, 1, 0, 0), select="flow", values=["import"]),
    refused("a declaration file without a direction", text(declared({}, header=tuple(h for h in DECLARED if h != "进出口标志"))).encode(), "--flow"),
    refused("a declaration file without a month", text(declared({}, header=DECLARED[1:])).encode(), "--period"),
    Case(
        "two overlapping downloads of declarations joined: the copies are kept and told", "海关明细.csv",
        (text(declared({}, {"人民币值": "2"}, {"人民币值": "3"})) + text(declared({"人民币值": "2"}, {"人民币值": "3"}, {"人民币值": "4"}))).encode(),
        counts=(7, 6, 0, 1), select="value_cny::integer", values=[1000, 2, 3, 2, 3, 4], notes=["有 2 行", "完全相同", "都已计入"],
    ),
    Case("a declaration file whose month the file name says", "2024年9月海关明细.csv", text(declared({}, header=DECLARED[1:])).encode(), counts=(1, 1, 0, 0), select="period::varchar", values=["2024-09-01"]),
]  # fmt: skip

CASES = [*ENCODINGS, *LINES, *NO_TABLES, *DOWNLOADS]
