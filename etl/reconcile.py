"""How far the sources agree: the month's reconciliation, summed up by check."""

from dataclasses import dataclass

import duckdb

TOLERANCE = 0.005


@dataclass(frozen=True)
class Check:
    """One check in one month. beyond: units whose difference is over 0.5 %; worst_*: the largest of them."""

    name: str
    units: int
    beyond: int
    worst_unit: str
    worst_share: float
    worst_difference_cny: float


def reconciled(con: duckdb.DuckDBPyConnection, period: str) -> list[Check]:
    """One row per check that the month's data allow, in the order of their names."""
    rows = con.execute(
        """with ranked as (
            select *, row_number() over (partition by check_name order by share desc, unit) as nth
            from reconciliation where period = $period)
        select check_name, count(*), sum(case when share > $tolerance then 1 else 0 end),
            max(case when nth = 1 then unit end), max(share),
            cast(max(case when nth = 1 then difference_cny end) as double)
        from ranked group by check_name order by check_name""",
        {"period": period, "tolerance": TOLERANCE},
    ).fetchall()
    return [Check(*row) for row in rows]
