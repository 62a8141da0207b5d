"""Sparklines: a small inline SVG of value and pace, stretched by the page; no text in it."""

from collections.abc import Sequence, Set

from dashboard.board import Light

WIDTH, HEIGHT, MARGIN = 100.0, 32.0, 2.0


def spark(history: Sequence[Light], yearly: bool = False) -> str:
    """A light's value over time with its pace, or its target where it has none, in the light's colour.

    yearly: each year counts from nothing again, and begins a line of its own.
    """
    paces = [light.pace if light.pace is not None else light.target for light in history]
    begins = {at for at, light in enumerate(history) if yearly and light.period.endswith("-01")}
    return curve([light.value for light in history], paces, history[-1].tone if history else "", begins)


def curve(
    values: Sequence[float | None],
    paces: Sequence[float | None] = (),
    tone: str = "",
    begins: Set[int] = frozenset(),
) -> str:
    """Values as a line, paces dashed, a dot at the last value; empty with no value. begins: where lines begin anew."""
    known = [value for value in (*values, *paces) if value is not None]
    if len(values) < 2 or all(value is None for value in values):
        return '<div class="tk-spark"></div>'
    low, high = min(known), max(known)
    value_path, pace_path = (path(series, low, high, begins) for series in (values, paces))
    return (
        f'<div class="tk-spark tk-{tone or "none"}" aria-hidden="true">'
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">'
        f'<path class="tk-pace" d="{pace_path}"/><path class="tk-line" d="{value_path}"/></svg>'
        f"{_dot(values[-1], low, high)}</div>"
    )


def path(series: Sequence[float | None], low: float, high: float, begins: Set[int] = frozenset()) -> str:
    """SVG path data of a series; a missing month is a gap, never a bridge; a single month is a point at the left."""
    commands, pen_up = [], True
    for index, value in enumerate(series):
        if value is not None:
            x = WIDTH * index / max(1, len(series) - 1)
            commands.append(
                f"{'M' if pen_up or index in begins else 'L'}{x:.1f} {height_of(value, low, high):.1f}"
            )
        pen_up = value is None
    return "".join(commands)


def height_of(value: float, low: float, high: float) -> float:
    """Where a value lies from the top; the middle where all values are the same."""
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)


def _dot(value: float | None, low: float, high: float) -> str:
    if value is None:
        return ""
    return f'<i style="top:{height_of(value, low, high) / HEIGHT * 100:.1f}%"></i>'
