"""The exact numerators and denominators behind each value, for every span of time that a measure gives.

A measure's SELECT states its indicator's own basis in ``numerator``, ``denominator`` (and ``years`` for
growth); beside it, it may state ``<span>_numerator``, ``<span>_denominator``, ``<span>_years`` for the other
SPANS. The scoreboard judges the own basis alone; the rest is shown beside it and taken apart.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from etl.status import annual_growth, quotient

Exact = Decimal | Fraction
OWN = "own"
PART = "part"
SPANS = ("month", "ttm", "yoy", PART)
COLUMN = re.compile(rf"({'|'.join(SPANS)})_(numerator|denominator|years)")
AMOUNT = pl.Decimal(38, 6)
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "indicator": pl.String,
    "unit": pl.String,
    "period": pl.String,
    "span": pl.String,
    "numerator": AMOUNT,
    "denominator": AMOUNT,
    "years": pl.Int32,
}


@dataclass(frozen=True)
class Ratio:
    """The exact inputs of one value. years: of the average annual growth; None for a plain quotient."""

    numerator: Exact | None
    denominator: Exact | None
    years: int | None = None

    @functools.cached_property
    def value(self) -> Fraction | None:
        """Quotient or growth, exact; None where an input is missing or there is nothing to divide by."""
        if self.years is None:
            return quotient(self.numerator, self.denominator)
        return annual_growth(self.numerator, self.denominator, self.years)


Ratios = Mapping[str, Mapping[str, Ratio]]  # by ``YYYY-MM``, then by unit


def is_span(column: str) -> bool:
    """Whether a column of a measure belongs to a span other than the own basis."""
    return COLUMN.fullmatch(column) is not None


def ratios(row: Mapping[str, Any]) -> Iterator[tuple[str, Ratio]]:
    """The ratios that one row of a measure states: the own basis first, as ``own``."""
    yield OWN, _ratio(row, "")
    for span in SPANS:
        if f"{span}_numerator" in row:
            yield span, _ratio(row, f"{span}_")


def _ratio(row: Mapping[str, Any], prefix: str) -> Ratio:
    numerator, denominator = (row[f"{prefix}{name}"] for name in ("numerator", "denominator"))
    return Ratio(_decimal(numerator), _decimal(denominator), row.get(f"{prefix}years"))


def _decimal(cell: Any) -> Decimal | None:
    return None if cell is None else Decimal(cell)
