"""Where months and values lie on a chart, in percent of its width and height: round ticks, paths, labels apart. Pure.

The lines are SVG that the page stretches; words stand beside it as HTML at the same percentages and keep their size.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dashboard.board import before, exact
from etl.status import months_between

STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_MONTHS = 9  # labels on an axis
NOMINAL = 270.0  # pixels: the least height of a chart, by which labels are kept apart
LINE = 22.0  # pixels from one line of text to the next
Point = tuple[str, float | None]
At = tuple[float, float]  # from the left and from the top, in percent
Box = tuple[float, float, float, float]  # left, top, right and bottom, in percent
MOST_BAR = 100 / 12  # percent of a chart's width: a bar of few months is no wall


@dataclass(frozen=True)
class Plane:
    """A chart's axes. months: every one from the first to the last; ticks: round values, the first and last its edges."""

    months: tuple[str, ...]
    ticks: tuple[Fraction, ...]

    def x(self, period: str) -> float:
        """The middle of a month's slot, from the left."""
        return (months_between(self.months[0], period) + 0.5) / len(self.months) * 100

    def y(self, value: float) -> float:
        """A value's height, from the top."""
        low, high = self.ticks[0], self.ticks[-1]
        return float((high - exact(value)) / (high - low) * 100)

    def strokes(self, points: Iterable[Point], yearly: bool = False) -> list[list[At]]:
        """The lines that points make; a missing value is a gap, never a bridge. yearly: each year begins anew."""
        found: list[list[At]] = []
        pen_up = True
        for period, value in points:
            if value is not None:
                if pen_up or (yearly and period.endswith("-01")):
                    found.append([])
                found[-1].append((self.x(period), self.y(value)))
            pen_up = value is None
        return found

    def bar(self, period: str, value: float, share: float) -> str:
        """SVG path data of a bar from zero, as wide as that share of a month's slot."""
        half = min(share / len(self.months) * 100, MOST_BAR) / 2
        left, right = self.x(period) - half, self.x(period) + half
        return f"M{left:.2f} {self.y(0):.2f}V{self.y(value):.2f}H{right:.2f}V{self.y(0):.2f}Z"


def path(strokes: Iterable[Sequence[At]]) -> str:
    """SVG path data of lines; a value alone is a dot."""
    return "".join(
        f"M{stroke[0][0]:.2f} {stroke[0][1]:.2f}" + "".join(f"L{x:.2f} {y:.2f}" for x, y in stroke)
        for stroke in strokes
    )


def plane(first: str, last: str, values: Iterable[float | None], whole: bool = False) -> Plane:
    """The axes for values between two months; zero is always on them. whole: for things that are counted."""
    known = [exact(value) for value in values if value is not None]
    return Plane(
        months(first, last), ticks(min(known, default=Fraction(0)), max(known, default=Fraction(0)), whole)
    )


def months(first: str, last: str) -> tuple[str, ...]:
    """Every month from the first to the last."""
    return tuple(before(last, back) for back in reversed(range(months_between(first, last) + 1)))


def ticks(low: Fraction, high: Fraction, whole: bool = False, most: int = 5) -> tuple[Fraction, ...]:
    """Round numbers (1, 2, 2.5 or 5 times a power of ten apart) from below the least value and zero to above the largest."""
    low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        high = Fraction(1)
    least = (high - low) / most
    power = Fraction(10) ** math.floor(math.log10(least))
    steps = [step * power for step in (*STEPS, *(step * 10 for step in STEPS))]
    step = next(step for step in steps if step >= least and (not whole or step.denominator == 1))
    return tuple(step * at for at in range(math.floor(low / step), math.ceil(high / step) + 1))


def labelled(shown: Sequence[str]) -> tuple[str, ...]:
    """The months that an axis names: at most nine, at the same months of each year."""
    for step in MONTH_STEPS:
        found = tuple(at for at in shown if (int(at[:4]) * 12 + int(at[5:]) - 1) % step == 0)
        if len(found) <= MOST_MONTHS:
            break
    return found or tuple(shown[:1])


def spread(heights: Sequence[float], least: float, last: float) -> list[float]:
    """The heights, each at least so far below the one before and the last not below ``last``; in the order given."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = list(heights)
    for above, here in pairwise(order):
        placed[here] = max(placed[here], placed[above] + least)
    for left, here in enumerate(reversed(order)):
        placed[here] = min(placed[here], last - left * least)
    return placed


def apart(at: float, taken: Iterable[float], below: bool) -> float:
    """How far under a height the middle of its label lies, in pixels; negative above it.

    It stands below or above, as wished; on the other side where there is no room or another label is too near, else one
    line further. at: in percent from the top; taken: where others' middles lie, in pixels from the top of the least chart.
    """
    side = 1 if below else -1
    wished = [side * LINE * way for way in (0.75, -0.75, 1.75, -1.75)]
    top = at / 100 * NOMINAL
    free = (
        way
        for way in wished
        if top + way < NOMINAL - LINE / 3 and all(abs(top + way - one) >= LINE for one in taken)
    )
    return next(free, wished[1])


def clear_of(box: Box, strokes: Iterable[Sequence[At]]) -> bool:
    """Whether no line runs through a box. strokes: each from left to right."""
    return not any(_enters(box, start, end) for stroke in strokes for start, end in pairwise(stroke))


def _enters(box: Box, start: At, end: At) -> bool:
    (left, top, right, bottom), (x0, y0), (x1, y1) = box, start, end
    if x1 < left or x0 > right:
        return False
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    inside = [y0 + (x - x0) * slope for x in (max(x0, left), min(x1, right))]
    return min(inside) < bottom and max(inside) > top


def along(stroke: Sequence[At], share: float) -> At:
    """The point of a line at that share of its way to the right."""
    x = stroke[0][0] + share * (stroke[-1][0] - stroke[0][0])
    for (x0, y0), (x1, y1) in pairwise(stroke):
        if x0 <= x <= x1:
            return x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return stroke[0]
