"""The day up to which payments of support count for a month on show."""

from dashboard import store
from dashboard.board import month_end
from dashboard.store import Gate

NEWEST = "select strftime(max(paid), '%Y-%m-%d') from support_check where amount_cny <> 0"


def until(gate: Gate, period: str) -> str:
    """The month's last day; the newest month, and a ledger without any month, go on to the last payment (ISO date).

    Trade comes weeks after its month: what was paid meanwhile draws on the ceilings already, and must be seen.
    """
    meta = store.meta(gate)
    end = month_end(period).isoformat() if period else ""
    if period < meta.latest_period:
        return end
    return max(end, store.read(gate, NEWEST)[0][0] or "") or meta.created_at[:10]
