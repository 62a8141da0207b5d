"""Cells merged over several rows: what stands in the first of them is said of all, but for amounts.

An amount over two rows is one amount, which nobody can share out: the rows below it have none.
"""

import polars as pl

from etl.layout import Layout

AMOUNTS = ("money", "number", "target", "growth")


def filled(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Rows of a sheet with the merged cells of its columns filled downwards; rows without anything else stay blank."""
    columns = layout.source.columns
    words = {index for name, index in layout.columns.items() if columns[name].reader not in AMOUNTS}
    spans = [
        (column, top, row)
        for column, top, bottom in layout.merged
        if column in words and top >= layout.first_row and bottom <= top + rows.height
        for row in range(top + 1, bottom + 1)
    ]
    empty = rows.filter(pl.all_horizontal(pl.col(r"^c\d+$").fill_null("") == ""))["row"]
    for column in sorted({column for column, _, _ in spans}):
        name = f"c{column}"
        below = pl.DataFrame(
            [(top, row) for place, top, row in spans if place == column],
            schema={"top": pl.Int32, "row": pl.Int32},
            orient="row",
        )
        told = below.join(rows.select(pl.col("row").alias("top"), pl.col(name).alias("said")), on="top")
        told = told.filter(~pl.col("row").is_in(empty.implode()))
        joined = rows.join(told.select("row", "said"), on="row", how="left", maintain_order="left")
        rows = joined.with_columns(pl.coalesce(pl.col(name).replace("", None), "said").alias(name)).drop(
            "said"
        )
    return rows
