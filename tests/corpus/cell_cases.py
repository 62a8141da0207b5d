# ruff: noqa: E501 (a case is one line where it can be)
"""Cells and codes: amounts, dates, months, classes, credit codes, names of units, as people write them."""

from collections.abc import Sequence

from corpus.case import COUNTY_LOWER, COUNTY_UPPER, A, B, C, Case, bureau, declared, figures, text
from corpus.raw import xlsx

REBATES = ("案件编号", "统一社会信用代码", "受理日期", "办结日期", "管理类别", "办理状态", "退税额")
FIRMS = (
    "统一社会信用代码",
    "企业名称",
    "县市区",
    "园区",
    "产业",
    "集群",
    "出口退税管理类别",
    "AEO高级认证",
    "生效日期",
)
PROJECTS = ("项目名称", "园区", "县市区", "引进日期", "投资额", "币种", "汇率")
TARGETS = ("指标", "县市区", "目标值", "截止日期")
CBEC = ("统计月份", "县市区", "出口（万元）", "进口（万元）")


def amount(id: str, cell: str, yuan: str | None, header: str = "人民币值") -> Case:
    """One declaration with that amount; None: it must be set aside."""
    content = text(
        [
            [header if name == "人民币值" else name for name in declared()[0]],
            *declared({"人民币值": cell}, {"企业名称": "旁"})[1:],
        ]
    )
    fine = yuan is not None
    return Case(
        id, "海关明细.csv", content.encode(), counts=(2, 2, 0, 0) if fine else (2, 1, 1, 0),
        select="value_cny::varchar", values=[yuan, *_aside(header)] if fine else _aside(header),
        faults=() if fine else [(2, header, "unreadable" if cell.strip() not in ("", "—") else "missing")],
    )  # fmt: skip


def _aside(header: str) -> list[str]:
    """The row beside it, of 1000 in the header's unit."""
    return {"人民币值": ["1000.000000"], "人民币值（万元）": ["10000000.000000"]}[header]


AMOUNTS = [
    amount("thousands commas", "1,234,567.89", "1234567.890000"),
    amount("full-width digits", "１２．５", "12.500000"),
    amount("ideographic spaces around an amount", "　12.5　", "12.500000"),
    amount("a space before each three digits", "1 234 567", "1234567.000000"),
    amount("a negative in brackets", "(5)", "-5.000000"),
    amount("a negative in full-width brackets", "（1,234.5）", "-1234.500000"),
    amount("a negative with a full-width sign", "－5", "-5.000000"),
    amount("a negative with a mathematical sign", "−5", "-5.000000"),
    amount("a sign of currency", "¥1,000.5", "1000.500000"),
    amount("a full-width sign of currency", "￥1,000.5", "1000.500000"),
    amount("an amount that names 万元 itself", "12.5万元", "125000.000000"),
    amount("an amount that names 亿元 itself", "1.2亿元", "120000000.000000"),
    amount("an amount that names 元 in a column of 万元", "5元", "5.000000", "人民币值（万元）"),
    amount("a column whose header names 万元", "12.3456", "123456.000000", "人民币值（万元）"),
    amount("an amount in scientific notation", "1.2E+5", "120000.000000"),
    amount("more decimals than a cent", "0.123456789", "0.123457"),
    amount("zero", "0.00", "0.000000"),
    amount("an amount named in dollars is none in yuan", "5美元", None),
    amount("an amount with a dollar sign is none in yuan", "$5", None),
    amount("a comma before two digits is a slip", "1,23", None),
    amount("commas before four digits are a slip", "12,3456", None),
    amount("two figures in one cell", "12 5", None),
    amount("a percentage is no amount", "5%", None),
    amount("a word is no amount", "待定", None),
    amount("a dash is a blank, and an amount is required", "—", None),
    amount("a number larger than any amount", "9" * 25, None),
    amount("a double negative", "(-5)", None),
]


def ledger(
    id: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    select: str,
    values: Sequence[object],
    **more: object,
) -> Case:
    """A whole ledger of good rows."""
    return Case(
        id,
        "台账.csv",
        text([header, *rows]).encode(),
        counts=(len(rows), len(rows), 0, 0),
        select=select,
        values=values,
        **more,
    )  # type: ignore[arg-type]


def days(id: str, *written: str) -> Case:
    """Rebates accepted on 8 June 2024, each written another way."""
    rows = [(str(n), A, day, None, "一类", "正常", "1") for n, day in enumerate(written)]
    return ledger(id, REBATES, rows, "accepted::varchar", ["2024-06-08"] * len(written))


def months(id: str, month: str, *written: str) -> Case:
    rows = declared(*({"统计年月": cell} for cell in written))
    return ledger(id, rows[0], rows[1:], "period::varchar", [month] * len(written))  # type: ignore[arg-type]


def one_fault(
    id: str,
    header: Sequence[str],
    good: Sequence[object],
    bad: Sequence[object],
    column: str,
    rule: str = "unreadable",
) -> Case:
    return Case(
        id, "台账.csv", text([header, good, bad]).encode(), counts=(2, 1, 1, 0), faults=[(3, column, rule)]
    )


GOOD_REBATE = ("1", A, "2024-06-08", "2024-06-12", "一类", "正常", "1")


def rebate(**change: object) -> list[object]:
    names = ("case", "uscc", "accepted", "completed", "rebate_class", "state", "amount")
    return [change.get(name, cell) for name, cell in zip(names, GOOD_REBATE, strict=True)]


TIMES = [
    days("days with dashes, slashes, points and characters", "2024-06-08", "2024-6-8", "2024/6/8", "2024/06/08", "2024.6.8", "2024.06.08", "2024年6月8日", "20240608"),
    days("days with a time of day", "2024-06-08 00:00:00", "2024/6/8 9:30", "2024-06-08T10:00:00"),
    days("days without a leading zero and a time of day", "2024/6/8 00:00:00", "2024/6/8 0:00", "2024/6/8 10:05:00", "2024.6.8 20:15", "2024-6-8　14：20", "2024年6月8日14:20", "2024/6/8 下午 2:20", "2024/6/8 2:20:00 PM"),
    days("days with their weekday, long dashes or a time zone", "2024年6月8日星期六", "2024年6月8日（周六）", "2024—6—8", "2024-06-08T09:00:00+08:00", "'2024-06-08"),
    one_fault("a day and an hour in one figure", REBATES, GOOD_REBATE, rebate(accepted="2024/6/114:20", completed="2024-06-12"), "受理日期"),
    days("days as serial numbers", "45451", "45451.0", "45451.396"),
    days("days in full-width digits", "２０２４年６月８日", "２０２４－０６－０８"),
    one_fault("a day that does not exist", REBATES, GOOD_REBATE, rebate(accepted="2024-02-30"), "受理日期"),
    one_fault("a month is no day", REBATES, GOOD_REBATE, rebate(accepted="2024年6月"), "受理日期"),
    one_fault("a day whose order nobody knows", REBATES, GOOD_REBATE, rebate(accepted="6/8/2024"), "受理日期"),
    one_fault("a day of another century", REBATES, GOOD_REBATE, rebate(accepted="1924-06-08"), "受理日期"),
    one_fault("a case completed before it was accepted", REBATES, GOOD_REBATE, rebate(completed="2024-06-01"), "办结日期", "completed_after_accepted"),
    months("months packed, with signs and with characters", "2024-06-01", "202406", "2024-06", "2024-6", "2024/06", "2024.6", "2024.06", "2024年6月", "2024年06月份"),
    months("months that became numbers or days", "2024-06-01", "202406.0", "2024-06-01", "2024-06-01 00:00:00", "45444"),
    months("October as a text with its zero", "2024-10-01", "2024.10", "202410"),
    Case("2024.1 may be January or October", "海关明细.csv", text(declared({}, {"统计年月": "2024.1"})).encode(), counts=(2, 1, 1, 0), faults=[(3, "统计年月", "unreadable")]),
    Case("a span of months is no month", "海关明细.csv", text(declared({}, {"统计年月": "2024年1—9月"})).encode(), counts=(2, 1, 1, 0), faults=[(3, "统计年月", "unreadable")]),
    Case(
        "January and February together are one figure of two months", "电商.csv",
        text([CBEC, ["2024年1—2月", "零陵区", "5", "0"], ["2024年1-2月", "东安县", "5", "0"], ["2024年3月", "零陵区", "3", "0"]]).encode(),
        counts=(3, 3, 0, 0), select="period::varchar, months", values=[("2024-02-01", 2), ("2024-02-01", 2), ("2024-03-01", 1)],
    ),
]  # fmt: skip


def registered(*rows: Sequence[object]) -> Sequence[Sequence[object]]:
    """Registry rows of (code, name, unit, class, AEO, industry)."""
    return [
        (uscc, name, unit, None, industry, None, grade, aeo, None)
        for uscc, name, unit, grade, aeo, industry in rows
    ]


def classes(id: str, word: str, *written: str) -> Case:
    rows = [rebate(case=str(n), rebate_class=cell) for n, cell in enumerate(written)]
    return ledger(id, REBATES, rows, "rebate_class", [word] * len(written))


WORDS = [
    classes("class one by all its names", "一", "一", "一类", "1", "A", "１类", "Ａ", "1.0", "一类企业", "A类"),
    classes("class four by all its names", "四", "四", "四类", "4", "D", "D类"),
    one_fault("a class that does not exist", REBATES, GOOD_REBATE, rebate(rebate_class="五类"), "管理类别"),
    one_fault("a state that does not exist", REBATES, GOOD_REBATE, rebate(state="快了"), "办理状态"),
    one_fault("a blank state", REBATES, GOOD_REBATE, rebate(state=None), "办理状态", "missing"),
    ledger("directions by all their names", declared()[0], declared(*({"进出口标志": flag} for flag in ("出口", "E", "e", "Ｅ", "export")))[1:], "flow", ["export"] * 5),
    ledger(
        "yes and no by all their names", FIRMS, registered(*((A, "甲", "道县", "一", cell, "其他") for cell in ("是", "Y", "1", "否", "N", "0", "—"))),
        "aeo", ["是", "是", "是", "否", "否", "否", None],
    ),
    ledger("an industry by its short name", FIRMS, registered((A, "甲", "道县", "一", "否", "机电"), (B, "乙", "道县", "一", "否", "农业")), "industry", ["机电产品", "农产品"]),
    ledger("a project in dollars needs no rate", PROJECTS, [("甲项目", "甲园", "道县", "2024-06-08", "2,000,000", "美元", None)], "amount::integer, currency", [(2_000_000, "USD")]),
    one_fault("a project in yuan at the rate of a hundred dollars", PROJECTS, ("甲", "甲园", "道县", "2024-06-08", "1", "人民币", "7.1"), ("丙", "甲园", "道县", "2024-06-08", "1", "人民币", "710"), "汇率", "rate_of_one_dollar"),
    one_fault("a project in yuan at the rate of dollars for a yuan", PROJECTS, ("甲", "甲园", "道县", "2024-06-08", "1", "美元", None), ("丁", "甲园", "道县", "2024-06-08", "1", "人民币", "0.14"), "汇率", "rate_of_one_dollar"),
    one_fault("a project in yuan in a column of dollars", (*PROJECTS[:4], "投资额（万美元）", *PROJECTS[5:]), ("甲", "甲园", "道县", "2024-06-08", "1", "美元", None), ("戊", "甲园", "道县", "2024-06-08", "1", "人民币", "7.1"), "投资额（万美元）"),
    one_fault("a share of 1 may be 1 % or all", TARGETS, ("进口占比", "双牌县", "10%", "202612"), ("进口占比", "蓝山县", "1", "202612"), "目标值"),
    one_fault("a project in yuan without a rate", PROJECTS, ("甲", "甲园", "道县", "2024-06-08", "1", "美元", None), ("乙", "甲园", "道县", "2024-06-08", "1", "人民币", None), "汇率", "rate_stated"),
    ledger(
        "targets as percentages, fractions and counts", TARGETS,
        [("进口占比", "道县", "10%", "2026-12"), ("import_share", "东安县", "0.1", "2026年12月"), ("import_share", "新田县", "10", "202612"), ("firms_over_100m", "道县", "2", "2027-06")],
        "target::double", [0.1, 0.1, 0.1, 2.0],
    ),
    one_fault("a share of 2 may be 2 % or 200 %", TARGETS, ("import_share", "道县", "10%", "2026-12"), ("import_share", "东安县", "2", "2026-12"), "目标值"),
    one_fault("an indicator that the document does not have", TARGETS, ("import_share", "道县", "10%", "2026-12"), ("引进外资", "东安县", "2", "2026-12"), "指标"),
]  # fmt: skip


def coded(id: str, column: str, written: str, *stored: object, select: str) -> Case:
    rows = declared({column: written})
    return ledger(id, rows[0], rows[1:], select, list(stored))  # type: ignore[arg-type]


def miscoded(id: str, column: str, written: str) -> Case:
    return Case(
        id,
        "海关明细.csv",
        text(declared({}, {column: written})).encode(),
        counts=(2, 1, 1, 0),
        faults=[(3, column, "unreadable")],
    )


CODES = [
    coded("a credit code in small letters", "统一社会信用代码", A.lower(), A, select="uscc"),
    coded("a credit code in full-width characters", "统一社会信用代码", "".join(chr(ord(c) + 0xFEE0) for c in A), A, select="uscc"),
    coded("a credit code with spaces", "统一社会信用代码", f" {A[:8]} {A[8:]}　", A, select="uscc"),
    coded("a credit code after a spreadsheet's apostrophe", "统一社会信用代码", f"'{A}", A, select="uscc"),
    miscoded("a credit code with a wrong check character", "统一社会信用代码", A[:-1] + ("A" if A[-1] != "A" else "B")),
    miscoded("a credit code with a character too few", "统一社会信用代码", A[:-1]),
    miscoded("a credit code in scientific notation", "统一社会信用代码", "9.14311E+17"),
    miscoded("a credit code that ends in the zeros of a lost number", "统一社会信用代码", "914311020000000000"),
    miscoded("an old registration number of 15 digits", "统一社会信用代码", "431100000012345"),
    coded("a commodity code of ten digits", "商品编码", "0703201000", "07032010", select="hs_code"),
    coded("a commodity code that lost its zero", "商品编码", "7032010", "07032010", select="hs_code"),
    coded("a commodity code of nine digits that lost its zero", "商品编码", "703201000", "07032010", select="hs_code"),
    coded("a commodity code that became a decimal number", "商品编码", "7032010.0", "07032010", select="hs_code"),
    miscoded("a commodity code that lacks its last digit", "商品编码", "0703201"),
    miscoded("a commodity code of nine digits that lacks its last one", "商品编码", "070320100"),
    miscoded("a heading is no commodity code", "商品编码", "0703"),
    miscoded("a commodity code in scientific notation", "商品编码", "7.03E+06"),
    coded("a mode that lost its zero", "监管方式编码", "110", "0110", select="mode"),
    coded("a mode of cross-border e-commerce", "监管方式编码", "9710", "9710", select="mode"),
    miscoded("a statistical mode of two digits is no customs mode", "监管方式编码", "10"),
    miscoded("a partner of two digits", "贸易伙伴编码", "11"),
    coded("a partner with its name", "贸易伙伴编码", "110 香港", "110", select="partner"),
    coded("a mode with its name", "监管方式编码", "0110-一般贸易", "0110", select="mode"),
    coded("a mode in brackets after its name", "监管方式编码", "一般贸易（0110）", "0110", select="mode"),
    miscoded("two codes in one cell", "监管方式编码", "0110一般贸易9610"),
    coded("a commodity code with the tariff's point", "商品编码", "0703.2010", "07032010", select="hs_code"),
    coded("a commodity code with a point after each level", "商品编码", "0703.20.10.00", "07032010", select="hs_code"),
    miscoded("a commodity code whose point took its zeros", "商品编码", "1201.9"),
    ledger("a case's number after a spreadsheet's apostrophe", REBATES, [rebate(case="'0012")], "case_no", ["0012"]),
    one_fault("a case's number in scientific notation names none", REBATES, GOOD_REBATE, rebate(case="4.31102E+17"), "案件编号"),
    miscoded("a partner by name where a code is asked", "贸易伙伴编码", "香港"),
    ledger("a commodity code that looks like a year is no level of the header", ("鼓励进口商品编码", "商品名称"), [("2008", None), ("2009", "果汁")], "hs_code", ["2008", "2009"]),
    ledger("two firms of one name are two firms", declared()[0], declared({}, {"统一社会信用代码": B})[1:], "uscc, firm_name", [(A, "甲公司"), (B, "甲公司")]),
    ledger("one firm of two names is one firm", declared()[0], declared({}, {"企业名称": "甲集团"})[1:], "uscc, firm_name", [(A, "甲公司"), (A, "甲集团")]),
]  # fmt: skip

NAMES = {
    "零陵": "431102", "冷水滩区": "431103", "祁阳县": "431181", "431121": "431181", "东安": "431122", "永州市双牌县": "431123", "道 县": "431124",
    "江永县": "431125", "湖南省永州市宁远县": "431126", "蓝山": "431127", "新田\n县": "431128", "江华": "431129", "永州经济技术开发区": "431171", "金洞管理区": "431172", "回龙圩": "431173",
}  # fmt: skip
OTHER_NAMES = {
    "祁阳": "431181",
    "祁阳市": "431181",
    "江华县": "431129",
    "江华瑶族自治县": "431129",
    "经开区": "431171",
    "永州经开区": "431171",
    "431171": "431171",
}


def counties(names: Sequence[str]) -> list[Sequence[object]]:
    rows = [[name, *figures(number)] for number, name in enumerate(names, start=1)]
    return bureau(*rows, upper=COUNTY_UPPER, lower=COUNTY_LOWER, title="2025年9月各县市区进出口情况表")


UNITS = [
    Case("each unit by another of its names", "县市区.xlsx", xlsx({"Sheet1": counties(list(NAMES))}), counts=(15, 15, 0, 0), select="unit", values=list(NAMES.values())),
    Case("祁阳, 江华 and the 经开区 by their other names", "县市区.xlsx", xlsx({"Sheet1": counties(list(OTHER_NAMES))}), counts=(7, 7, 0, 0), select="unit", values=list(OTHER_NAMES.values())),
    Case(
        "the whole city's row is kept apart from the units", "县市区.xlsx", xlsx({"Sheet1": [*counties(["道县"]), ["全　市", *figures(1)]]}), counts=(2, 1, 0, 1), select="unit", values=["431124"],
    ),
    Case(
        "the whole city's row under each of its names", "县市区.xlsx", xlsx({"Sheet1": [*counties(["道县"]), *([name, *figures(1)] for name in ("永州", "永　州", "4311", "永州市合计", "永州（合计）"))]}), counts=(6, 1, 0, 5), select="unit", values=["431124"],
    ),
    one_fault("a unit that nobody knows, in the registry", FIRMS, registered((A, "甲", "道县", "一", "否", "其他"))[0], registered((B, "乙", "永洲县", "一", "否", "其他"))[0], "县市区"),
    one_fault("a unit of another city", FIRMS, registered((A, "甲", "道县", "一", "否", "其他"))[0], registered((C, "乙", "郴州市北湖区", "一", "否", "其他"))[0], "县市区"),
]  # fmt: skip

CASES = [*AMOUNTS, *TIMES, *WORDS, *CODES, *UNITS]
