"""Foreign-trade projects brought in by the parks."""

from decimal import Decimal

import dataframely as dy
import polars as pl

from etl.contracts import UNIT_OPTIONAL, Row, Source, column, money, spelled

CURRENCIES = spelled(USD="美元 美金 $ US$", CNY="人民币 人民币元 RMB 元 ¥")

RATES = (Decimal(5), Decimal(10))  # yuan for one dollar, as far as they ever were since 2004


class ParkProjects(Row):
    """One row per project; amount in the row's currency, rate in yuan per US dollar."""

    project = dy.String(
        nullable=False,
        metadata=column(
            "项目名称",
            "text",
            "项目名称",
            aliases=("项目", "引进项目", "引进项目名称", "外贸项目", "外贸项目名称"),
        ),
    )
    park = dy.String(
        nullable=False,
        metadata=column(
            "园区", "text", "园区名称", aliases=("园区名称", "所在园区", "所属园区", "引进园区", "落户园区")
        ),
    )
    unit = dy.String(nullable=True, metadata=UNIT_OPTIONAL)
    brought_in = dy.Date(
        nullable=False,
        metadata=column(
            "引进日期",
            "date",
            "引进日期",
            aliases=("引进时间", "签约日期", "签约时间", "落户日期", "落户时间", "引资日期", "引进年月日"),
        ),
    )
    amount = money(
        nullable=False,
        metadata=column(
            "投资额",
            "money",
            "投资额，按币种",
            aliases=(
                "投资金额",
                "总投资",
                "总投资额",
                "投资总额",
                "合同投资额",
                "引资额",
                "引资金额",
                "计划投资",
                "计划投资额",
            ),
            unit="元",
            currency="row",
        ),
    )
    currency = dy.String(
        nullable=False,
        metadata=column(
            "币种",
            "choice",
            "美元或人民币",
            aliases=("货币", "投资币种", "币别", "货币种类", "货币单位"),
            words=CURRENCIES,
        ),
    )
    rate = money(
        metadata=column(
            "汇率", "number", "1美元折人民币元", aliases=("折算汇率", "折美元汇率", "美元汇率", "人民币汇率")
        )
    )

    @dy.rule()
    def rate_stated(cls) -> pl.Expr:
        """Yuan become dollars only at the rate that the row states."""
        return (pl.col("currency") == "USD") | pl.col("rate").is_not_null()

    @dy.rule()
    def rate_of_one_dollar(cls) -> pl.Expr:
        """Banks print the yuan for a hundred dollars, and some the dollars for a yuan: neither is what is asked."""
        return (pl.col("currency") == "USD") | pl.col("rate").is_between(*RATES)


SOURCE = Source(
    kind="park_projects",
    label="园区外贸实体项目",
    grain="每行一个项目",
    schema=ParkProjects,
    period="none",
    names_firms=True,
    key=("project", "park"),
    rules={
        "rate_stated": ("汇率", "人民币项目须列明折美元的汇率，或改填美元金额。"),
        "rate_of_one_dollar": ("汇率", "请填写1美元折多少元人民币，如 7.1。"),
    },
)
