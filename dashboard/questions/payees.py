"""Which sums of support a viewer may see by themselves: none that few payees make up, of an item, a unit or a year.

Those of few payees are put together with the next larger ones until many make up the sum; nothing but sums of whole
groups can then be worked out from a table and its totals. The viewer's own unit, whose firms they see, is known to them:
the others alone are judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard import store
from dashboard.small import is_small
from dashboard.store import Gate
from etl.policy import Policy

# $1: the viewer's own unit; $2, $3: the last and the first day that count
PAYEES = """
    select coalesce(item_id, ''), unit, cast(year(paid) as integer), uscc, sum(amount_cny) from support_check
    where amount_cny <> 0 and unit <> $1 and paid <= cast($2 as date) and paid >= cast($3 as date)
    group by all
"""
FIRST_DAY = "1900-01-01"
NO_YEAR = 0
Row = tuple[str, str, int, str, Decimal]  # item, unit, year, payee, yuan


@dataclass(frozen=True)
class Together:
    """What is told as one sum. items (empty: outside the document), units: of these; years: of all of them.

    everything: not even the sum of all may be told.
    """

    items: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    years: bool = False
    everything: bool = False


def together(gate: Gate, policy: Policy, unit: str, day: str, since: str) -> Together:
    """What of a place's sums from one day to another the viewer may not see by itself; nothing where they see its firms.

    Of another unit all items are one sum, and that only where many payees make it up.
    """
    if store.sees_firms(gate, unit):
        return Together()
    rows = store.read(gate, PAYEES, gate.viewer.unit or "", day, since)
    found = _judged(rows)
    if unit == policy.city.code or found.everything:
        return found
    if unit in found.units:
        return Together(everything=True)
    return Together(frozenset(row[0] for row in rows), years=found.years)


def _judged(rows: Sequence[Row]) -> Together:
    """For the city: by year where all years bear it, else all years as one."""
    for years in (False, True):
        kept = [(*row[:2], NO_YEAR, *row[3:]) for row in rows] if years else rows
        items, units = (_merged(kept, column) for column in (0, 1))
        if items is not None and units is not None:
            return Together(items, units, years)
    return Together(everything=True)


def _merged(rows: Sequence[Row], column: int) -> frozenset[str] | None:
    """The items or units that are told as one; None where even all of them are few payees'."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(row[column])].append(row)
    merged = {key for key, group in groups.items() if _small(group)}
    by_size = sorted(groups.keys() - merged, key=lambda key: (sum(row[4] for row in groups[key]), key))
    while small := _small(row for key in merged for row in groups[key]):
        if not by_size:
            break
        merged.add(by_size.pop(0))
    return None if small else frozenset(merged)


def _small(rows: Iterable[Row]) -> bool:
    """Whether few payees make these up in any year, or in all of them."""
    sums: Mapping[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for _, _, year, payee, amount in rows:
        for of in {year, NO_YEAR}:
            sums[of][payee] += amount
    return any(
        is_small(len(paid), max(paid.values()), sum(paid.values(), Decimal(0))) for paid in sums.values()
    )
