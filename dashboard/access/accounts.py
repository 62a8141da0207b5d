"""Accounts: who there is, in which role, and whether a name and a password open the door.

Five wrong passwords lock a name, for a minute first and twice as long with each further one, up to an hour.
A name that nobody has is counted, locked and answered in the same way.
"""

import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from dashboard.access import passwords
from dashboard.access.vault import reading, writing
from dashboard.identity import Role
from etl.errors import UserError
from etl.policy import load_policy

MOST_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = 60, 3600  # seconds
FORGOTTEN = 24 * 3600  # seconds after which failures no longer count
MOST_NAMES = 10_000  # remembered failures, so that nobody fills the disk with names
NAME = re.compile(r"[\w.@-]{1,32}")
COLUMNS = (
    "account.name, role, unit, must_change, disabled, created_at, secret <> '', coalesce(locked_until, 0)"
)
LISTED = f"select {COLUMNS} from account left join failure on failure.name = account.name"
REFUSED = "账号或密码不对，或该账号已停用。"


class SignInRefused(UserError):
    """Nobody comes in; the sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """One account. unit: of a county role. local: it has a password here. locked_until: seconds since 1970, or 0."""

    name: str
    role: Role
    unit: str | None
    must_change: bool
    disabled: bool
    created_at: int
    local: bool
    locked_until: int


def accounts(data: Path) -> tuple[Account, ...]:
    """All accounts by name."""
    with reading(data) as con:
        rows = con.execute(f"{LISTED} order by account.name").fetchall() if con else []
    return tuple(_account(row) for row in rows)


def find(data: Path, name: str) -> Account | None:
    """The account of that name."""
    with reading(data) as con:
        return found_in(con, name) if con else None


def found_in(con: sqlite3.Connection, name: str) -> Account | None:
    """The same, on a connection that is open."""
    row = con.execute(f"{LISTED} where account.name = ?", (name,)).fetchone()
    return _account(row) if row else None


def add(data: Path, name: str, role: str, unit: str | None, password: str | None, first: bool = True) -> None:
    """A new account. password: None for one that signs in elsewhere; first: it must be changed at first sign-in."""
    _require_right(name, role, unit)
    secret = passwords.hashed(password) if password else ""
    row = (name, role, unit, secret, int(first and bool(password)), int(time.time()))
    with writing(data) as con:
        if con.execute("select 1 from account where name = ?", (name,)).fetchone():
            raise UserError(f"账号「{name}」已经有了，请换一个名字，或用重设密码。")
        con.execute("insert into account values (?, ?, ?, ?, ?, 0, ?)", row)


def set_password(data: Path, name: str, password: str, first: bool) -> None:
    """A new password; every session of the account ends and its failures are forgotten."""
    secret = passwords.hashed(password)
    with writing(data) as con:
        _require(con, name)
        con.execute(
            "update account set secret = ?, must_change = ? where name = ?", (secret, int(first), name)
        )
        _let_go(con, name)


def disable(data: Path, name: str, disabled: bool) -> None:
    """Close an account, which ends its sessions at once, or open it again. The last open administrator stays."""
    with writing(data) as con:
        role = _require(con, name)
        others = "select 1 from account where role = 'admin' and disabled = 0 and name <> ?"
        if disabled and role == "admin" and not con.execute(others, (name,)).fetchone():
            raise UserError(f"「{name}」是最后一个能用的系统管理员，不能停用；请先新建另一个。")
        con.execute("update account set disabled = ? where name = ?", (int(disabled), name))
        _let_go(con, name)


def unlock(data: Path, name: str) -> None:
    """Forget the failures of a name."""
    with writing(data) as con:
        _require(con, name)
        con.execute("delete from failure where name = ?", (name,))


def authenticate(data: Path, name: str, password: str) -> Account:
    """The account that name and password open; SignInRefused says when to try again, and nothing of who exists."""
    with writing(
        data
    ) as con:  # counted before it is known to be wrong, so that no two attempts share one count
        now = int(time.time())
        locked = _locked_until(con, name, now)
        if locked > now:
            raise SignInRefused(
                f"密码多次不对，请在{-(-(locked - now) // 60)}分钟后再试，或请系统管理员解锁。"
            )
        _count_failure(con, name, now)
        row = con.execute("select secret, disabled from account where name = ?", (name,)).fetchone()
    if not passwords.matches(row[0] if row else None, password[: passwords.LONGEST]) or row[1]:
        raise SignInRefused(REFUSED)
    with writing(data) as con:
        con.execute("delete from failure where name = ?", (name,))
    found = find(data, name)
    if found is None:
        raise SignInRefused(REFUSED)
    return found


def locked_for(failures: int) -> int:
    """For how many seconds a name is locked after so many failures in a row."""
    over = failures - MOST_FAILURES
    return 0 if over < 0 else min(FIRST_LOCK << min(over, 12), LONGEST_LOCK)


def _locked_until(con: sqlite3.Connection, name: str, now: int) -> int:
    con.execute("delete from failure where last_at < ? and locked_until < ?", (now - FORGOTTEN, now))
    row = con.execute("select locked_until from failure where name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def _count_failure(con: sqlite3.Connection, name: str, now: int) -> None:
    row = con.execute("select failures from failure where name = ?", (name,)).fetchone()
    failures = int(row[0]) + 1 if row else 1
    values = (name, failures, now, now + locked_for(failures))
    con.execute("insert or replace into failure values (?, ?, ?, ?)", values)
    con.execute(
        "delete from failure where name in (select name from failure order by last_at desc limit -1 offset ?)",
        (MOST_NAMES,),
    )


def _let_go(con: sqlite3.Connection, name: str) -> None:
    con.execute("delete from session where name = ?", (name,))
    con.execute("delete from failure where name = ?", (name,))


def _require(con: sqlite3.Connection, name: str) -> str:
    row = con.execute("select role from account where name = ?", (name,)).fetchone()
    if row is None:
        raise UserError(f"没有账号「{name}」，请用 trade-kpi user list 查看有哪些。")
    return str(row[0])


def _require_right(name: str, role: str, unit: str | None) -> None:
    if not NAME.fullmatch(name):
        raise UserError(f"账号名「{name[:40]}」不合规：1至32个汉字、字母、数字或 . _ @ -，请换一个。")
    if role not in get_args(Role):
        raise UserError(f"没有角色「{role}」，请从以下选择：{'、'.join(get_args(Role))}。")
    if (role == "county") != bool(unit):
        raise UserError("县市区账号要写明一个县市区，其他角色不写。")
    counties = load_policy().counties
    if unit and unit not in {item.code for item in counties}:
        raise UserError(f"没有县市区「{unit}」，请写文件所列的{len(counties)}个县市区之一。")


def _account(row: tuple[object, ...]) -> Account:
    name, role, unit, must_change, disabled, created_at, local, locked_until = row
    return Account(
        str(name), cast(Role, role), str(unit) if unit else None, bool(must_change), bool(disabled),
        int(str(created_at)), bool(local), int(str(locked_until)),
    )  # fmt: skip
