"""The firm registry: where a firm belongs, from which day on."""

import dataframely as dy

from etl.contracts import (
    CLASSES,
    CLASSES_AROUND,
    FIRM_NAME,
    UNIT,
    USCC,
    YES_NO,
    YES_NO_AROUND,
    Row,
    Source,
    column,
)


class Firms(Row):
    """One row per firm and effective date (null: from the beginning)."""

    uscc = dy.String(nullable=False, metadata=USCC)
    firm_name = dy.String(nullable=True, metadata=FIRM_NAME)
    unit = dy.String(nullable=False, metadata=UNIT)
    park = dy.String(
        nullable=True,
        metadata=column("园区", "text", "所在园区", aliases=("所在园区", "所属园区", "园区名称", "入驻园区")),
    )
    industry = dy.String(
        nullable=True,
        metadata=column(
            "产业",
            "industry",
            "外贸主导产业",
            aliases=("主导产业", "产业类别", "所属产业", "产业类型", "行业", "所属行业", "产业分类"),
        ),
    )
    cluster = dy.String(
        nullable=True,
        metadata=column(
            "集群",
            "text",
            "外贸产业集群",
            aliases=("产业集群", "所属集群", "外贸集群", "所属产业集群", "外贸产业集群", "集群名称"),
        ),
    )
    rebate_class = dy.String(
        nullable=True,
        metadata=column(
            "出口退税管理类别",
            "choice",
            "出口退税管理类别",
            aliases=(
                "管理类别",
                "退税管理类别",
                "出口退税类别",
                "退税类别",
                "出口退税企业类别",
                "企业管理类别",
                "出口退税分类",
                "退税分类管理类别",
                "出口企业管理类别",
                "分类管理类别",
            ),
            words=CLASSES,
            around=CLASSES_AROUND,
        ),
    )
    aeo = dy.String(
        nullable=True,
        metadata=column(
            "AEO高级认证",
            "choice",
            "是否 AEO 高级认证企业",
            aliases=(
                "AEO",
                "AEO认证",
                "高级认证",
                "是否AEO",
                "是否高级认证",
                "是否AEO高级认证",
                "是否AEO高级认证企业",
                "AEO高级认证企业",
                "海关AEO高级认证",
                "AEO企业",
                "海关高级认证",
            ),
            words=YES_NO,
            around=YES_NO_AROUND,
        ),
    )
    effective = dy.Date(
        nullable=True,
        metadata=column(
            "生效日期",
            "date",
            "本行自何日起有效",
            aliases=(
                "生效时间",
                "起始日期",
                "生效日",
                "起始时间",
                "启用日期",
                "有效起始日期",
                "变更日期",
                "生效年月日",
            ),
        ),
    )


SOURCE = Source(
    kind="firms",
    label="企业名录",
    grain="每行一家企业的一段归属",
    schema=Firms,
    period="none",
    names_firms=True,
    key=("uscc", "effective"),
)
