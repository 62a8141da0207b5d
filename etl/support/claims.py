"""Payments of the ledger and what they draw on: records and pure functions. Money is Decimal yuan, exact."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from etl.support.names import digits, kin
from etl.support.rules import Item, Per, Rules, Total, plain

FEN = Decimal("0.01")
GOVERNMENT = "1"  # how the credit code of a government office begins (GB 32100): it is no firm
YEAR = re.compile(r"(20[0-9]{2})\s*年")
ONCE: frozenset[Per] = frozenset({"applicant_once", "incubator_once"})
BY_YEAR: frozenset[Per] = frozenset({"firm_year", "firm_evaluation", "county_evaluation"})
TOTAL = "total"


@dataclass(frozen=True)
class Origin:
    """The row of a file that a payment stands in."""

    file_id: int
    sheet: str
    row: int


@dataclass(frozen=True)
class Claim:
    """One payment. item: as the ledger writes it; base_cny and amount_cny in yuan.

    unit: where the firm belongs; county: the one that the ledger names, to which an award to counties goes.
    """

    origin: Origin
    paid: dt.date
    uscc: str
    firm: str
    unit: str
    county: str
    item: str
    project: str
    base_cny: Decimal | None
    amount_cny: Decimal


@dataclass(frozen=True)
class Pot:
    """What a ceiling holds. item: its id, or ``total``; holder: a credit code, or a unit for an award to counties.

    window: the year, the vehicle, or empty where the ceiling holds for good.
    """

    item: str
    holder: str
    window: str


@dataclass(frozen=True)
class Ledger:
    """Everything that a payment is judged against.

    kin: firms that may be one under several codes. winners: how many each evaluation (item, year) has paid, less those
    of whom all came back.
    """

    rules: Rules
    spelled: Mapping[str, Item]
    issued: dt.date
    valid_to: dt.date
    kin: Mapping[str, frozenset[str]]
    winners: Mapping[tuple[str, str], int]

    def item_of(self, claim: Claim) -> Item | None:
        """The document's item; None where the ledger's spelling is no known one."""
        return self.spelled.get(plain(claim.item))

    def counts(self, claim: Claim) -> bool:
        """Whether the payment draws on the document's ceilings: it was made since the document."""
        return claim.paid >= self.issued


def ledger(claims: Iterable[Claim], rules: Rules, issued: dt.date, valid_to: dt.date) -> Ledger:
    """What these payments, all together, are judged against."""
    claims = tuple(claims)
    spelled = rules.spelled()
    paid_to: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for claim in claims:
        item = spelled.get(plain(claim.item))
        if item and item.winners.most is not None and claim.paid >= issued:
            paid_to[item.id, year_of(claim)][_holder(item, claim)] += claim.amount_cny
    firms = kin(sorted({(claim.uscc, claim.firm) for claim in claims}), rules.likeness.firm)
    winners = {evaluation: sum(had > 0 for had in of.values()) for evaluation, of in paid_to.items()}
    return Ledger(rules, spelled, issued, valid_to, firms, winners)


def is_firm(uscc: str) -> bool:
    """Whether the payee is a firm, and no office of a county that an award was paid to."""
    return not uscc.startswith(GOVERNMENT)


def year_of(claim: Claim) -> str:
    """The year that a payment is for: the one that its project names (2024年度, 二〇二四年), else the one it was paid in."""
    stated = YEAR.search(digits(claim.project))
    return stated[1] if stated else str(claim.paid.year)


def pots(rules: Rules, item: Item | None, claim: Claim) -> tuple[Pot, ...]:
    """The pots that a payment draws on: its item's, where that has a ceiling, and the firm's total, where there is a cap."""
    own = (Pot(item.id, _holder(item, claim), _window(item, claim)),) if item and item.ceiling_cny else ()
    return (*own, Pot(TOTAL, claim.uscc, "")) if rules.total and is_firm(claim.uscc) else own


def ceiling(rules: Rules, pot: Pot) -> Decimal:
    """The most that a pot holds, in yuan."""
    own = rule_of(rules, pot).ceiling_cny
    assert own is not None  # only items with a ceiling have pots
    return own


def rule_of(rules: Rules, pot: Pot) -> Item | Total:
    """The item that sets a pot's ceiling, or the cap over all items."""
    if pot.item != TOTAL:
        return rules.item(pot.item)
    assert rules.total is not None  # without a cap nothing draws on it
    return rules.total


def in_order(ledger: Ledger, claims: Iterable[Claim]) -> list[Claim]:
    """Payments by day, those of one day by what they say, never by where they stand in a file; money given back first."""
    place = {item.id: number for number, item in enumerate(ledger.rules.items)}

    def key(claim: Claim) -> tuple[object, ...]:
        item = ledger.item_of(claim)
        number = place[item.id] if item else len(place)
        content = (claim.uscc, number, claim.item, claim.project, claim.base_cny or 0, claim.amount_cny)
        return (claim.paid, claim.amount_cny > 0, *content, claim.firm, claim.county, *_at(claim.origin))

    return sorted(claims, key=key)


def draw(ledger: Ledger, paid: MutableMapping[Pot, Decimal], claim: Claim) -> tuple[Pot, ...]:
    """Book a payment on what was paid from its pots; gives them, to be settled when its day is over."""
    drawn = pots(ledger.rules, ledger.item_of(claim), claim)
    for pot in drawn:
        paid[pot] += claim.amount_cny
    return drawn


def settle(paid: MutableMapping[Pot, Decimal], drawn: Iterable[Pot]) -> None:
    """End a day: more given back than was paid from a pot is no credit, it was paid from another or before."""
    for pot in drawn:
        paid[pot] = max(Decimal(0), paid[pot])


def floor_fen(yuan: Decimal) -> Decimal:
    """Down to the fen: 「不超过」 allows no rounding up."""
    return yuan.quantize(FEN, ROUND_FLOOR)


def _holder(item: Item, claim: Claim) -> str:
    return claim.county if item.per == "county_evaluation" else claim.uscc


def _window(item: Item, claim: Claim) -> str:
    if item.per in BY_YEAR:
        return year_of(claim)
    return plain(claim.project) if item.per == "truck" else ""


def _at(origin: Origin) -> tuple[int, str, int]:
    return origin.file_id, origin.sheet, origin.row


Verdict = Literal[
    "outside_period", "over_total", "over_ceiling", "over_rate", "unknown_item", "over_count",
    "possible_double_claim", "no_base", "ok",
]  # fmt: skip
