"""What a scenario would make of the lights: judged exactly, said in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dashboard.board import Light, Tone, exact, level_of
from dashboard.scenario.facts import Effect, Facts, due, start_kept_back, started
from dashboard.words import Span
from etl.policy import Indicator, Level
from etl.status import judge


@dataclass(frozen=True)
class Outcome:
    """One indicator's light as it is and as it would be; the same where the scenario does not touch it."""

    now: Light
    then: Light
    touched: bool
    why: str

    @property
    def turned(self) -> Tone:
        """The colour it turns to; empty where it keeps its own."""
        return self.then.tone if self.then.tone != self.now.tone else ""


def outcomes(
    facts: Facts, unit: str, effect: Callable[[Indicator], Effect], *, at_deadline: bool
) -> tuple[Outcome, ...]:
    """Every indicator of a place, in the document's order. at_deadline: judged by what is required then."""
    found = ((indicator, facts.light(indicator.id, unit)) for indicator in facts.policy.indicators)
    return tuple(
        _outcome(facts, light, effect(indicator), at_deadline) for indicator, light in found if light
    )


def _outcome(facts: Facts, light: Light, effect: Effect, at_deadline: bool) -> Outcome:
    if effect.value is None:
        return Outcome(light, light, False, effect.why)
    _, level = level_of(facts.policy, light)
    period = due(level, light.period) if at_deadline else light.period
    return Outcome(light, judged(facts, light, level, effect, period), True, effect.why)


def judged(facts: Facts, light: Light, level: Level, effect: Effect, period: str) -> Light:
    """The light that the value would have in that month; numbers leave the exact arithmetic only here."""
    target = None if light.target is None else exact(light.target)
    indicator = facts.policy.indicator(light.indicator)
    verdict = judge(
        level,
        indicator.direction,
        period,
        effect.value,
        target=target,
        baseline=started(facts, indicator, light.unit),
        parts_on_pace=effect.parts_on_pace,
    )
    found = replace(
        light,
        period=period,
        status=verdict.status,
        note=verdict.note,
        value=_shown(verdict.value),
        target=_shown(verdict.target),
        pace=_shown(verdict.pace),
        gap=_shown(verdict.gap),
    )
    return found.paceless if start_kept_back(facts, indicator, light.unit) else found


def _shown(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)


def sentence(facts: Facts, found: Sequence[Outcome]) -> list[Span]:
    """How many lights it would touch, which would turn, and how the whole would stand."""
    coloured = [item for item in found if item.now.tone]
    touched = sum(item.touched for item in coloured)
    if not touched:
        return [Span(f"{len(coloured)}项目标都不受影响。")]
    turns = [
        part
        for tone, word in (("green", "转绿"), ("red", "转红"))
        if (part := _turned(facts, coloured, tone, word))
    ]
    spans = [Span(f"{len(coloured)}项目标中受影响{touched}项：")]
    for index, part in enumerate(turns or [[Span("没有一项改变颜色")]]):
        spans += [Span("，")] * bool(index) + part
    was, is_now = (sum(light.tone == "green" for light in lights) for lights in _sides(coloured))
    changed = f"由{was}项变为" if was != is_now else "仍为"
    return [*spans, Span(f"。达标或序时达标{changed}"), Span(f"{is_now}项", "green", True), Span("。")]


def _sides(found: Sequence[Outcome]) -> tuple[list[Light], list[Light]]:
    return [item.now for item in found], [item.then for item in found]


def _turned(facts: Facts, found: Iterable[Outcome], tone: str, word: str) -> list[Span]:
    names = [facts.policy.indicator(item.now.indicator).name for item in found if item.turned == tone]
    if not names:
        return []
    return [
        Span(f"{len(names)}项{word}", "green" if tone == "green" else "red", True),
        Span(f"（{'、'.join(names)}）"),
    ]
