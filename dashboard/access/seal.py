"""What the audit log is checked against: its key, and its newest entry as it was last written.

The key lies in ``audit-key`` (mode 600), the newest entry's number and hash in ``accounts.sqlite``: so a log that is cut
off, removed or written anew shows without anything having been noted down. A log of before there was a key keeps its
plain hashes up to the entry where the key began.
"""

import hashlib
import hmac
import json
import os
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from dashboard.access.vault import access_folder, private_file, reading

START = "0" * 64
HEAD_TABLE = "select 1 from sqlite_master where name = 'audit_head'"


@dataclass(frozen=True)
class Head:
    """The newest entry that is known of, and from which number on hashes are keyed."""

    number: int
    hash: str
    keyed_from: int


def key_file(data: Path) -> Path:
    """Where the key lies."""
    return access_folder(data) / "audit-key"


def key(data: Path) -> bytes:
    """The key; empty where there is none."""
    file = key_file(data)
    return file.read_bytes().strip() if file.exists() else b""


def made_key(data: Path) -> bytes:
    """The key, made at the first call; for whoever holds the accounts' file against other writers."""
    if found := key(data):
        return found
    draft = key_file(data).with_suffix(".new")
    private_file(draft)
    with open(draft, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, key_file(data))
    return key(data)


def head(data: Path) -> Head | None:
    """The newest entry as the accounts' file knows it; None where no entry was ever keyed."""
    with reading(data) as con:
        return known_head(con) if con and con.execute(HEAD_TABLE).fetchone() else None


def known_head(con: sqlite3.Connection) -> Head | None:
    """The same, on a connection that is open."""
    row = con.execute("select number, hash, keyed_from from audit_head").fetchone()
    return Head(*row) if row else None


def remember(con: sqlite3.Connection, newest: Head) -> None:
    """Put the newest entry in the place of the one before."""
    con.execute("delete from audit_head")
    con.execute("insert into audit_head values (?, ?, ?)", (newest.number, newest.hash, newest.keyed_from))


def chained(secret: bytes, *said: object) -> str:
    """The hash over the entry before and this one: plain where the key is empty."""
    text = json.dumps(said).encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest() if secret else hashlib.sha256(text).hexdigest()
