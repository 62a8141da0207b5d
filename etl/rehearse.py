"""What a load would do, without doing it: the report, what it would quarantine, the lights it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl import snapshot
from etl.apply import Options
from etl.diff import Change, compare
from etl.layout import Hints
from etl.load import Report, apply_files, changes, finish
from etl.policy import load_policy
from etl.quarantine import Fault
from etl.reconcile import Agreement, agreements
from etl.snapshot import Snapshot
from etl.warehouse import count, first_row

MOST_FAULTS = 200
FAULTS = """
    select file_name, sheet, "row", column_name, value, advice from quarantine
    where file_id > ? order by file_id, sheet, "row", column_name limit ?
"""
RULES = "select rule, count(*) from quarantine where file_id > ? group by rule order by 2 desc, 1"


@dataclass(frozen=True)
class Rehearsal:
    """What loading some files would do to the snapshot ``base`` ("" for none).

    faults: of those files, the first MOST_FAULTS. rules: how many cells break each, the most first; rows that a
    repair leaves in quarantine stand in neither, they stay with the file they came in. period: the newest month
    then, and how far its sources agree. changes: of the scoreboard, all rows; None where nothing would be loaded,
    or there is nothing to compare with.
    """

    base: str
    report: Report
    faults: tuple[Fault, ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    period: str = ""
    agreements: tuple[Agreement, ...] = ()
    changes: tuple[Change, ...] | None = None


def rehearse(data: Path, files: Sequence[tuple[Path, Hints]], options: Options) -> Rehearsal:
    """Load the files into a copy of the published snapshot that is thrown away afterwards."""
    policy = load_policy()
    with snapshot.lock(data), snapshot.building(data) as path:
        base = snapshot.current(data)
        id = base.id if base else ""
        with duckdb.connect(str(path)) as con:
            newest = _newest_file(con)
            report = Report(apply_files(con, policy, files, options), None)
            if not changes(report.files):
                return Rehearsal(id, report)
            faults = tuple(Fault(*row) for row in con.execute(FAULTS, [newest, MOST_FAULTS]).fetchall())
            rules = tuple(con.execute(RULES, [newest]).fetchall())
            finish(con, policy, "")
            period = _period(con)
            agreed = agreements(con, period)
        changed = tuple(compare(base, Snapshot("", path, ""))) if base else None
    return Rehearsal(id, report, faults, rules, period, agreed, changed)


def _newest_file(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest file that is loaded, 0 where none is."""
    tables = "select count(*) from information_schema.tables where table_name = 'files'"
    return count(con, "select coalesce(max(file_id), 0) from files") if count(con, tables) else 0


def _period(con: duckdb.DuckDBPyConnection) -> str:
    row = first_row(con, "select value from meta where key = 'latest_period'")
    return str(row[0]) if row else ""
