"""Small charts of one quantity over months, as inline SVG stretched by the page; labels are HTML. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import format
from dashboard.html import text
from dashboard.spark import HEIGHT, WIDTH, height_of, path

GAP = 0.3


@dataclass(frozen=True)
class Point:
    """One month: its value, and how it is written."""

    period: str
    value: float | None
    shown: str


def bars(title: str, points: Sequence[Point]) -> str:
    """A bar a month from zero, the last one filled; a month without data has none."""
    known = [point.value for point in points if point.value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    span = (high - low) or 1.0
    step = WIDTH / max(len(points), 1)
    drawn = "".join(
        _bar(index * step, step, point, low, span, "tk-newest" if point is points[-1] else "")
        for index, point in enumerate(points)
        if point.value is not None
    )
    return _framed(
        title, points, f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">{drawn}</svg>'
    )


def _bar(left: float, step: float, point: Point, low: float, span: float, classes: str) -> str:
    value = point.value or 0.0
    top = HEIGHT * (1 - (max(value, 0.0) - low) / span)
    height = HEIGHT * abs(value) / span
    said = text(f"{format.period(point.period)} {point.shown}")
    return (
        f'<rect class="{classes}" x="{left + step * GAP / 2:.2f}" y="{top:.2f}" width="{step * (1 - GAP):.2f}"'
        f' height="{height:.2f}"><title>{said}</title></rect>'
    )


def line(title: str, points: Sequence[Point], bound: float | None, said: str) -> str:
    """A line from zero up, and a thin rule at a bound with what it is; a missing month is a gap."""
    values = [point.value for point in points]
    high = max([value for value in values if value is not None] + [bound or 0.0]) or 1.0
    rule, label = "", ""
    if bound is not None:
        rule = f'<path class="tk-rule" d="{path([bound] * 2, 0.0, high)}"/>'
        label = f'<span class="tk-bound" style="top:{height_of(bound, 0.0, high) / HEIGHT * 100:.1f}%">{text(said)}</span>'
    drawn = f'{rule}<path class="tk-line" d="{path(values, 0.0, high)}"/>'
    svg = f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">{drawn}</svg>{label}'
    return _framed(title, points, svg)


def _framed(title: str, points: Sequence[Point], drawing: str) -> str:
    last = points[-1].shown if points else format.DASH
    ends = f"<span>{points[0].period}</span><span>{points[-1].period}</span>" if points else ""
    return (
        f'<figure class="tk-trail"><figcaption><h3>{text(title)}</h3><b>{text(last)}</b></figcaption>'
        f'<div aria-hidden="true">{drawing}</div><p>{ends}</p></figure>'
    )
