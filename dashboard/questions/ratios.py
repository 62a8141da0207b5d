"""The exact numerators and denominators behind an indicator's values, read once for all viewers."""

from collections.abc import Mapping

import polars as pl

from dashboard import store
from dashboard.store import Gate
from etl.spans import OWN, Ratio, Ratios

MEASURED = """
    select indicator, span, period, unit, numerator, denominator, years from measured
    order by indicator, span, period, unit
"""


def ratios(gate: Gate, indicator: str) -> Mapping[str, Ratios]:
    """Span → ``YYYY-MM`` → unit → ratio, nothing kept back: hand it on as the viewer may see it."""
    return store.common(gate, _by_indicator, MEASURED).get(indicator, {OWN: {}})


def _by_indicator(rows: pl.DataFrame) -> Mapping[str, Mapping[str, Ratios]]:
    found: dict[str, dict[str, dict[str, dict[str, Ratio]]]] = {}
    for indicator, span, period, unit, *figures in rows.iter_rows():
        spans = found.setdefault(indicator, {OWN: {}})
        spans.setdefault(span, {}).setdefault(period, {})[unit] = Ratio(*figures)
    return found
