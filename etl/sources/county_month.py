"""The month and cumulative of each county, from customs or the bureau."""

import dataframely as dy
import polars as pl

from etl.contracts import UNIT, Row, Source, trade_column, trade_total


class CountyMonth(Row):
    """One row per unit and month; money in yuan. months: 2 where 当月 is the combined 1—2月."""

    period = dy.Date(nullable=False)
    months = dy.Int8(nullable=False)
    unit = dy.String(nullable=False, metadata=UNIT)
    month_total = trade_column("month_total")
    month_export = trade_column("month_export")
    month_import = trade_column("month_import")
    ytd_total = trade_column("ytd_total")
    ytd_export = trade_column("ytd_export", required=True)
    ytd_import = trade_column("ytd_import", required=True)

    @dy.rule()
    def has_figures(cls) -> pl.Expr:
        """A row without any figure says nothing."""
        return trade_total()


SOURCE = Source(
    kind="county_month",
    label="县市区月度进出口",
    grain="每行一个县市区一个月",
    schema=CountyMonth,
    period="title",
    names_firms=False,
    rules={"has_figures": ("进出口累计", "请填写累计数，没有进出口的县市区填0。")},
    copies="skip",
)
