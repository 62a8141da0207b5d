"""Codes that are true for any city: trading partners and their groups, customs modes, chapters of goods.

They lie in ``data/reference`` and are read into frozen records as strictly as a policy: every key is
required, an unknown one is an error, and a group may only name partners that have a name.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import PolicyError
from etl.paths import REFERENCE
from etl.records import read_toml, record

CONTINENT = re.compile(r"[1-7]xx")
MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
ALWAYS, FOREVER = dt.date(1900, 1, 1), dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Dated:
    """A membership with an end: months as ``YYYY-MM``, both included; None where it is open."""

    code: str
    since: str | None
    until: str | None


@dataclass(frozen=True)
class Group:
    """Partners that are reported together. Groups overlap. members: codes, or ``2xx`` for a continent."""

    name: str
    note: str
    members: tuple[str, ...]
    dated: tuple[Dated, ...]


@dataclass(frozen=True)
class Section:
    """A section of the Harmonized System with its chapters, code → short name."""

    number: str
    name: str
    chapters: dict[str, str]


@dataclass(frozen=True)
class Membership:
    """One partner in one group over whole months, [valid_from, valid_to)."""

    group: str
    partner: str
    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True)
class Reference:
    """The whole reference folder. partners, modes: code → name."""

    partners: Mapping[str, str]
    groups: tuple[Group, ...]
    modes: Mapping[str, str]
    sections: tuple[Section, ...]
    cbec_modes: tuple[str, ...]

    def section(self, chapter: str) -> Section | None:
        """The section of a chapter; None for a code that no section has."""
        return next((section for section in self.sections if chapter in section.chapters), None)

    def groups_of(self, partner: str, month: str) -> list[str]:
        """The groups that count that partner in that month (``YYYY-MM``), in the file's order."""
        day = _from(month)
        return [
            member.group
            for member in self.memberships()
            if member.partner == partner and member.valid_from <= day < member.valid_to
        ]

    def memberships(self) -> Iterator[Membership]:
        """Every partner of every group with the days of its membership; continents spelt out."""
        for group in self.groups:
            for member in group.members:
                for code in _spelt(member):
                    yield Membership(group.name, code, ALWAYS, FOREVER)
            for dated in group.dated:
                yield Membership(group.name, dated.code, _from(dated.since), _to(dated.until))


@dataclass(frozen=True)
class _Partners:
    names: dict[str, str]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class _Modes:
    names: dict[str, str]


@dataclass(frozen=True)
class _Chapters:
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Trade:
    cbec_modes: tuple[str, ...]


@functools.lru_cache(maxsize=8)
def load_reference(folder: Path = REFERENCE) -> Reference:
    """Read the reference folder; PolicyError, a Chinese sentence, on anything missing, unknown or unclear."""
    partners = record(_Partners, read_toml(folder / "partners.toml"), "partners.toml")
    for group in partners.groups:
        _check(group, partners.names)
    return Reference(
        partners.names,
        partners.groups,
        record(_Modes, read_toml(folder / "modes.toml"), "modes.toml").names,
        record(_Chapters, read_toml(folder / "chapters.toml"), "chapters.toml").sections,
        record(_Trade, read_toml(folder / "trade.toml"), "trade.toml").cbec_modes,
    )


def _check(group: Group, names: Mapping[str, str]) -> None:
    codes = [*group.members, *(dated.code for dated in group.dated)]
    for code in codes:
        if code not in names and not CONTINENT.fullmatch(code):
            raise PolicyError(f"partners.toml 的分组「{group.name}」里的代码「{code}」没有名称，请核对。")
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise PolicyError(
            f"partners.toml 的分组「{group.name}」重复列出 {'、'.join(sorted(twice))}，请删去。"
        )
    for month in (month for dated in group.dated for month in (dated.since, dated.until) if month):
        if not MONTH.fullmatch(month):
            raise PolicyError(
                f"partners.toml 的分组「{group.name}」里的「{month}」不是月份，请写成 2025-10。"
            )


def _spelt(member: str) -> list[str]:
    return [f"{member[0]}{number:02d}" for number in range(100)] if member.endswith("xx") else [member]


def _from(month: str | None) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01") if month else ALWAYS


def _to(month: str | None) -> dt.date:
    """The first day after that month."""
    if month is None:
        return FOREVER
    year, number = int(month[:4]), int(month[5:])
    return dt.date(year + number // 12, number % 12 + 1, 1)
