"""The scoreboard as records: pure functions from its rows to what the pages show."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

import polars as pl

from etl.policy import Indicator, Level, Policy, Unit
from etl.spans import Ratios
from etl.status import COLOUR, Status, months_between

ORDER = {"red": 0, "grey": 1, "green": 2, "": 3}
STALE_AFTER_DAYS = 60
MOST_NAMED = 2
FEW = (
    "集群企业少或一家占85%以上，完成度不显示"  # the note of a light whose value is kept back from its viewer
)
QUOTIENTS = ("share", "days", "growth")  # kinds whose gap is the sum of what the units lack
Tone = Literal["red", "green", "grey", ""]


@dataclass(frozen=True, slots=True)
class Light:
    """One indicator at one unit in one period; numbers in the indicator's unit, shares as fractions.

    since: first period of the unbroken run in the present colour. rank: among the 12, None without data.
    deadline: of the target, which a county may have of its own; empty for the document's.
    extra: JSON object of numbers that the indicator's ``detail`` template names.
    """

    indicator: str
    unit: str
    period: str
    value: float | None
    target: float | None
    pace: float | None
    gap: float | None
    status: Status
    note: str
    since: str
    rank: int | None
    deadline: str
    extra: str

    @property
    def tone(self) -> Tone:
        """The colour: red, green, grey, or none for a monitor."""
        return cast(Tone, COLOUR[self.status])

    @property
    def kept_back(self) -> bool:
        """Whether the viewer may not see the value, because few firms make it up."""
        return self.note == FEW

    @property
    def paceless(self) -> "Light":
        """The same without a pace that tells where it started; the target as pace tells nothing."""
        return self if self.pace == self.target else replace(self, pace=None)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The numbers for the detail template."""
        return json.loads(self.extra) if self.extra else {}


@dataclass(frozen=True, slots=True)
class Rank:
    """A unit's 综合位次 in one period: green of coloured lights, those met, and the place."""

    coloured: int
    green: int
    met: int
    rank: int | None


@dataclass(frozen=True)
class Board:
    """All lights of a snapshot, by (indicator, unit) and period; ranks by (unit, period).

    ratios: the exact amounts behind the values of quotients and growths, by indicator.
    noted: the (indicator, unit) with annotations that concern the month on show and that its viewer may read.
    """

    series: Mapping[tuple[str, str], Mapping[str, Light]]
    ranks: Mapping[tuple[str, str], Rank]
    periods: tuple[str, ...]
    noted: frozenset[tuple[str, str]] = frozenset()
    ratios: Mapping[str, Ratios] = field(default_factory=dict)

    def light(self, indicator: str, unit: str, period: str) -> Light | None:
        """One light, or None where the scoreboard has no such row."""
        return self.series.get((indicator, unit), {}).get(period)

    def history(self, indicator: str, unit: str, period: str, months: int | None = None) -> list[Light]:
        """The lights up to and including the period, oldest first; the last ``months`` of them."""
        lights = [light for at, light in self.series.get((indicator, unit), {}).items() if at <= period]
        return lights[-months:] if months else lights

    def rank(self, unit: str, period: str) -> Rank | None:
        """The unit's 综合位次."""
        return self.ranks.get((unit, period))


@dataclass(frozen=True)
class Part:
    """What one unit adds to a gap of the city.

    lack: yuan of a share or a growth, working days over the limit of all cases together, else in the indicator's unit.
    base: what the lack is measured by: yuan, or cases.
    """

    unit: str
    lack: Fraction
    base: Fraction


@dataclass(frozen=True)
class Laggard:
    """A red light of the city and the units that make up most of its gap, by their short names."""

    light: Light
    units: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What the sentence says: the city's lights by colour, the worst reds, and what turned."""

    lights: tuple[Light, ...]
    worst: tuple[Laggard, ...]
    turned_green: tuple[str, ...]
    turned_red: tuple[str, ...]
    compared: bool

    def count(self, tone: Tone) -> int:
        """How many of the city's lights have that colour."""
        return sum(light.tone == tone for light in self.lights)


def series_of(scores: pl.DataFrame) -> dict[tuple[str, str], dict[str, Light]]:
    """The lights by (indicator, unit) and period; rows must come sorted by period."""
    series: dict[tuple[str, str], dict[str, Light]] = {}
    for row in scores.iter_rows():
        # The same few words come back in thousands of rows.
        figures: list[Any] = [sys.intern(item) if isinstance(item, str) else item for item in row]
        light = Light(*figures)
        series.setdefault((light.indicator, light.unit), {})[light.period] = light
    return series


def ranks_of(ranks: pl.DataFrame) -> dict[tuple[str, str], Rank]:
    """The places by (unit, period)."""
    return {(unit, period): Rank(*rest) for unit, period, *rest in ranks.iter_rows()}


def exact(value: float | Decimal) -> Fraction:
    """A figure of the scoreboard as its shortest decimal says it: 0.1 is a tenth."""
    return Fraction(Decimal(repr(value)) if isinstance(value, float) else value)


def before(period: str, months: int = 1) -> str:
    """The period that many months earlier."""
    index = int(period[:4]) * 12 + int(period[5:]) - 1 - months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_end(period: str) -> date:
    """The last day of a period."""
    following = before(period, -1)
    return date(int(following[:4]), int(following[5:]), 1) - timedelta(days=1)


def is_stale(latest_period: str, today: date) -> bool:
    """Whether the newest data's period ended more than 60 days ago; data of no period are never stale."""
    return bool(latest_period) and (today - month_end(latest_period)).days > STALE_AFTER_DAYS


def lights_of(board: Board, policy: Policy, unit: str, period: str) -> list[Light]:
    """A unit's lights in the order of reading: red, grey, green, monitors; then the document's order."""
    found = (board.light(indicator.id, unit, period) for indicator in policy.indicators)
    return sorted((light for light in found if light), key=lambda light: ORDER[light.tone])


def run_of(policy: Policy, light: Light) -> int:
    """How many months in a row the light has had its colour, from the document's issue on at the earliest."""
    start = max(light.since or light.period, policy.document.issued[:7])
    return max(1, months_between(start, light.period) + 1)


def just_turned(board: Board, light: Light) -> bool:
    """Whether the light was green a month ago and is red, or the other way round; grey ones have not turned."""
    then = board.light(light.indicator, light.unit, before(light.period))
    return then is not None and {then.tone, light.tone} == {"red", "green"}


def level_of(policy: Policy, light: Light) -> tuple[Indicator, Level]:
    """The indicator of a light and how it is judged there."""
    indicator = policy.indicator(light.indicator)
    level = policy.level(indicator, light.unit)
    return indicator, replace(level, deadline=light.deadline) if light.deadline else level


def red_units(board: Board, policy: Policy, indicator: str, period: str) -> list[Light]:
    """The units that are red on an indicator, the furthest from its pace (or target) first."""
    found = (board.light(indicator, unit.code, period) for unit in policy.counties)
    red = [light for light in found if light and light.tone == "red"]
    return sorted(red, key=lambda light: (-(shortfall(light) or 0), light.unit))


def parts_of(board: Board, policy: Policy, light: Light) -> list[Part]:
    """The units that make up the gap of a red light of the city, the one that adds most first.

    Of a quotient or growth what each unit's own amounts lack of the city's pace or target, whatever its light: a small
    unit far off weighs less than a large one close by. Of other targets the red units and how far each is off.
    """
    if level_of(policy, light)[1].kind in QUOTIENTS:
        found = _amounts_lacking(board, policy, light)
    else:
        red = red_units(board, policy, light.indicator, light.period)
        found = [Part(item.unit, exact(shortfall(item) or 0.0), Fraction(1)) for item in red]
    return sorted(found, key=lambda part: (-part.lack, part.unit))


def _amounts_lacking(board: Board, policy: Policy, light: Light) -> list[Part]:
    bound = light.target if light.pace is None else light.pace
    if bound is None:
        return []
    indicator, units = policy.indicator(light.indicator), board.ratios.get(light.indicator, {})
    sign = 1 if indicator.direction == ">=" else -1
    found = []
    for place in policy.counties:
        ratio = units.get(light.period, {}).get(place.code)
        if ratio is None or ratio.numerator is None or ratio.denominator is None:
            continue
        base = Fraction(ratio.denominator)
        due = base * (exact(bound) if ratio.years is None else (1 + exact(bound)) ** ratio.years)
        lack = sign * (due - Fraction(ratio.numerator))
        found += [Part(place.code, lack, base)] * (lack > 0)
    return found


def shortfall(light: Light) -> float | None:
    """How far the value is behind its pace, or its target where it has no pace; never negative for a red."""
    if light.value is None or light.gap is None:
        return None
    return light.pace - light.value if light.pace is not None and light.gap > 0 else light.gap


def summarise(board: Board, policy: Policy, period: str) -> Summary:
    """The city in one period against the month before."""
    lights = [light for light in lights_of(board, policy, policy.city.code, period) if light.tone]
    red = [light for light in lights if light.tone == "red"]
    # An event that has not come yet is red from the first day on: a run below a pace says more, and whose a gap is.
    laggards = [_laggard(board, policy, light) for light in red]
    laggards.sort(key=lambda item: (item.light.pace is None, not item.units, item.light.since))
    green, turned_red = (
        tuple(policy.indicator(light.indicator).name for light in _turned(board, lights, tone))
        for tone in ("green", "red")
    )
    worst = tuple(laggards[:MOST_NAMED])
    return Summary(tuple(lights), worst, green, turned_red, judged_before(board, (policy.city,), period))


def _laggard(board: Board, policy: Policy, light: Light) -> Laggard:
    parts = parts_of(board, policy, light)[:MOST_NAMED]
    return Laggard(light, tuple(policy.unit(part.unit).short for part in parts))


def judged_before(board: Board, places: Iterable[Unit], period: str) -> bool:
    """Whether any light of those places was green or red a month ago, so that there is something to compare with."""
    past = before(period)
    codes = {place.code for place in places}
    return any(
        unit in codes and (then := series.get(past)) is not None and then.tone in ("green", "red")
        for (_, unit), series in board.series.items()
    )


def turned(board: Board, policy: Policy, period: str, tone: Tone) -> list[Light]:
    """The lights of the 12 units that have that colour now and had the opposite one a month ago."""
    lights = [light for unit in policy.counties for light in lights_of(board, policy, unit.code, period)]
    return _turned(board, lights, tone)


def _turned(board: Board, lights: list[Light], tone: Tone) -> list[Light]:
    return [light for light in lights if light.tone == tone and just_turned(board, light)]
