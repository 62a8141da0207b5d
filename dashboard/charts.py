"""The larger charts as HTML with inline SVG, drawn by the server so that a click loads and draws nothing more. Pure.

Value: solid and thick. Pace: dashed, always the same. Target: a thin rule with its number at the right end. Labels
stand at line ends; there is no legend.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import format, words
from dashboard.board import Light, level_of
from dashboard.html import text
from dashboard.marks import Mark, Marks
from dashboard.plane import LINE, NOMINAL, At, Box, Plane, Point, along, apart, clear_of, path, plane
from dashboard.plot import EM, NARROW, Drawing, Tip, at, ems, plot
from etl.policy import Level, Policy

BAR = 0.65  # of a month's slot
MONTHS = 24
EDGE = 10  # percent of the width: nearer to the axis a word in the middle of its bar would reach over it
NO_MARKS: Marks = {}
Strokes = Sequence[Sequence[At]]
PACE = "序时进度"
WAYS = (1 / 3, 1 / 2, 2 / 3, 1 / 6, 5 / 6)  # along the pace where its name may stand, the best first
# On which side of its point of the pace the name stands: its class, how far left of it and how far above it reaches.
SIDES = (("", 1.0, 1.0), (" tk-under", 0.0, 0.0), (" tk-right", 0.0, 1.0), (" tk-before", 1.0, 0.0))


def trend(policy: Policy, lights: Sequence[Light], marks: Marks = NO_MARKS) -> str:
    """One indicator at one place over time, against pace and target, to the deadline; with its annotations."""
    _, level = level_of(policy, last := lights[-1])
    dated = last.target is not None and level.deadline[:1] == "2"
    paces = _paces(lights, level)
    shown = [*(light.value for light in lights), *(pace for _, pace in paces), last.target]
    until = max(last.period, level.deadline) if dated else last.period
    axes = plane(lights[0].period, until, shown, whole=level.kind == "count")
    values = axes.strokes([(light.period, light.value) for light in lights], level.yearly)
    pace = axes.strokes(paces, level.yearly)
    percent = format.SCALE[level.kind] == 100
    drawing = Drawing(
        "trend",
        f"{format.period(lights[0].period)}至{format.period(last.period)}走势。{words.why(policy, last)}",
        (_due(axes, level.deadline) if dated else "") + _lines(axes, last, values, pace),
        _goal(policy, axes, last)
        + _pace_name(policy, axes, last, values, pace)
        + _flags(axes, lights, marks)
        + _last(policy, axes, last),
        [_tip(policy, light, level, marks.get(light.period, ())) for light in lights],
        "" if last.value is None else str(words.value(policy, last)),
        "" if percent else level.unit,
        percent,
    )
    return plot(axes, drawing)


def _paces(lights: Sequence[Light], level: Level) -> list[Point]:
    """The pace so far, and on to the target at the deadline where that is a straight line."""
    points: list[Point] = [(light.period, light.pace) for light in lights]
    last = lights[-1]
    if level.pace == "linear" and None not in (last.target, last.pace) and level.deadline > last.period:
        points.append((level.deadline, last.target))
    return points


def _lines(axes: Plane, last: Light, values: Strokes, pace: Strokes) -> str:
    rule = "" if last.target is None else f'<path class="tk-goalrule" d="M0 {axes.y(last.target):.2f}H100"/>'
    return f'{rule}<path class="tk-pace" d="{path(pace)}"/><path class="tk-line" d="{path(values)}"/>'


def _due(axes: Plane, deadline: str) -> str:
    """A thin dotted rule at a dated deadline, where the chart reaches it."""
    return f'<path class="tk-due" d="M{axes.x(deadline):.2f} 0V100"/>' if deadline >= axes.months[0] else ""


def _goal(policy: Policy, axes: Plane, last: Light) -> str:
    """The target's number at the right end of its rule."""
    if last.target is None:
        return ""
    goal = format.target(*level_of(policy, last), last.target, last.value)
    height = f"calc({axes.y(last.target):.2f}% + {_goal_off(axes, last.target, last.value):g}px)"
    return f'<span class="tk-goal" style="top:{height}">{text(goal)}</span>'


def _goal_off(axes: Plane, target: float, value: float | None) -> float:
    """How far off its rule the target's number stands: above, or below where the value lies close above."""
    rule = axes.y(target)
    close = value is not None and value > target and rule - axes.y(value) < 2 * LINE / NOMINAL * 100
    return apart(rule, (), below=close)


def _pace_name(policy: Policy, axes: Plane, last: Light, values: Strokes, pace: Strokes) -> str:
    """Beside the pace where no line and no other name is in its way, at any width; else where it mostly is not."""
    if not pace:
        return ""
    lines, names = [*pace, *values], _names(policy, axes, last)
    longest = max(pace, key=lambda stroke: stroke[-1][0] - stroke[0][0])
    spots = [(along(longest, way), *side) for way in WAYS for side in SIDES]

    def free(spot: tuple[At, str, float, float]) -> bool:
        box = _box(*spot)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= 100 and box[3] <= 100
        return inside and clear_of(box, lines) and not any(_overlap(box, name) for name in names)

    inner = [spot for spot in spots if _box(*spot)[0] >= 0] or spots[2:]
    (x, y), side, _, _ = next(filter(free, spots), inner[0])
    return f'<span class="tk-pacename{side}" style="left:{x:.2f}%;top:{y:.2f}%">{PACE}</span>'


def _box(point: At, side: str, left: float, above: float) -> Box:
    """What the pace's name covers on a phone, where it is widest. side: its class, of no matter here."""
    width, height = (ems(PACE) * EM + 8) / NARROW * 100, LINE / NOMINAL * 100
    x, y = point[0] - left * width, point[1] - above * height
    hair = 0.3  # percent: the line that it stands beside may touch its corner
    return x, y + hair, x + width, y + height - hair


def _names(policy: Policy, axes: Plane, last: Light) -> list[Box]:
    """What the target's number and the last value cover on a phone."""
    half, found = LINE / NOMINAL * 50, []
    if last.target is not None:
        said = format.target(*level_of(policy, last), last.target, last.value)
        middle = axes.y(last.target) + _goal_off(axes, last.target, last.value) / NOMINAL * 100
        found.append((100 - ems(said) * EM / NARROW * 100, middle - half, 100.0, middle + half))
    if last.value is not None:
        left, middle = axes.x(last.period), axes.y(last.value) + _last_off(axes, last) / NOMINAL * 100
        right = left + (ems(str(words.value(policy, last))) * EM + 8) / NARROW * 100
        found.append((left - 2, middle - half, right, middle + half))
    return found


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _flags(axes: Plane, lights: Sequence[Light], marks: Marks) -> str:
    """Numbered marks at the annotated months, on the value; on the axis where a month has none."""
    return "".join(
        f'<span class="tk-flag" style="{at(axes, light.period, light.value or 0)}">'
        f"{text(''.join(mark.number for mark in marks[light.period]))}</span>"
        for light in lights
        if light.period in marks
    )


def _last(policy: Policy, axes: Plane, last: Light) -> str:
    """The last value in bold, and its dot, in the colour of its status; on the side of it where pace and target are not."""
    if last.value is None:
        return ""
    height, off = axes.y(last.value), _last_off(axes, last)
    tone = last.tone or "none"
    return (
        f'<i class="tk-dot tk-{tone}" style="{at(axes, last.period, last.value)}"></i><b class="tk-last tk-ink-{tone}" '
        f'style="left:{axes.x(last.period):.2f}%;top:calc({height:.2f}% + {off:g}px)">{text(words.value(policy, last))}</b>'
    )


def _last_off(axes: Plane, last: Light) -> float:
    """How far off its dot the last value stands."""
    assert last.value is not None
    bound, taken = last.target if last.pace is None else last.pace, []
    if last.target is not None:
        taken.append(axes.y(last.target) / 100 * NOMINAL + _goal_off(axes, last.target, last.value))
    return apart(axes.y(last.value), taken, below=bound is None or last.value <= bound)


def _tip(policy: Policy, light: Light, level: Level, marks: Sequence[Mark]) -> Tip:
    value = "" if light.value is None else str(words.value(policy, light))
    status = f"{value} {words.SHAPE[light.status]} {words.STATUS[light.status]}".strip()
    pace = [] if light.pace is None else [f"序时 {words.pace(policy, light)}"]
    noted = [f"{mark.number} {mark.words}" for mark in marks]
    return Tip(light.period, light.value, (format.period(light.period), status, *pace, *noted))


def recent(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The months that the bars show: the newest two years of those whose imports and exports are known."""
    return [row for row in rows if row["month_total"] is not None][-MONTHS:]


def month_name(row: Mapping[str, Any]) -> str:
    """The month of a row of trade, which may be two in one: 「2026年1—2月」."""
    return format.period(row["period"]) if row["months"] == 1 else f"{row['period'][:4]}年1—2月"


def monthly(rows: Sequence[Mapping[str, Any]]) -> str:
    """Imports plus exports of each month in 亿元, bars from zero, the newest named. rows: as ``recent`` leaves them."""
    sums = {row["period"]: float(row["month_total"] / format.YI) for row in rows}
    first, last = rows[0], rows[-1]
    axes = plane(first["period"], last["period"], sums.values())
    tips = [
        Tip(row["period"], None, (month_name(row), f"进出口 {format.money(row['month_total'])}"))
        for row in rows
    ]
    others = "".join(
        axes.bar(period, value, BAR) for period, value in sums.items() if period != last["period"]
    )
    here = axes.bar(last["period"], sums[last["period"]], BAR)
    said = f"{month_name(first)}至{month_name(last)}当月进出口。{'，'.join(tips[-1].lines)}"
    bars = f'<path class="tk-bars" d="{others}"/><path class="tk-bars tk-here" d="{here}"/>'
    return plot(
        axes, Drawing("monthly", said, bars, "".join(_over(axes, row, row is last) for row in rows), tips)
    )


def _over(axes: Plane, row: Mapping[str, Any], newest: bool) -> str:
    """What stands over a bar: that it is two months in one, and the newest's amount."""
    name = "<span>1—2月</span>" if row["months"] == 2 else ""
    amount = f"<b>{format.yi(row['month_total'])}</b>" if newest else ""
    top = max(0.0, float(row["month_total"] / format.YI))
    edge = " tk-edge" if axes.x(row["period"]) < EDGE else ""  # else it would stand on the axis's numbers
    return (
        f'<span class="tk-over{edge}" style="{at(axes, row["period"], top)}">{name}{amount}</span>'
        if name + amount
        else ""
    )
