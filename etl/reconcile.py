"""How far the sources agree: the month's reconciliation, unit by unit and summed up by check."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import duckdb

TOLERANCE = 0.005
COMPARED = """
    select check_name, unit, left_source, left_cny, right_source, right_cny, difference_cny, share
    from reconciliation where period = ? order by check_name, share desc, unit
"""


@dataclass(frozen=True)
class Comparison:
    """One unit in one check: what two sources say, in yuan. difference: left − right; share: of the larger."""

    check: str
    unit: str
    left_source: str
    left_cny: Decimal
    right_source: str
    right_cny: Decimal
    difference_cny: Decimal
    share: float


@dataclass(frozen=True)
class Check:
    """One check in one month. units: how many were compared; beyond: those over 0.5 %; both worst first."""

    name: str
    units: int
    worst: Comparison
    beyond: tuple[Comparison, ...]


@dataclass(frozen=True)
class Agreement:
    """One check in short. beyond: how many of the units compared differ by more than the tolerance."""

    name: str
    beyond: int


def agreements(con: duckdb.DuckDBPyConnection, period: str) -> tuple[Agreement, ...]:
    """How far the month's sources agree, check by check."""
    return tuple(Agreement(check.name, len(check.beyond)) for check in reconciled(con, period))


def reconciled(con: duckdb.DuckDBPyConnection, period: str) -> list[Check]:
    """One row per check that the month's data allow, in the order of their names."""
    return summed_up(Comparison(*row) for row in con.execute(COMPARED, [period]).fetchall())


def summed_up(rows: Iterable[Comparison]) -> list[Check]:
    """The checks of rows that come in the order of COMPARED."""
    return [_check(name, tuple(group)) for name, group in groupby(rows, key=lambda row: row.check)]


def _check(name: str, rows: tuple[Comparison, ...]) -> Check:
    return Check(name, len(rows), rows[0], tuple(row for row in rows if row.share > TOLERANCE))
