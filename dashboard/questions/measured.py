"""The exact numerators and denominators behind an indicator's values, by span, month and unit."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import store
from dashboard.store import Gate
from etl.spans import OWN, PART, Ratio, Ratios

MEASURED = """
    select span, period, unit, numerator, denominator, years from measured
    where indicator = $1 order by span, period, unit
"""
OWN_OF_UNIT = """
    select indicator, period, numerator, denominator, years from measured
    where span = $1 and unit = $2 order by indicator, period
"""


@dataclass(frozen=True)
class Inputs:
    """The ratios of one indicator. own: on the basis that is judged; parts: those that add up to the city's."""

    own: Ratios
    parts: Ratios


def measured(gate: Gate, indicator: str) -> Mapping[str, Ratios]:
    """Span → ``YYYY-MM`` → unit → ratio; the span ``own`` is the basis that the light is judged on."""
    return store.remember(gate, ("measured", indicator), lambda: _measured(gate, indicator))


def inputs(gate: Gate, indicator: str) -> Inputs:
    """What an indicator's values are made of, on its own basis."""
    found = measured(gate, indicator)
    return Inputs(found[OWN], adding_up(found))


def own_of_unit(gate: Gate, unit: str) -> Mapping[str, Mapping[str, Ratio]]:
    """One unit's ratios on every indicator's own basis, by indicator and month: all in one reading."""
    found: dict[str, dict[str, Ratio]] = {}
    for indicator, period, *figures in store.read(gate, OWN_OF_UNIT, OWN, unit).iter_rows():
        found.setdefault(indicator, {})[period] = Ratio(*figures)
    return found


def adding_up(found: Mapping[str, Ratios]) -> Ratios:
    """The ratios whose parts add up to the city's value on the own basis."""
    return found.get(PART) or found[OWN]


def history(ratios: Ratios, unit: str) -> dict[str, Ratio]:
    """One unit's ratios by month."""
    return {period: units[unit] for period, units in ratios.items() if unit in units}


def _measured(gate: Gate, indicator: str) -> Mapping[str, Ratios]:
    found: dict[str, dict[str, dict[str, Ratio]]] = {OWN: {}}
    for span, period, unit, *figures in store.read(gate, MEASURED, indicator).iter_rows():
        found.setdefault(span, {}).setdefault(period, {})[unit] = Ratio(*figures)
    return found
