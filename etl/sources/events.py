"""Things that happen once: settled firms, first trades, titles won."""

import dataframely as dy

from etl.contracts import UNIT_OPTIONAL, Row, Source, column, money, spelled

CATEGORIES = spelled(
    跨境电商服务企业="跨境电子商务服务企业 优质跨境电商服务企业 跨境电商优质服务企业 跨境电商服务商",
    市场采购="市场采购贸易 市场采购贸易方式 市场采购1039 市场采购(1039) 1039 1039市场采购",
    飞地经济="飞地 飞地经济项目 飞地项目",
    服务贸易="服贸",
    跨境电商孵化中心="跨境电子商务孵化中心",
    跨境电商孵化企业="孵化企业 跨境电商在孵企业 成功孵化企业 跨境电子商务孵化企业",
    境外展会="境外参展 参加境外展会 境外展 国际展会",
    省级跨境电商产业带="省级跨境电子商务产业带 湖南省跨境电商产业带",
    省级跨境电商产业园="省级跨境电子商务产业园 湖南省跨境电商产业园",
    外贸转型升级基地="国家外贸转型升级基地 国家级外贸转型升级基地",
    省级外贸产业集群="湖南省外贸产业集群",
    供港直通车="供港澳直通车 供港直通车购置",
)


class Events(Row):
    """One row per event; amount in yuan."""

    category = dy.String(
        nullable=False,
        metadata=column(
            "类别",
            "choice",
            "事件类别",
            aliases=("事件类别", "类型", "事件类型", "事项类别", "种类"),
            words=CATEGORIES,
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
    key=("category", "name", "happened"),
)
