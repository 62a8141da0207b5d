"""The one example row of a kind's template: what it says, and how it is known again, so that it never becomes data."""

from collections.abc import Mapping

import polars as pl

from etl import cells
from etl.contracts import Column, Source, offered
from etl.happenings import load_categories
from etl.industries import leading
from etl.layout import Layout
from etl.policy import Policy

UNIT_HEADER = "县市区"
NOTES_SHEET = "填表说明"  # of a template: what its columns mean
BY_READER: Mapping[str, str | float] = {
    "uscc": "91431103MA4EXAMPLD",
    "date": "2025-09-18",
    "period": "202509",
    "money": 123.45,
    "number": 7.1,
    "hs_code": "07020000",
    "hs_level": "0702",
    "target": "10%",
}
NEAR = 3  # rows below the header among which it is looked for


def allowed_words(column: Column, policy: Policy) -> list[str]:
    """The closed list of a column's values, as a drop-down shows it."""
    if column.reader == "unit" or column.header == UNIT_HEADER:
        return [unit.short for unit in policy.units if unit.role in ("unit", "zone")]
    if column.reader == "category":
        return list(dict.fromkeys(load_categories(policy.folder).values()))
    if column.reader == "industry":
        return list(leading(policy.folder))
    if column.reader == "indicator":
        shares = sorted(
            policy.indicators, key=lambda item: item.county.kind != "share"
        )  # the example's is one
        return list(dict.fromkeys(item.short for item in shares))
    if column.reader == "choice" and column.words:
        return offered(column.words)
    return []


def example(source: Source, policy: Policy) -> dict[str, str | float]:
    """A valid value for each column of the kind."""
    return {name: _value(column, policy) for name, column in source.columns.items()}


def _value(column: Column, policy: Policy) -> str | float:
    if column.example:
        return float(column.example) if column.reader == "money" else column.example
    words = allowed_words(column, policy)
    return words[0] if words else BY_READER.get(column.reader, f"示例{column.header}")


def example_rows(rows: pl.DataFrame, layout: Layout, policy: Policy) -> list[int]:
    """The numbers of the rows just below the header that say what the template's example says, in every column."""
    if not rows.height or rows["row"][0] >= layout.first_row + NEAR:
        return []
    values = example(layout.source, policy)
    same = rows.head(NEAR)
    for name, index in layout.columns.items():
        if same.height:  # of most files no row is left after one column
            same = same.filter(cells.tidy(pl.col(f"c{index}").cast(pl.String)) == str(values[name]))
    return same["row"].to_list()
