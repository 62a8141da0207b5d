"""Which sums of support a viewer may see by themselves: none that few payees make up, of an item, a unit or a span.

Sums are told of whole years alone, once they are over, from the document on, and never taken back: a year of few payees is
told with the next ones as one span. Items and units of few payees are put together with the next larger ones until many
make up the sum; what was put together stays so in later spans. So what two months tell, subtracted, is a sum that
is told by itself. The viewer's own unit, whose firms they see, is known to them: the others alone are judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from dashboard import store
from dashboard.small import is_small
from dashboard.store import Gate
from etl.policy import Policy

# $1: the viewer's own unit; $2, $3: the last and the first day that count
PAYEES = """
    select coalesce(item_id, ''), unit, cast(year(paid) as integer) as paid_in, uscc, sum(amount_cny) from support_check
    where amount_cny <> 0 and unit <> $1 and paid <= cast($2 as date) and paid >= cast($3 as date)
    group by all order by paid_in
"""
Row = tuple[str, str, int, str, Decimal]  # item, unit, year, payee, yuan
Years = tuple[int, int]  # of a span: its first and its last one


@dataclass(frozen=True)
class Told:
    """What a viewer may be told of a place's support. day: up to which, ISO; empty where no sum may be told.

    spans: each is told as one sum, in order; years that lie in none had no payments of others. items (empty: outside the
    document), units: these are told as one of each.
    """

    day: str = ""
    spans: tuple[Years, ...] = ()
    items: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def span(self, year: int) -> Years:
        """The span that a year is told in; its own where no other was paid in it."""
        return next((span for span in self.spans if span[0] <= year <= span[1]), (year, year))


def told(gate: Gate, policy: Policy, unit: str, until: str) -> Told:
    """What may be told of a place up to a day to who may not see its firms.

    Of another unit all items are one sum, and that only where many payees make it up.
    """
    last = until if until.endswith("-12-31") else f"{int(until[:4]) - 1}-12-31"
    if last < policy.document.issued:
        return Told()
    rows = store.read(gate, PAYEES, gate.viewer.unit or "", last, policy.document.issued)
    found = _judged(rows, last)
    if unit == policy.city.code:
        return found
    if unit in found.units:
        return Told()
    return Told(found.day, found.spans, frozenset(row[0] for row in rows))


def _judged(rows: Sequence[Row], last: str) -> Told:
    """For the city. rows: in the order of years; last: up to which day they are."""
    spans: list[Years] = []
    items, units = frozenset[str](), frozenset[str]()
    past: list[Row] = []
    waiting: list[Row] = []
    for year, paid in groupby(rows, lambda row: row[2]):
        waiting += paid
        if _small(waiting, past):
            continue
        items, units = _together(waiting, past, 0, items), _together(waiting, past, 1, units)
        spans.append((waiting[0][2], year))
        past += waiting
        waiting = []
    if waiting and not spans:
        return Told()
    return Told(f"{spans[-1][1]}-12-31" if waiting else last, tuple(spans), items, units)


def _together(
    now: Sequence[Row], past: Sequence[Row], column: int, already: frozenset[str]
) -> frozenset[str]:
    """The items or units that are told as one from this span on; many payees make up all of them."""

    def small(keys: AbstractSet[str]) -> bool:
        return _small(*([row for row in rows if str(row[column]) in keys] for rows in (now, past)))

    sizes: dict[str, Decimal] = defaultdict(Decimal)
    for row in now:
        sizes[str(row[column])] += row[4]
    found = set(already | {key for key in sizes if small({key})})
    by_size = sorted(sizes.keys() - found, key=lambda key: (sizes[key], key))
    while by_size and small(found):
        found.add(by_size.pop(0))
    return frozenset(found)


def _small(now: Iterable[Row], past: Iterable[Row]) -> bool:
    """Whether few payees make up what was paid now, or that together with what was paid in the past. Nothing: no."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for rows in (now, past):
        for row in rows:
            sums[row[3]] += row[4]
        had = [amount for amount in sums.values() if amount]
        if had and is_small(len(had), max(had), sum(had, Decimal(0))):
            return True
    return False
