"""The bureau's monthly table of firms: month and cumulative, two header levels."""

import dataframely as dy
import polars as pl

from etl.contracts import FIRM_NAME, UNIT_ALIASES, USCC, Row, Source, column, trade_column, trade_total


class FirmMonth(Row):
    """One row per firm and month; money in yuan. months: 2 where 当月 is the combined 1—2月."""

    period = dy.Date(nullable=False)
    months = dy.Int8(nullable=False)
    uscc = dy.String(nullable=False, metadata=USCC)
    firm_name = dy.String(nullable=True, metadata=FIRM_NAME)
    unit_text = dy.String(
        nullable=True,
        metadata=column("县市区", "text", "表内所列县市区，仅供核对", aliases=UNIT_ALIASES, required=False),
    )
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
    kind="firm_month",
    label="企业月度进出口",
    grain="每行一家企业一个月",
    schema=FirmMonth,
    period="title",
    names_firms=True,
    rules={"has_figures": ("进出口累计", "请填写累计数，没有进出口的企业填0。")},
    copies="skip",
)
