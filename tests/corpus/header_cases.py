# ruff: noqa: E501 (a case is one line where it can be)
"""Headers, kinds, months and money units: what is recognised, what is asked for, what is refused."""

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
from corpus.raw import xlsx

from etl.layout import Hints

YTD = "ytd_export::bigint"
ROW = ["甲公司", A, "零陵区", None, None, 1, 900, 0, 0]


def table(
    header: Sequence[object],
    *rows: Sequence[object],
    title: str | None = "2025年9月企业进出口情况表",
    unit: str | None = "单位：万元",
) -> bytes:
    """A sheet with a header of one level."""
    return xlsx(
        {"Sheet1": [*([[title]] if title else []), *([[unit]] if unit else []), header, *(rows or [ROW])]}
    )


def good(
    id: str, content: bytes, yuan: int = 9_000_000, name: str = "企业.xlsx", hints: Hints = NO_HINTS
) -> Case:
    return Case(id, name, content, hints, (1, 1, 0, 0), select=YTD, values=[yuan])


def refused(id: str, content: bytes, *words: str, name: str = "企业.xlsx", hints: Hints = NO_HINTS) -> Case:
    return Case(id, name, content, hints, refused=words)


def month(
    id: str, expected: str, name: str = "企业.xlsx", hints: Hints = NO_HINTS, months: int = 1, **more: object
) -> Case:
    """An ordinary firm table whose month is said in some way."""
    return Case(
        id,
        name,
        xlsx({"Sheet1": bureau(firm(900), **more)}),
        hints,
        (1, 1, 0, 0),
        select="period::varchar, months",
        values=[(expected, months)],
    )  # type: ignore[arg-type]


def flat(**changes: str) -> list[str]:
    return [changes.get(header, header) for header in FLAT]


HEADERS = [
    good("trade words in another order", table(flat(出口累计="累计出口额", 进口累计="累计进口额", 出口当月="本月出口额", 进口当月="本月进口额"))),
    good("months instead of 当月 and 累计", table(flat(出口累计="1-9月出口", 进口累计="1—9月进口", 出口当月="9月出口", 进口当月="9月进口"))),
    good("the year before the months", table(flat(出口累计="2025年1-9月出口", 进口累计="2025年1-9月进口", 出口当月="2025年9月出口", 进口当月="2025年9月进口"))),
    good("spaces, line breaks and stars in the header", table(flat(企业名称="企 业\n名 称", 统一社会信用代码="*统一社会信用代码", 出口累计="出口\n累计"))),
    good("remarks in brackets in the header", table(flat(统一社会信用代码="统一社会信用代码（18位）", 县市区="县（市、区）"))),
    good("其中 before the parts of a total", table(flat(出口累计="其中：出口累计", 进口累计="其中:进口累计"))),
    good("headers by other names", table(flat(企业名称="公司名称", 统一社会信用代码="社会信用代码", 县市区="所属县市区"))),
    good("columns in another order", table(FLAT[::-1], ROW[::-1])),
    good("columns that nobody asked for", table(["序号", *FLAT, "备注", "联系电话"], [1, *ROW, "新设", "0746"])),
    good("groups of months above, directions below", xlsx({"Sheet1": [
        ["2025年9月（单位：万元）"],
        ["企业名称", "统一社会信用代码", "县市区", "9月", None, None, "1—9月累计", None, None],
        [None, None, None, "进出口", "出口", "进口", "进出口", "出口", "进口"],
        ["甲公司", A, "零陵区", 1, 1, 0, 900, 900, 0],
    ]})),
    good("last year's columns beside this year's", table([*FLAT, "2024年1-9月出口", "2024年1-9月进口"], [*ROW, 5, 5])),
    good("last year's columns named as such before this year's", table(["上年同期出口累计", *FLAT], [5, *ROW])),
    good("this year's column after last year's", table(
        ["企业名称", "统一社会信用代码", "2024年1-9月出口", "2025年1-9月出口", "2025年1-9月进口"], ["甲公司", A, 5, 900, 0])),
    refused("two columns for one amount", table([*FLAT, "出口累计"], [*ROW, 5]), "2 列", "出口累计"),
    refused("a table of firms without codes is no table of units", table(["企业名称", *FLAT[2:]], [ROW[0], *ROW[2:]]), "企业月度", "缺少列", "统一社会信用代码"),
    refused("a registry without codes is no list of parks", text([["企业名称", "县市区", "园区", "产业", "集群", "出口退税管理类别", "AEO高级认证", "生效日期"], ["甲", "道县", "甲园", "其他", None, "一", "是", None]]).encode(), "企业名录", "缺少列", "统一社会信用代码", name="名录.csv"),
    refused("a table of firms whose code stands beside the name is no table of units", table(["企业名称及代码", *FLAT[2:]], [f"甲公司\n{A}", *ROW[2:]]), "企业名称及代码", "统一社会信用代码"),
    refused("a cover before a table that lacks its month", xlsx({"封面": [["外贸统计月报"]], "表": bureau(firm(900), title="企业进出口情况表")}), "统计月份", "--period"),
    refused("a table of units without 累计", xlsx({"Sheet1": [["2025年9月"], ["县市区", "出口当月", "进口当月"], ["道县", 1, 2]]}), "缺少列", "累计"),
    refused("declarations without amounts", text(declared({}, header=DECLARED[:7])).encode(), "海关明细", "缺少列", "人民币值", name="明细.csv"),
    refused("a file of another kind than the user says", text(declared({})).encode(), "企业名录", "缺少列", name="明细.csv", hints=Hints(kind="firms")),
    Case("a file of the kind that the user says", "明细.csv", text(declared({})).encode(), Hints(kind="declarations"), (1, 1, 0, 0)),
    refused("a table of something else", text([["姓名", "电话"], ["张三", "1"]]).encode(), "认不出表头", "模板", name="通讯录.csv"),
]  # fmt: skip

MONTHS = [
    month("the month in the title", "2025-09-01"),
    month("the month in the title in Chinese numerals", "2025-09-01", title="二〇二五年九月企业进出口情况表"),
    month("the span to the month in the title", "2025-09-01", title="2025年1—9月企业进出口情况表"),
    month("January and February together", "2025-02-01", months=2, title="2025年1—2月企业进出口情况表"),
    month("the month in the title in full-width digits", "2025-09-01", title="２０２５年９月企业进出口情况表"),
    month("a day in the title is no month", "2025-09-01", name="2025年9月企业.xlsx", title="企业进出口情况表（填报日期：2025年10月15日）"),
    month("the month in the file's name", "2025-09-01", name="企业2025-09.xlsx", title=None),
    month("the packed month in the file's name", "2025-09-01", name="企业_202509_终版.xlsx", title=None),
    month("the month that the user says", "2025-09-01", hints=Hints(period="2025-09"), title="企业进出口情况表"),
    month("the user's month before the file name's", "2025-09-01", name="2025年8月.xlsx", hints=Hints(period="2025-09"), title="企业进出口情况表"),
    refused("last month's title under this month's file name", xlsx({"Sheet1": bureau(firm(900), title="2025年8月企业进出口情况表")}), "已扣留", "文件名写的是 2025-09", "表上写的却是 2025-08", "--confirm", name="2025年9月企业进出口情况表.xlsx"),
    refused("last month's title on this month's sheet", xlsx({"9月": bureau(firm(900), title="2025年8月企业进出口情况表")}), "已扣留", "工作表名写的是 2025-09", "标题写的却是 2025-08"),
    refused("last month's title on this month's sheet named in full", xlsx({"202509": bureau(firm(900), title="2025年8月企业进出口情况表")}), "已扣留", "工作表名写的是 2025-09"),
    month("the month of sheet and file name with the span to it in the title", "2025-09-01", name="2025年9月.xlsx", title="2025年1—9月企业进出口情况表"),
    month("a file name that says when it was sent", "2025-09-01", name="企业进出口（2025年10月15日报）.xlsx"),
    month("a file name of two months says none", "2025-09-01", name="2025年8月至2025年9月.xlsx"),
    month("the user's month settles what title and file name say", "2025-09-01", name="2025年8月.xlsx", hints=Hints(period="2025-09")),
    refused("no month anywhere", xlsx({"Sheet1": bureau(firm(900), title="企业进出口情况表")}), "统计月份", "--period"),
    refused("the user's month against the title's", xlsx({"Sheet1": bureau(firm(900))}), "2025-09", "不一致", hints=Hints(period="2025-08")),
    refused("the user's month is none", xlsx({"Sheet1": bureau(firm(900), title="情况表")}), "不是月份", hints=Hints(period="九月")),
]  # fmt: skip


def unit(id: str, line: str | None, yuan: int = 9_000_000, hints: Hints = NO_HINTS) -> Case:
    return good(id, xlsx({"Sheet1": bureau(firm(900), unit=line)}), yuan, hints=hints)


MONEY_UNITS = [
    unit("amounts in 万元", "单位：万元"),
    unit("amounts in 亿元", "单位:亿元", 90_000_000_000),
    unit("amounts in 元", "金额单位：元", 900),
    unit("amounts in 人民币万元", "（单位：人民币万元）"),
    unit("a unit line that also counts firms", "单位：家、万元、%"),
    unit("a cell that says only the unit", "万元"),
    unit("an office is no unit of money", "填报单位：永州市商务局    金额单位：万元"),
    unit("the user's unit where an office alone is named", "填报单位：永州市商务局", hints=Hints(unit="万元")),
    unit("the user's unit where none is named", None, hints=Hints(unit="万元")),
    good("the unit in the title", xlsx({"Sheet1": bureau(firm(900), title="2025年9月企业进出口情况表（万元）", unit=None)})),
    good("the unit in each header", table(flat(出口累计="出口累计（亿元）", 进口累计="进口累计（亿元）", 出口当月="出口当月（亿元）", 进口当月="进口当月（亿元）", 进出口当月="进出口当月（亿元）", 进出口累计="进出口累计（亿元）"), unit=None), 90_000_000_000),
    good("the header's unit before the line's", table(flat(出口累计="出口累计（亿元）")), 90_000_000_000),
    Case(
        "the unit in a group's header", "企业.xlsx",
        xlsx({"Sheet1": [["2025年9月"], [*UPPER[:3], "进出口（万元）", None, None, "出口（万元）", None, None, "进口（万元）", None, None], LOWER, firm(900)]}),
        counts=(1, 1, 0, 0), select=YTD, values=[9_000_000],
    ),
    Case(
        "units of a county table in 亿元", "县市区.xlsx",
        xlsx({"Sheet1": bureau(["道县", *figures(1.5)], upper=COUNTY_UPPER, lower=COUNTY_LOWER, unit="单位：亿元")}),
        counts=(1, 1, 0, 0), select=YTD, values=[150_000_000],
    ),
    refused("no unit of money", xlsx({"Sheet1": bureau(firm(900), unit=None)}), "金额单位", "--unit"),
    refused("a unit that is none of money", xlsx({"Sheet1": bureau(firm(900), unit="单位：万吨")}), "万吨"),
    refused("amounts in dollars", xlsx({"Sheet1": bureau(firm(900), unit="单位：万美元")}), "万美元", "人民币"),
    refused("a header in dollars", table(flat(出口累计="出口累计（万美元）")), "万美元", "人民币"),
    refused("the user says dollars", xlsx({"Sheet1": bureau(firm(900))}), "人民币", hints=Hints(currency="USD")),
    refused("the user's unit is none", xlsx({"Sheet1": bureau(firm(900), unit=None)}), "箱", hints=Hints(unit="箱")),
]  # fmt: skip

COPIES = [
    Case(
        "a unit listed twice with the same figures counts once", "县市区.xlsx",
        xlsx({"Sheet1": bureau(["道县", *figures(1)], ["新田县", *figures(1)], ["道县", *figures(1)], upper=COUNTY_UPPER, lower=COUNTY_LOWER)}),
        counts=(3, 2, 0, 1), select="unit", values=["431124", "431128"],
    ),
    Case(
        "a unit's month of e-commerce listed twice counts once", "电商.csv",
        text([["统计月份", "县市区", "出口（万元）", "进口（万元）"], *[["202409", "道县", "5", "1"]] * 2, ["202409", "新田县", "5", "1"]]).encode(),
        counts=(3, 2, 0, 1), select="month_export::bigint", values=[50_000, 50_000],
    ),
    Case(
        "e-commerce in the bureau's form, the month in the title", "电商.xlsx",
        xlsx({"Sheet1": [["2024年9月跨境电商（单位：万元）"], ["县市区", "跨境电商出口额", "跨境电商进口额"], ["道县", 5, 1]]}),
        counts=(1, 1, 0, 0), select="period::varchar, month_export::bigint", values=[("2024-09-01", 50_000)],
    ),
    Case("two firms with the same figures are no copies", "企业.xlsx", xlsx({"Sheet1": bureau(firm(900), firm(900, B))}), counts=(2, 2, 0, 0)),
]  # fmt: skip

CASES = [*HEADERS, *MONTHS, *MONEY_UNITS, *COPIES]
