"""An indicator at every place and month as rows to take along. Pure."""

from dashboard import format, words
from dashboard.board import Board, Light, level_of
from dashboard.download import Cell
from dashboard.store import Meta
from etl.policy import Policy

HEADER = (
    "指标", "县市区", "统计月份", "口径", "数值", "单位", "目标", "序时进度", "缺口", "状态", "位次", "备注", "快照", "数据性质",
)  # fmt: skip


def rows(board: Board, policy: Policy, indicator: str, period: str, meta: Meta) -> list[tuple[Cell, ...]]:
    """All months up to the period, unrounded, in the unit that is shown (10 for 10 %)."""
    found = (board.history(indicator, unit.code, period) for unit in policy.units)
    return [(*_row(policy, light), *meta.ends) for history in found for light in history]


def _row(policy: Policy, light: Light) -> tuple[Cell, ...]:
    indicator, level = level_of(policy, light)
    value, target, pace, gap = (
        format.scaled(level.kind, figure) for figure in (light.value, light.target, light.pace, light.gap)
    )
    return (
        indicator.name, policy.unit(light.unit).short, light.period, indicator.basis,
        value, level.unit, target, pace, gap, words.STATUS[light.status], light.rank, light.note,
    )  # fmt: skip
