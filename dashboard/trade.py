"""A place's imports and exports from the store, as plain rows. Amounts in yuan."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

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
    rows = store.remember(gate, ("trade",), lambda: _by_unit(gate))
    return [row for row in rows.get(unit, []) if row["period"] <= period]


def _by_unit(gate: Gate) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in store.trade(gate).iter_rows(named=True):
        found.setdefault(row["unit"], []).append(row)
    return found


def imports_needed(row: Mapping[str, Any] | None, share: float) -> Decimal | None:
    """Yuan of imports still missing this year for that share, exports as they are; 0 once reached."""
    if row is None or row["ytd_import"] is None or row["ytd_export"] is None or not 0 < share < 1:
        return None
    goal = Decimal(str(share))
    return max(Decimal(0), Decimal(row["ytd_export"]) * goal / (1 - goal) - Decimal(row["ytd_import"]))
