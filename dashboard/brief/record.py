"""The only door to ``<data>/brief/made.sqlite``: which brief was made when, by whom, from which snapshot.

Rows are only ever added; triggers refuse changes and deletions. A brief's row holds all that its bytes depend on
beside snapshot, annotations and program, so that it can be made again; its snapshot is kept for good.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.brief.request import Request
from dashboard.identity import Viewer
from etl.errors import UserError
from etl.snapshot import Snapshot, age, pin

SCHEMA = """
create table if not exists brief (
    id integer primary key, made_at text not null, maker text not null, role text not null,
    snapshot text not null, variant text not null, unit text not null, indicator text not null,
    period text not null, request text not null, stands_on text not null,
    compared integer references brief (id)
) strict;
create table if not exists file (
    brief integer not null references brief (id), format text not null, sha256 text not null,
    primary key (brief, format, sha256)
) strict;
create trigger if not exists brief_never_changed before update on brief
    begin select raise(abort, 'append only'); end;
create trigger if not exists brief_never_deleted before delete on brief
    begin select raise(abort, 'append only'); end;
create trigger if not exists file_never_changed before update on file
    begin select raise(abort, 'append only'); end;
create trigger if not exists file_never_deleted before delete on file
    begin select raise(abort, 'append only'); end;
"""
COLUMNS = "id, made_at, maker, role, snapshot, request, stands_on, compared"
WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Making:
    """One brief as it was made. made_at: with time zone. compared: the number of the brief before, or None.

    stands_on: what its words depend on beside snapshot and request: a checksum of annotations and template.
    """

    id: int
    made_at: datetime
    maker: str
    role: str
    snapshot: str
    request: Request
    stands_on: str
    compared: int | None


def file(data: Path) -> Path:
    """Where the record lies."""
    return data / "brief" / "made.sqlite"


def all_makings(data: Path) -> tuple[Making, ...]:
    """Every brief that was made, oldest first."""
    if not file(data).exists():
        return ()
    with _opened(data) as con:
        return tuple(_making(row) for row in con.execute(f"select {COLUMNS} from brief order by id"))


def sums(data: Path, id: int) -> dict[str, str]:
    """The checksums of a brief's files by format; of one written by several versions of the program the last."""
    with _opened(data) as con:
        rows = con.execute("select format, sha256 from file where brief = ? order by rowid", (id,))
        return dict(rows.fetchall())


def find(data: Path, id: int) -> Making:
    """The brief of that number; a number nobody gave is a UserError."""
    for making in all_makings(data):
        if making.id == id:
            return making
    raise UserError(f"没有编号为 {id} 的简报，请用 trade-kpi brief --list 查看已制作的简报。")


def same(data: Path, viewer: Viewer, snapshot: Snapshot, request: Request, stands_on: str) -> Making | None:
    """The newest brief that the same person made of the same; stands_on empty: whatever it stood on."""
    found = [
        making
        for making in all_makings(data)
        if (making.snapshot, making.request) == (snapshot.id, request)
        and (making.maker, making.role) == (viewer.name, viewer.role)
        and stands_on in ("", making.stands_on)
    ]
    return found[-1] if found else None


def last_before(data: Path, snapshot: Snapshot, request: Request) -> Making | None:
    """The brief of the same kind and place that came before: of an earlier month, or of an older snapshot."""
    here = (request.period, age(snapshot.id))
    found = [
        (at, making.id, making)
        for making in all_makings(data)
        if _scope(making.request) == _scope(request)
        and (at := (making.request.period, age(making.snapshot))) < here
    ]
    return max(found, key=lambda item: item[:2])[2] if found else None


def keep(
    data: Path,
    viewer: Viewer,
    snapshot: Snapshot,
    request: Request,
    made_at: datetime,
    stands_on: str,
    compared: int | None,
) -> Making:
    """Write a new brief down; its snapshot is pinned first, so that it can be made again."""
    pin(data, snapshot.id)
    row = (
        *(made_at.isoformat(), viewer.name, viewer.role, snapshot.id),
        *(request.variant, request.unit, request.indicator, request.period),
        *(request.text(), stands_on, compared),
    )
    with _opened(data) as con, con:
        names = (
            "made_at, maker, role, snapshot, variant, unit, indicator, period, request, stands_on, compared"
        )
        cursor = con.execute(f"insert into brief ({names}) values ({', '.join('?' * len(row))})", row)
        id = int(cursor.lastrowid or 0)
    return Making(id, made_at, viewer.name, viewer.role, snapshot.id, request, stands_on, compared)


def written(data: Path, id: int, format: str, sha256: str) -> None:
    """Note a file of a brief; the same file again is no news."""
    with _opened(data) as con, con:
        con.execute("insert or ignore into file values (?, ?, ?)", (id, format, sha256))


def _scope(request: Request) -> tuple[str, str, str]:
    return request.variant, request.unit, request.indicator


def _making(row: tuple[Any, ...]) -> Making:
    id, made_at, maker, role, snapshot, request, stands_on, compared = row
    asked = json.loads(request)
    asked["sections"] = tuple(asked["sections"])
    when = datetime.fromisoformat(made_at)
    return Making(id, when, maker, role, snapshot, Request(**asked), stands_on, compared)


@contextlib.contextmanager
def _opened(data: Path) -> Iterator[sqlite3.Connection]:
    path = file(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as con:
            con.executescript(SCHEMA)
            yield con
    except (sqlite3.Error, OSError, ValueError):
        raise UserError(
            f"简报记录 {path} 不能读写，请检查磁盘空间和权限，或从备份恢复该文件；其余数据不受影响。"
        ) from None
