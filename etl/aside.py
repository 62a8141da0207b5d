"""Rows of a table that are no data: totals, notes, headers repeated further down, blank lines."""

import polars as pl

from etl import cells
from etl.layout import Layout
from etl.titles import plain

TOTAL_WORDS = r"^\s*其中|(合\s*计|小\s*计|总\s*计)\s*$|^\s*(总\s*和|全\s*市|永州市)\s*$"
CITY_TOTAL = r"^(合计|总计|总和|全市|全市合计|全市总计|永州市|永州市合计|全市小计)$"
NOTE = r"^(注|备注|说明|填表|制表|填报|数据来源|资料来源|审核|联系人|单位[:(]|\*|\d+[.、]\D)"
ALONE = (
    r"[。;:]|表$|\d月|^[一二三四五六七八九十]+、"  # a title or sentence, where nothing else stands in the row
)
WITH_CITY_TOTAL = ("firm_month", "county_month", "cbec_month")
SORTS = {"row": pl.Int32, "blank": pl.Boolean, "aside": pl.Boolean, "city_total": pl.Boolean}
LABEL_READERS = ("text", "unit", "uscc", "period", "indicator")


def sorted_out(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """For rows (``row``, ``damaged``, c0 …) the columns ``row``, ``blank``, ``aside`` and ``city_total``."""
    if not rows.height:
        return pl.DataFrame(schema=SORTS)
    words = rows.select(
        "row", "damaged", *(cells.label(pl.col(name)).alias(name) for name in rows.columns if name[0] == "c")
    )
    raw = [name for name in words.columns if name[0] == "c"]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in raw)
    first = pl.coalesce(raw)
    note = first.str.contains(NOTE) & (filled <= 2) | first.str.contains(ALONE) & (filled == 1)
    labels = [pl.col(name) for name in _label_cells(words, layout)] + [first]
    city = layout.source.kind in WITH_CITY_TOTAL
    return words.select(
        "row",
        (filled == 0).alias("blank"),
        (_any(labels, TOTAL_WORDS) | note.fill_null(False) | _header(words, layout)).alias("aside"),
        (_any(labels, CITY_TOTAL) & pl.lit(city) & ~pl.col("damaged")).alias("city_total"),
    )


def _any(labels: list[pl.Expr], words: str) -> pl.Expr:
    return pl.any_horizontal(label.str.contains(words).fill_null(False) for label in labels)


def _label_cells(words: pl.DataFrame, layout: Layout) -> list[str]:
    columns = layout.source.columns
    places = [i for name, i in layout.columns.items() if columns[name].reader in LABEL_READERS]
    return [f"c{index}" for index in places if f"c{index}" in words.columns]


def _header(words: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Whether every filled cell stands in its own column's header: pages joined, two downloads in one file."""
    placed = [
        (f"c{i}", plain(label))
        for i, label in enumerate(layout.headers)
        if label and f"c{i}" in words.columns
    ]
    same = [pl.lit(label).str.contains(pl.col(name), literal=True).fill_null(True) for name, label in placed]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name, _ in placed)
    return pl.all_horizontal(same) & (filled >= min(2, len(placed)))
