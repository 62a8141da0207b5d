"""What the document pays for, read from the policy folder into frozen records.

``support_items.toml`` holds the items, the cap over all of them and the facts that decide who may apply;
``county_topups.toml`` holds what a county adds. Every key is required and an unknown one is an error.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from etl.errors import PolicyError
from etl.goods import load_goods
from etl.happenings import require_categories
from etl.monitors import load_monitors
from etl.policy import Policy, load_policy
from etl.records import read_toml, record

FILE, TOPUPS = "support_items.toml", "county_topups.toml"

Per = Literal[
    "truck", "firm", "firm_total", "firm_year", "applicant_once", "incubator_once",
    "county_evaluation", "firm_evaluation", "none",
]  # fmt: skip
Evidence = Literal[
    "asked", "trades", "exports", "cbec", "exports_goods", "ranking", "encouraged_imports", "event", "aeo"
]


@dataclass(frozen=True)
class Winners:
    """How few and how many one evaluation may pay; most: None without such a number."""

    least: int
    most: int | None


@dataclass(frozen=True)
class Item:
    """One thing that the document pays for.

    aliases: as ledgers spell it. rate: the most that is paid of the base, a fraction; None for a flat sum.
    ceiling_cny: yuan, within what ``per`` says; None without a ceiling of its own. needs: facts that must hold;
    sign: the fact by which loaded data point at who may apply, be it a condition or not. papers: to hand in, the
    office's to edit.
    """

    id: str
    name: str
    short: str
    aliases: tuple[str, ...]
    clause: str
    quote: str
    rate: Decimal | None
    base: str | None
    ceiling_cny: Decimal | None
    per: Per
    winners: Winners
    needs: tuple[str, ...]
    sign: str | None
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """The most that one firm may have of all items together, in yuan, since the document."""

    id: str
    name: str
    clause: str
    quote: str
    ceiling_cny: Decimal


@dataclass(frozen=True)
class Likeness:
    """How alike two names must be to be held for the same, 0–100."""

    project: int
    firm: int


@dataclass(frozen=True)
class Fact:
    """Something that decides who may apply. source: which data answer it; top: only the largest so many firms."""

    id: str
    question: str
    source: Evidence
    values: tuple[str, ...]
    top: int | None


@dataclass(frozen=True)
class TopUp:
    """What a county adds to an item out of its own money: to the rate and to the ceiling (yuan), by which paper."""

    unit: str
    item: str
    rate: Decimal | None
    ceiling_cny: Decimal | None
    paper: str


@dataclass(frozen=True)
class Rules:
    """The whole of ``support_items.toml`` and ``county_topups.toml``; items in the document's order.

    total: None where the document sets no cap over all items.
    """

    papers_note: str
    total: Total | None
    likeness: Likeness
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    topups: tuple[TopUp, ...]

    @property
    def names(self) -> dict[str, str]:
        """What the items and the cap over all of them are called, by id, in the document's order."""
        total = {self.total.id: self.total.name} if self.total else {}
        return {item.id: item.name for item in self.items} | total

    def item(self, id: str) -> Item:
        """The item of that id; PolicyError for an unknown one."""
        for item in self.items:
            if item.id == id:
                return item
        raise PolicyError(
            f"没有代号为「{id}」的支持事项，请从以下选择：{'、'.join(i.id for i in self.items)}。"
        )

    def fact(self, id: str) -> Fact:
        """The fact of that id."""
        return next(fact for fact in self.facts if fact.id == id)

    @property
    def deciding(self) -> tuple[Fact, ...]:
        """The facts that some item needs; the others only point at who may apply."""
        needed = {id for item in self.items for id in item.needs}
        return tuple(fact for fact in self.facts if fact.id in needed)

    def of_clause(self, number: str) -> tuple[Item, ...]:
        """The items that a clause sets."""
        return tuple(item for item in self.items if item.clause == number)

    def spelled(self) -> dict[str, Item]:
        """Every spelling of every item, as ``plain`` writes it."""
        return {plain(name): item for item in self.items for name in (item.name, *item.aliases)}

    def topup(self, unit: str, item: str) -> TopUp | None:
        """What the county adds to the item; None where it adds nothing."""
        return next((up for up in self.topups if (up.unit, up.item) == (unit, item)), None)


@dataclass(frozen=True)
class _Items:
    papers_note: str
    total: Total | None
    likeness: Likeness
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class _TopUps:
    topups: tuple[TopUp, ...]


def plain(text: str) -> str:
    """A spelling without what does not matter: width, case, spaces and punctuation."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def load_rules(policy: Policy) -> Rules:
    """The rules of that policy's folder; PolicyError, a Chinese sentence, on anything missing, unknown or at odds."""
    return _load(policy.folder)


@functools.lru_cache(maxsize=8)
def _load(folder: Path) -> Rules:
    policy = load_policy(folder)
    read = record(_Items, read_toml(folder / FILE), FILE)
    topups = record(_TopUps, read_toml(folder / TOPUPS), TOPUPS).topups
    for fact in read.facts:
        if fact.source == "event":
            require_categories(folder, fact.values, f"{FILE} 中「{fact.id}」")
    for fault in (*_faults(read, policy), *_topup_faults(read, topups, policy)):
        raise PolicyError(fault)
    return Rules(read.papers_note, read.total, read.likeness, read.facts, read.items, topups)


def _faults(read: _Items, policy: Policy) -> Iterable[str]:
    """What is at odds within the file or with the document, a sentence each."""
    clauses = {clause.number for clause in policy.document.clauses}
    facts = {fact.id for fact in read.facts}
    yield from _twice("代号", [item.id for item in read.items])
    yield from _twice("代号", [fact.id for fact in read.facts])
    yield from _twice("写法", [plain(name) for item in read.items for name in (item.name, *item.aliases)])
    placed: list[Item | Total] = [*read.items, *([read.total] if read.total else [])]
    for each in placed:
        if each.clause not in clauses:
            yield f"{FILE} 中「{each.id}」的 clause「{each.clause}」不在 document.toml 中，请改正。"
    goods = {item.id for item in load_goods(policy.folder)}
    rankings = {item.id for item in load_monitors(policy) if item.ranking and item.names_firms}
    for fact in read.facts:
        if fact.source == "exports_goods" and (unknown := set(fact.values) - goods):
            yield f"{FILE} 中「{fact.id}」的 values 有 goods.toml 里没有的 {'、'.join(sorted(unknown))}，请改正。"
        if fact.source == "ranking" and (len(fact.values) != 1 or fact.values[0] not in rankings):
            yield f"{FILE} 中「{fact.id}」的 values 应是 monitors 里一项企业综合评价的代号，请改正。"
    for item in read.items:
        if unknown := set(item.needs) - facts:
            yield f"{FILE} 中「{item.id}」的 needs 有没有定义的 {'、'.join(sorted(unknown))}，请补上 [[facts]]。"
        if item.sign is not None and item.sign not in facts:
            yield f"{FILE} 中「{item.id}」的 sign「{item.sign}」没有定义，请补上 [[facts]]。"
        if (item.rate is None) != (item.base is None):
            yield f"{FILE} 中「{item.id}」的 rate 与 base 应同时填写或同时为 none，请改正。"
        if item.rate is not None and not 0 < item.rate <= 1:
            yield f"{FILE} 中「{item.id}」的 rate {item.rate} 不在 0 与 1 之间，请写成小数，如 0.5。"
        if (item.per == "none") != (item.ceiling_cny is None):
            yield f"{FILE} 中「{item.id}」的 per 与 ceiling_cny 应同时为 none 或同时填写，请改正。"


def _topup_faults(read: _Items, topups: tuple[TopUp, ...], policy: Policy) -> Iterable[str]:
    items = {item.id: item for item in read.items}
    units = {unit.code for unit in policy.units if unit.role in ("unit", "zone")}
    yield from _twice("县市区与事项", [f"{up.unit} {up.item}" for up in topups], TOPUPS)
    for up in topups:
        if up.unit not in units:
            yield f"{TOPUPS} 的 unit「{up.unit}」不是县市区代码，请对照 units.toml 改正。"
        if up.item not in items:
            yield f"{TOPUPS} 的 item「{up.item}」不在 {FILE} 中，请改正。"
        elif up.rate is not None and items[up.item].rate is None:
            yield f"{TOPUPS} 给「{up.item}」填了 rate，而它没有比例，请改为 none。"


def _twice(what: str, names: list[str], file: str = FILE) -> Iterable[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{file} 中的{what}「{name}」出现了不止一次，请只留一个。"
