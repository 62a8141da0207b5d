"""Firm-level customs detail of the city."""

import dataframely as dy

from etl.cells import MONEY_OF_ONE
from etl.contracts import FIRM_NAME_OPTIONAL, FLOWS, FLOWS_AROUND, USCC, Row, Source, column, money, word


class Declarations(Row):
    """One row per month, direction, firm, commodity, partner and mode; money in yuan, value_usd in US dollars."""

    sheet = word()
    period = dy.Date(
        nullable=False,
        metadata=column(
            "统计年月",
            "period",
            "统计月份",
            aliases=(
                "数据年月",
                "统计月份",
                "年月",
                "月份",
                "统计时间",
                "申报年月",
                "进出口年月",
                "所属月份",
                "报告期",
            ),
            required=False,
        ),
    )
    flow = word(
        metadata=column(
            "进出口标志",
            "choice",
            "进口或出口",
            aliases=(
                "进出口",
                "进出口类型",
                "进出口方向",
                "I/E",
                "IE标志",
                "进出标志",
                "进出口别",
                "进出口类别",
                "进出口标识",
                "进出口代码",
                "方向",
                "流向",
                "贸易流向",
                "进/出口",
            ),
            required=False,
            words=FLOWS,
            around=FLOWS_AROUND,
        ),
    )
    uscc = word(metadata=USCC)
    firm_name = word(nullable=True, metadata=FIRM_NAME_OPTIONAL)
    hs_code = dy.Int32(
        nullable=False,
        metadata=column(
            "商品编码",
            "hs_code",
            "8位商品编码",
            aliases=(
                "HS编码",
                "税号",
                "税则号列",
                "商品代码",
                "HS",
                "HS代码",
                "HSCODE",
                "税号编码",
                "税则号",
                "商品税号",
                "商品编号",
                "海关编码",
                "海关商品编码",
                "商品HS编码",
            ),
            digits=8,
        ),
    )
    partner = word(
        metadata=column(
            "贸易伙伴编码",
            "code",
            "3位国别（地区）代码",
            aliases=(
                "国别编码",
                "贸易国编码",
                "最终目的国编码",
                "原产国编码",
                "贸易伙伴代码",
                "国别代码",
                "国家代码",
                "国家编码",
                "贸易国代码",
                "贸易国别编码",
                "贸易国别代码",
                "最终目的国代码",
                "原产国代码",
                "贸易伙伴",
            ),
            digits=3,
            example="110",
        ),
    )
    mode = word(
        metadata=column(
            "监管方式编码",
            "code",
            "4位监管方式",
            aliases=(
                "监管方式",
                "监管方式代码",
                "贸易方式代码",
                "海关监管方式",
                "海关监管方式代码",
                "监管代码",
                "监管方式码",
            ),
            digits=4,
            zeros=1,
            example="0110",
        ),
    )
    value_cny = money(
        sort=MONEY_OF_ONE,
        nullable=False,
        metadata=column(
            "人民币值",
            "money",
            "金额，人民币元",
            aliases=(
                "人民币金额",
                "人民币",
                "人民币总值",
                "人民币总价",
                "金额人民币",
                "人民币值元",
                "统计人民币值",
                "统计人民币",
                "人民币统计值",
                "RMB值",
                "RMB金额",
            ),
            unit="元",
        ),
    )
    value_usd = money(
        sort=MONEY_OF_ONE,
        metadata=column(
            "美元值",
            "money",
            "金额，美元",
            aliases=(
                "美元金额",
                "美元",
                "美元总值",
                "金额美元",
                "统计美元值",
                "统计美元",
                "美元统计值",
                "USD值",
                "USD金额",
            ),
            required=False,
            currency="USD",
            unit="元",
        ),
    )


SOURCE = Source(
    kind="declarations",
    label="海关明细",
    grain="每行一个月、方向、企业、商品、贸易伙伴、监管方式",
    schema=Declarations,
    period="row",
    names_firms=True,
    one_flow=True,
    identified_by=(
        (
            "统一社会信用代码",
            "监管方式编码",
            "监管方式",
            "监管方式代码",
            "海关监管方式",
            "海关监管方式代码",
        ),
    ),
)
