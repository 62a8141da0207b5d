# ruff: noqa: E501 (a case is one line where it can be)
"""One thing under its many spellings: headers, units of money, months, closed words, totals and foot lines."""

from collections.abc import Sequence

from corpus.case import (
    COUNTY_LOWER,
    COUNTY_UPPER,
    DECLARED,
    FLAT,
    LOWER,
    NO_HINTS,
    UPPER,
    A,
    B,
    Case,
    bureau,
    declared,
    figures,
    firm,
    text,
)
from corpus.cell_cases import FIRMS, PROJECTS, REBATES, TARGETS, ledger, months, one_fault, rebate
from corpus.header_cases import ROW, flat, good, month, table
from corpus.header_cases import refused as refused_table
from corpus.raw import html, xlsx
from corpus.workbook_cases import VALUES, YTD, book

from etl.layout import Hints


def named(id: str, pattern: str, line: str | None = "单位：万元") -> Case:
    """A table whose six amounts are named after a pattern of flow and span."""
    header = [*FLAT[:3], *(pattern.format(flow=name[:-2], span=name[-2:]) for name in FLAT[3:])]
    return good(id, table(header, unit=line))


HEADERS = [
    named("a stroke between flow and span", "{flow}/{span}"),
    named("a dash and an underscore between flow and span", "{flow}-_{span}"),
    named("the unit after a comma", "{flow}{span}，万元", None),
    named("the unit without a bracket", "{flow}{span}万元", None),
    named("the unit in a bracket with its word", "{flow}{span}（单位：万元）", None),
    named("the currency after the unit", "{flow}{span}（万元人民币）", None),
    named("the unit in lenticular brackets", "{flow}{span}【万元】", None),
    named("the span in a bracket", "{flow}（{span}）"),
    named("numbered headers of foreign trade", "1.外贸{flow}总值{span}数"),
    good("the months from the year's beginning", table(flat(出口累计="年初至本月出口", 进口累计="年初至今进口额"))),
    good("dollars beside yuan under one name", table([*FLAT, "出口累计（万美元）", "进口累计（万美元）"], [*ROW, 5, 5])),
    good("an amount in a group of a group", xlsx({"Sheet1": [
        ["2025年9月"], [*UPPER[:3], "进出口情况（万元）", *[None] * 8], [*[None] * 3, *UPPER[3:]], LOWER, firm(900),
    ]})),
    good("the unit in a row of its own under the header", xlsx({"Sheet1": [["2025年9月"], FLAT, [*[None] * 3, *["万元"] * 6], ROW]})),
    ledger("the unit of an amount that may be left out, without a bracket", [*REBATES[:6], "退税额万元"], [rebate(amount="1.5")], "amount_cny::integer", [15_000]),
    ledger("the unit after a comma and its word", [*REBATES[:6], "退税额，单位：元"], [rebate(amount="1.5")], "amount_cny::double", [1.5]),
    Case("the unit of an amount under its header", "台账.csv", text([[*REBATES[:6], "退税额"], [*[None] * 6, "千元"], rebate(amount="1.5")]).encode(), counts=(1, 1, 0, 0), select="amount_cny::integer", values=[1_500]),
    refused_table("two units of money above one table", table(FLAT, unit="单位：万元、亿元"), "万元、亿元"),
    refused_table("the user's unit against the table's", table(FLAT), "万元", "不一致", hints=Hints(unit="亿元")),
    refused_table("a kind that the user says and the file is not", text([["甲", "乙"], [1, 2]]).encode(), "出口退税台账", "案件编号", name="表.csv", hints=Hints(kind="rebates")),
    ledger(
        "declarations by other headers", ("申报年月", "进出口方向", "经营单位统一社会信用代码", "经营单位", "商品税号", "贸易国代码", "海关监管方式代码", "统计人民币值", "统计美元值"),
        declared({})[1:], "period::varchar, flow, uscc, hs_code, mode, value_cny::integer, value_usd::integer", [("2024-09-01", "export", A, "07032010", "0110", 1000, 140)],
    ),
    ledger(
        "a registry by other headers", ("社会统一信用代码", "企业全称", "所属县区", "所属园区", "所属行业", "所属集群", "退税分类管理类别", "是否AEO高级认证企业", "生效日"),
        [(A, "甲", "道县", None, "机电", None, "二类", "是", None)], "unit, industry, rebate_class, aeo", [("431124", "机电产品", "二", "是")],
    ),
    ledger(
        "rebates by other headers", ("业务编号", "纳税人识别号", "受理日", "办结日", "企业管理类别", "业务状态", "应退税额"), [rebate()],
        "case_no, accepted::varchar, completed::varchar, amount_cny::integer", [("1", "2024-06-08", "2024-06-12", 1)],
    ),
]  # fmt: skip

MONTHS = [
    month("the month after a stroke", "2025-09-01", title="企业进出口情况表（2025/9）"),
    month("a short year", "2025-09-01", title="25年9月企业进出口情况表"),
    month("the year written again at the span's end", "2025-09-01", title="2025年1月至2025年9月企业进出口情况表"),
    month("January and February joined by a word", "2025-02-01", months=2, title="2025年1月和2月企业进出口情况表"),
    month("January and February in Chinese numerals", "2025-02-01", months=2, title="二〇二五年一、二月份企业进出口情况表"),
    month("a line that says when the table was made is no month", "2025-09-01", name="2025年9月企业.xlsx", title="制表时间：2025年10月"),
    refused_table("a quarter is no month", xlsx({"Sheet1": bureau(firm(900), title="2025年7—9月企业进出口情况表")}), "不是一个月"),
    refused_table("two months in one title", xlsx({"Sheet1": bureau(firm(900), title="2025年9月与2024年9月企业进出口对比表")}), "不是一个月"),
    months("months in Chinese numerals and after 第", "2024-09-01", "二〇二四年九月", "2024年第9月", "24年9月", "二〇二四年九月三十日", "２０２４年度９月份"),
    *(Case(f"{cell} is no month", "海关明细.csv", text(declared({}, {"统计年月": cell})).encode(), counts=(2, 1, 1, 0), faults=[(3, "统计年月", "unreadable")]) for cell in ("Sep-24", "9月", "2024年三季度")),
]  # fmt: skip


def closed(id: str, header: Sequence[str], place: int, column: str, pairs: dict[str, str | None]) -> Case:
    """Rows of a ledger that differ in one cell, and what each is stored as."""
    usual = {REBATES: rebate(), FIRMS: (A, "甲", "道县", None, "其他", None, "一类", "是", None)}[header]
    rows = [[*usual[:place], cell, *usual[place + 1 :]] for cell in pairs]
    if header is REBATES:
        rows = [[str(number), *row[1:]] for number, row in enumerate(rows)]
    return ledger(id, header, rows, column, list(pairs.values()))


GRADES = {
    "a": "一",
    "Ⅰ类": "一",
    "第一类": "一",
    "一类出口企业": "一",
    "出口退税一类": "一",
    "一级": "一",
    "Ⅱ": "二",
    "二类管理": "二",
    "3.0": "三",
    "Ⅳ": "四",
}
ANSWERS: dict[str, str | None] = {
    "√": "是",
    "yes": "是",
    "TRUE": "是",
    "AEO高级认证": "是",
    "高级认证企业": "是",
    "×": "否",
    "no": "否",
    "非": "否",
    "无": "否",
    "一般认证企业": "否",
    "——": None,
}
TRADES = {
    "轻工业": "轻工产品",
    "农产品类": "农产品",
    "农业产业": "农产品",
    "农副产品加工业": "农产品",
    "机电行业": "机电产品",
    "其它": "其他",
    "其他产业": "其他",
}
STATES = {"正常办结": "正常", "函调中": "函调", "存在疑点": "疑点", "疑点业务": "疑点"}
FLOWS = {
    "进": "import",
    "出": "export",
    "ｉ": "import",
    "Export": "export",
    "E 出口": "export",
    "进口货物": "import",
    "出口额": "export",
}
REGISTERED = (A, "甲", "道县", None, "其他", None, "一类", "是", None)

WORDS = [
    closed("classes by their stem", REBATES, 4, "rebate_class", dict(GRADES)),
    closed("yes and no by marks and words", FIRMS, 7, "aeo", ANSWERS),
    closed("industries by their stem", FIRMS, 4, "industry", dict(TRADES)),
    closed("states of a case by their stem", REBATES, 5, "state", dict(STATES)),
    ledger("directions by letter, character and word", DECLARED, declared(*({"进出口标志": cell} for cell in FLOWS))[1:], "flow", list(FLOWS.values())),
    *(one_fault(f"the class {cell} is none", REBATES, rebate(), rebate(case="2", rebate_class=cell), "管理类别") for cell in ("A级", "M级", "一般", "类")),
    *(one_fault(f"the state {cell} is unclear", REBATES, rebate(), rebate(case="2", state=cell), "办理状态") for cell in ("非正常", "无疑点", "函调已回函")),
    *(one_fault(f"the direction {cell} is unclear", DECLARED, declared({})[1], declared({"进出口标志": cell})[1], "进出口标志") for cell in ("0", "1", "进出口")),
    *(one_fault(f"the industry {cell} is none of the four", FIRMS, REGISTERED, [B, *REGISTERED[1:4], cell, *REGISTERED[5:]], "产业") for cell in ("纺织", "产业", "高新技术产品")),
]  # fmt: skip

AMOUNTS = {"12.5万元人民币": 125_000, "RMB 5": 5, "人民币5万元": 50_000, "5元人民币": 5, "CNY5": 5, "-¥5": -5}
MONEY = [
    ledger("yuan named beside the amount", DECLARED, declared(*({"人民币值": cell} for cell in AMOUNTS))[1:], "value_cny::integer", list(AMOUNTS.values())),
    ledger("dollars named beside the amount", DECLARED, declared(*({"美元值": cell} for cell in ("$5", "5 USD", "US$5", "0.5万美元")))[1:], "value_usd::integer", [5, 5, 5, 5000]),
    *(one_fault(f"{cell} is no amount in dollars", DECLARED, declared({})[1], declared({"美元值": cell})[1], "美元值") for cell in ("¥5", "RMB5", "5万元")),
    ledger("a project's amount in its own currency", PROJECTS, [("甲", "甲园", "道县", "2024-06-08", "120万美元", "美金", None), ("乙", "甲园", "道县", "2024-06-08", "3500万元", "RMB", "7.1")], "amount::integer, currency", [(1_200_000, "USD"), (35_000_000, "CNY")]),
    one_fault("a project in dollars whose amount says yuan", PROJECTS, ("甲", "甲园", "道县", "2024-06-08", "1", "美元", None), ("乙", "甲园", "道县", "2024-06-08", "120万元", "美元", None), "投资额"),
    ledger("codes that an export keeps as formulas of text", DECLARED, declared({"统计年月": '="202409"', "统一社会信用代码": f'="{A}"', "商品编码": '="07032010"', "监管方式编码": '="0110"', "人民币值": '="1,000"'})[1:], "uscc, hs_code, mode, value_cny::integer", [(A, "07032010", "0110", 1000)]),
    ledger("an indicator in capitals", TARGETS, [("IMPORT_SHARE", "道县", "10%", "2026-12")], "indicator", ["import_share"]),
]  # fmt: skip


def aside(id: str, *rows: Sequence[object], above: Sequence[Sequence[object]] = ()) -> Case:
    """The two ordinary firms with rows above and below that are none."""
    return Case(
        id, "企业.xlsx", book(*above, firm(900), firm("1,800", B, "乙公司", "冷水滩区"), *rows),
        counts=(2 + len(rows) + len(above), 2, 0, len(rows) + len(above)), select=YTD, values=VALUES,
    )  # fmt: skip


def total(label: str) -> list[object]:
    return [label, None, None, *figures(2700)]


FOOT = (
    ["填表人：张三", "审核人：李四", "联系电话：0746-8888888"],
    ["单位负责人：王五", None, None, "填报日期：2025年10月9日"],
    ["制表：张三", None, "审核：李四", None, None, "2025-10-09"],
)
ROWS = [
    *(aside(f"the total called {label}", total(label)) for label in ("合计：", "合计（万元）", "合计（2家）", "合计2家", "总计数", "共计", "全市总计", "永州市（合计）", "共2家", "Total")),
    aside("a line of names and telephones at the foot", *FOOT),
    aside("who signs and when, below the table", ["永州市商务局"], [None] * 9 + ["永州市商务局（章）"], ["2025年10月9日"]),
    aside("page numbers", ["第1页 共2页"], ["第 2 页，共 2 页"]),
    aside("a unit's name above its firms", ["冷水滩区"], ["祁阳市（2家）"]),
    aside("a row that numbers the columns", above=[list(range(1, 13))]),
    aside("a row that numbers the columns by stems", above=[["甲", "乙", "丙", *range(1, 10)]]),
    Case("a firm whose name begins like a part of a total", "企业.xlsx", book(firm(900, name="其中堂食品有限公司"), firm(1, B, "合计五金厂")), counts=(2, 2, 0, 0), select="firm_name", values=["其中堂食品有限公司", "合计五金厂"]),
    Case("a firm without figures is no line of a foot", "企业.xlsx", book(firm(900), ["乙公司", B, "道县"]), counts=(2, 1, 1, 0)),
]  # fmt: skip

NAMES = {
    "1. 零陵区": "431102",
    "永州冷水滩": "431103",
    "祁阳市（原祁阳县）": "431181",
    "江华自治县": "431129",
    "永州经开区（高新区）": "431171",
    "金洞管理区管委会": "431172",
    "（十）新田县": "431128",
    "431124000000": "431124",
}
COUNTY = bureau(
    ["道县", *figures(1)], upper=COUNTY_UPPER, lower=COUNTY_LOWER, title="2025年9月各县市区进出口情况表"
)
TABLES = [
    Case("units with ordinals, brackets, offices and long codes", "县市区.xlsx", xlsx({"Sheet1": bureau(*([name, *figures(number)] for number, name in enumerate(NAMES, 1)), upper=COUNTY_UPPER, lower=COUNTY_LOWER)}), counts=(8, 8, 0, 0), select="unit", values=list(NAMES.values())),
    one_fault("a unit that counts another in", FIRMS, REGISTERED, [B, "乙", "冷水滩区（含经开区）", *REGISTERED[3:]], "县市区"),
    refused_table("the same table again in another unit of money", xlsx({"Sheet1": [*bureau(firm(900)), *bureau(firm(1, B), unit="单位：亿元")]}), "亿元", "分开"),
    refused_table("the same table again for another month", xlsx({"Sheet1": [*bureau(firm(900)), *bureau(firm(1, B), title="2025年8月企业进出口情况表")]}), "另一个月", "分开"),
    refused_table("a table of another kind above", xlsx({"Sheet1": [*COUNTY, [], *bureau(firm(900))]}), "县市区月度进出口", "分开"),
    refused_table("a table of another kind below", xlsx({"Sheet1": [*bureau(firm(900)), [], *COUNTY]}), "表头", "分开"),
    refused_table("two files joined whose columns stand in another order", (text(declared({})) + text(declared({}, header=(*DECLARED[:7], "美元值", "人民币值")))).encode(), "表头", "分开", name="明细.csv"),
    refused_table("a draft and a final sheet of one month", xlsx({"初稿": bureau(firm(900)), "终稿": bureau(firm(950))}), "初稿", "终稿"),
    Case("a total on each unit's sheet", "2025年9月企业进出口.xlsx", xlsx({"零陵区": bureau(firm(900), total("合计")), "道县": bureau(firm(1800, B), total("合计"))}), counts=(4, 2, 0, 2), select=YTD, values=[(B, 18_000_000), (A, 9_000_000)]),
    Case("a web page that begins with a comment", "海关明细.xls", b"<!-- export -->\n" + html([[str(cell) for cell in row] for row in declared({})]), counts=(1, 1, 0, 0), select="uscc", values=[A]),
    Case("a web page that begins as XML", "海关明细.xls", b'<?xml version="1.0"?>\n' + html([[str(cell) for cell in row] for row in declared({})], "utf-8"), counts=(1, 1, 0, 0), select="uscc", values=[A]),
    Case("rows of another encoding joined to a file", "海关明细.csv", text(declared({}, {"人民币值": "2"})).encode() + text(declared({"统计年月": "202408"})[1:]).encode("gb18030"), NO_HINTS, (3, 2, 1, 0), select="value_cny::integer", values=[1000, 2]),
]  # fmt: skip

CASES = [*HEADERS, *MONTHS, *WORDS, *MONEY, *ROWS, *TABLES]
