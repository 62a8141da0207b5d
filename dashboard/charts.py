"""The larger charts as plotly figures. Colours come from the theme, so light and dark need no code here.

Value: solid, first colour. Pace: dashed, always the same. Target: a thin rule with its number at the
right end. Labels stand at line ends; there is no legend and no tool bar.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import streamlit.elements.plotly_chart  # noqa: F401  registers plotly's template "streamlit"

from dashboard import format, words
from dashboard.board import Light, level_of
from etl.policy import Level, Policy

CONFIG = {"displayModeBar": False, "scrollZoom": False, "locale": "zh-CN"}
MUTED = "rgba(128,140,155,{})"


def trend(policy: Policy, lights: Sequence[Light], height: int = 300) -> go.Figure:
    """One indicator at one place over time, against pace and target, to the deadline."""
    indicator, level = level_of(policy, lights[-1])
    last = lights[-1]
    figure = go.Figure()
    figure.add_trace(_value(policy, lights))
    if any(light.pace is not None for light in lights):
        figure.add_trace(_pace(lights, level))
    if last.target is not None:
        figure.add_trace(_target(lights, level, format.target(indicator, level, last.target)))
        _mark_deadline(figure, level)
    percent = format.SCALE[level.kind] == 100
    return _dressed(figure, {"tickformat": ".0%" if percent else None, "rangemode": "tozero"}, height)


def _value(policy: Policy, lights: Sequence[Light]) -> go.Scatter:
    shown = [str(words.value(policy, light)) for light in lights]
    hover = [
        f"{format.period(light.period)}<br>{words.STATUS[light.status]} {text}"
        for light, text in zip(lights, shown, strict=True)
    ]
    blank = len(lights) - 1
    return go.Scatter(
        x=[light.period for light in lights],
        y=[light.value for light in lights],
        name="数值",
        mode="lines+markers+text",
        text=[""] * blank + [f"<b>{shown[-1]}</b>"],
        textposition="bottom right",
        marker={"size": [0] * blank + [8], "opacity": 1},
        line={"width": 2.5},
        cliponaxis=False,
        hovertext=hover,
        hoverinfo="text",
    )


def _pace(lights: Sequence[Light], level: Level) -> go.Scatter:
    """The pace so far, and on to the target at the deadline where that is a straight line."""
    points = [(light.period, light.pace) for light in lights if light.pace is not None]
    target = lights[-1].target
    if level.pace == "linear" and target is not None and level.deadline > points[-1][0]:
        points.append((level.deadline, target))
    hover = [
        f"{format.period(at)}<br>序时 {format.bound(level.kind, pace, level.unit)}" for at, pace in points
    ]
    label = [""] * len(points)
    label[len(points) // 3] = "序时进度"
    return go.Scatter(
        x=[at for at, _ in points],
        y=[pace for _, pace in points],
        name="序时进度",
        mode="lines+text",
        text=label,
        textposition="top left",
        line={"width": 1.5, "dash": "dash"},
        hovertext=hover,
        hoverinfo="text",
    )


def _target(lights: Sequence[Light], level: Level, label: str) -> go.Scatter:
    """The target from the first month to the last or the deadline, its number at the right end."""
    end = max(lights[-1].period, level.deadline) if level.deadline[:1] == "2" else lights[-1].period
    target = lights[-1].target
    return go.Scatter(
        x=[lights[0].period, end],
        y=[target, target],
        name="目标",
        mode="lines+text",
        text=["", label],
        textposition="top left",
        cliponaxis=False,
        line={"width": 1},
        hoverinfo="skip",
    )


def _mark_deadline(figure: go.Figure, level: Level) -> None:
    """A thin dotted rule at a dated deadline."""
    if level.deadline[:1] == "2":
        figure.add_vline(
            x=f"{level.deadline}-01", line={"width": 1, "dash": "dot", "color": MUTED.format(0.7)}
        )


def monthly(rows: Sequence[Mapping[str, Any]], months: int = 24) -> go.Figure:
    """Imports plus exports of each month in 亿元, bars from zero; January and February may be one bar."""
    rows = [row for row in rows if row["month_total"] is not None][-months:]
    figure = go.Figure(
        go.Bar(
            x=[row["period"] for row in rows],
            y=[float(row["month_total"] / format.YI) for row in rows],
            text=["" if row["months"] == 1 else "1—2月" for row in rows],
            textposition="outside",
            constraintext="none",
            textangle=0,
            textfont={"size": 12},
            cliponaxis=False,
            hovertext=[_month(row) for row in rows],
            hoverinfo="text",
        )
    )
    return _dressed(figure, {"rangemode": "tozero"}, 300)


def _month(row: Mapping[str, Any]) -> str:
    name = format.period(row["period"]) if row["months"] == 1 else f"{row['period'][:4]}年1—2月"
    total: Decimal = row["month_total"]
    return f"{name}<br>进出口 {format.money(total)}"


def _dressed(figure: go.Figure, yaxis: Mapping[str, Any], height: int) -> go.Figure:
    figure.update_layout(
        template="streamlit",
        height=height,
        margin={"l": 8, "r": 64, "t": 28, "b": 8},
        showlegend=False,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 14},
        dragmode=False,
        bargap=0.35,
        xaxis={"type": "date", "tickformat": "%Y-%m", "showgrid": False, "fixedrange": True, "nticks": 8},
        yaxis={
            "fixedrange": True,
            "automargin": True,
            "gridcolor": MUTED.format(0.18),
            "zeroline": False,
            **yaxis,
        },
    )
    return figure
