"""The audit log: who did what and when, append-only and chained, in ``audit.sqlite`` beside the accounts.

Each entry holds the keyed SHA-256 over the entry before and itself, so that a change, a deletion or an insertion in
between shows; what is cut off, removed or written anew shows against the newest entry that the accounts' file knows
(``seal``), or that somebody noted. Entries are kept for 365 days; older ones leave from the front, and what the chain
then begins with is kept, sealed with the key, as its anchor.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard import database
from dashboard.access import seal
from dashboard.access.seal import START, Head
from dashboard.access.vault import access_folder, private_file, writing
from etl.errors import UserError

KEPT = timedelta(days=365)
COLUMNS = "number, at, action, name, role, detail, hash"
SCHEMA = """
create table if not exists entry (
    number integer primary key, at text not null, action text not null, name text not null, role text not null,
    detail text not null, hash text not null
) strict;
create table if not exists anchor (number integer not null, hash text not null) strict;
create table if not exists anchor_seal (mac text not null) strict;
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
    """Whether the chain holds. broken: the first number that does not fit, or None; head: the newest entry's.

    unknown: whether an entry was noted that has left since, so that it cannot be compared.
    """

    entries: int
    broken: int | None
    head: tuple[int, str]
    unknown: bool = False


def record(data: Path, entry: Entry) -> None:
    """Append; UserError where it cannot be written, so that what must be logged does not happen unlogged."""
    if seal.head(data) is None:
        with writing(data) as known, _log(data) as con:
            _take_over(data, known, con)
    # The accounts' file is held meanwhile, so that writers come one by one. The log is on the disk before the file
    # knows of it: a crash in between leaves what is known one entry behind, and that stands in the chain.
    with writing(data) as known:
        with _log(data) as con:
            head = seal.known_head(known) or Head(0, START, 1)
            secret, now = seal.made_key(data), datetime.now(UTC)
            _forget(con, secret, (now - KEPT).isoformat(timespec="seconds"))
            newest = _append(con, secret, head, entry, now.isoformat(timespec="milliseconds"))
        seal.remember(known, newest)


@contextlib.contextmanager
def _log(data: Path) -> Iterator[sqlite3.Connection]:
    """The log for one transaction, on the disk when it ends."""
    path = access_folder(data) / "audit.sqlite"
    try:
        private_file(path)
        with database.writing(path, SCHEMA) as con:
            yield con
    except (sqlite3.Error, OSError):
        raise UserError(f"审计记录 {path} 无法写入，本次操作没有进行；请检查磁盘空间和权限后再试。") from None


def _take_over(data: Path, known: sqlite3.Connection, con: sqlite3.Connection) -> None:
    """From the next entry on hashes are keyed; what a log holds already is known from now on."""
    if seal.known_head(known):
        return
    number, last = _newest(con)
    secret, anchor = seal.made_key(data), _anchor(con)
    if anchor[0]:
        _seal_anchor(con, secret, anchor)
    seal.remember(known, Head(number, last, number + 1))


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
    head = seal.head(data)  # before the log is read, which may grow meanwhile
    marks = [item for item in (noted, (head.number, head.hash) if head else None) if item and item[0]]
    with _reading(data) as con:
        if con is None:
            return Verdict(0, 1 if marks else None, (0, START))
        anchor, secret = _anchor(con), seal.key(data)
        if anchor[0] and head and _sealed(con) != seal.chained(secret, *anchor):
            return Verdict(0, anchor[0], (0, START))
        rows = con.execute(f"select {COLUMNS} from entry order by number")
        found = _walked(anchor, (_logged(row) for row in rows), marks, head, secret)
    unknown = noted is not None and 0 < noted[0] < anchor[0]
    return replace(found, unknown=unknown and found.broken is None)


def _walked(
    anchor: tuple[int, str],
    chain: Iterable[Logged],
    marks: Iterable[tuple[int, str]],
    head: Head | None,
    secret: bytes,
) -> Verdict:
    number, last = anchor
    wrong = [mark for mark in marks if mark[0] == number and mark[1] != last]
    if wrong:
        return Verdict(0, number, anchor)
    count = 0
    for item in chain:
        keyed = head is not None and item.number >= head.keyed_from
        fits = item.number == number + 1 and item.hash == _hash(
            secret if keyed else b"", last, item.number, item.at, item
        )
        if not fits or any(mark[0] == item.number and mark[1] != item.hash for mark in marks):
            return Verdict(count, number + 1, (number, last))
        number, last, count = item.number, item.hash, count + 1
    cut = any(mark[0] > number for mark in marks)
    return Verdict(count, number + 1 if cut else None, (number, last))


def _append(con: sqlite3.Connection, secret: bytes, head: Head, entry: Entry, at: str) -> Head:
    """The new entry, chained to the newest that is known of: where the log lacks that, the gap stays to be seen."""
    number, last = max(_newest(con), (head.number, head.hash), key=lambda newest: newest[0])
    hashed = _hash(secret, last, number + 1, at, entry)
    row = (number + 1, at, entry.action, entry.name, entry.role, _said(entry.detail), hashed)
    con.execute(f"insert into entry ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)", row)
    return Head(number + 1, hashed, head.keyed_from)


def _newest(con: sqlite3.Connection) -> tuple[int, str]:
    row = con.execute("select number, hash from entry order by number desc limit 1").fetchone()
    return row or _anchor(con)


def _anchor(con: sqlite3.Connection) -> tuple[int, str]:
    return con.execute("select number, hash from anchor").fetchone() or (0, START)


def _sealed(con: sqlite3.Connection) -> str:
    table = con.execute("select 1 from sqlite_master where name = 'anchor_seal'").fetchone()
    row = con.execute("select mac from anchor_seal").fetchone() if table else None
    return str(row[0]) if row else ""


def _seal_anchor(con: sqlite3.Connection, secret: bytes, anchor: tuple[int, str]) -> None:
    con.execute("delete from anchor_seal")
    con.execute("insert into anchor_seal values (?)", (seal.chained(secret, *anchor),))


def _forget(con: sqlite3.Connection, secret: bytes, before: str) -> None:
    """Let what is too old go from the front, and keep what the rest is chained to.

    An entry that a wrong clock dated back goes when all before it have gone, and takes no younger one along.
    """
    row = con.execute(
        """select number, hash from entry
        where number < coalesce((select min(number) from entry where at >= ?), 9223372036854775807)
        order by number desc limit 1""",
        (before,),
    ).fetchone()
    if row:
        con.execute("delete from anchor")
        con.execute("insert into anchor values (?, ?)", row)
        _seal_anchor(con, secret, row)
        con.execute("delete from entry where number <= ?", (row[0],))


def _hash(secret: bytes, last: str, number: int, at: str, entry: Entry) -> str:
    return seal.chained(secret, last, number, at, entry.action, entry.name, entry.role, _said(entry.detail))


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
