"""The one chart that is explored rather than read, by plotly: twelve lines at a time, zoomed into and compared.

Everything else is drawn by ``charts``: plotly is taken down and put up again with every click. Colours come from the
theme, so light and dark need no code here.
"""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit.elements.plotly_chart  # noqa: F401  registers plotly's template "streamlit"

from dashboard import format
from dashboard.ranking import Measure, Standings
from etl.policy import Policy

CONFIG = {"displayModeBar": False, "scrollZoom": False, "locale": "zh-CN"}
MUTED = "rgba(128,140,155,{})"
YI = float(format.YI)
KINDS = {"money": "亿元", "growth": "同比"}  # of measures whose values are drawn, and what the axis counts


def race(policy: Policy, measure: Measure, found: Standings, months: Sequence[str], unit: str) -> go.Figure:
    """A measure's values at the 12 over time, the unit in question thick: what lies behind the places.

    All twelve of a month show where it is pointed at; a stretch drawn with the mouse is looked at closely.
    """
    figure = go.Figure()
    # The theme's first colour is the accent: the unit in question takes it, and lies over the others.
    for place in sorted(policy.counties, key=lambda place: place.code != unit):
        here = place.code == unit
        standings = (found.get(month, {}).get(place.code) for month in months)
        values = [None if one is None or one.value is None else float(one.value) for one in standings]
        figure.add_scatter(
            name=place.short,
            x=list(months),
            y=[value / YI if value is not None and measure.kind == "money" else value for value in values],
            line={"width": 3.5 if here else 1.5, "color": None if here else MUTED.format(0.75)},
            mode="lines",
            zorder=int(here),
        )
    return figure.update_layout(
        template="streamlit",
        height=360,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        showlegend=False,
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 14},
        xaxis={"type": "date", "tickformat": "%Y-%m", "hoverformat": "%Y-%m", "showgrid": False, "nticks": 8},
        yaxis={
            "gridcolor": MUTED.format(0.18),
            "automargin": True,
            "hoverformat": ".2%" if measure.kind == "growth" else ",.2f",
            "tickformat": ".0%" if measure.kind == "growth" else None,
        },
    )
