"""What is left under each ceiling, day by day. Pure; yuan."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from etl.support.claims import TOTAL, Claim, Ledger, Pot, ceiling, draw, in_order, is_firm, pots, settle
from etl.support.rules import Item

ZERO = Decimal(0)


@dataclass(frozen=True)
class State:
    """A pot after a day's payments: its ceiling, what was paid, and the room that it has left by itself."""

    pot: Pot
    day: dt.date
    ceiling_cny: Decimal
    paid_cny: Decimal

    @property
    def room_cny(self) -> Decimal:
        """Never below zero."""
        return max(ZERO, self.ceiling_cny - self.paid_cny)


def states(ledger: Ledger, claims: Iterable[Claim]) -> tuple[State, ...]:
    """Every pot that something was paid from, after each day on which that happened."""
    paid: dict[Pot, Decimal] = defaultdict(Decimal)
    found = []
    counted = in_order(ledger, (claim for claim in claims if ledger.counts(claim)))
    for day, of_day in groupby(counted, key=lambda claim: claim.paid):
        drawn = dict.fromkeys(pot for claim in of_day for pot in draw(ledger, paid, claim))
        settle(paid, drawn)
        found += [State(pot, day, ceiling(ledger.rules, pot), paid[pot]) for pot in drawn]
    return tuple(found)


def latest(found: Iterable[State]) -> dict[Pot, State]:
    """Each pot as it stands last."""
    return {state.pot: state for state in sorted(found, key=lambda state: state.day)}


def left(item: Item, book: Ledger, stands: Mapping[Pot, State], payment: Claim) -> Decimal | None:
    """What a payee may still have of an item, no more than the total leaves; None: no limit.

    payment: such as would be made next, of which payee, county, project and day matter.
    """
    rooms = [_room(book, stands, pot) for pot in pots(book.rules, item, payment)]
    return min(rooms) if rooms else None


def total_left(book: Ledger, stands: Mapping[Pot, State], uscc: str) -> Decimal | None:
    """What a firm may still have of all items together; None for who is no firm, and where the document sets no cap."""
    return _room(book, stands, Pot(TOTAL, uscc, "")) if book.rules.total and is_firm(uscc) else None


def _room(book: Ledger, stands: Mapping[Pot, State], pot: Pot) -> Decimal:
    return stands[pot].room_cny if pot in stands else ceiling(book.rules, pot)
