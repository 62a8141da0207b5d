"""Who is likely to have a claim and has not claimed: the facts of all firms and events beside the ledger. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from etl.support.claims import BY_YEAR, GOVERNMENT, Claim, Ledger, Origin, Pot, year_of
from etl.support.eligible import Candidate, Offer, offers
from etl.support.evidence import Event, Firm, Known
from etl.support.left import State, left
from etl.support.names import alike
from etl.support.rules import Fact, Item, plain


def candidates(
    book: Ledger, claims: Iterable[Claim], stands: Mapping[Pot, State], known: Known, today: dt.date
) -> tuple[Candidate, ...]:
    """By item in the document's order: events first, then firms by unit and name. Nothing left makes no candidate.

    Who gave all back has not claimed.
    """
    paid = [claim for claim in claims if book.counts(claim)]
    found = []
    for item in book.rules.items:
        if item.sign is None:
            continue
        sign = book.rules.fact(item.sign)
        of_item = [claim for claim in paid if book.item_of(claim) is item]
        if sign.source == "event":
            found += [
                _of_event(book, item, sign, event)
                for event in known.events.get(sign.id, ())
                if sum(claim.amount_cny for claim in of_item if _stands_for(claim, event, book)) <= 0
            ]
        else:
            had = defaultdict[str, Decimal](Decimal)
            for claim in of_item:
                if item.per not in BY_YEAR or year_of(claim) == str(today.year):
                    had[claim.uscc] += claim.amount_cny
            firms = (
                firm
                for firm in known.firms
                if firm.uscc in known.yes.get(sign.id, ()) and had[firm.uscc] <= 0
            )
            found += filter(None, (_of_firm(book, stands, item, sign, firm, known, today) for firm in firms))
    return tuple(found)


def offers_to(
    book: Ledger,
    stands: Mapping[Pot, State],
    firm: Firm,
    facts: Mapping[str, bool | None],
    bases: Mapping[str, Decimal | None],
    today: dt.date,
) -> tuple[Offer, ...]:
    """What every item offers a firm after all that it had."""

    def left_of(item: Item) -> Decimal | None:
        return left(item, book, stands, _next(item, firm, today))

    return offers(book.rules, facts, bases, left_of, firm.unit)


def _next(item: Item, firm: Firm, today: dt.date) -> Claim:
    """A payment such as would come next: of a new vehicle, for this year; an award to a county goes to its office."""
    at, payee = Origin(0, "", 0), GOVERNMENT if item.per == "county_evaluation" else firm.uscc
    return Claim(at, today, payee, firm.name, firm.unit, firm.unit, item.name, "", None, Decimal(0))


def _of_firm(
    book: Ledger,
    stands: Mapping[Pot, State],
    item: Item,
    sign: Fact,
    firm: Firm,
    known: Known,
    today: dt.date,
) -> Candidate | None:
    facts = known.of(firm.uscc)
    room = left(item, book, stands, _next(item, firm, today))
    if any(facts.get(id) is False for id in item.needs) or room == 0:
        return None
    ask = tuple(book.rules.fact(id) for id in item.needs if facts.get(id) is None)
    return Candidate(item, firm.uscc, firm.name, firm.unit, sign.question, ask, room)


def _of_event(book: Ledger, item: Item, sign: Fact, event: Event) -> Candidate:
    ask = tuple(book.rules.fact(id) for id in item.needs if id != sign.id)
    because = f"{event.day} {sign.question}"
    return Candidate(item, "", event.name, event.unit, because, ask, item.ceiling_cny)


def _stands_for(claim: Claim, event: Event, book: Ledger) -> bool:
    """Whether the payment is for the event: its project or its firm is called so."""
    least = book.rules.likeness
    return alike(claim.project, event.name, least.project) or (
        bool(plain(event.name)) and alike(claim.firm, event.name, least.firm)
    )
