"""Tables of January and February together whose 当月 is February alone: their title says more than they hold."""

from decimal import Decimal

import duckdb

from etl.contracts import Source
from etl.slips import CUMULATIVE
from etl.warehouse import count

SHARE = (
    Decimal("0.2"),
    Decimal("0.99"),
)  # of the cumulative, as far as February alone goes: beyond is a slip, or rounding
SHORT = f"""
    with stated as (
        select coalesce(month_export, 0) + coalesce(month_import, 0) as month,
            coalesce(ytd_export, 0) + coalesce(ytd_import, 0) as ytd
        from {{table}}
        where file_id = ? and months = 2
            and (month_export is null) = (ytd_export is null) and (month_import is null) = (ytd_import is null)
    )
    select count(*) from (select sum(month) as month, sum(ytd) as ytd from stated)
    where ytd > 0 and month between {SHARE[0]} * ytd and {SHARE[1]} * ytd
"""
TOLD = "标题写的是1—2月，当月却小于累计，当月按2月一个月计"


def take_alone(con: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> list[str]:
    """Count 当月 as February's own where the file's rows say so, and tell the sender."""
    if source.kind not in CUMULATIVE or not count(con, SHORT.format(table=source.table), [file_id]):
        return []
    for table in (source.table, "fact_total", "quarantine_row"):
        con.execute(f"update {table} set months = 1 where file_id = ? and months = 2", [file_id])
    return [TOLD]
