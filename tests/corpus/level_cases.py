# ruff: noqa: E501 (a case is one line where it can be)
"""Tables of units as offices lay them out: levels of headers, years side by side, spans in titles, parts of trade."""

from collections.abc import Sequence

from corpus.case import DECLARED, A, Case, declared, text
from corpus.raw import xlsx

FIGURES = "period::varchar, months, month_export::bigint, ytd_export::bigint, month_import::bigint, ytd_import::bigint"
MONTH = ("2024-05-01", 1, 400_000, 1_000_000, 100_000, 200_000)
YTD = ("2024-05-01", 1, None, 1_000_000, None, 200_000)


def table(
    *rows: Sequence[object],
    title: str = "2024年1-5月各县市区进出口",
    unit: str = "单位：万元",
    sheet: str = "Sheet1",
) -> bytes:
    return xlsx({sheet: [[title], [unit], *rows]})


def good(id: str, content: bytes, *values: object, name: str = "县市区.xlsx", select: str = FIGURES) -> Case:
    return Case(id, name, content, counts=(len(values),) * 2 + (0, 0), select=select, values=values)


def refused(id: str, content: bytes, *words: str, name: str = "县市区.xlsx") -> Case:
    return Case(id, name, content, refused=words)


GROUPS = ("县市区", "出口累计", None, "进口累计", None)
LEVELS = [
    good("last year's figure before this year's below one group", table(GROUPS, [None, "上年同期", "本年", "上年同期", "本年"], ["道县", 90, 100, 15, 20]), YTD),
    good("the growth before the amount below one group", table(GROUPS, [None, "同比", "金额", "同比", "金额"], ["道县", 90, 100, 15, 20]), YTD),
    good("two years below one group", table(GROUPS, [None, "2023年", "2024年", "2023年", "2024年"], ["道县", 90, 100, 15, 20]), YTD),
    good("two years as numbers below one group", table(GROUPS, [None, 2023, 2024, 2023, 2024], ["道县", 90, 100, 15, 20]), YTD),
    good("dollars before yuan below one group", table(GROUPS, [None, "万美元", "万元", "万美元", "万元"], ["道县", 14, 100, 3, 20], unit=""), YTD),
    good("amounts and growths below groups of spans", table(["县市区", "当月出口", None, "累计出口", None, "当月进口", None, "累计进口", None], [None, *("金额", "同比%") * 4], ["道县", 40, 1, 100, 2, 10, 3, 20, 4]), MONTH),
    good("four levels of headers", table(["县市区", "外贸进出口情况", *[None] * 7], [None, "出口", *[None] * 3, "进口", *[None] * 3], [None, *("当月", None, "累计", None) * 2], [None, *("数值", "同比") * 4], ["道县", 40, 1, 100, 2, 10, 3, 20, 4]), MONTH),
    refused("only last year's figures below a group", table(GROUPS, [None, *("上年同期", "增减额") * 2], ["道县", 90, 10, 15, 5]), "缺少列", "出口累计"),
]  # fmt: skip

HEADER = ("县市区", "出口当月", "出口累计", "进口当月", "进口累计")
ROW = ("道县", 40, 100, 10, 20)
DATED = [
    good("the month's own column beside the month before's", table(["县市区", "4月出口", "5月出口", "1-5月出口", "5月进口", "1-5月进口"], ["道县", 30, 40, 100, 10, 20]), MONTH),
    good("the month's own cumulative beside the month before's", table(["县市区", "1-4月出口", "1-5月出口", "1-4月进口", "1-5月进口"], ["道县", 60, 100, 10, 20]), YTD),
    refused("headers of another month than the title's", table(["县市区", "4月出口", "1-4月出口", "4月进口", "1-4月进口"], ROW), "已扣留", "列名是「4月出口」", "表上写的却是 2024-05"),
    refused("headers of another year than the title's", table(["县市区", "2023年1-5月出口", "2023年1-5月进口"], ["道县", 90, 15]), "已扣留", "列名是「2023年1-5月出口」"),
    good("flows alone under a title of a span are cumulative", table(["县市区", "进出口", "同比", "出口总额", "同比", "进口总额", "同比"], ["道县", 120, 1, 100, 2, 20, 3]), YTD),
    good("flows alone with both years below them", table(["县市区", "出口", None, None, "进口", None, None], [None, *("2023年", "2024年", "同比") * 2], ["道县", 90, 100, 1, 15, 20, 2]), YTD),
    refused("flows alone under a title of one month", table(["县市区", "出口", "进口"], ["道县", 100, 20], title="2024年5月各县市区进出口"), "「出口」没有写明是当月还是累计", "出口累计"),
    *(
        good(f"the span of a title: {title}", table(HEADER, ROW, title=title), MONTH)
        for title in ("2024年前5个月各县市区进出口", "截至2024年5月31日各县市区进出口", "2024年1-5月进出口（与2023年1-5月相比）", "2024年5月进出口（比2023年同期）")
    ),
    *(
        good(f"the span of a title: {title}", table(HEADER, ROW, title=title), (month, *MONTH[1:]))
        for title, month in (("2024年上半年各县市区进出口", "2024-06-01"), ("2024年前三季度进出口", "2024-09-01"), ("2024年一季度进出口", "2024-03-01"), ("2024年全年进出口", "2024-12-01"))
    ),
    refused("the second quarter is no span from January", table(HEADER, ROW, title="2024年二季度进出口"), "统计月份"),
    good("the unit in a line of its own without the word", table(HEADER, ROW, unit="金额：万元"), MONTH),
]  # fmt: skip

CBEC = "period::varchar, months, month_export::bigint, month_import::bigint"
FLOWS = ("县市区", "出口", "进口")
PARTS = [
    *(
        refused(f"a part of trade is not all of it: {part}", table(HEADER, ROW, title=f"2024年5月各县市区{part}进出口情况"), "已扣留", f"标题写的是「{part}」")
        for part in ("机电产品", "对东盟", "加工贸易", "民营企业")
    ),
    refused("a forecast is no result", table(HEADER, ROW, title="2024年1-5月各县市区进出口预测表"), "已扣留", "「预测」"),
    good("what a bracket or a note says of a part", xlsx({"Sheet1": [["2024年5月进出口（含跨境电商）"], ["注：民营企业为主"], ["统计口径：海关对企业注册地进出口"], ["单位：万元"], HEADER, ROW]}), MONTH),
    *(
        good(f"all of trade by another name: {title}", table(HEADER, ROW, title=title), MONTH)
        for title in ("2024年5月永州市对外贸易进出口情况", "2024年5月各县市区进出口核对表", "2024年5月外贸企业进出口", "2024年5月对比上年进出口情况")
    ),
    good("a part named beside the whole", table(HEADER, ROW, title="2024年5月外贸进出口及跨境电商情况"), MONTH),
    good("e-commerce by its title, flows alone", table(FLOWS, ["道县", 5, 1], title="2024年5月各县市区跨境电商进出口"), ("2024-05-01", 1, 50_000, 10_000), select=CBEC),
    good("e-commerce by its sheet's name", table(FLOWS, ["道县", 5, 1], title="2024年5月各县市区", sheet="跨境电商"), ("2024-05-01", 1, 50_000, 10_000), select=CBEC),
    good("e-commerce in the layout of a table of all trade", table(HEADER, ROW, title="2024年5月各县市区跨境电商进出口"), ("2024-05-01", 1, 400_000, 100_000), select=CBEC),
    good("e-commerce of January and February together", table(FLOWS, ["道县", 5, 1], title="2024年1-2月跨境电商"), ("2024-02-01", 2, 50_000, 10_000), select=CBEC),
    refused("e-commerce of five months together is no month", table(("县市区", "跨境电商出口额", "跨境电商进口额"), ["道县", 5, 1], title="2024年1-5月跨境电商"), "没有写明每行月份", "统计月份"),
    refused("declarations of five months without a column of months", text([DECLARED[1:], declared({})[1][1:]]).encode(), "没有写明每行月份", name="2024年1-5月海关明细.csv"),
    Case("declarations of the month in the file's name", "2024年5月海关明细.csv", text([DECLARED[1:], declared({})[1][1:]]).encode(), counts=(1, 1, 0, 0), select="period::varchar, uscc", values=[("2024-05-01", A)]),
]  # fmt: skip

CASES = [*LEVELS, *DATED, *PARTS]
