"""The only door to ``accounts.sqlite``: its folder, its tables, and transactions on it.

Folder and file are the owner's alone (700, 600). ``TRADE_KPI_ACCESS`` puts the folder elsewhere, such as on a
disk of its own; else it is ``access/`` in the data folder.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from dashboard import database
from etl.errors import UserError

SCHEMA = """
create table if not exists account (
    name text primary key, role text not null, unit text, secret text not null,
    must_change integer not null, disabled integer not null, created_at integer not null
) strict;
create table if not exists failure (
    name text primary key, failures integer not null, last_at integer not null, locked_until integer not null
) strict;
create table if not exists session (
    key text primary key, name text not null, opened_at integer not null, seen_at integer not null
) strict;
create table if not exists audit_head (
    number integer not null, hash text not null, keyed_from integer not null
) strict;
"""


def access_folder(data: Path) -> Path:
    """Where accounts, secrets and the audit log of that data folder lie."""
    return Path(os.environ.get("TRADE_KPI_ACCESS") or data / "access")


def accounts_file(data: Path) -> Path:
    """The file of accounts and sessions, be it there or not."""
    return access_folder(data) / "accounts.sqlite"


def private_folder(data: Path) -> Path:
    """The same, made for its owner alone where it is not there yet."""
    folder = access_folder(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def private_file(path: Path) -> None:
    """Make an empty file that nobody but its owner may read, where there is none."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextlib.contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to read with; None where no account was ever made."""
    path = accounts_file(data)
    if not path.exists():
        yield None
        return
    try:
        with database.reading(path) as con:
            yield con
    except sqlite3.Error:
        raise _broken(path) from None


@contextlib.contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """One transaction that no other writer comes between; nothing is kept when it raises."""
    path = accounts_file(data)
    try:
        private_folder(data)
        private_file(path)
        with database.writing(path, SCHEMA) as con:
            yield con
    except (sqlite3.Error, OSError):
        raise _broken(path) from None


def _broken(path: Path) -> UserError:
    return UserError(f"账号文件 {path} 无法读写，请检查权限和磁盘空间，或从备份恢复该文件。")
