"""The task force's split of the city's targets over the counties."""

import dataframely as dy

from etl.contracts import UNIT, Row, Source, column, money


class CountyTargets(Row):
    """One row per indicator and unit; target in the indicator's unit, shares and growth as fractions."""

    indicator = dy.String(
        nullable=False, metadata=column("指标", "indicator", "指标代号", aliases=("指标名称", "指标代号"))
    )
    unit = dy.String(nullable=False, metadata=UNIT)
    target = money(nullable=False, metadata=column("目标值", "target", "目标值", aliases=("目标", "目标数")))
    deadline = dy.Date(
        nullable=False,
        metadata=column("截止日期", "period", "目标月份", aliases=("完成时限", "截止时间", "截止月份")),
    )


SOURCE = Source(
    kind="county_targets",
    label="县市区目标分解",
    grain="每行一个指标一个县市区",
    schema=CountyTargets,
    period="none",
    key=("indicator", "unit"),
)
