"""What a load would do, without doing it: the report, the cells it would quarantine, the lights it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl import snapshot
from etl.diff import Change, compare
from etl.layout import Hints
from etl.load import Options, Report, apply_files, changes, finish
from etl.policy import load_policy
from etl.snapshot import Snapshot
from etl.warehouse import count

MOST_FAULTS = 200
FAULTS = """
    select file_name, sheet, "row", column_name, value, advice from quarantine
    where file_id > ? order by file_id, sheet, "row", column_name limit ?
"""


@dataclass(frozen=True)
class Fault:
    """One faulty cell, or row where column is empty. value: as it stands in the file; may name a firm."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    advice: str


@dataclass(frozen=True)
class Rehearsal:
    """What loading some files would do to the snapshot ``base`` ("" for none).

    faults: of those files, the first MOST_FAULTS. changes: of the scoreboard, all rows; None where there is
    nothing to load, or nothing to compare with.
    """

    base: str
    report: Report
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...] | None


def rehearse(data: Path, files: Sequence[tuple[Path, Hints]], options: Options) -> Rehearsal:
    """Load the files into a copy of the published snapshot that is thrown away afterwards."""
    policy = load_policy()
    with snapshot.lock(data), snapshot.building(data) as path:
        base = snapshot.current(data)
        with duckdb.connect(str(path)) as con:
            newest = _newest_file(con)
            report = Report(apply_files(con, policy, files, options), None)
            faults = tuple(Fault(*row) for row in con.execute(FAULTS, [newest, MOST_FAULTS]).fetchall())
            if different := base is not None and changes(report.files):
                finish(con, policy, "")
        changed = tuple(compare(base, Snapshot("", path, ""))) if base and different else None
    return Rehearsal(base.id if base else "", report, faults, changed)


def _newest_file(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest file that is loaded, 0 where none is."""
    tables = "select count(*) from information_schema.tables where table_name = 'files'"
    return count(con, "select coalesce(max(file_id), 0) from files") if count(con, tables) else 0
