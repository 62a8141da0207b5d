"""What works out the marts: DuckDB in this process, or Apache Spark where ``TRADE_KPI_ENGINE`` says so.

An engine turns the name of a mart into a query that gives its rows; whoever builds marts puts them into the
snapshot, so that both engines fill the same tables.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import duckdb

from etl.errors import UserError
from etl.warehouse import select

ENGINE = "TRADE_KPI_ENGINE"

# From a mart's name, and the months to look at (None: all there are), to the text of a query of its rows.
Rows = Callable[[duckdb.DuckDBPyConnection, str, Sequence[str] | None], str]
Engine = Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[Rows]]


def engine() -> Engine:
    """The engine that the environment names; UserError where it is unknown or not installed."""
    name = os.environ.get(ENGINE) or "duckdb"
    if name == "duckdb":
        return _duckdb
    if name == "spark":
        from etl import spark  # not needed otherwise, nor what it imports

        spark.require()
        return spark.running
    raise UserError(f"环境变量 {ENGINE}「{name}」不是可用的计算引擎，请写 duckdb 或 spark，或去掉它。")


def of_months(months: Sequence[str]) -> str:
    """The condition that a row is of one of these months, as both engines read it."""
    return "period in ({})".format(", ".join(f"date '{month}'" for month in months))


@contextmanager
def _duckdb(con: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    yield _rows


def _rows(con: duckdb.DuckDBPyConnection, name: str, months: Sequence[str] | None) -> str:
    """The mart's SELECT itself; it sees the declarations of the months alone, in whatever part of it reads them."""
    if months is None:
        return select(name)
    return (
        f"with coded_declarations as (from coded_declarations where {of_months(months)}) "
        f"select * from ({select(name)}) as built where {of_months(months)}"
    )
