"""Things that happen once: settled firms, first trades, titles won."""

import dataframely as dy

from etl.contracts import UNIT_OPTIONAL, Row, Source, column, money


class Events(Row):
    """One row per event; amount in yuan."""

    category = dy.String(
        nullable=False,
        metadata=column(
            "类别",
            "category",
            "事件类别",
            aliases=("事件类别", "类型", "事件类型", "事项类别", "种类"),
        ),
    )
    name = dy.String(
        nullable=False,
        metadata=column(
            "名称",
            "text",
            "事件名称",
            aliases=("事件名称", "项目名称", "事项名称", "主体名称", "企业名称", "内容"),
        ),
    )
    unit = dy.String(nullable=True, metadata=UNIT_OPTIONAL)
    happened = dy.Date(
        nullable=False,
        metadata=column(
            "日期",
            "date",
            "发生日期",
            aliases=(
                "发生日期",
                "时间",
                "发生时间",
                "认定日期",
                "认定时间",
                "落户日期",
                "落户时间",
                "获批日期",
                "获批时间",
            ),
        ),
    )
    amount_cny = money(
        metadata=column(
            "金额", "money", "金额，人民币元", aliases=("涉及金额", "贸易额"), required=False, unit="元"
        )
    )
    evidence = dy.String(
        nullable=True,
        metadata=column(
            "依据",
            "text",
            "依据文件",
            aliases=("依据文件", "文件依据", "文号", "文件号", "佐证材料", "备注依据"),
            required=False,
        ),
    )


SOURCE = Source(
    kind="events",
    label="大事记",
    grain="每行一件事",
    schema=Events,
    period="none",
    names_firms=True,
    key=("category", "name", "happened"),
)
