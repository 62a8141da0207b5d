"""A second table further down a sheet: read under the first one's header its figures would be wrong."""

import polars as pl

from etl import cells
from etl.cells import MONEY_UNITS
from etl.errors import FileRefused
from etl.headers import wanted
from etl.layout import Layout
from etl.titles import header_unit, money_unit_in, months_in

ABOVE = 4  # rows over a repeated header in which its title and unit stand
LEVEL = r"^(本年|自?年初)?(至今|至本月)?(累计|当月|本月|进出口|出口|进口)(额|值|数|总值|总额)?$|同比|±|增幅|增速|^\d+(-\d+)?月$"
ENOUGH = 2  # cells that make a row a header


def refuse_other_table(rows: pl.DataFrame, sorts: pl.DataFrame, layout: Layout) -> None:
    """Refuse a sheet where another header follows, or the same one under another month or money unit.

    rows: those that are no good rows; sorts: what ``aside.sorted_out`` says of them.
    """
    if not rows.height:
        return
    raw = [name for name in rows.columns if name[0] == "c"]
    likely = rows.filter(~sorts["header"] & _like_header(rows.select(raw), layout))
    for row in likely.head(1)["row"]:
        raise FileRefused(f"第{row}行又有一个表头，列与前面的不同；一张工作表里请只放一张表，分开后再发。")
    for row in rows.filter(sorts["header"])["row"]:
        above = rows.filter(
            pl.col("row").is_between(row - ABOVE, row - 1) & sorts["aside"] & ~sorts["header"]
        )
        _refuse_other_title(
            row, [cell for cells in above.select(raw).rows() for cell in cells if cell], layout
        )


def _like_header(rows: pl.DataFrame, layout: Layout) -> pl.Series:
    """Rows in which every filled cell could stand in a header, and two or more are names of columns."""
    known = [word for _, words in wanted(layout.source.kind).values() for word in words]
    bare = [
        cells.label(pl.col(name)).str.replace_all(r"[(\[【〔].*?[)\]】〕]|[*:]", "").str.to_uppercase()
        for name in rows.columns
    ]
    named = [text.is_in(known) for text in bare]
    level = [text.str.contains(LEVEL) for text in bare]
    names = pl.sum_horizontal(part.fill_null(False).cast(pl.Int32) for part in named)
    parts = pl.sum_horizontal(part.fill_null(False).cast(pl.Int32) for part in level)
    filled = pl.sum_horizontal(text.is_not_null().cast(pl.Int32) for text in bare)
    header = (names >= ENOUGH) & (2 * names > filled) | (parts >= ENOUGH) & (names + parts >= filled)
    return rows.select(header.alias("header"))["header"]


def _refuse_other_title(row: int, above: list[str], layout: Layout) -> None:
    months = [named for text in above for named in months_in(text)]
    if layout.month and any(
        (year, month) != (layout.month[0].year, layout.month[0].month) for year, month, _ in months
    ):
        raise FileRefused(f"第{row}行起是另一个月的表；一张工作表里请只放一个月，分开后再发。")
    unit = money_unit_in(above)
    stated = {name for name in layout.factors if header_unit(layout.labels[name])}
    if unit and any(
        MONEY_UNITS.get(unit) != factor for name, factor in layout.factors.items() if name not in stated
    ):
        raise FileRefused(f"第{row}行起的表以{unit}为单位，与前面的不同；请统一单位或分开后再发。")
