"""The framed charts of 指标 and 县市区: title, chart, and where it stands alone its figures as a table. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import charts, format, marks, words
from dashboard.address import View
from dashboard.board import Board, Light
from dashboard.html import folded, panel, scrolled, table
from dashboard.notes.record import Annotation
from dashboard.widgets import history_table
from etl.policy import Policy

TABLE = "数据表"


def trend(
    policy: Policy, title: str, lights: Sequence[Light], notes: Sequence[Annotation], below: str = ""
) -> str:
    """A light over time with its annotations. below: ready HTML under the chart."""
    return panel(title, charts.trend(policy, lights, marks.of(lights, notes)) + below, "tk-chart")


def pair(
    board: Board,
    policy: Policy,
    view: View,
    lights: Sequence[Light],
    trade: Sequence[Mapping[str, Any]],
    notes: Sequence[Annotation],
) -> str:
    """A unit's trade month by month beside the first of its lights that has a value, with their figures as tables.

    lights: in the order of reading; trade: rows of the unit, oldest first. Empty where there is neither.
    """
    judged = next((light for light in lights if light.tone and light.value is not None), None)
    curve = ""
    if judged:
        past, title = (
            board.history(judged.indicator, view.unit, view.period),
            policy.indicator(judged.indicator).name,
        )
        curve = trend(policy, title, past, notes, folded(TABLE, scrolled(title, history_table(policy, past))))
    inner = _monthly(trade) + curve
    return f'<div class="tk-half">{inner}</div>' if inner else ""


def _monthly(rows: Sequence[Mapping[str, Any]]) -> str:
    """A place's imports plus exports month by month; empty where none is known. rows: oldest first."""
    if not (shown := charts.recent(rows)):
        return ""
    title = "当月进出口（亿元）"
    header = ("统计月份", *(f"{name}（亿元）" for name in words.COLUMNS.values()))
    figures = [
        (charts.month_name(row), *(format.yi(row[f"month_{key}"]) for key in words.COLUMNS))
        for row in reversed(shown)
    ]
    return panel(
        title, charts.monthly(shown) + folded(TABLE, scrolled(title, table("", header, figures))), "tk-chart"
    )
