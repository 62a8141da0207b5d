"""Annotations as small numbered marks on a chart of one light over time; the text stands in the hover."""

import textwrap
from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from dashboard import charts
from dashboard.board import Light
from dashboard.notes.record import Annotation
from dashboard.parts.notes import brief, numbered
from etl.policy import Policy

WIDTH, LONGEST = 24, 120


def trend(
    policy: Policy, lights: Sequence[Light], notes: Sequence[Annotation], height: int = 300
) -> go.Figure:
    """The trend of ``charts`` with its marks."""
    return put(charts.trend(policy, lights, height), lights, notes)


def put(figure: go.Figure, lights: Sequence[Light], notes: Sequence[Annotation]) -> go.Figure:
    """The figure with a mark at each annotated month, on the value; on the axis where that month has none.

    notes: as they are listed beside it, in the same order and numbering; those about other things bear no mark.
    """
    here = {(light.indicator, light.unit) for light in lights}
    heights = {light.period: light.value for light in lights}
    at: dict[str, list[tuple[str, Annotation]]] = {}
    for number, note in numbered(notes):
        if (note.indicator, note.unit) in here and note.period in heights:
            at.setdefault(note.period, []).append((number, note))
    if at:
        figure.add_trace(_marks(heights, at))
    return figure


def _marks(heights: dict[str, float | None], at: dict[str, list[tuple[str, Annotation]]]) -> go.Scatter:
    return go.Scatter(
        x=list(at),
        y=[heights[period] or 0 for period in at],
        name="批注",
        mode="markers+text",
        text=["".join(number for number, _ in group) for group in at.values()],
        textposition="top center",
        textfont={"size": 16},
        marker={"symbol": "circle-open", "size": 9, "line": {"width": 2}},
        cliponaxis=False,
        hovertext=["<br>".join(_hover(number, note) for number, note in group) for group in at.values()],
        hoverinfo="text",
    )


def _hover(number: str, note: Annotation) -> str:
    """Plotly reads a little HTML in hover texts, so names are escaped; long texts end in the list below."""
    words = brief(note)
    short = words if len(words) <= LONGEST else words[:LONGEST] + "…"
    return f"{number} " + "<br>".join(escape(line, quote=False) for line in textwrap.wrap(short, WIDTH))
