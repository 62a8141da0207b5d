"""City-level support paid to firms."""

import dataframely as dy

from etl.contracts import FIRM_NAME_OPTIONAL, UNIT_OPTIONAL, USCC, Row, Source, column, money


class Support(Row):
    """One row per payment; base and amount in yuan."""

    paid = dy.Date(
        nullable=False,
        metadata=column(
            "拨付日期",
            "date",
            "拨付日期",
            aliases=(
                "拨付时间",
                "支付日期",
                "拨款日期",
                "支付时间",
                "兑付日期",
                "兑付时间",
                "拨付日",
                "发放日期",
                "到账日期",
            ),
        ),
    )
    uscc = dy.String(nullable=False, metadata=USCC)
    firm_name = dy.String(nullable=True, metadata=FIRM_NAME_OPTIONAL)
    unit = dy.String(nullable=True, metadata=UNIT_OPTIONAL)
    item = dy.String(
        nullable=False,
        metadata=column(
            "事项",
            "text",
            "支持事项",
            aliases=(
                "支持事项",
                "补助事项",
                "补贴事项",
                "奖补事项",
                "扶持事项",
                "政策事项",
                "资金事项",
                "奖励事项",
                "支持项目类别",
            ),
        ),
    )
    project = dy.String(
        nullable=True,
        metadata=column(
            "项目",
            "text",
            "申报项目",
            aliases=("项目名称", "申报项目", "支持项目", "补助项目"),
            required=False,
        ),
    )
    base_cny = money(
        metadata=column(
            "申报基数",
            "money",
            "申报基数，人民币元",
            aliases=("基数", "申报金额", "计算基数", "核定基数", "补助基数"),
            required=False,
            unit="元",
        )
    )
    amount_cny = money(
        nullable=False,
        metadata=column(
            "补助金额",
            "money",
            "补助金额，人民币元",
            aliases=(
                "拨付金额",
                "支持金额",
                "补贴金额",
                "奖补金额",
                "兑付金额",
                "资金额",
                "奖励金额",
                "扶持金额",
                "拨款金额",
                "补助额",
                "补贴额",
                "实际拨付金额",
                "拨付额",
                "补助资金",
                "奖补资金",
                "补贴资金",
                "支持资金",
                "奖励资金",
                "拨付资金",
            ),
            unit="元",
        ),
    )


SOURCE = Source(
    kind="support",
    label="资金台账",
    grain="每行一笔拨付",
    schema=Support,
    period="none",
    names_firms=True,
    key=("paid", "uscc", "item", "project"),
)
