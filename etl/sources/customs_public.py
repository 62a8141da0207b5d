"""Public statistics of the customs online query: the nation and the provinces, for context."""

import dataframely as dy
import polars as pl

from etl.contracts import FLOWS, FLOWS_AROUND, Row, Source, column, money


class CustomsPublic(Row):
    """One row per month and the dimensions chosen in the query; the direction comes from the user."""

    period = dy.Date(
        nullable=False,
        metadata=column(
            "数据年月", "period", "统计月份", aliases=("统计年月", "年月", "统计月份", "月份"), required=False
        ),
    )
    flow = dy.String(
        nullable=False,
        metadata=column(
            "进出口标志",
            "choice",
            "进口或出口",
            required=False,
            words=FLOWS,
            around=FLOWS_AROUND,
        ),
    )
    hs_code = dy.String(
        nullable=True,
        metadata=column(
            "商品编码",
            "hs_level",
            "商品编码（2至10位）",
            aliases=("HS编码", "商品代码", "商品编号"),
            required=False,
        ),
    )
    hs_name = dy.String(nullable=True, metadata=column("商品名称", "text", "商品名称", required=False))
    partner = dy.String(
        nullable=True,
        metadata=column(
            "贸易伙伴编码",
            "code",
            "3位国别（地区）代码",
            aliases=("贸易伙伴代码", "国别编码", "国别代码"),
            required=False,
            digits=3,
            example="110",
        ),
    )
    partner_name = dy.String(
        nullable=True, metadata=column("贸易伙伴名称", "text", "国别（地区）", required=False)
    )
    mode = dy.String(
        nullable=True,
        metadata=column(
            "贸易方式编码",
            "code",
            "2位贸易方式",
            aliases=("贸易方式代码",),
            required=False,
            digits=2,
            example="10",
        ),
    )
    mode_name = dy.String(nullable=True, metadata=column("贸易方式名称", "text", "贸易方式", required=False))
    province = dy.String(
        nullable=True,
        metadata=column(
            "注册地编码",
            "code",
            "2位省级代码",
            aliases=("注册地代码", "收发货人注册地编码"),
            required=False,
            digits=2,
            example="43",
        ),
    )
    province_name = dy.String(
        nullable=True,
        metadata=column("注册地名称", "text", "注册地", required=False, aliases=("收发货人注册地名称",)),
    )
    quantity_1 = money(metadata=column("第一数量", "number", "第一数量", required=False))
    quantity_unit_1 = dy.String(
        nullable=True, metadata=column("第一计量单位", "text", "第一计量单位", required=False, example="千克")
    )
    quantity_2 = money(metadata=column("第二数量", "number", "第二数量", required=False))
    quantity_unit_2 = dy.String(
        nullable=True, metadata=column("第二计量单位", "text", "第二计量单位", required=False, example="台")
    )
    value_cny = money(
        metadata=column(
            "人民币",
            "money",
            "金额，人民币元",
            aliases=("人民币值", "人民币金额", "金额人民币"),
            required=False,
            unit="元",
        )
    )
    value_usd = money(
        metadata=column(
            "美元",
            "money",
            "金额，美元",
            aliases=("美元值", "美元金额", "金额美元"),
            required=False,
            currency="USD",
            unit="元",
        )
    )

    @dy.rule()
    def has_value(cls) -> pl.Expr:
        """One of the two currencies must be there."""
        return pl.col("value_cny").is_not_null() | pl.col("value_usd").is_not_null()


SOURCE = Source(
    kind="customs_public",
    label="海关公开数据",
    grain="每行一个月和所选维度的一个组合",
    schema=CustomsPublic,
    period="row",
    names_firms=False,
    one_flow=True,
    rules={"has_value": ("人民币", "请填写金额。")},
    identified_by=(
        ("人民币", "美元", "金额", "人民币值", "人民币金额", "美元值", "美元金额"),
        ("商品编码", "贸易伙伴编码", "贸易方式编码", "注册地编码", "第一数量"),
    ),
    copies="skip",
)
