"""Who may apply for what, by the facts that are known, and what it would bring. Pure; yuan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from etl.support.claims import floor_fen
from etl.support.rules import Fact, Item, Rules, TopUp

State = Literal["yes", "ask", "no"]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Offer:
    """What an item offers somebody. state: whether all that it needs holds, something is unknown, or something fails.

    unknown and failing: the facts that are. base_cny: what the rate is taken of, None where it is not known or not
    needed. left_cny: what the ceilings still leave (None: no limit); sum_cny: at most so much, None where the base is
    not known; added_cny: what the county adds of its own, None where that is not known.
    """

    item: Item
    state: State
    unknown: tuple[Fact, ...]
    failing: tuple[Fact, ...]
    base_cny: Decimal | None
    left_cny: Decimal | None
    sum_cny: Decimal | None
    topup: TopUp | None
    added_cny: Decimal | None

    @property
    def to_county(self) -> bool:
        """Whether the county gets it and not the firm."""
        return self.item.per == "county_evaluation"


@dataclass(frozen=True)
class Candidate:
    """Somebody who is likely to have a claim by the loaded data and has not claimed.

    uscc: empty where only an event is known, as events name no code. because: what the data say; ask: what is still
    to be asked; left_cny: what the ceilings leave, None without any.
    """

    item: Item
    uscc: str
    name: str
    unit: str
    because: str
    ask: tuple[Fact, ...]
    left_cny: Decimal | None


def offers(
    rules: Rules,
    facts: Mapping[str, bool | None],
    bases: Mapping[str, Decimal | None],
    left_of: Callable[[Item], Decimal | None],
    unit: str,
) -> tuple[Offer, ...]:
    """Every item of the document for somebody; facts and bases by id, what is not there is not known."""
    return tuple(
        _offer(rules, item, facts, bases.get(item.id), left_of(item), rules.topup(unit, item.id))
        for item in rules.items
    )


def _offer(
    rules: Rules,
    item: Item,
    facts: Mapping[str, bool | None],
    base: Decimal | None,
    left: Decimal | None,
    topup: TopUp | None,
) -> Offer:
    failing = tuple(rules.fact(id) for id in item.needs if facts.get(id) is False)
    unknown = tuple(rules.fact(id) for id in item.needs if facts.get(id) is None)
    state: State = "no" if failing else "ask" if unknown else "yes"
    base = base if item.rate is not None else None
    return Offer(
        item, state, unknown, failing, base, left,
        most_of(item.rate, item.ceiling_cny, base, left), topup, _added(item, topup, base),
    )  # fmt: skip


def most_of(
    rate: Decimal | None, ceiling: Decimal | None, base: Decimal | None, left: Decimal | None
) -> Decimal | None:
    """The most that may be paid, down to the fen; None where the rate's base is not known, or nothing limits it."""
    if rate is not None and base is None:
        return None
    share = None if rate is None or base is None else base * rate
    limits = [limit for limit in (share, ceiling, left) if limit is not None]
    return floor_fen(max(ZERO, min(limits))) if limits else None


def together(found: Iterable[Offer], left: Decimal | None) -> Decimal:
    """What the items that are open would bring the firm together: no more than the cap over all of them leaves."""
    own = (offer for offer in found if offer.state == "yes" and not offer.to_county)
    total = sum((offer.sum_cny for offer in own if offer.sum_cny), ZERO)
    return total if left is None else min(total, left)


def _added(item: Item, topup: TopUp | None, base: Decimal | None) -> Decimal | None:
    """What the county adds: what rate and ceiling with its own on top bring more than the city's alone."""
    if topup is None:
        return None
    rate = None if item.rate is None else item.rate + (topup.rate or 0)
    ceiling = None if item.ceiling_cny is None else item.ceiling_cny + (topup.ceiling_cny or 0)
    raised, own = most_of(rate, ceiling, base, None), most_of(item.rate, item.ceiling_cny, base, None)
    return None if raised is None or own is None else raised - own
