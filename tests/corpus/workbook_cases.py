# ruff: noqa: E501 (a case is one line where it can be)
"""Workbooks: formats, lying names, sheets, formulas, bombs, and where the table stands in a sheet."""

import io
import re
import zipfile

import xlsxwriter
from corpus.case import FLAT, LOWER, UPPER, A, B, C, Case, bureau, declared, figures, firm, text
from corpus.raw import Raw, Sheet, error, formula, html, ods, xls, xlsb, xlsx, zipped

ROWS = bureau(firm(900), firm("1,800", B, "乙公司", "冷水滩区"))
YTD = "uscc, ytd_export::bigint"
VALUES = [(A, 9_000_000), (B, 18_000_000)]
FOUR = 5  # the first data row of an ordinary bureau table is the fifth


def two(id: str, content: bytes, name: str = "企业进出口.xlsx", **more: object) -> Case:
    """The two ordinary firms in whatever dress."""
    return Case(id, name, content, counts=(2, 2, 0, 0), select=YTD, values=VALUES, **more)  # type: ignore[arg-type]


def refused(id: str, content: bytes, *words: str, name: str = "企业进出口.xlsx") -> Case:
    return Case(id, name, content, refused=words)


def book(*rows: object, **more: object) -> bytes:
    return xlsx({"Sheet1": bureau(*rows, **more)})  # type: ignore[arg-type]


def altered(old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The ordinary workbook with one part changed."""
    source = zipfile.ZipFile(io.BytesIO(xlsx({"Sheet1": ROWS})))
    parts = {name: source.read(name) for name in source.namelist()}
    assert old in parts[part]
    return zipped(parts | {part: parts[part].replace(old, new)})


def with_size(size: int) -> bytes:
    """The ordinary workbook, its directory stating another size for the sheet."""
    content = xlsx({"Sheet1": ROWS})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little"))


def with_password_flag() -> bytes:
    content = bytearray(xlsx({"Sheet1": ROWS}))
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 8] |= 1
    return bytes(content)


def dated() -> bytes:
    """A rebate ledger whose dates are true date cells, as a spreadsheet stores them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy年m月d日"})
        sheet.write_row(
            0, 0, ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态")
        )
        sheet.write_row(1, 0, ("1", A))
        sheet.write_number(1, 2, 45446, day)
        sheet.write_string(1, 3, "2024.6.8")
        sheet.write_row(1, 4, ("一类", "正常"))
    return buffer.getvalue()


def merged() -> bytes:
    """An ordinary table as a spreadsheet merges it, with a column merged downwards after the groups."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 12, "2025年9月企业进出口情况表")
        sheet.merge_range(1, 9, 1, 12, "单位：万元")
        for column, header in enumerate(UPPER[:3]):
            sheet.merge_range(2, column, 3, column, header)
        for group, flow in enumerate(("进出口", "出口", "进口")):
            sheet.merge_range(2, 3 + 3 * group, 2, 5 + 3 * group, flow)
            sheet.write_row(3, 3 + 3 * group, ("当月", "累计", "同比%"))
        sheet.merge_range(2, 12, 3, 12, "备注")
        for number, row in enumerate((firm(900), firm(1800, B, "乙公司", "冷水滩区")), start=4):
            sheet.write_row(number, 0, [*row, "新设"])
    return buffer.getvalue()


FORMATS = [
    two("an .xlsx workbook", xlsx({"Sheet1": ROWS})),
    two("an .xls workbook", xls({"Sheet1": ROWS}), "企业进出口.xls"),
    two("an .xlsb workbook", xlsb({"Sheet1": ROWS}), "企业进出口.xlsb"),
    two("an .ods workbook", ods({"Sheet1": ROWS}), "企业进出口.ods"),
    two("an .xlsx called .xls", xlsx({"Sheet1": ROWS}), "企业进出口.xls"),
    two("an .xls called .xlsx", xls({"Sheet1": ROWS})),
    two("an .xls called .et", xls({"Sheet1": ROWS}), "企业进出口.et"),
    two("an .xlsx called .csv", xlsx({"Sheet1": ROWS}), "企业进出口.csv"),
    two("a web page called .xls", html([[str(cell or "") for cell in row] for row in ROWS]), "企业进出口.xls"),
    two("a web page in UTF-8 called .xls", html([[str(cell or "") for cell in row] for row in ROWS], "utf-8"), "企业进出口.xls"),
    two(
        "a web page whose header cells span columns and rows",
        html(
            [
                ["<td colspan=12>2025年9月企业进出口情况表（单位：万元）</td>"],
                [*(f"<th rowspan=2>{header}</th>" for header in UPPER[:3]), *(f"<th colspan=3>{flow}</th>" for flow in ("进出口", "出口", "进口"))],
                ["当月", "累计", "同比%"] * 3,
                *([str(cell or "") for cell in row] for row in ROWS[4:]),
            ]
        ),
        "企业进出口.xls",
    ),
    refused("a web page without a table", "<html><body>请登录</body></html>".encode(), "网页", name="企业进出口.xls"),
    refused("a Word document", zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"}), "文档", name="报告.docx"),
    refused("a zip archive of tables", zipped({"企业.csv": text(declared({}))}), "压缩包", name="报表.zip"),
    refused("a workbook cut off in transfer", xlsx({"Sheet1": ROWS})[:-300], "损坏"),
    refused("a workbook whose sheet is cut off", altered(b"</sheetData></worksheet>", b"<row"), "损坏"),
    refused("an old workbook that is only a head", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "损坏", name="企业.xls"),
    refused("a workbook with a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    refused("an archive with a password", with_password_flag(), "密码"),
    refused("an OpenDocument file with a password", zipped({"mimetype": "x", "content.xml": "x", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "密码", name="企业.ods"),
]  # fmt: skip

BOMBS = [
    refused("sixty kilobytes that unpack to sixty megabytes", xlsx({"Sheet1": ROWS}, {"xl/media/zero.bin": b"\0" * (60 << 20)}), "解开后", "60 MB"),
    refused("a gigabyte by its directory", with_size(1 << 30), "解开后", "1024 MB"),
    refused("a directory that says a sheet is shorter than it is", with_size(500), "损坏"),
    refused(
        "XML entities that multiply",
        xlsx({"Sheet1": Sheet(ROWS, doctype='<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>')}), "实体",
    ),
    refused("a value in the last row of the sheet", xlsx({"Sheet1": Sheet(ROWS, extra_rows='<row r="1048576"><c r="A1048576"><v>1</v></c></row>')}), "1048576", "行"),
    refused("a value in the last column of the sheet", xlsx({"Sheet1": Sheet(ROWS, extra_rows='<row r="9"><c r="XFD9"><v>1</v></c></row>')}), "XFD", "列"),
    refused(
        "an OpenDocument cell repeated a million times", ods({"Sheet1": ROWS}, '<table:table-row><table:table-cell table:number-columns-repeated="1000000" office:value-type="float" office:value="1"/></table:table-row>'), "重复", name="企业.ods"),
    two("a formatted cell in the last row of the sheet", xlsx({"Sheet1": Sheet(ROWS, extra_rows='<row r="1048576"><c r="XFD1048576" s="0"/></row>')})),
    two(
        "an OpenDocument sheet filled with blank rows to its end",
        ods({"Sheet1": ROWS}, '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'),
        "企业进出口.ods",
    ),
    two("a sheet whose dimension says one cell", xlsx({"Sheet1": Sheet(ROWS, dimension="A1")})),
    two("a sheet whose dimension says everything", xlsx({"Sheet1": Sheet(ROWS, dimension="A1:XFD1048576")})),
]  # fmt: skip

SHEETS = [
    two("a hidden sheet is ignored and named", xlsx({"Sheet1": ROWS, "底稿": Sheet(ROWS, state="hidden")}), notes=["隐藏", "底稿"]),
    two("a very hidden sheet is ignored and named", xlsx({"Sheet1": ROWS, "底稿": Sheet(ROWS, state="veryHidden")}), notes=["底稿"]),
    two("a hidden sheet of an .xls is ignored and named", xls({"Sheet1": ROWS, "底稿": ROWS}, ["底稿"]), "企业.xls", notes=["底稿"]),
    two("an empty sheet beside the table", xlsx({"Sheet1": ROWS, "Sheet2": []})),
    two("a sheet of remarks beside the table is named", xlsx({"Sheet1": ROWS, "说明": [["本表由商务局编制"]]}), notes=["说明"]),
    two("a sheet of another kind beside the table is named", xlsx({"Sheet1": ROWS, "园区": [["园区", "县市区"], ["甲园", "零陵区"]]}), notes=["园区"]),
    refused("nothing but hidden sheets", xlsx({"底稿": Sheet(ROWS, state="hidden")}), "没有内容"),
    refused("a workbook without a filled cell", xlsx({"Sheet1": []}), "没有内容"),
    Case(
        "one sheet a month, the year in the title", "企业.xlsx",
        xlsx({"8月": bureau(firm(800), title="2025年企业进出口"), "9月": bureau(firm(900), title="2025年企业进出口")}),
        counts=(2, 2, 0, 0), select="period::varchar, ytd_export::bigint", values=[("2025-08-01", 8_000_000), ("2025-09-01", 9_000_000)],
    ),
    Case(
        "one sheet a month, the year in the file's name", "2025年企业进出口.xlsx",
        xlsx({"8月": bureau(firm(800), title=None), "9月份": bureau(firm(900), title=None)}),
        counts=(2, 2, 0, 0), select="period::varchar, ytd_export::bigint", values=[("2025-08-01", 8_000_000), ("2025-09-01", 9_000_000)],
    ),
    Case(
        "one sheet a month, named in full", "企业.xlsx", xlsx({"2025年8月": bureau(firm(800), title=None), "2025年9月": bureau(firm(900), title=None)}),
        counts=(2, 2, 0, 0), select="period::varchar", values=["2025-08-01", "2025-09-01"],
    ),
    Case(
        "one sheet a month, the first of two months, the last in the file's name", "2025年3月企业进出口.xlsx",
        xlsx({"1-2月": bureau(firm(800), title="企业进出口"), "3月": bureau(firm(900), title="企业进出口")}),
        counts=(2, 2, 0, 0), select="period::varchar, months, ytd_export::bigint", values=[("2025-02-01", 2, 8_000_000), ("2025-03-01", 1, 9_000_000)],
    ),
    Case(
        "one sheet a month, the first named 1、2月份", "企业.xlsx",
        xlsx({"1、2月份": bureau(firm(800), title="2025年企业进出口"), "１—３月": bureau(firm(900), title="2025年企业进出口")}),
        counts=(2, 2, 0, 0), select="period::varchar, months", values=[("2025-02-01", 2), ("2025-03-01", 1)],
    ),
    refused("one sheet a quarter", xlsx({"1-3月": bureau(firm(800), title="2025年企业进出口"), "4-6月": bureau(firm(900), title="2025年企业进出口")}), "工作表「4-6月」", "不是一个月"),
    refused("one sheet a month, one of them in dollars", xlsx({"2025年8月": bureau(firm(800), title=None), "2025年9月": bureau(firm(9), title=None, unit="单位：万美元")}), "工作表「2025年9月」：", "万美元"),
    refused("one sheet a month, one of them without unit", xlsx({"2025年8月": bureau(firm(800), title=None), "2025年9月": bureau(firm(9), title=None, unit=None)}), "工作表「2025年9月」：", "金额单位", "--unit"),
    refused("one sheet a month, one of them without 累计", xlsx({"2025年8月": bureau(firm(800), title=None), "2025年9月": bureau(["甲公司", A, "零陵区", 1, 0], title=None, upper=(*UPPER[:3], "出口当月", "进口当月"), lower=())}), "工作表「2025年9月」：", "缺少列", "累计"),
    refused("one sheet a month, one of them without month", xlsx({"2025年8月": bureau(firm(800), title=None), "Sheet2": bureau(firm(900), title=None)}), "工作表「Sheet2」：", "统计月份", "--period"),
    Case(
        "one sheet a unit", "2025年9月企业进出口.xlsx", xlsx({"零陵区": bureau(firm(900)), "冷水滩区": bureau(firm(1800, B))}),
        counts=(2, 2, 0, 0), select="sheet, ytd_export::bigint", values=[("冷水滩区", 18_000_000), ("零陵区", 9_000_000)],
    ),
    Case(
        "rows and quarantine carry their own sheet and row", "2025年9月企业进出口.xlsx", xlsx({"甲": bureau(firm(900)), "乙": bureau(firm("待定", B), firm(1, C))}),
        counts=(3, 2, 1, 0), select='sheet, "row"', values=[("乙", 6), ("甲", 5)], faults=[(5, "出口累计", "unreadable")],
    ),
]  # fmt: skip

PLACES = [
    two("the table begins in the fifth row and the third column", xlsx({"Sheet1": Sheet(ROWS, first=(5, 3))})),
    two("blank rows between title, header and rows", xlsx({"Sheet1": [[], *ROWS[:2], [], *ROWS[2:4], [], ROWS[4], [], ROWS[5]]})),
    two("a blank column within the table", xlsx({"Sheet1": [[*row[:3], None, *row[3:]] for row in ROWS]})),
    two("no title row: the month is in the file's name", xlsx({"Sheet1": ROWS[1:]}), "2025年9月企业进出口.xlsx"),
    two("merged header cells, one merged downwards after the groups", merged()),
    two("a header of one level", xlsx({"Sheet1": [["2025年9月（单位：万元）"], FLAT, ["甲公司", A, "零陵区", None, None, 1, 900, 0, 0], ["乙公司", B, "冷水滩区", None, None, 1, 1800, 0, 0]]})),
    two(
        "a header of three levels",
        xlsx(
            {
                "Sheet1": [
                    ["2025年9月企业进出口"],
                    ["企业名称", "统一社会信用代码", "县市区", "人民币（万元）", *[None] * 8],
                    [None, None, None, *UPPER[3:]],
                    LOWER,
                    *ROWS[4:],
                ]
            }
        ),
    ),
    Case(
        "totals, parts of totals, notes and section lines are no rows", "企业.xlsx",
        book(
            ["一、零陵区"], firm(900), ["小计", None, None, *figures(900)], firm(1800, B), ["其中：农产品", None, None, *figures(5)],
            ["合  计", None, None, *figures(2700)], ["注：累计数含以前月份的修订。"], ["填表人：张三", None, None, "审核人：李四"],
        ),
        counts=(8, 2, 0, 6), select=YTD, values=VALUES,
    ),
    Case(
        "a total above the rows", "企业.xlsx", book(["全市合计", None, None, *figures(2700)], *ROWS[4:]), counts=(3, 2, 0, 1), select=YTD, values=VALUES,
    ),
    Case(
        "the header repeated on a second page", "企业.xlsx", book(ROWS[4], UPPER, LOWER, ROWS[5]), counts=(4, 2, 0, 2), select=YTD, values=VALUES,
    ),
    Case(
        "a firm listed twice with the same figures counts once", "企业.xlsx", book(firm(900), firm(1800, B), firm(900)), counts=(3, 2, 0, 1), select=YTD, values=VALUES, notes=["1 行", "完全相同"],
    ),
    Case(
        "two lines that differ in their number alone are copies", "企业.xlsx",
        xlsx({"Sheet1": bureau([1, *firm(900)], [2, *firm(900)], upper=("序号", *UPPER), lower=(None, *LOWER))}), counts=(2, 1, 0, 1),
    ),
    Case("one firm with two customs codes has two rows", "企业.xlsx", book(firm(900), firm(1800)), counts=(2, 2, 0, 0)),
]  # fmt: skip

CONTENTS = [
    two("formulas with stored results", book(firm(formula("450*2", "900")), firm(formula("A1", "1800"), B))),
    Case(
        "a formula without a stored result is named and its row set aside", "企业.xlsx", book(firm(formula("F9*2")), firm(1800, B)),
        counts=(2, 1, 1, 0), faults=[(FOUR, "出口累计", "no_result")], select=YTD, values=VALUES[1:],
    ),
    Case(
        "a formula with an empty result is none either", "企业.xlsx", book(firm(formula("F9*2", "")), firm(1800, B)), counts=(2, 1, 1, 0), faults=[(FOUR, "出口累计", "no_result")],
    ),
    Case(
        "a formula that gives an empty text is a blank cell", "企业.xlsx", book(firm(900, month_export=formula('IF(1,"")', "", "str"))), counts=(1, 1, 0, 0), select="month_export", values=[None],
    ),
    Case(
        "zeros of a workbook that is yet to be computed are no results", "企业.xlsx",
        zipped({
            name: data.replace(b"</sheets>", b'</sheets><calcPr fullCalcOnLoad="1"/>')
            for archive in [zipfile.ZipFile(io.BytesIO(book(firm(formula("F9*2", "0")), firm(0, B))))]
            for name in archive.namelist() for data in [archive.read(name)]
        }),
        counts=(2, 1, 1, 0), faults=[(FOUR, "出口累计", "no_result")], select=YTD, values=[(B, 0)],
    ),
    Case(
        "an error value in an amount", "企业.xlsx", book(firm(error("#REF!")), firm(1800, B)), counts=(2, 1, 1, 0), faults=[(FOUR, "出口累计", "cell_error")],
    ),
    two("an error value in a growth that nobody reads", book([*firm(900)[:8], error("#DIV/0!"), *firm(900)[9:]], firm(1800, B))),
    two("a formula without result in a growth that nobody reads", book([*firm(900)[:8], formula("G5/F5"), *firm(900)[9:]], firm(1800, B))),
    two("amounts typed as text", book(firm("900"), firm("１，８００．００", B))),
    Case(
        "a tenth decimal after a zero, beside what must not become a number", "企业.xlsx",
        book(firm(0.0052601403, "914311020000000095", "202410.10"), firm(12.299999999999999, B), unit="单位：亿元"), counts=(2, 2, 0, 0),
        select="uscc, firm_name, ytd_export::varchar", values=[("914311020000000095", "202410.10", "526014.030000"), (B, "甲公司", "1230000000.000000")],
    ),
    Case("more decimals than a screen shows", "企业.xlsx", book(firm(881.7733333333333)), counts=(1, 1, 0, 0), select="ytd_export::varchar", values=["8817733.333333"]),
    Case("what binary fractions leave behind", "企业.xlsx", book(firm(0.1 + 0.2)), counts=(1, 1, 0, 0), select="ytd_export::varchar", values=["3000.000000"]),
    Case("a code that became a number is lost", "企业.xlsx", book(firm(900, 914311020000000000), firm(1800, B)), counts=(2, 1, 1, 0), faults=[(FOUR, "统一社会信用代码", "unreadable")]),
    Case("a code shown in scientific notation is lost", "企业.xlsx", book(firm(900, "9.14311E+17"), firm(1800, B)), counts=(2, 1, 1, 0), faults=[(FOUR, "统一社会信用代码", "unreadable")]),
    Case(
        "codes that became numbers get their zeros back", "海关明细.xlsx", xlsx({"Sheet1": declared({"统计年月": 202409, "商品编码": 7020000, "贸易伙伴编码": 110, "监管方式编码": 110, "人民币值": 1000})}),
        counts=(1, 1, 0, 0), select="period::varchar, hs_code, partner, mode, value_cny::integer", values=[("2024-09-01", "07020000", "110", "0110", 1000)],
    ),
    Case("dates as date cells and as text", "退税.xlsx", dated(), counts=(1, 1, 0, 0), select="accepted::varchar, completed::varchar, rebate_class", values=[("2024-06-03", "2024-06-08", "一")]),
    Case("true and false cells", "企业名录.xlsx", xlsx({"Sheet1": [
        ["统一社会信用代码", "企业名称", "县市区", "园区", "产业", "集群", "出口退税管理类别", "AEO高级认证", "生效日期"],
        [A, "甲公司", "零陵区", None, "其他", None, "A", Raw(' t="b"', "<v>1</v>"), 45446],
    ]}), counts=(1, 1, 0, 0), select="aeo, effective::varchar", values=[("是", "2024-06-03")]),
    Case("a cell with two figures one above the other is not joined", "企业.xlsx", book(firm("90\n0"), firm(1800, B)), counts=(2, 1, 1, 0), faults=[(FOUR, "出口累计", "unreadable")]),
]  # fmt: skip

CASES = [*FORMATS, *BOMBS, *SHEETS, *PLACES, *CONTENTS]
