"""Files in, one new snapshot out: the only way that anything becomes visible.

A load copies the published snapshot, applies each file in a transaction of its own, rebuilds marts
and scoreboard, and publishes. A file that is refused changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from etl import held, raw, snapshot
from etl.apply import FileResult, Options, apply_file
from etl.engine import engine
from etl.errors import SnapshotError, UserError
from etl.layout import Hints
from etl.marts import Step, build_marts
from etl.monitors import monitor_steps
from etl.outdated import RULES, outdated, rules_digest
from etl.policy import Policy, load_policy
from etl.scoreboard import build_scoreboard, scoreboard_reads
from etl.snapshot import Snapshot
from etl.sources import BY_KIND
from etl.support.tables import build_support, support_reads
from etl.warehouse import (
    SCHEMA_VERSION,
    count,
    create_tables,
    first_row,
    month_text,
    prepare,
    refresh_reference,
    require_city,
    require_version,
    set_meta,
)

SUFFIXES = {".csv", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".et", ".txt", ".tsv", ".psv"}


@dataclass(frozen=True)
class Report:
    """What became of a load. snapshot: the new one, None where nothing was published."""

    files: tuple[FileResult, ...]
    snapshot: Snapshot | None

    @property
    def exit_code(self) -> int:
        """0 all good, 1 rows quarantined, 2 a file refused."""
        if any(file.refused for file in self.files):
            return 2
        return 1 if any(file.quarantined for file in self.files) else 0


def load(
    data: Path,
    files: Sequence[tuple[Path, Hints]],
    options: Options,
    progress: Callable[[str], None] = lambda stage: None,
) -> Report:
    """Load files into a new snapshot and publish it, unless nothing changed or ``publish`` is off.

    Files that are all known already, or none at all, are published anew where the rules are others than the snapshot's.

    ``progress`` is told the name of each file as its turn comes, then 计算 and 发布.
    """
    policy = load_policy()
    engine()  # before files are read in vain
    with snapshot.lock(data), snapshot.building(data) as path, raw.keeping(data) as keeper:
        _require_base(data, options.base)
        with duckdb.connect(str(path)) as con:
            begun = keeper.begin if options.publish else lambda file: None
            results = apply_files(con, policy, files, options, progress, begun)
            refused = any(result.refused for result in results)
            if options.publish:
                held.note(data, _held(files, results))
            said = dict(
                con.execute("select key, value from meta").fetchall()
            )  # nothing before the first load
            new = changes(results) or (said and not refused and outdated(said, policy))
            if not options.publish or not new or (options.strict and refused):
                return Report(results, None)
            progress("计算")
            id = snapshot.new_id(data)
            finish(con, policy, id)
            came = zip(files, results, strict=True)
            keeper.keep(id, ((file, result.sha256) for (file, _), result in came if result.taken))
        progress("发布")
        return Report(results, snapshot.publish(data, path, id))


def apply_files(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    files: Sequence[tuple[Path, Hints]],
    options: Options,
    progress: Callable[[str], None] = lambda stage: None,
    begun: Callable[[Path], None] = lambda file: None,
) -> tuple[FileResult, ...]:
    """Put each file into a snapshot that is being built, whole or not at all; its marts are not built anew.

    ``progress`` and ``begun`` are told of each file: as its turn comes, and once it proves to be a new one.
    """
    prepare(con)
    require_version(con)
    require_city(con, policy)
    create_tables(con)
    results = []
    for file, hints in files:
        progress(file.name)
        results.append(apply_file(con, policy, file, hints, options, begun))
    return tuple(results)


def changes(results: Sequence[FileResult]) -> bool:
    """Whether there is anything to publish."""
    return any(result.taken for result in results)


def _held(files: Sequence[tuple[Path, Hints]], results: Sequence[FileResult]) -> Iterator[held.Held]:
    for (file, _), result in zip(files, results, strict=True):
        if result.held:
            label = BY_KIND[result.kind].label
            yield held.Held(
                file.name,
                snapshot.digest(file),
                result.kind,
                label,
                result.covers,
                result.held,
                dt.datetime.now(),
            )


def _require_base(data: Path, base: str | None) -> None:
    now = snapshot.current(data)
    if base is not None and base != (now.id if now else ""):
        raise SnapshotError("检查之后数据已有更新，请重新检查再发布。")


def expand(paths: Sequence[Path]) -> list[Path]:
    """Files as given, folders as the table files in them, by name; lock files and hidden ones left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.is_file())
            found += [
                p for p in inside if p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~$"))
            ]
        elif path.exists():
            found.append(path)
        else:
            raise UserError(f"找不到 {path}，请核对路径。")
    if not found:
        raise UserError("没有找到可加载的文件（csv、xlsx、xls、ods 等），请核对路径。")
    return found


def finish(con: duckdb.DuckDBPyConnection, policy: Policy, id: str) -> None:
    """Everything that follows from the facts: reference tables, marts, scoreboard, support, monitors, meta."""
    refresh_reference(con, policy)
    steps = {
        "scoreboard": Step(scoreboard_reads(policy), partial(build_scoreboard, policy=policy)),
        "support": Step(support_reads(), partial(build_support, policy=policy)),
        **monitor_steps(policy),
    }
    build_marts(con, steps)
    set_meta(
        con,
        snapshot=id,
        created_at=dt.datetime.now().isoformat(timespec="seconds"),
        policy=policy.document.id,
        schema_version=SCHEMA_VERSION,
        latest_period=_latest_period(con),
        **{RULES: rules_digest(policy.folder)},
        demo="true" if count(con, "select count(*) from files where demo") else "false",
    )
    con.execute("checkpoint")


def _latest_period(con: duckdb.DuckDBPyConnection) -> str:
    """The newest month of trade; of any source where no trade was loaded."""
    row = first_row(
        con,
        """select coalesce(
            (select max(period) from coverage where kind in ('county_month', 'firm_month', 'declarations')),
            (select max(period) from mart_calendar))""",
    )
    return month_text(row[0] if row else None)


def with_hints(paths: Sequence[Path], hints: Hints) -> Iterator[tuple[Path, Hints]]:
    """Each file with the same statements of the user."""
    return ((path, hints) for path in paths)
