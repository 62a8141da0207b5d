"""A crowd of readers: accounts of mixed roles, what each clicks, and whether each sees what is theirs and nobody else's."""

import os
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import duckdb

from benchmarks.reader import Reader, Run
from dashboard import who
from dashboard.access import accounts, cookie, passwords, sessions
from dashboard.html import text
from dashboard.identity import ROLES, Role, Viewer
from etl.policy import load_policy
from etl.snapshot import current

MIX: tuple[Role, ...] = ("leader", "task_force", "county", "county")
CODE = re.compile(rb"[0-9A-Z]{18}")
NEWEST = 3  # months that readers go back and forth between
COMMON = 5  # pages at the head of the menu, which are looked at the most
CANARIES = 3  # firms of each unit whose names are looked for
BLANK = "tk_blank"  # the canvas of a page that cannot be shown


@dataclass(frozen=True)
class Person:
    """Somebody with an account of their own."""

    name: str
    role: Role
    unit: str | None
    password: str

    @property
    def said(self) -> str:
        """Name and role as the bar says them."""
        return who.said(Viewer(self.name, self.role, self.unit))


@dataclass(frozen=True)
class Firms:
    """Credit codes and names by which a county's own firms are told from those of others."""

    own: frozenset[bytes]
    others: frozenset[bytes]
    canaries: tuple[str, ...]


def people(data: Path, access: Path, count: int) -> tuple[Person, ...]:
    """That many accounts of mixed roles, made in that folder; counties take turns."""
    units = [unit.code for unit in load_policy().units if unit.role == "unit"]
    roles = [MIX[number % len(MIX)] for number in range(count)]
    made = tuple(
        Person(
            f"{ROLES[role]}{number:03}", role, units[number % len(units)] if role == "county" else None, word
        )
        for number, (role, word) in enumerate((role, passwords.generated()) for role in roles)
    )

    def add(person: Person) -> None:
        accounts.add(data, person.name, person.role, person.unit, person.password, first=False)

    with _accounts_in(access), ThreadPoolExecutor(2) as pool:
        list(pool.map(add, made))
    return made


def opened(data: Path, access: Path, person: Person) -> dict[str, str]:
    """The cookie of a session that begins without the login page, for a server that has none."""
    with _accounts_in(access), mock.patch.dict(os.environ, TRADE_KPI_DATA=str(data)):
        return {cookie.name(): sessions.opened(data, person.name)}


@contextmanager
def _accounts_in(access: Path) -> Iterator[None]:
    with mock.patch.dict(os.environ, TRADE_KPI_ACCESS=str(access)):
        yield


def firms(data: Path) -> dict[str, Firms]:
    """For each unit the firms that were ever its own, and those that never were."""
    published = current(data)
    assert published is not None
    with duckdb.connect(str(published.path), read_only=True) as con:
        rows = con.execute(
            "select unit, uscc, max(firm_name) from mart_firm_tier where uscc is not null group by 1, 2"
        ).fetchall()
    names = {uscc: name for _, uscc, name in rows}
    belonging: dict[str, set[str]] = {}
    for unit, uscc, _ in rows:
        belonging.setdefault(unit, set()).add(uscc)
    return {unit: _told_apart(own, belonging, names) for unit, own in belonging.items()}


def _told_apart(own: set[str], belonging: dict[str, set[str]], names: dict[str, str]) -> Firms:
    foreign = {unit: sorted(codes - own) for unit, codes in belonging.items() if codes - own}
    called = {names[uscc] for uscc in own}
    canaries = {names[uscc] for codes in foreign.values() for uscc in codes[:CANARIES]} - called - {None}
    others = frozenset(uscc.encode() for codes in foreign.values() for uscc in codes)
    return Firms(frozenset(uscc.encode() for uscc in own), others, tuple(sorted(canaries)))


async def click(reader: Reader, run: Run, chance: random.Random) -> Run:
    """What a reader does next on the page that the run before has shown: another month, page, place, or a link."""
    choosers, links = reader.choosers(), [link for link in run.links if not link[1].startswith("/wall")]
    others = [key for key in choosers if key != "pick_period"]
    what = chance.random()
    if what < 0.25 and "pick_period" in choosers:
        return await reader.pick("pick_period", chance.choice(choosers["pick_period"][:NEWEST]))
    if what < 0.45 and others:
        key = chance.choice(others)
        return await reader.pick(key, chance.choice(choosers[key]))
    if what < 0.7 and links:
        return await reader.follow(*chance.choice(links))
    return await reader.menu(chance.choice(list(reader.pages)))


async def stroll(reader: Reader, run: Run, chance: random.Random) -> Run:
    """A click that shows, after a while, what was built before: a page of the menu, or the other of two months."""
    months = reader.choosers().get("pick_period", [])[:2]
    if months and chance.random() < 0.25:
        return await reader.pick("pick_period", chance.choice(months))
    return await reader.menu(chance.choice(list(reader.pages)[:COMMON]))


def wrong(person: Person, run: Run, known: dict[str, Firms]) -> list[str]:
    """What this run showed that it should not have: another's name, or another county's firms."""
    found = []
    bar = run.html.get("tk_who")
    if bar is None or f'title="{text(person.said)}"' not in bar:
        found.append(f"{person.said} is not whom the bar names: {bar}")
    mark = run.html.get("tk_watermark")
    if mark and f">{text(person.name)} " not in mark:
        found.append(f"the watermark names another than {person.name}")
    if person.unit:
        shown = "".join(run.html.values())
        codes = set(CODE.findall(run.received)) | set(CODE.findall(shown.encode()))
        foreign = codes & known[person.unit].others
        found += [f"{person.said} sees the firm {code.decode()}" for code in foreign]
        found += [
            f"{person.said} sees the firm {name}" for name in known[person.unit].canaries if name in shown
        ]
    return found


def faults(run: Run) -> list[str]:
    """What went wrong in a run: exceptions, and a page that says that it cannot be shown."""
    blank = run.html.get(BLANK)
    return [*run.errors, *([blank] if blank else [])]


async def own_firms(reader: Reader, person: Person, known: dict[str, Firms]) -> tuple[Run, list[str]]:
    """A county's page of firms, which must show its own: else nobody would notice that it shows none at all."""
    run = await reader.menu("firms")
    codes = set(CODE.findall(run.html.get("tk_firms", "").encode()))
    missing = bool(person.unit) and not codes & known[str(person.unit)].own
    return run, [f"{person.said} does not see its own firms"] if missing else []
