"""The exact numerators and denominators behind an indicator's values, read once for all viewers."""

from collections.abc import Mapping

import polars as pl

from dashboard import store
from dashboard.store import Gate
from etl.spans import OWN, Ratio, Ratios

MEASURED = """
    select span, period, unit, numerator, denominator, years from measured
    where indicator = $1 order by span, period, unit
"""


def ratios(gate: Gate, indicator: str) -> Mapping[str, Ratios]:
    """Span → ``YYYY-MM`` → unit → ratio, nothing kept back: hand it on as the viewer may see it."""
    return store.common(gate, _by_span, MEASURED, indicator)


def _by_span(rows: pl.DataFrame) -> Mapping[str, Ratios]:
    found: dict[str, dict[str, dict[str, Ratio]]] = {OWN: {}}
    for span, period, unit, *figures in rows.iter_rows():
        found.setdefault(span, {}).setdefault(period, {})[unit] = Ratio(*figures)
    return found
