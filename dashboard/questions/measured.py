"""The exact numerators and denominators behind an indicator's values as the viewer may see them, by span, month and unit."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from dashboard import store
from dashboard.questions.board import withheld
from dashboard.questions.ratios import ratios
from dashboard.store import Gate
from etl.spans import OWN, PART, Ratio, Ratios

OWN_OF_UNIT = """
    select indicator, period, numerator, denominator, years from measured
    where span = $1 and unit = $2 order by indicator, period
"""
NOTHING = Ratio(None, None)


@dataclass(frozen=True)
class Inputs:
    """The ratios of one indicator. own: on the basis that is judged; parts: those that add up to the city's."""

    own: Ratios
    parts: Ratios


def measured(gate: Gate, indicator: str) -> Mapping[str, Ratios]:
    """Span → ``YYYY-MM`` → unit → ratio; the span ``own`` is the basis that the light is judged on."""
    whole = ratios(gate, indicator)
    hidden = withheld(gate, indicator)
    return {**whole, OWN: _veiled(whole[OWN], hidden)} if hidden else whole


def inputs(gate: Gate, indicator: str) -> Inputs:
    """What an indicator's values are made of, on its own basis."""
    found = measured(gate, indicator)
    return Inputs(found[OWN], adding_up(found))


def own_of_unit(gate: Gate, unit: str) -> Mapping[str, Mapping[str, Ratio]]:
    """One unit's ratios on every indicator's own basis, by indicator and month: all in one reading."""
    found: dict[str, dict[str, Ratio]] = {}
    for indicator, period, *figures in store.read(gate, OWN_OF_UNIT, OWN, unit):
        found.setdefault(indicator, {})[period] = Ratio(*figures)
    for indicator, months in found.items():
        hidden = withheld(gate, indicator)
        months.update({period: NOTHING for period in months if (unit, period) in hidden})
    return found


def adding_up(found: Mapping[str, Ratios]) -> Ratios:
    """The ratios whose parts add up to the city's value on the own basis."""
    return found.get(PART) or found[OWN]


def history(found: Ratios, unit: str) -> dict[str, Ratio]:
    """One unit's ratios by month."""
    return {period: units[unit] for period, units in found.items() if unit in units}


def _veiled(found: Ratios, hidden: Set[tuple[str, str]]) -> Ratios:
    """The ratios without those of values that are kept back."""
    return {
        period: {unit: NOTHING if (unit, period) in hidden else ratio for unit, ratio in units.items()}
        for period, units in found.items()
    }
