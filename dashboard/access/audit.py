"""The audit log: who did what and when, append-only and chained, in ``audit.sqlite`` beside the accounts.

Each entry holds the SHA-256 over the entry before and itself, so that a change, a deletion or an insertion in between
shows. What is cut off at the end shows against a number and hash that were noted before (``head``). Entries are
kept for 365 days; older ones leave from the front, and what the chain then begins with is kept as its anchor.
"""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard import database
from dashboard.access.vault import access_folder, private_file, private_folder
from etl.errors import UserError

KEPT = timedelta(days=365)
COLUMNS = "number, at, action, name, role, detail, hash"
START = "0" * 64
SCHEMA = """
create table if not exists entry (
    number integer primary key, at text not null, action text not null, name text not null, role text not null,
    detail text not null, hash text not null
) strict;
create table if not exists anchor (number integer not null, hash text not null) strict;
create trigger if not exists never_changed before update on entry
    begin select raise(abort, 'append only'); end;
create trigger if not exists never_deleted before delete on entry
    when old.at > strftime('%Y-%m-%dT%H:%M:%S', 'now', '-365 days')
    begin select raise(abort, 'append only'); end;
"""


@dataclass(frozen=True)
class Entry:
    """What somebody did. name, role: whose; detail: names and values that tell of what."""

    action: str
    name: str
    role: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Logged(Entry):
    """An entry in the log. number: counts from 1 without a gap; at: UTC, ISO 8601."""

    number: int = 0
    at: str = ""
    hash: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds. broken: the first number that does not fit, or None; head: the newest entry's."""

    entries: int
    broken: int | None
    head: tuple[int, str]


def record(data: Path, entry: Entry) -> None:
    """Append; UserError where it cannot be written, so that what must be logged does not happen unlogged."""
    path = access_folder(data) / "audit.sqlite"
    try:
        private_folder(data)
        private_file(path)
        with database.writing(path, SCHEMA, synchronous="normal") as con:
            now = datetime.now(UTC)
            _forget(con, (now - KEPT).isoformat(timespec="seconds"))
            _append(con, entry, now.isoformat(timespec="milliseconds"))
    except (sqlite3.Error, OSError):
        raise UserError(f"审计记录 {path} 无法写入，本次操作没有进行；请检查磁盘空间和权限后再试。") from None


def entries(data: Path, most: int, action: str = "", name: str = "") -> tuple[Logged, ...]:
    """The newest entries first; action, name: only of these, empty for all."""
    query = f"select {COLUMNS} from entry where (? = '' or action = ?) and (? = '' or name = ?) order by number desc"
    with _reading(data) as con:
        rows = con.execute(f"{query} limit ?", (action, action, name, name, most)).fetchall() if con else []
    return tuple(_logged(row) for row in rows)


def actions(data: Path) -> tuple[str, ...]:
    """The kinds of entries that there are."""
    with _reading(data) as con:
        rows = con.execute("select distinct action from entry order by 1").fetchall() if con else []
    return tuple(row[0] for row in rows)


def local(at: str) -> str:
    """A time of the log as the clock of this machine showed it, to the second."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"


def verify(data: Path, noted: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain; noted: number and hash that an earlier walk ended with, which must still stand in it."""
    with _reading(data) as con:
        if con is None:
            return Verdict(0, noted[0] if noted else None, (0, START))
        anchor = con.execute("select number, hash from anchor").fetchone() or (0, START)
        return _walked(
            anchor,
            (_logged(row) for row in con.execute(f"select {COLUMNS} from entry order by number")),
            noted,
        )


def _walked(anchor: tuple[int, str], chain: Iterable[Logged], noted: tuple[int, str] | None) -> Verdict:
    number, last = anchor
    count = 0
    for item in chain:
        fits = item.number == number + 1 and item.hash == _hash(last, item.number, item.at, item)
        if not fits or (noted and noted[0] == item.number and noted[1] != item.hash):
            return Verdict(count, number + 1, (number, last))
        number, last, count = item.number, item.hash, count + 1
    cut = noted is not None and noted[0] > number
    return Verdict(count, number + 1 if cut else None, (number, last))


def _append(con: sqlite3.Connection, entry: Entry, at: str) -> None:
    newest = "select number, hash from entry union all select number, hash from anchor order by number desc limit 1"
    number, last = con.execute(newest).fetchone() or (0, START)
    chained = _hash(last, number + 1, at, entry)
    row = (number + 1, at, entry.action, entry.name, entry.role, _said(entry.detail), chained)
    con.execute(f"insert into entry ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)", row)


def _forget(con: sqlite3.Connection, before: str) -> None:
    """Let what is too old go, and keep what the rest is chained to."""
    row = con.execute(
        "select number, hash from entry where at < ? order by number desc limit 1", (before,)
    ).fetchone()
    if row:
        con.execute("delete from anchor")
        con.execute("insert into anchor values (?, ?)", row)
        con.execute("delete from entry where number <= ?", (row[0],))


def _hash(last: str, number: int, at: str, entry: Entry) -> str:
    said = json.dumps([last, number, at, entry.action, entry.name, entry.role, _said(entry.detail)])
    return hashlib.sha256(said.encode()).hexdigest()


def _said(detail: Mapping[str, str]) -> str:
    return json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)


def _logged(row: tuple[int, str, str, str, str, str, str]) -> Logged:
    number, at, action, name, role, detail, chained = row
    return Logged(action, name, role, json.loads(detail), number, at, chained)


@contextlib.contextmanager
def _reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    path = access_folder(data) / "audit.sqlite"
    if not path.exists():
        yield None
        return
    try:
        with database.reading(path) as con:
            yield con
    except (sqlite3.Error, ValueError):
        raise UserError(f"审计记录 {path} 无法读取，可能已损坏，请保留原件并联系系统管理员。") from None
