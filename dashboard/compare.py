"""Units side by side: which ones, and how each stands. Pure."""

from collections.abc import Mapping
from typing import Any

from etl.policy import Policy

MOST = 3
SIMILAR = "similar"
Trade = Mapping[str, Mapping[str, Any] | None]  # a unit's row of unit_trade


def similar(policy: Policy, unit: str, trade: Trade) -> tuple[str, ...]:
    """The units of similar size: whose twelve months of imports and exports are the least times more or less.

    Empty where the unit's own are not known or zero.
    """
    sizes = {code: _size(trade.get(code)) for code in (unit, *(place.code for place in policy.counties))}
    own = sizes.pop(unit)
    if not own:
        return ()
    known = [(max(size, own) / min(size, own), code) for code, size in sizes.items() if size]
    return tuple(code for _, code in sorted(known)[:MOST])


def chosen(policy: Policy, unit: str, beside: str, trade: Trade) -> tuple[str, ...]:
    """The units that the address names beside the one in question, at most three; never the unit itself."""
    if beside == SIMILAR:
        return similar(policy, unit, trade)
    known = {place.code for place in policy.counties} - {unit}
    return tuple(code for code in dict.fromkeys(beside.split(",")) if code in known)[:MOST]


def _size(row: Mapping[str, Any] | None) -> float:
    return 0.0 if row is None or row["ttm_total"] is None else max(0.0, float(row["ttm_total"]))
