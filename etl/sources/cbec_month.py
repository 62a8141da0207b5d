"""Cross-border e-commerce by unit and month."""

import dataframely as dy
import polars as pl

from etl.contracts import UNIT, Row, Source, column, money

MONTH_ALIASES = (
    "统计年月",
    "月份",
    "年月",
    "统计时间",
    "所属月份",
    "所属期",
    "数据年月",
    "数据月份",
    "月度",
    "报告期",
    "期间",
)


class CbecMonth(Row):
    """One row per unit and month; money in yuan. months: 2 for a combined 1—2月."""

    period = dy.Date(
        nullable=False,
        metadata=column(
            "统计月份",
            "period",
            "统计月份",
            aliases=MONTH_ALIASES,
            required=False,
        ),
    )
    months = dy.Int8(nullable=False)
    unit = dy.String(nullable=False, metadata=UNIT)
    month_export = money(
        metadata=column(
            "出口",
            "money",
            "跨境电商出口，人民币元",
            aliases=(
                "跨境电商出口",
                "跨境电商出口额",
                "出口额",
                "出口当月",
                "出口金额",
                "出口值",
                "出口总额",
                "跨境电商出口金额",
                "跨境电商出口值",
                "跨境电商出口总额",
                "跨境电子商务出口",
                "跨境电子商务出口额",
                "电商出口",
                "电商出口额",
            ),
        )
    )
    month_import = money(
        metadata=column(
            "进口",
            "money",
            "跨境电商进口，人民币元",
            aliases=(
                "跨境电商进口",
                "跨境电商进口额",
                "进口额",
                "进口当月",
                "进口金额",
                "进口值",
                "进口总额",
                "跨境电商进口金额",
                "跨境电商进口值",
                "跨境电商进口总额",
                "跨境电子商务进口",
                "跨境电子商务进口额",
                "电商进口",
                "电商进口额",
            ),
        )
    )

    @dy.rule()
    def has_figures(cls) -> pl.Expr:
        """A row with neither exports nor imports says nothing."""
        return pl.col("month_export").is_not_null() | pl.col("month_import").is_not_null()


SOURCE = Source(
    kind="cbec_month",
    label="跨境电商月度",
    grain="每行一个县市区一个月",
    schema=CbecMonth,
    period="row",
    names_firms=False,
    rules={"has_figures": ("出口", "请填写金额，没有的填0。")},
    identified_by=(
        (
            "统计月份",
            *MONTH_ALIASES,
            "跨境电商出口",
            "跨境电商出口额",
            "跨境电商出口金额",
            "跨境电商出口值",
            "跨境电商出口总额",
            "跨境电子商务出口",
            "跨境电子商务出口额",
            "电商出口",
            "电商出口额",
        ),
    ),
    copies="skip",
)
