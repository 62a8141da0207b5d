"""Run every measure, judge every value, write the scoreboard: what all pages and documents read.

Grain: one row per indicator × unit × month. Values leave the exact arithmetic only here, as the
DOUBLE columns that are shown; the status beside them was decided before.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import duckdb
import polars as pl

from etl import spans
from etl.marts import reading
from etl.policy import Indicator, Level, Policy
from etl.spans import OWN, Ratio
from etl.status import COLOUR, Verdict, judge, pace_at
from etl.warehouse import select

SPECIAL = ("unit", "period", "numerator", "denominator", "years", "target", "worst", "note")
SCHEMA = {
    "indicator": pl.String,
    "unit": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "target": pl.Float64,
    "pace": pl.Float64,
    "gap": pl.Float64,
    "status": pl.String,
    "note": pl.String,
    "since": pl.String,
    "deadline": pl.String,
    "extra": pl.String,
}
RANKED = """
create or replace table scoreboard as
with
ranked as (
    select
        board.indicator, board.unit, board.period,
        rank() over (
            partition by board.indicator, board.period
            order by case when direction.direction = '>=' then -board.value else board.value end
        ) as rank
    from board
    inner join unit on unit.unit = board.unit and unit.role = 'unit'
    inner join direction on direction.indicator = board.indicator
    where board.value is not null
)
select board.* exclude (deadline, extra), cast(ranked.rank as integer) as rank, board.deadline, board.extra
from board
left join ranked
    on ranked.indicator = board.indicator and ranked.unit = board.unit and ranked.period = board.period
order by board.indicator, board.period, board.unit
"""
UNIT_RANK = """
create or replace table unit_rank as
with
counted as (
    select
        board.unit, board.period,
        sum(case when board.status in ('met', 'on_pace', 'behind') then 1 else 0 end) as coloured,
        sum(case when board.status in ('met', 'on_pace') then 1 else 0 end) as green,
        sum(case when board.status = 'met' then 1 else 0 end) as met
    from scoreboard as board
    inner join unit on unit.unit = board.unit and unit.role = 'unit'
    group by board.unit, board.period
)
select
    unit, period, cast(coloured as integer) as coloured, cast(green as integer) as green, cast(met as integer) as met,
    case when coloured > 0 then cast(rank() over (
        partition by period, coloured > 0
        order by cast(green as double) / case when coloured > 0 then coloured end desc, met desc
    ) as integer) end as rank
from counted
order by period, rank, unit
"""


@dataclass(frozen=True)
class Measured:
    """One row that a measure's SELECT gives: exact inputs, and figures to show beside the value."""

    unit: str
    period: str
    ratios: dict[str, Ratio]
    note: str
    target: Fraction | None
    worst: Fraction | None
    extra: dict[str, Any]

    @property
    def zero_base(self) -> bool | None:
        """For growth from a base of zero: whether there is still nothing; None for every other value."""
        own = self.ratios[OWN]
        if own.years is None or own.years < 1 or own.denominator != 0 or own.numerator is None:
            return None
        return own.numerator == 0


def scoreboard_reads(policy: Policy) -> frozenset[str]:
    """The marts that the scoreboard is built from."""
    return reading("select period from mart_calendar", *(measure_sql(item)[0] for item in policy.indicators))


def build_scoreboard(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Fill ``scoreboard``, ``unit_rank`` and ``measured`` from the marts, for every month that the data covers."""
    own_targets = _county_targets(con)
    measured = {indicator.id: list(_measure(con, indicator)) for indicator in policy.indicators}
    rows = [
        row
        for indicator in policy.indicators
        for row in _judged(con, policy, indicator, measured[indicator.id], own_targets)
    ]
    board = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    direction = pl.DataFrame(
        {
            "indicator": [item.id for item in policy.indicators],
            "direction": [item.direction for item in policy.indicators],
        }
    )
    con.register("board", board)
    con.register("direction", direction)
    con.execute(RANKED)
    con.execute(UNIT_RANK)
    con.unregister("board")
    con.unregister("direction")
    _keep_parts(con, measured)


def _keep_parts(con: duckdb.DuckDBPyConnection, measured: dict[str, list[Measured]]) -> None:
    """The table ``measured``: one row per indicator × unit × month × span, exact."""
    rows = [
        (indicator, row.unit, row.period, span, ratio.numerator, ratio.denominator, ratio.years)
        for indicator, found in measured.items()
        for row in found
        for span, ratio in row.ratios.items()
    ]
    con.register("parts", pl.DataFrame(rows, schema=spans.SCHEMA, orient="row"))
    con.execute(
        "create or replace table measured as select * from parts order by indicator, span, period, unit"
    )
    con.unregister("parts")


class Measurable(Protocol):
    """What a SELECT measures: an indicator or a monitor."""

    @property
    def measure(self) -> str:
        """The SELECT's name."""

    @property
    def parameters(self) -> dict[str, Any]:
        """What the policy sets for it."""


def measure_sql(item: Measurable) -> tuple[str, dict[str, Any]]:
    """The item's SELECT, and of its parameters those that the SELECT names."""
    text = select(f"measures/{item.measure}")
    named = set(re.findall(r"\$(\w+)", text))
    return text, {key: value for key, value in item.parameters.items() if key in named}


def _judged(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    indicator: Indicator,
    rows: list[Measured],
    own_targets: dict[tuple[str, str], tuple[Fraction, str]],
) -> Iterator[tuple[Any, ...]]:
    """The scoreboard rows of one indicator, months ascending within a unit."""
    measured = {(row.unit, row.period): row for row in rows}
    periods = [
        row[0]
        for row in con.execute("select strftime(period, '%Y-%m') from mart_calendar order by 1").fetchall()
    ]
    for unit in policy.units:
        level = policy.level(indicator, unit.code)
        target: Fraction | None = Fraction(level.target) if isinstance(level.target, Decimal) else None
        if unit.role in ("zone", "unassigned"):
            target = None
        elif own := own_targets.get((indicator.id, unit.code)):
            target, level = own[0], replace(level, deadline=own[1])
        colour, since = None, ""
        for period in periods:
            row = measured.get((unit.code, period))
            verdict = _verdict(indicator, level, policy, period, row, target, measured, unit.code)
            if unit.role == "unassigned" and not verdict.value:
                continue
            if COLOUR[verdict.status] != colour:
                colour, since = COLOUR[verdict.status], period
            yield _row(indicator.id, unit.code, period, verdict, since, level.deadline, row)


def _verdict(
    indicator: Indicator,
    level: Level,
    policy: Policy,
    period: str,
    row: Measured | None,
    target: Fraction | None,
    measured: dict[tuple[str, str], Measured],
    unit: str,
) -> Verdict:
    if level.target == "measure":
        target = row.target if row else None
        if target is None:
            return Verdict("no_data", None, None, None, None, "缺少数据")
    value = row.ratios[OWN].value if row else None
    note = row.note if row else ""
    if row and row.zero_base is not None and target is not None:
        if row.zero_base:
            return Verdict("behind", None, target, None, None, "基期与本期均为零")
        return Verdict("no_data", None, target, None, None, "基期为零，已起步")
    start = measured.get((unit, level.baseline)) if level.baseline else None
    return judge(
        level,
        indicator.direction,
        period,
        value,
        target=target,
        baseline=start.ratios[OWN].value if start else None,
        parts_on_pace=_parts_on_pace(indicator, row, period),
        note=note,
    )


def _parts_on_pace(indicator: Indicator, row: Measured | None, period: str) -> bool:
    """Whether the worst part (park) keeps the pace that the county level sets for one."""
    part = indicator.county
    if row is None or row.worst is None or not isinstance(part.target, Decimal):
        return False
    pace = pace_at(part, indicator.direction, Fraction(part.target), None, period)
    return pace is not None and row.worst >= pace


def _measure(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> Iterator[Measured]:
    """The measure's rows, with what each value is made of."""
    text, parameters = measure_sql(indicator)
    result = con.execute(text, parameters)
    names = [column[0] for column in result.description or ()]
    for cells in result.fetchall():
        row = dict(zip(names, cells, strict=True))
        yield Measured(
            unit=row["unit"],
            period=f"{row['period']:%Y-%m}",
            ratios=dict(spans.ratios(row)),
            note=row.get("note") or "",
            target=_fraction(row.get("target")),
            worst=_fraction(row.get("worst")),
            extra={
                name: cell for name, cell in row.items() if name not in SPECIAL and not spans.is_span(name)
            },
        )


def _row(
    indicator: str, unit: str, period: str, verdict: Verdict, since: str, deadline: str, row: Measured | None
) -> tuple[Any, ...]:
    figures = (verdict.value, verdict.target, verdict.pace, verdict.gap)
    return (
        indicator,
        unit,
        period,
        *(None if figure is None else float(figure) for figure in figures),
        verdict.status,
        verdict.note,
        since,
        deadline,
        json.dumps(row.extra if row else {}, ensure_ascii=False, default=as_json),
    )


def _county_targets(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[Fraction, str]]:
    """The task force's targets by (indicator, unit): (target, deadline)."""
    rows = con.execute(
        'select indicator, unit, target, deadline from fact_county_targets order by file_id, "row"'
    )
    return {
        (indicator, unit): (Fraction(target), f"{deadline:%Y-%m}")
        for indicator, unit, target, deadline in rows.fetchall()
    }


def _fraction(cell: Any) -> Fraction | None:
    return None if cell is None else Fraction(cell)


def as_json(cell: Any) -> Any:
    """A cell that JSON has no word for: amounts as numbers, days as text."""
    return float(cell) if isinstance(cell, Decimal) else str(cell) if isinstance(cell, dt.date) else cell
