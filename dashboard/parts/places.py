"""产业集群, 园区, 退税: what a unit has of them in one month, as tables. Pure."""

from collections.abc import Sequence
from typing import Any

from dashboard import format
from dashboard.html import panel, scrolled, table
from dashboard.questions.places import Cases, Cluster, Park
from dashboard.words import Span
from etl.policy import Policy

REACHED = Span("● 达到", "green")


def parameter(policy: Policy, measure: str, name: str) -> Any:
    """A number that a measure's indicator sets; None where the policy has no such indicator."""
    return next(
        (item.parameters.get(name) for item in policy.indicators if item.measure == measure),
        None,
    )


NO_CASES = "本年没有办结的退税。"
FEW = "一家占85%以上，不显示"


def clusters(policy: Policy, found: Sequence[Cluster]) -> str:
    """Firms and value against the least that the document asks of a cluster."""
    firms, value = (parameter(policy, "county_clusters", name) for name in ("firms_min", "value_min_cny"))
    rows = [
        (
            item.name,
            f"{item.firms}家/{firms}家",
            f"{format.DASH if item.ttm_cny is None else format.money(item.ttm_cny)}/{format.line(value)}",
            _standing(item, firms, value),
        )
        for item in found
    ]
    header = ("集群", "有进出口的企业", "近12个月进出口", "规模")
    return _listed("产业集群", header, rows, "企业名录里没有本地的产业集群。")


def _standing(item: Cluster, firms: int, value: int) -> str | Span:
    if item.firms >= firms and item.ttm_cny is None:
        return FEW
    return REACHED if item.firms >= firms and item.ttm_cny and item.ttm_cny >= value else "○ 未达到"


def parks(policy: Policy, found: Sequence[Park]) -> str:
    """Projects of the year so far against the least that the document asks of a park."""
    least = parameter(policy, "park_projects", "projects_min")
    rows = [
        (item.name, f"{item.projects}个/{least}个", REACHED if item.projects >= least else "○ 未达到")
        for item in found
    ]
    return _listed("园区外贸实体项目", ("园区", "本年引进", "年度要求"), rows, "园区名单里没有本地的园区。")


def rebates(found: Sequence[Cases]) -> str:
    """Cases completed this year: normal ones by class, those under inquiry apart; by number alone without their days."""
    if all(item.workdays is None for item in found):
        counts = [(_sort(item), f"{item.cases}件") for item in found]
        return _listed("出口退税本年办结", ("企业类别", "件数"), counts, NO_CASES)
    rows = [
        (
            _sort(item),
            f"{item.cases}件",
            str(format.figure("days", item.average, "个工作日")),
            format.DASH if item.slowest is None else f"{item.slowest} 个工作日",
        )
        for item in found
    ]
    return _listed("出口退税本年办结", ("企业类别", "件数", "平均用时", "最慢一件"), rows, NO_CASES)


def columns(left: str, right: str) -> str:
    """Two columns of panels, ready HTML, each as high as it is."""
    stacks = "".join(f'<div class="tk-stack">{stack}</div>' for stack in (left, right))
    return f'<div class="tk-pair tk-places">{stacks}</div>'


def _sort(item: Cases) -> str:
    if not item.normal:
        return "函调、疑点（不计入平均）"
    return f"{item.rebate_class}类企业" if item.rebate_class else "类别不详"


def _listed(title: str, header: Sequence[str], rows: Sequence[Sequence[str | Span]], empty: str) -> str:
    if not rows:
        return panel(title, f'<p class="tk-empty">{empty}</p>', "tk-has")
    return panel(title, scrolled(title, table("", header, rows)), "tk-has")
