"""The marts: each file in ``etl/sql`` is one SELECT, built at each publish after those that it reads.

What reads marts (scoreboard, support, monitors) is built as soon as those it reads are there.

All are built anew but those that sum up every declaration: of them only the months are, whose declarations
are others than before. ``built_on`` holds prints of the rows that a mart of months rests on besides.
"""

import functools
import re
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter
from types import MappingProxyType

import duckdb

from etl.engine import Rows, engine, of_months
from etl.warehouse import SQL, count, select

AT_ONCE = 2
LAST = "mart_market_month"  # takes longest, in DuckDB: it is built beside the steps, which take their time in Python


@dataclass(frozen=True)
class Ground:
    """What a mart of months rests on besides the declarations of the month, as SELECTs.

    lasting: rows of which new ones may come, about firms that no older month knows; fixed: all others.
    """

    lasting: str = "select null where false"
    fixed: str = "select null where false"


BY_MONTH = {
    "mart_declared_month": Ground(),
    "mart_market_month": Ground(
        lasting="""select uscc, unit, valid_from, valid_to, part from mart_belonging
            where uscc in (select uscc from mart_declared_month)""",
        fixed="select unit, role, null, null from unit union all select * from partner_group",
    ),
    "mart_firm_goods_month": Ground(
        lasting="select uscc, unit, firm_name, valid_from, valid_to from mart_belonging",
        fixed="select goods, code from goods_code union all select null, hs_code from fact_encouraged_goods",
    ),
}
CHANGED = """
    with fact as (
        select period, file_id, count(*) as rows from coded_declarations group by period, file_id
    ),
    known as (
        select period, file_id, sum(declarations) as rows from mart_declared_month group by period, file_id
    )
    select distinct strftime(period, '%Y-%m-%d')
    from fact full join known using (period, file_id)
    where fact.rows is distinct from known.rows
"""


@dataclass(frozen=True)
class Step:
    """What else is built: the names of the marts and steps that it reads, and how, on a connection of its own."""

    reads: frozenset[str]
    build: Callable[[duckdb.DuckDBPyConnection], None]


def build_marts(con: duckdb.DuckDBPyConnection, steps: Mapping[str, Step] = MappingProxyType({})) -> None:
    """Build every mart and the steps; two that do not need each other are built at once."""
    con.execute(
        "create table if not exists built_on (mart varchar not null, part varchar not null, print ubigint not null)"
    )
    months = _changed_months(con)
    waits = {LAST: frozenset(dependencies()) - {LAST}, **{name: step.reads for name, step in steps.items()}}
    order = TopologicalSorter({**dependencies(), **waits})
    order.prepare()
    building: dict[Future[None], str] = {}
    with engine()(con) as rows, ThreadPoolExecutor(AT_ONCE) as pool:
        builders = {name: partial(_build, name=name, months=months, rows=rows) for name in dependencies()}
        builders |= {name: partial(_on_its_own, build=step.build) for name, step in steps.items()}
        while order.is_active():
            for name in order.get_ready():
                building[pool.submit(builders[name], con.cursor())] = name
            for done in wait(building, return_when=FIRST_COMPLETED).done:
                done.result()
                order.done(building.pop(done))


@functools.cache
def dependencies() -> dict[str, frozenset[str]]:
    """By the name of each mart, the others that its SELECT reads."""
    names = {path.stem for path in SQL.glob("*.sql")}
    return {name: frozenset(names & _words(select(name)) - {name}) for name in sorted(names)}


def reading(*texts: str) -> frozenset[str]:
    """The marts that SELECTs read."""
    return frozenset(name for text in texts for name in _words(text) if name in dependencies())


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub("--.*", "", sql)))


def _changed_months(con: duckdb.DuckDBPyConnection) -> list[str] | None:
    """The months whose declarations are others than when the marts were built; None where they were not."""
    if not count(con, "select count(*) from built_on where mart = 'mart_declared_month'"):
        return None
    return [month for (month,) in con.execute(CHANGED).fetchall()]


def _on_its_own(con: duckdb.DuckDBPyConnection, build: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    with con:
        build(con)


def _build(con: duckdb.DuckDBPyConnection, name: str, months: list[str] | None, rows: Rows) -> None:
    with con:
        if name not in BY_MONTH:
            con.execute(f"create or replace table {name} as {rows(con, name, None)}")
            return
        con.execute("begin")
        con.execute(f"create temp table ground as {_prints(name)}")
        if months is None or _ground_moved(con, name):
            con.execute(f"create or replace table {name} as {rows(con, name, None)}")
        elif months:
            con.execute(f"delete from {name} where {of_months(months)}")
            con.execute(f"insert into {name} by name {rows(con, name, months)}")
        con.execute(f"delete from built_on where mart = '{name}'")
        con.execute(f"insert into built_on select '{name}', part, print from ground")
        con.execute("commit")


def _prints(name: str) -> str:
    """A print of each row that the mart rests on, and one of its SELECT."""
    ground = BY_MONTH[name]
    text = select(name).replace("'", "''")
    return f"""
        select 'fixed' as part, hash('{text}') as print
        union all select 'fixed', hash(ground) from ({ground.fixed}) as ground
        union all select 'lasting', hash(ground) from ({ground.lasting}) as ground"""


def _ground_moved(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a row that the mart rested on is gone, or a new one touches older months."""
    before = f"select part, print from built_on where mart = '{name}'"
    gone = f"select count(*) from ({before} except all select part, print from ground)"
    new = f"select count(*) from (select part, print from ground where part = 'fixed' except all {before})"
    return count(con, gone) + count(con, new) > 0
