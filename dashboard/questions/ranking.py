"""How the 12 stand on any measure, for every month: from the board, the trade of units and the e-commerce mart."""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from dashboard import ranking, store
from dashboard.board import Board
from dashboard.ranking import Measure, Standings
from dashboard.store import Gate
from etl.policy import Policy

CBEC = """
    select
        now.unit, strftime(now.period, '%Y-%m') as period, now.month_cny as cbec_month, now.ytd_cny as cbec_ytd,
        case when year_ago.ytd_cny > 0 then cast(now.ytd_cny as double) / cast(year_ago.ytd_cny as double) - 1 end
            as cbec_yoy
    from mart_cbec_month as now
    left join mart_cbec_month as year_ago
        on year_ago.unit = now.unit and year_ago.period = now.period - interval 1 year
    order by now.unit, now.period
"""


def standings(gate: Gate, board: Board, policy: Policy, measure: Measure) -> Standings:
    """Every unit in every month, with the city beside the 12 where the measure has a value for it.

    Lights are the viewer's own; trade, e-commerce and 综合位次 are every reader's.
    """
    question = ("standings", measure, str(policy.folder))
    if measure.kind == "light":
        return store.remember(gate, question, lambda: ranking.of_lights(board, policy, measure.id))
    if measure.kind == "overall":
        return store.shared(gate, question, lambda: ranking.of_scores(board))
    values, units = _values(gate, measure.id), [unit.code for unit in policy.counties]
    return store.shared(gate, question, lambda: ranking.of_values(values, units))


def _values(gate: Gate, column: str) -> Mapping[tuple[str, str], Decimal | float | None]:
    """One column of the trade or e-commerce of places by (period, unit)."""
    rows = CBEC if column.startswith("cbec_") else store.TRADE
    return store.common(gate, _by_place, f"select period, unit, {column} from ({rows})")


def _by_place(rows: pl.DataFrame) -> Mapping[tuple[str, str], Decimal | float | None]:
    return {(period, unit): value for period, unit, value in rows.iter_rows()}
