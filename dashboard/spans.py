"""An indicator seen in a span of time other than its own basis: the same board with other values and no lights. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dashboard import store, words
from dashboard.address import View
from dashboard.board import Board, Light
from dashboard.questions.measured import adding_up
from dashboard.store import Gate
from etl.policy import Direction, Indicator, Policy
from etl.spans import Ratio, Ratios

NAMES = {"month": words.SPANS["month"], "ttm": words.SPANS["ttm"], "yoy": "累计同比"}


@dataclass(frozen=True)
class Shown:
    """What the parts of the page draw from: board and policy, in the span that is looked at."""

    board: Board
    policy: Policy


def offered(measured: Mapping[str, Ratios]) -> tuple[str, ...]:
    """The spans that the measure gives beside its own basis, in the order of the names."""
    return tuple(span for span in NAMES if span in measured)


def ratios(measured: Mapping[str, Ratios], span: str) -> Ratios:
    """The ratios whose parts add up to the city's value: of the span, else of the own basis."""
    return measured[span] if span else adding_up(measured)


def shown(gate: Gate, board: Board, policy: Policy, view: View, measured: Mapping[str, Ratios]) -> Shown:
    """What the page draws from in the view's span; its lights are built once per snapshot.

    Nothing that is kept back from a viewer is left of a light in another span than its own: they are every reader's.
    """
    indicator, span = policy.indicator(view.indicator), view.span
    if not span:
        return Shown(board, policy)
    question = ("span", view.indicator, span, str(policy.folder))
    seen = store.shared(gate, question, lambda: in_span(board, policy, indicator, measured[span]))
    named = replace(indicator, basis=NAMES[span], detail="")
    others = tuple(named if item.id == indicator.id else item for item in policy.indicators)
    return Shown(replace(board, series={**board.series, **seen}), replace(policy, indicators=others))


def in_span(
    board: Board, policy: Policy, indicator: Indicator, found: Ratios
) -> dict[tuple[str, str], dict[str, Light]]:
    """An indicator's lights by indicator and unit, then month, with its values in another span than its own.

    A light is judged on the own basis alone, so these have no colour: what has a value is a monitor. The target
    stays for comparison; pace, gap, note and what stands beside belong to the judgement and go.
    """
    places = {unit.code for unit in policy.counties}
    ranks = {period: _ranks(indicator.direction, units, places) for period, units in found.items()}
    return {
        key: {at: _shown(light, found, ranks) for at, light in lights.items()}
        for key, lights in board.series.items()
        if key[0] == indicator.id
    }


def _shown(light: Light, found: Ratios, ranks: Mapping[str, Mapping[str, int]]) -> Light:
    ratio = found.get(light.period, {}).get(light.unit)
    value = None if ratio is None or ratio.value is None else float(ratio.value)
    return replace(
        light,
        value=value,
        pace=None,
        gap=None,
        status="no_data" if value is None else "monitor",
        note="",
        rank=ranks.get(light.period, {}).get(light.unit),
        extra="",
    )


def _ranks(direction: Direction, units: Mapping[str, Ratio], places: Iterable[str]) -> dict[str, int]:
    """Places in the good direction, ties shared, on exact values."""
    sign = -1 if direction == ">=" else 1
    known = ((unit, units[unit].value) for unit in places if unit in units)
    values = {unit: sign * value for unit, value in known if value is not None}
    return {unit: 1 + sum(other < value for other in values.values()) for unit, value in values.items()}
