"""The 12 by month: the table beneath a chart that draws them all over time. Pure."""

from collections.abc import Callable, Sequence

from dashboard.html import folded, scrolled, table
from etl.policy import Policy


def by_month(policy: Policy, title: str, months: Sequence[str], cell: Callable[[str, str], str]) -> str:
    """Folded: a row a month, newest first, and a column a unit. cell: what a month and a unit's code say."""
    rows = [(at, *(cell(at, unit.code) for unit in policy.counties)) for at in reversed(months)]
    head = ("统计月份", *(unit.short for unit in policy.counties))
    return folded("数据表", scrolled(title, table(title, head, rows)))
