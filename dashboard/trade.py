"""A place's imports and exports from the store, as plain rows. Amounts in yuan."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dashboard import store
from dashboard.store import Gate


def trade_row(gate: Gate, unit: str, period: str) -> Mapping[str, Any] | None:
    """One unit's trade in one period; None where the snapshot has no such row."""
    return next((row for row in trade_history(gate, unit, period) if row["period"] == period), None)


def trade_rows(gate: Gate, units: Iterable[str], period: str) -> dict[str, Mapping[str, Any] | None]:
    """Each of those units' trade in one period."""
    return {unit: trade_row(gate, unit, period) for unit in units}


def trade_history(gate: Gate, unit: str, period: str) -> list[Mapping[str, Any]]:
    """One unit's trade up to and including the period, oldest first."""
    rows = store.common(gate, _by_unit, store.TRADE)
    return [row for row in rows.get(unit, []) if row["period"] <= period]


def _by_unit(trade: pl.DataFrame) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in trade.iter_rows(named=True):
        found.setdefault(row["unit"], []).append(row)
    return found
