"""The one chart that is explored rather than read, by plotly: twelve lines at a time, zoomed into and compared.

Everything else is drawn by ``charts``: plotly is taken down and put up again with every click. Colours come from the
theme, so light and dark need no code here.
"""

from collections.abc import Iterable, Mapping, Sequence

import plotly.graph_objects as go
import streamlit.elements.plotly_chart  # noqa: F401  registers plotly's template "streamlit"

from dashboard import format
from dashboard.plane import spread
from dashboard.ranking import Measure, Standings, shown
from etl.policy import Policy, Unit

CONFIG = {"displayModeBar": False, "scrollZoom": False, "locale": "zh-CN"}
MUTED = "rgba(128,140,155,{})"
YI = float(format.YI)
KINDS = {
    "money": "（亿元）",
    "growth": "",
}  # of measures whose values are drawn: what the axis counts, for the title
HEIGHT, TOP, FOOT = 400, 12, 32  # pixels: of the chart, above its lines, of the months below them
SIZE, SMALL = 14, 12  # pixels: of words; of the months, of which a phone has little room for
LINE = 17  # pixels from one name at a line's end to the next
ROOM = 0.06  # of the range of values, above and below the lines


def race(policy: Policy, measure: Measure, found: Standings, months: Sequence[str], unit: str) -> go.Figure:
    """A measure's values at the 12 over time, the unit in question thick: what lies behind the places.

    Each line bears its name at its end. All twelve of a month show where it is pointed at; a stretch drawn with the
    mouse is looked at closely.
    """
    lines = {place.code: _values(measure, found, months, place.code) for place in policy.counties}
    low, high = _range(lines.values())
    figure = go.Figure()
    # The theme's first colour is the accent: the unit in question takes it, and lies over the others.
    for place in sorted(policy.counties, key=lambda place: place.code != unit):
        here = place.code == unit
        figure.add_scatter(
            name=place.short,
            x=list(months),
            y=lines[place.code],
            line={"width": 3.5 if here else 1.5, "color": None if here else MUTED.format(0.75)},
            mode="lines",
            zorder=int(here),
        )
    _name_ends(figure, policy.counties, lines, months, (low, high), unit)
    return figure.update_layout(
        template="streamlit",
        height=HEIGHT,
        margin={"l": 8, "r": 96, "t": TOP, "b": FOOT},
        showlegend=False,
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": SIZE},
        xaxis={
            "type": "date",
            "range": [months[0], months[-1]],
            "tickformat": "%Y-%m",
            "hoverformat": "%Y-%m",
            "showgrid": False,
            "nticks": 5,
            "tickfont": {"size": SMALL},
        },
        yaxis={
            "range": [low, high],
            "gridcolor": MUTED.format(0.18),
            "automargin": True,
            "tickfont": {"size": SIZE},
            "hoverformat": ".2%" if measure.kind == "growth" else ",.2f",
            "tickformat": ".0%" if measure.kind == "growth" else None,
        },
    )


def drawn(policy: Policy, found: Standings, months: Sequence[str]) -> list[str]:
    """The months to draw: from the first that any of the 12 has a value in; none where they make no line."""
    known = [at for at in months if any(_known(found, at, place.code) for place in policy.counties)]
    return [at for at in months if at >= known[0]] if len(known) > 1 else []


def _known(found: Standings, month: str, unit: str) -> bool:
    standing = found.get(month, {}).get(unit)
    return standing is not None and standing.value is not None


def _values(measure: Measure, found: Standings, months: Sequence[str], unit: str) -> list[float | None]:
    standings = (found.get(month, {}).get(unit) for month in months)
    values = (None if one is None or one.value is None else float(one.value) for one in standings)
    return [value / YI if value is not None and measure.kind == "money" else value for value in values]


def _range(lines: Iterable[Sequence[float | None]]) -> tuple[float, float]:
    known = [value for line in lines for value in line if value is not None] or [0.0, 1.0]
    room = (max(known) - min(known) or 1.0) * ROOM
    return min(known) - room, max(known) + room


def _name_ends(
    figure: go.Figure,
    places: Sequence[Unit],
    lines: Mapping[str, Sequence[float | None]],
    months: Sequence[str],
    span: tuple[float, float],
    unit: str,
) -> None:
    """A name right of each line's last value, moved up or down off its neighbours, with a thin line back to it."""
    ends = [(place, *end) for place in places if (end := _end(months, lines[place.code]))]
    whole = HEIGHT - TOP - FOOT
    heights = [(span[1] - value) / (span[1] - span[0]) * whole for _, _, value in ends]
    for (place, month, value), height, moved in zip(ends, heights, spread(heights, LINE, whole), strict=True):
        figure.add_annotation(
            x=month,
            y=value,
            text=f"<b>{place.short}</b>" if place.code == unit else place.short,
            ax=16,
            ay=moved - height,
            xanchor="left",
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=MUTED.format(0.6),
            standoff=2,
            font={"size": SIZE},
        )


def _end(months: Sequence[str], line: Sequence[float | None]) -> tuple[str, float] | None:
    """A line's last month that has a value."""
    known = [(month, value) for month, value in zip(months, line, strict=True) if value is not None]
    return known[-1] if known else None


def said(policy: Policy, measure: Measure, found: Standings, months: Sequence[str], unit: str) -> str:
    """The chart in words, for who cannot see it: what is compared, the most, the least, and the unit in question."""
    first, last = months[0], months[-1]
    now = [item for place in policy.counties if (item := found.get(last, {}).get(place.code)) and item.rank]
    words = [f"{len(policy.counties)}个县市区{first}至{last}逐月{measure.name}"]
    if now:
        ends = (("最高", min), ("最低", max))
        named = ((name, pick(now, key=lambda item: item.rank or 0)) for name, pick in ends)
        words += [
            f"{last}{name}{policy.unit(item.unit).short}{shown(policy, measure, item)}"
            for name, item in named
        ]
        words += [
            f"{policy.unit(unit).short}第{item.rank}位，{shown(policy, measure, item)}"
            for item in now
            if item.unit == unit
        ]
    return "；".join(words) + "。每月数值见下面的数据表。"
