"""Sessions: who is signed in. The browser holds a random token, the file only its hash.

A session ends when nothing was asked for half an hour, twelve hours after it began, at sign-out, and at once
when its account is disabled or gets another password.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from dashboard.access.accounts import Account, found_in
from dashboard.access.vault import accounts_file, reading, writing
from dashboard.database import unchanged
from etl.seen import kept

IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 12 * 3600
TOUCH_SECONDS = 60  # how exactly the last request is known
MOST_KNOWN = 1000  # sessions
FOUND = "select name, opened_at, seen_at from session where key = ?"
Rows = tuple[tuple[str, int, int] | None, Account | None]


@dataclass(frozen=True)
class Session:
    """One signed-in browser. key: the hash of its token."""

    key: str
    account: Account


def key_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def opened(data: Path, name: str) -> str:
    """A new session of that account; its token, which is nowhere kept."""
    token, now = secrets.token_urlsafe(32), int(time.time())
    with writing(data) as con:
        con.execute(
            "delete from session where opened_at < ? or seen_at < ?",
            (now - ABSOLUTE_SECONDS, now - IDLE_SECONDS),
        )
        con.execute("insert into session values (?, ?, ?, ?)", (key_of(token), name, now, now))
    return token


def session(data: Path, key: str) -> Session | None:
    """The session of that key where it still holds; to ask for it is to be active."""
    now = int(time.time())
    row, account = _rows(unchanged(accounts_file(data)), data, key)
    if not row or now - row[1] >= ABSOLUTE_SECONDS or now - row[2] >= IDLE_SECONDS:
        return None
    if account is None or account.disabled:
        return None
    if now - row[2] >= TOUCH_SECONDS:
        with writing(data) as con:
            con.execute("update session set seen_at = ? where key = ?", (now, key))
    return Session(key, account)


@kept(MOST_KNOWN)
def _rows(data: Path, key: str) -> Rows:
    with reading(data) as con:
        row = con.execute(FOUND, (key,)).fetchone() if con else None
        return row, found_in(con, row[0]) if con and row else None


def closed(data: Path, key: str) -> None:
    """End a session; nothing where there is none."""
    with writing(data) as con:
        con.execute("delete from session where key = ?", (key,))
