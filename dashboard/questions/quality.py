"""What the page 数据质量 asks: rows in quarantine, agreement of the sources, holds, revisions.

What stands in single rows may name firms and is only for who may see rows, else Forbidden.
"""

import io
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard import store
from dashboard.identity import Viewer
from dashboard.questions.board import VALUES_TELLING, withheld
from dashboard.rights import may
from dashboard.store import Gate
from dashboard.watch import tell
from etl.diff import Change, compare
from etl.errors import SnapshotError
from etl.held import LOADED, Held, Loaded, noted, waiting
from etl.policy import Policy
from etl.quarantine import Fault
from etl.reconcile import COMPARED, Check, Comparison, summed_up
from etl.rehearse import Rehearsal
from etl.repair_book import export
from etl.snapshot import previous
from etl.sources import ALL
from etl.unread import NOT_READ

FAULTY_FILES = """
    select file_id, file_name, count(*) as rows
    from quarantine_row group by file_id, file_name order by rows desc, file_id
"""
FAULTS = """
    select file_name, sheet, "row", column_name, value, advice from quarantine
    where $1 = '' or cast(file_id as varchar) = $1 order by file_id, sheet, "row", column_name limit $2
"""
CONFIRMED = """
    select files.name, confirmation.hold, confirmation.reason, confirmation.confirmed_at
    from confirmation inner join files on files.file_id = confirmation.file_id
    order by confirmation.confirmed_at desc, confirmation.hold
"""
_LEDGERS = " union all ".join(f"select file_id from {item.table}" for item in ALL if item.period == "none")
LEFT_ASIDE = f"""
    select files.name, noted.said from files cross join unnest(string_split(files.notes, '；')) as noted (said)
    where contains(noted.said, '{NOT_READ}') and files.kind <> 'repair'
      and (file_id in (select file_id from coverage) or file_id in ({_LEDGERS}))
    order by file_id desc, noted.said
"""


@dataclass(frozen=True)
class LeftAside:
    """What was not read of a file that still stands: a column, a sheet."""

    file: str
    said: str


@dataclass(frozen=True)
class FaultyFile:
    """One file with rows in quarantine."""

    file_id: int
    name: str
    rows: int


@dataclass(frozen=True)
class Confirmed:
    """One hold that somebody confirmed. hold and reason may name firms: empty for who may not see rows."""

    file: str
    hold: str
    reason: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Revisions:
    """What changed since the snapshot ``before``."""

    before: str
    changes: tuple[Change, ...]


def faulty_files(gate: Gate) -> tuple[FaultyFile, ...]:
    """The files with rows in quarantine, the most rows first."""
    return tuple(FaultyFile(*row) for row in store.read(gate, FAULTY_FILES))


def faults_by_rule(gate: Gate) -> tuple[tuple[str, int], ...]:
    """How many cells broke each rule, the most first."""
    rows = store.read(gate, "select rule, count(*) from quarantine group by rule order by 2 desc, 1")
    return tuple((rule, count) for rule, count in rows)


def faults(gate: Gate, file: str, most: int) -> tuple[Fault, ...]:
    """The first faults of one file, by its number, or of all (empty), with the values that were found."""
    _require_rows(gate)
    return tuple(Fault(*row) for row in store.read(gate, FAULTS, file, most))


def repair_book(gate: Gate, policy: Policy, file: str) -> bytes:
    """The workbook of the quarantined rows of one file, by its number, or of all (empty); never kept."""
    _require_rows(gate)
    book = io.BytesIO()
    store.ask(gate, lambda con: export(con, book, policy, file))
    return book.getvalue()


def _require_rows(gate: Gate) -> None:
    store.require(gate.viewer, "rows")
    tell(store.QUARANTINE)


def left_aside(gate: Gate) -> tuple[LeftAside, ...]:
    """What files that stand hold and nobody read, the newest file first; nothing for who may not see what files say."""
    if not store.sees_rows(gate):
        return ()
    return tuple(LeftAside(*row) for row in store.read(gate, LEFT_ASIDE))


def checks(gate: Gate, period: str) -> list[Check]:
    """How far the sources agree in that month."""
    return summed_up(Comparison(*row) for row in store.read(gate, COMPARED, period))


def confirmed(gate: Gate) -> tuple[Confirmed, ...]:
    """The holds that were confirmed, newest first; their words only for who may see rows."""
    found = (Confirmed(*row) for row in store.read(gate, CONFIRMED))
    return tuple(item if store.sees_rows(gate) else replace(item, hold="", reason="") for item in found)


def held(gate: Gate) -> tuple[Held, ...]:
    """The files that wait to be confirmed, newest first; why only for who may see rows. Asked anew each time."""
    found = noted(gate.snapshot.path.parents[1])
    if not found:
        return ()
    left = waiting(found, (Loaded(*row) for row in store.read(gate, LOADED)))
    return tuple(item if store.sees_rows(gate) else replace(item, reasons=()) for item in left)


def revisions(gate: Gate) -> Revisions | None:
    """What changed since the snapshot before; None where there is none that can be read.

    Without a value that the viewer may not see in one of them.
    """
    return store.remember(gate, ("revisions",), lambda: _revisions(gate))


def _revisions(gate: Gate) -> Revisions | None:
    old = previous(gate.snapshot)
    if old is None:
        return None
    try:
        found = compare(old, gate.snapshot)
        return Revisions(old.id, tuple(_seen((Gate(old, gate.viewer), gate), item) for item in found))
    except SnapshotError:
        return None


def rehearsed(viewer: Viewer, policy: Policy, found: Rehearsal) -> Rehearsal:
    """What a load would do as the sender may see it: who sees no firms gets no value that may be few firms'.

    What few firms are is known of published snapshots alone, so all values of such measures are left out.
    """
    if found.changes is None or may(viewer, "all_firms"):
        return found
    return replace(found, changes=tuple(_without_amounts(policy, item) for item in found.changes))


def _without_amounts(policy: Policy, item: Change) -> Change:
    if policy.indicator(item.indicator).measure not in VALUES_TELLING or item.unit == policy.city.code:
        return item
    return replace(item, value_before=None, value_after=None)


def _seen(gates: tuple[Gate, Gate], item: Change) -> Change:
    if not any((item.unit, item.period) in withheld(gate, item.indicator) for gate in gates):
        return item
    return replace(item, value_before=None, value_after=None)
