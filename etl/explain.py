"""From a number back to the document's words, the formula, the SELECT and the source rows."""

import datetime as dt
import re
from dataclasses import dataclass

import duckdb

from etl.errors import UserError
from etl.policy import Indicator, Policy
from etl.scoreboard import measure_sql
from etl.warehouse import first_row, select

SCOREBOARD_COLUMNS = ("indicator", "unit", "period", "value", "target", "pace", "gap", "status", "note")
EXPLAINED = (*SCOREBOARD_COLUMNS, "deadline")
# A row that came in by a repair is of the kind of the file that it mends. Whether it may be listed: of such a kind, and
# of no firm that was another unit's in its month.
ROWS = """
    from ({lineage}) as lineage
    inner join files on files.file_id = lineage.file_id
    left join repaired on repaired.file_id = lineage.file_id
        and repaired.sheet = lineage.sheet and repaired."row" = lineage."row"
    left join files as origin on origin.file_id = repaired.origin_file_id
"""
KIND = "coalesce(origin.kind, files.kind)"
LISTED = (
    f"(($every_kind or list_contains(cast($kinds as varchar[]), {KIND})) and (lineage.own or not $own_alone))"
)


@dataclass(frozen=True)
class Listed:
    """Which source rows may be listed; the others are counted. kinds: of these kinds of files, None for all.

    own_alone: of firms only those that were the unit's own in the row's month.
    """

    kinds: frozenset[str] | None = None
    own_alone: bool = False


ALL_ROWS = Listed()
# One row per file; those of its rows that may be listed come with it, as many as are wanted.
FILES = f"""
    select
        files.name, files.sha256, files.kind, files.label, count(*), count(*) filter (where not {LISTED}),
        arg_min(
            {{{{
                'sheet': lineage.sheet, 'row': lineage."row", 'label': coalesce(lineage.label, ''), 'figures': lineage.figures,
                'repaired': coalesce(
                    origin.name || if(origin_sheet = '', '', '「' || origin_sheet || '」') || '第' || origin_row || '行', ''
                ),
                'kind': {KIND}
            }}}},
            (lineage.sheet, lineage."row"), {{limit}}
        ) filter (where {LISTED})
    {{rows}}
    group by files.name, files.sha256, files.kind, files.label
"""


@dataclass(frozen=True)
class SourceRow:
    """One row of a loaded file that a number rests on. row: as the spreadsheet numbers it.

    repaired: of a row that came in by a repair, the file, sheet and row that it mends; else empty.
    kind: of the file that it stands in, or of the one that it mends.
    """

    file: str
    sha256: str
    sheet: str
    row: int
    label: str
    figures: str
    repaired: str
    kind: str


@dataclass(frozen=True)
class SourceFile:
    """One loaded file that a number rests on. rows: how many of its rows do; hidden: how many may not be listed."""

    name: str
    sha256: str
    kind: str
    label: str
    rows: int
    hidden: int


@dataclass(frozen=True)
class Explanation:
    """One scoreboard row with all that it rests on. rows: at most ``limit``; total_rows: all there are."""

    indicator: Indicator
    unit: str
    period: str
    value: float | None
    target: float | None
    pace: float | None
    gap: float | None
    status: str
    note: str
    deadline: str
    sql: str
    parameters: dict[str, object]
    rows: tuple[SourceRow, ...]
    total_rows: int


def explain(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    indicator: Indicator,
    unit: str,
    period: str,
    limit: int = 200,
) -> Explanation:
    """Explain one number; a unit or period that the scoreboard does not hold is a UserError."""
    row = first_row(
        con,
        f"select {', '.join(EXPLAINED)} from scoreboard where indicator = ? and unit = ? and period = ?",
        [indicator.id, unit, period],
    )
    if row is None:
        raise UserError(
            f"没有 {policy.unit(unit).name} {period} 的「{indicator.name}」，请核对月份和县市区代码。"
        )
    files, rows = sources(con, indicator, unit, period, limit)
    text, parameters = measure_sql(indicator)
    value, target, pace, gap, status, note, deadline = row[3:]
    return Explanation(
        indicator,
        unit,
        period,
        value,
        target,
        pace,
        gap,
        status,
        note,
        deadline,
        text,
        parameters,
        rows,
        sum(file.rows for file in files),
    )


def sources(
    con: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    unit: str,
    period: str,
    limit: int,
    listed: Listed = ALL_ROWS,
) -> tuple[tuple[SourceFile, ...], tuple[SourceRow, ...]]:
    """The files that a number rests on, those with the most rows first, and of the rows that may be listed the first.

    rows: at most ``limit``, by file, sheet and row. One query: to find the rows takes most of the time.
    """
    text, parameters = _lineage(indicator, unit, period, listed)
    found = con.execute(FILES.format(rows=text, limit=limit), parameters).fetchall()
    files = sorted((SourceFile(*row[:6]) for row in found), key=lambda file: (-file.rows, file.name))
    rows = [
        SourceRow(name, sha256, **row) for name, sha256, *_, first in sorted(found) for row in first or ()
    ]
    return tuple(files), tuple(rows[:limit])


def _lineage(indicator: Indicator, unit: str, period: str, listed: Listed) -> tuple[str, dict[str, object]]:
    """The source rows with their files, and the parameters that they and ``LISTED`` name."""
    text = select(f"lineage/{indicator.lineage}")
    known = {**indicator.parameters, "unit": unit, "period": dt.date(int(period[:4]), int(period[5:]), 1)}
    named = {name: known[name] for name in set(re.findall(r"\$(\w+)", text))}
    may = {
        "every_kind": listed.kinds is None,
        "kinds": sorted(listed.kinds or ()),
        "own_alone": listed.own_alone,
    }
    return ROWS.format(lineage=text), {**named, **may}
