"""What the document wants watched without giving a number: shown by place and month, never coloured.

One TOML file a monitor in the policy folder, one SELECT in ``etl/sql/measures`` where nothing measures it yet.
The SELECT gives rows of (unit, period, value) and, where a monitor has several, part and place; instead of a
value it may state numerator and denominator, as an indicator's does. A monitor that ranks gives its criteria
instead, and the value is the score. Every other column goes into ``extra``. Without a row, or with an empty
value, nothing is known: ``missing`` says what is lacking.
"""

import functools
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl

from etl.errors import PolicyError
from etl.evaluation import Ranking, evaluate
from etl.happenings import require_categories
from etl.industries import leading
from etl.marts import Step, reading
from etl.policy import Policy
from etl.records import read_toml, record
from etl.scoreboard import as_json, measure_sql
from etl.warehouse import append

Kind = Literal["count", "money", "share", "index", "score"]
Parts = Literal["none", "text", "line", "item", "firm"]
OWN = ("unit", "period", "part", "place", "value", "numerator", "denominator")
BOARD = """
    create or replace table monitor_row (
        monitor varchar, unit varchar, period varchar, part varchar, place integer, value double, extra varchar)
"""
ORDERED = """
    create or replace table monitor_board as select * from monitor_row order by monitor, period, unit, place, part;
    drop table monitor_row
"""


@dataclass(frozen=True)
class Monitor:
    """One monitor, as its TOML file declares it.

    kind: money in yuan, share and index as fractions. parts: what a part is called by — its own text, a line of
    the document in yuan, a support item's id (empty: of none), or a firm's credit code (only for who may see firms);
    none where there is one value.
    detail: a template over ``extra``. missing: what to say where nothing is known. page: where its numbers are
    shown in depth, a page's name or none.
    """

    id: str
    order: int
    clause: str
    quote: str
    name: str
    basis: str
    formula: str
    kind: Kind
    unit: str
    measure: str
    parts: Parts
    detail: str
    missing: str
    page: str | None
    caveats: tuple[str, ...]
    parameters: dict[str, Any]
    ranking: Ranking | None

    @property
    def names_firms(self) -> bool:
        """Whether its rows are single firms."""
        return self.parts == "firm"


def load_monitors(policy: Policy) -> tuple[Monitor, ...]:
    """The monitors of a policy folder in the document's order; PolicyError on anything missing or unknown."""
    monitors = _load(policy.folder)
    numbers = {clause.number for clause in policy.document.clauses}
    for monitor in monitors:
        if monitor.clause not in numbers:
            raise PolicyError(
                f"monitors/{monitor.id}.toml 的 clause「{monitor.clause}」不在 document.toml 中，请改正。"
            )
        file = f"monitors/{monitor.id}.toml"
        require_categories(policy.folder, monitor.parameters.get("categories", ()), file)
        for name in monitor.parameters.get("industries", ()):
            if name not in leading(policy.folder):
                raise PolicyError(f"{file} 的产业「{name}」不在 industries.toml 中，请改正或补上。")
    return monitors


@functools.lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Monitor, ...]:
    monitors = (_monitor(path) for path in (folder / "monitors").glob("*.toml"))
    return tuple(sorted(monitors, key=lambda monitor: monitor.order))


def _monitor(path: Path) -> Monitor:
    name = f"monitors/{path.name}"
    monitor = record(Monitor, read_toml(path), name)
    if monitor.id != path.stem:
        raise PolicyError(f"{name} 的 id「{monitor.id}」与文件名不一致，请改成同名。")
    if monitor.ranking and sum(item.weight for item in monitor.ranking.criteria) != 100:
        raise PolicyError(f"{name} 的评价权重（weight）合计不是100，请改正。")
    return monitor


def monitor_steps(policy: Policy) -> dict[str, Step]:
    """What fills ``monitor_board``, one row per monitor × unit × month × part, each monitor as soon as it can be built.

    Some follow what was paid, so that all wait for the step ``support``.
    """
    each = {
        f"monitor {monitor.id}": Step(
            reading(measure_sql(monitor)[0]) | {"monitor_row", "support"},
            partial(_write_ranked if monitor.ranking else _write, monitor=monitor),
        )
        for monitor in load_monitors(policy)
    }
    begun, ended = (partial(_run, sql=sql) for sql in (BOARD, ORDERED))
    return {"monitor_row": Step(frozenset(), begun), **each, "monitor_board": Step(frozenset(each), ended)}


def _run(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    con.execute(sql)


def _write(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> None:
    """The monitor's rows of the board, as its SELECT gives them."""
    text, parameters = measure_sql(monitor)
    given = con.execute(f"select * from ({text}) limit 0", parameters).description or ()
    names = [column[0] for column in given]
    value = "value" if "value" in names else "cast(numerator as double) / nullif(denominator, 0)"
    extra = ", ".join(f"{name} := {_plain(name, sort)}" for name, sort, *_ in given if name not in OWN)
    con.execute(
        f"""insert into monitor_row
        select '{monitor.id}', unit, strftime(period, '%Y-%m'), {"coalesce(part, '')" if "part" in names else "''"},
            {"place" if "place" in names else "null"}, {value}, {f"to_json(struct_pack({extra}))" if extra else "'{}'"}
        from ({text}) as measured""",
        parameters,
    )


def _plain(name: str, sort: object) -> str:
    """A column as JSON takes it: amounts as numbers, days as text."""
    return f"cast({name} as double)" if str(sort).startswith("DECIMAL") else name


def _write_ranked(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> None:
    """The monitor's rows with the score, the place and the points that its criteria give them."""
    assert monitor.ranking
    rows = [
        (
            monitor.id,
            row["unit"],
            f"{row['period']:%Y-%m}",
            row.get("part") or "",
            row["place"],
            row["value"],
            json.dumps(
                {name: cell for name, cell in row.items() if name not in OWN},
                ensure_ascii=False,
                default=as_json,
            ),
        )
        for row in _scored(_measured(con, monitor), monitor.ranking)
    ]
    columns = ["monitor", "unit", "period", "part", "place", "value", "extra"]
    append(con, "monitor_row", pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None))


def ranked_in(con: duckdb.DuckDBPyConnection, monitor: Monitor, month: date) -> list[dict[str, Any]]:
    """Who takes part in the monitor's ranking in one month, with score, place and whether they are at its top."""
    assert monitor.ranking
    return _scored((row for row in _measured(con, monitor) if row["period"] == month), monitor.ranking)


def _measured(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> list[dict[str, Any]]:
    text, parameters = measure_sql(monitor)
    result = con.execute(text, parameters)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, cells, strict=True)) for cells in result.fetchall()]


def _scored(rows: Iterable[dict[str, Any]], ranking: Ranking) -> list[dict[str, Any]]:
    """The rows with score, place and whether they are at the top, each month judged on its own."""
    months: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        months[row["period"]].append(row)
    return [
        {**row, "value": result.score, "place": result.place, "top": result.top, "points": result.points}
        for month in months.values()
        for row, result in zip(month, evaluate(month, ranking), strict=True)
    ]
