"""The task force's split of the city's targets over the counties."""

import dataframely as dy

from etl.contracts import UNIT, Row, Source, column, money


class CountyTargets(Row):
    """One row per indicator and unit; target in the indicator's unit, shares and growth as fractions."""

    indicator = dy.String(
        nullable=False,
        metadata=column(
            "指标",
            "indicator",
            "指标代号",
            aliases=("指标名称", "指标代号", "指标代码", "考核指标", "任务指标", "目标指标"),
        ),
    )
    unit = dy.String(nullable=False, metadata=UNIT)
    target = money(
        nullable=False,
        metadata=column(
            "目标值",
            "target",
            "目标值",
            aliases=("目标", "目标数", "任务数", "目标任务", "指标值", "分解目标", "任务目标", "目标任务数"),
        ),
    )
    deadline = dy.Date(
        nullable=False,
        metadata=column(
            "截止日期",
            "period",
            "目标月份",
            example="202612",
            aliases=(
                "完成时限",
                "截止时间",
                "截止月份",
                "期限",
                "时限",
                "完成时间",
                "完成期限",
                "截至日期",
                "截至时间",
                "到期日",
            ),
        ),
    )


SOURCE = Source(
    kind="county_targets",
    label="县市区目标分解",
    grain="每行一个指标一个县市区",
    schema=CountyTargets,
    period="none",
    names_firms=False,
    key=("indicator", "unit"),
)
