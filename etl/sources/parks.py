"""The parks that take part."""

import dataframely as dy

from etl.contracts import UNIT, Row, Source, column


class Parks(Row):
    """One row per park."""

    park = dy.String(
        nullable=False,
        metadata=column("园区", "text", "园区名称", aliases=("园区名称", "园区名", "产业园区", "工业园区")),
    )
    unit = dy.String(nullable=False, metadata=UNIT)


SOURCE = Source(
    kind="parks",
    label="园区名单",
    grain="每行一个园区",
    schema=Parks,
    period="none",
    names_firms=False,
    key=("park",),
)
