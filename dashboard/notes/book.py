"""The only door to ``<data>/notes/annotations.sqlite``: who may read and write what, and the history of each.

The file holds versions and nothing else: every edit, completion and withdrawal is a new row with author, role
and time; triggers refuse changes and deletions. It belongs to no snapshot, so loads and rollbacks leave it be.
The task force writes and reads all, leaders read all, a county reads its own unit's and the city's, others none.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard import database
from dashboard.identity import Role, Viewer
from dashboard.notes.record import Annotation, Draft, NoteRefused, State, cleaned, concerns, said
from dashboard.store import Forbidden
from etl.errors import UserError
from etl.paths import data_folder
from etl.policy import load_policy
from etl.seen import kept

WRITERS: frozenset[Role] = frozenset({"task_force"})
READERS: frozenset[Role] = frozenset({"task_force", "leader", "county"})
COLUMNS = (
    "id, version, indicator, unit, period, cause, measure, due, responsible, state, author, role, written_at"
)
SCHEMA = """
create table if not exists version (
    id integer not null, version integer not null,
    indicator text not null, unit text not null, period text not null,
    cause text not null, measure text not null, due text, responsible text not null,
    state text not null check (state in ('open', 'done', 'withdrawn')),
    author text not null, role text not null, written_at text not null,
    primary key (id, version)
) strict;
create trigger if not exists never_changed before update on version
    begin select raise(abort, 'append only'); end;
create trigger if not exists never_deleted before delete on version
    begin select raise(abort, 'append only'); end;
"""


class Overtaken(UserError):
    """Somebody saved a newer version meanwhile; nothing was written. newest: that version; lost: what was not."""

    def __init__(self, newest: Annotation, lost: Draft | None) -> None:
        """Say whose version stands and what to do."""
        super().__init__(
            f"批注{newest.id}已由「{newest.author}」改成第{newest.version}版，您这次没有保存；"
            "下面显示的是最新内容，请在它的基础上再改。"
        )
        self.newest, self.lost = newest, lost


def may_write(viewer: Viewer) -> bool:
    """Whether the viewer may write, complete and withdraw annotations."""
    return viewer.role in WRITERS


def may_read(viewer: Viewer) -> bool:
    """Whether there are annotations that the viewer may read."""
    return viewer.role in READERS


def sees(viewer: Viewer, unit: str) -> bool:
    """Whether the viewer may read the annotations of that unit (the city's code: those of the city itself)."""
    own = unit in (viewer.unit, load_policy().document.city)
    return may_read(viewer) and (own or viewer.role != "county")


def annotations_for(
    viewer: Viewer,
    period: str,
    indicator: str = "",
    unit: str = "",
    *,
    as_of: datetime | None = None,
    data: Path | None = None,
) -> tuple[Annotation, ...]:
    """What concerns a month: the annotations of that month, and earlier ones that are still open.

    Each in its newest version, oldest month first, without the withdrawn ones, only those that the viewer may
    read (none for a role that reads none). indicator, unit: empty for all. as_of (with time zone): as the book
    stood then, so that a document made again says the same.
    """
    notes = annotations_until(viewer, period, indicator, unit, as_of=as_of, data=data)
    return tuple(note for note in notes if concerns(note, period))


def annotations_until(
    viewer: Viewer,
    period: str,
    indicator: str = "",
    unit: str = "",
    *,
    withdrawn: bool = False,
    as_of: datetime | None = None,
    data: Path | None = None,
) -> tuple[Annotation, ...]:
    """All annotations of that month and the months before it; otherwise like ``annotations_for``."""
    newest = {note.id: note for note in _versions(data) if as_of is None or note.written_at <= as_of}
    found = (
        note
        for note in newest.values()
        if note.period <= period
        and (not indicator or note.indicator == indicator)
        and (not unit or note.unit == unit)
        and (withdrawn or note.state != "withdrawn")
        and sees(viewer, note.unit)
    )
    return tuple(sorted(found, key=lambda note: (note.period, note.id)))


def history(viewer: Viewer, id: int, data: Path | None = None) -> tuple[Annotation, ...]:
    """Every version of one annotation, oldest first; empty for one that is not there or not for this viewer."""
    return tuple(note for note in _versions(data) if note.id == id and sees(viewer, note.unit))


def write(viewer: Viewer, draft: Draft, data: Path | None = None) -> Annotation:
    """Keep a new annotation. Raises Forbidden, or NoteRefused with what to change."""
    _require_writer(viewer)
    kept = cleaned(load_policy(), draft)
    with _writing(data) as con:
        (id,) = con.execute("select coalesce(max(id), 0) + 1 from version").fetchone()
        return _append(con, id, 1, kept, "open", viewer)


def revise(viewer: Viewer, id: int, seen: int, draft: Draft, data: Path | None = None) -> Annotation:
    """Keep a new text as the version after the one that was seen; Overtaken where there is a newer one."""
    _require_writer(viewer)
    kept = cleaned(load_policy(), draft)
    with _writing(data) as con:
        newest = _newest(con, id)
        if newest.version != seen:
            raise Overtaken(newest, kept)
        return _append(con, id, seen + 1, kept, newest.state, viewer)


def mark(viewer: Viewer, id: int, seen: int, state: State, data: Path | None = None) -> Annotation:
    """Complete, withdraw or reopen an annotation; Overtaken where there is a newer version than was seen."""
    _require_writer(viewer)
    with _writing(data) as con:
        newest = _newest(con, id)
        if newest.version != seen:
            raise Overtaken(newest, None)
        return _append(con, id, seen + 1, newest.draft, state, viewer)


def _require_writer(viewer: Viewer) -> None:
    if not may_write(viewer):
        raise Forbidden("只有工作专班可以写批注，当前账号只能查看。")


def _append(
    con: sqlite3.Connection, id: int, version: int, draft: Draft, state: State, viewer: Viewer
) -> Annotation:
    who: dict[str, Any] = {"author": viewer.name, "role": viewer.role, "written_at": datetime.now(UTC)}
    note = Annotation(**said(draft), **who, id=id, version=version, state=state)
    due = note.due.isoformat() if note.due else None
    text = (note.indicator, note.unit, note.period, note.cause, note.measure, due, note.responsible)
    row = (id, version, *text, state, note.author, note.role, note.written_at.isoformat())
    con.execute(f"insert into version ({COLUMNS}) values ({', '.join('?' * len(row))})", row)
    return note


def _newest(con: sqlite3.Connection, id: int) -> Annotation:
    query = f"select {COLUMNS} from version where id = ? order by version desc limit 1"
    row = con.execute(query, (id,)).fetchone()
    if row is None:
        raise NoteRefused(f"没有编号为{id}的批注，请刷新页面后重选。")
    return _annotation(row)


def _annotation(row: tuple[Any, ...]) -> Annotation:
    found = dict(zip(COLUMNS.split(", "), row, strict=True))
    found["due"] = date.fromisoformat(found["due"]) if found["due"] else None
    found["written_at"] = datetime.fromisoformat(found["written_at"])
    return Annotation(**found)


def _file(data: Path | None) -> Path:
    return data_folder(data) / "notes" / "annotations.sqlite"


def _versions(data: Path | None) -> tuple[Annotation, ...]:
    """All versions, in the order of writing."""
    path = _file(data)
    try:
        if not path.exists():
            return ()
        return _read(database.unchanged(path), path)
    except (sqlite3.Error, ValueError, OSError):
        raise UserError(
            "批注文件 notes/annotations.sqlite 无法读取，可能已损坏，请从备份恢复该文件；其余数据不受影响。"
        ) from None


@kept(4)
def _read(path: Path) -> tuple[Annotation, ...]:
    with database.reading(path) as con:
        if not con.execute("select count(*) from sqlite_master where name = 'version'").fetchone()[0]:
            return ()  # somebody is making it at this moment
        return tuple(_annotation(row) for row in con.execute(f"select {COLUMNS} from version order by rowid"))


@contextlib.contextmanager
def _writing(data: Path | None) -> Iterator[sqlite3.Connection]:
    """One transaction that no other writer can come between; nothing is kept when it raises."""
    path = _file(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with database.writing(path, SCHEMA) as con:
            yield con
    except (sqlite3.Error, OSError):
        raise UserError(f"批注没有保存：文件 {path} 无法写入，请检查磁盘空间和权限后再试。") from None
