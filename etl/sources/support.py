"""City-level support paid to firms."""

import dataframely as dy

from etl.contracts import FIRM_NAME_OPTIONAL, UNIT_OPTIONAL, USCC, Row, Source, column, money


class Support(Row):
    """One row per payment; base and amount in yuan."""

    paid = dy.Date(
        nullable=False, metadata=column("拨付日期", "date", "拨付日期", aliases=("拨付时间", "支付日期"))
    )
    uscc = dy.String(nullable=False, metadata=USCC)
    firm_name = dy.String(nullable=True, metadata=FIRM_NAME_OPTIONAL)
    unit = dy.String(nullable=True, metadata=UNIT_OPTIONAL)
    item = dy.String(
        nullable=False, metadata=column("事项", "text", "支持事项", aliases=("支持事项", "补助事项"))
    )
    project = dy.String(
        nullable=True, metadata=column("项目", "text", "申报项目", aliases=("项目名称",), required=False)
    )
    base_cny = money(metadata=column("申报基数", "money", "申报基数，人民币元", required=False, unit="元"))
    amount_cny = money(
        nullable=False,
        metadata=column(
            "补助金额", "money", "补助金额，人民币元", aliases=("拨付金额", "支持金额", "补贴金额"), unit="元"
        ),
    )


SOURCE = Source(
    kind="support",
    label="资金台账",
    grain="每行一笔拨付",
    schema=Support,
    period="none",
    key=("paid", "uscc", "item", "project"),
)
