"""The accounts that a dashboard begins with: one a role for the demo, one administrator for a real one.

Nothing here is a default: every password is drawn at random. Those of the demo stand in a file of the data folder
that its owner alone may read, so that each start can say them again.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from dashboard.access import accounts, passwords
from dashboard.access.vault import private_file, private_folder
from dashboard.identity import ROLES, Role
from etl.policy import load_policy

ADMIN = "管理员"


@dataclass(frozen=True)
class Given:
    """What somebody may sign in with."""

    name: str
    role: Role
    unit: str | None
    password: str


def demo_accounts(data: Path) -> tuple[Given, ...]:
    """One account a role, made at the first call; the county's is of the first unit of the policy."""
    file = private_folder(data) / "demo-passwords.json"
    private_file(file)
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8") or "{}")
    given = tuple(Given(name, role, unit, kept.get(name, "")) for name, role, unit in _names())
    return given if all(item.password for item in given) else _made(data, file, given)


def first_admin(data: Path) -> Given | None:
    """The first administrator of a data folder without accounts, who must choose a password; None where there are any."""
    if accounts.accounts(data):
        return None
    given = Given(ADMIN, "admin", None, passwords.generated())
    accounts.add(data, given.name, given.role, given.unit, given.password)
    return given


def _names() -> list[tuple[str, Role, str | None]]:
    unit = next(unit for unit in load_policy().units if unit.role == "unit")
    return [
        (unit.name, role, unit.code) if role == "county" else (name, role, None)
        for role, name in ROLES.items()
    ]


def _made(data: Path, file: Path, given: tuple[Given, ...]) -> tuple[Given, ...]:
    known = {account.name for account in accounts.accounts(data)}
    made = tuple(Given(item.name, item.role, item.unit, passwords.generated()) for item in given)
    for item in made:
        if item.name in known:
            accounts.set_password(data, item.name, item.password, first=False)
        else:
            accounts.add(data, item.name, item.role, item.unit, item.password, first=False)
    draft = file.with_suffix(".new")
    private_file(draft)
    draft.write_text(
        json.dumps({item.name: item.password for item in made}, ensure_ascii=False), encoding="utf-8"
    )
    os.replace(draft, file)
    return made
