"""A chart as HTML: axes, stretched lines, words that keep their size, and what each month says. Pure.

Each month says its figures where it is pointed at or tapped. The months are one group of radio buttons, so that the
keyboard stops once at a chart and goes on from month to month with the arrow keys; no script is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard import format
from dashboard.html import text
from dashboard.plane import Plane, labelled

MOST_DECIMALS = 4
EM = 14  # pixels
NARROW = 240  # pixels: the lines' width on a phone


@dataclass(frozen=True)
class Tip:
    """What one month says when it is pointed at, line by line. value: where its dot lies, if it has one."""

    period: str
    value: float | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """What lies on the axes. name: of the chart, once in a page; said: the chart in words, for a screen reader.

    lines: ready SVG in percent; labels: ready HTML in percent; end: the text at the last month's right, if any.
    unit: what the axis counts, empty where its numbers or the title say so; percent: whether they are fractions.
    """

    name: str
    said: str
    lines: str
    labels: str
    tips: Sequence[Tip]
    end: str = ""
    unit: str = ""
    percent: bool = False


def plot(axes: Plane, drawing: Drawing) -> str:
    """The whole chart but for its title."""
    numbers = tick_names(axes.ticks, drawing.percent)
    gutter = max(map(ems, numbers)) + 0.7
    right = ems(drawing.end) + 1 - (100 - axes.x(drawing.tips[-1].period)) / 100 * NARROW / EM
    rules = "".join(f"M0 {axes.y(float(tick)):.2f}H100" for tick in axes.ticks)
    return (
        f'<figure class="tk-plot" aria-label="{text(drawing.said)}" '
        f'style="--gutter:{gutter:.1f}em;--end:{max(right, 1.5):.1f}em"><div class="tk-plane">'
        f'<div aria-hidden="true"><svg viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<path class="tk-grid" d="{rules}"/><path class="tk-zero" d="M0 {axes.y(0):.2f}H100"/>{drawing.lines}</svg>'
        f"{_scale(axes, numbers, drawing.unit)}{drawing.labels}</div>{_months(axes, drawing)}</div></figure>"
    )


def at(axes: Plane, period: str, value: float) -> str:
    """Where something lies, as CSS."""
    return f"left:{axes.x(period):.2f}%;top:{axes.y(value):.2f}%"


def tick_names(ticks: Sequence[Fraction], percent: bool) -> list[str]:
    """The numbers of an axis, all with as many decimals as the roundest of them needs."""
    shown = [tick * 100 if percent else tick for tick in ticks]
    digits = next(
        (most for most in range(MOST_DECIMALS) if all((10**most * tick).denominator == 1 for tick in shown)),
        MOST_DECIMALS,
    )
    return [format.decimal(float(tick), digits) + "%" * percent for tick in shown]


def ems(words: str) -> float:
    """How wide a text is, in its own size: a Chinese character is as wide as it is high, a digit a little over half."""
    return sum(1 if ord(letter) > 0x2E7F else 0.62 for letter in words)


def _scale(axes: Plane, numbers: Sequence[str], unit: str) -> str:
    """The axes' words: the unit at the top, a number a rule, some of the months."""
    scale = "".join(
        f'<span style="top:{axes.y(float(tick)):.2f}%">{number}</span>'
        for tick, number in zip(axes.ticks, numbers, strict=True)
    )
    dates = "".join(
        f'<span style="left:{axes.x(month):.2f}%">{month}</span>' for month in labelled(axes.months)
    )
    return f'<div class="tk-ticks"><em>{text(unit)}</em>{scale}</div><div class="tk-dates">{dates}</div>'


def _months(axes: Plane, drawing: Drawing) -> str:
    """A slot for each month of the axis; the newest that says something is where the keyboard comes in."""
    tips = {tip.period: tip for tip in drawing.tips}
    slots = "".join(_slot(axes, drawing, tips.get(month)) for month in axes.months)
    return f'<div class="tk-slots" role="radiogroup" aria-label="逐月数值，用方向键移动">{slots}</div>'


def _slot(axes: Plane, drawing: Drawing, tip: Tip | None) -> str:
    if tip is None:
        return "<s></s>"
    height = "" if tip.value is None else f";--y:{axes.y(tip.value):.2f}%"
    here = " checked" if tip is drawing.tips[-1] else ""
    said = "<br>".join(text(line) for line in tip.lines)
    return (
        f'<label style="--x:{axes.x(tip.period):.2f}%{height}"><input type="radio" name="{drawing.name}"{here}>'
        f"<span>{said}</span></label>"
    )
