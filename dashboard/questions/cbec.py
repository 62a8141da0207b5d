"""Cross-border e-commerce of every place, month by month. Amounts are yuan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dashboard import store
from dashboard.store import Gate

MONTHS = (
    "select unit, strftime(period, '%Y-%m'), case when months = 1 then month_cny end, ytd_cny"
    " from mart_cbec_month order by unit, period"
)


@dataclass(frozen=True)
class Cbec:
    """One place in one month: the month alone, and the year so far; None where it is not known.

    The month is not known where January and February were published in one.
    """

    month_cny: Decimal | None
    ytd_cny: Decimal | None


def months(gate: Gate) -> Mapping[tuple[str, str], Cbec]:
    """By (unit, ``YYYY-MM``)."""
    rows = store.read(gate, MONTHS)
    return {(unit, period): Cbec(month, ytd) for unit, period, month, ytd in rows}
