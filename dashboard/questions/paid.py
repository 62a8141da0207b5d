"""City-level support paid since the document: by item, by unit, and who is over the ceiling. Amounts are yuan.

Sums are for every reader; single firms only for whom ``store.sees_firms`` lets see them, else Forbidden.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard import store
from dashboard.store import Gate

# An office of a county that an award was paid to is no firm, as in the measure support_cap.
LEDGER = """
    select uscc, firm_name, unit, coalesce(item_id, item) as item, amount_cny, substr(uscc, 1, 1) <> '1' as is_firm,
        year(paid) = year(cast($2 || '-01' as date)) as this_year
    from support_check
    where amount_cny <> 0 and (unit = $1 or $1 in (select unit from unit where role = 'city'))
        and paid >= cast($3 as date) and paid <= last_day(cast($2 || '-01' as date))
"""
# Who gave all back has none of the support any more.
SUMMED = """
    select name, cast(count(case when is_firm and paid_cny > 0 then 1 end) as integer), cast(sum(payments) as integer),
        sum(paid_cny), sum(year_cny)
    from (
        select {by} as name, uscc, is_firm, count(*) as payments, sum(amount_cny) as paid_cny,
            coalesce(sum(case when this_year then amount_cny end), 0) as year_cny
        from ({ledger}) as ledger group by 1, 2, 3
    ) as payee
    group by 1 order by 4 desc, 1
"""
BY_ITEM = SUMMED.format(by="item", ledger=LEDGER)
BY_UNIT = SUMMED.format(by="unit", ledger=LEDGER)
WHOLE = SUMMED.format(by="''", ledger=LEDGER)
# All payments to a firm count where it belongs at the month's end, as in the measure support_cap.
OVER = """
    select ledger.uscc, max(ledger.firm_name), max(belonging.unit), sum(ledger.amount_cny)
    from support_check as ledger
    inner join mart_belonging as belonging
        on belonging.uscc = ledger.uscc and belonging.valid_from <= last_day(cast($2 || '-01' as date))
        and belonging.valid_to > last_day(cast($2 || '-01' as date))
    where substr(ledger.uscc, 1, 1) <> '1' and (belonging.unit = $1 or $1 in (select unit from unit where role = 'city'))
        and ledger.paid >= cast($3 as date) and ledger.paid <= last_day(cast($2 || '-01' as date))
    group by ledger.uscc having sum(ledger.amount_cny) > $4 order by 4 desc, 1
"""
LOADED = "select count(*) > 0 from support_check"


@dataclass(frozen=True)
class Paid:
    """Support of one item or unit: firms, payments and amount, in all and in the period's year. Offices are no firms.

    name: the unit's code, or the item's id, or what the ledger calls an item that the document does not know.
    """

    name: str
    firms: int
    payments: int
    total_cny: Decimal
    year_cny: Decimal


@dataclass(frozen=True)
class OverCap:
    """A firm whose support, all items together, is over the ceiling."""

    uscc: str
    name: str
    unit: str
    total_cny: Decimal


@dataclass(frozen=True)
class Support:
    """A place's support from ``since`` to the period's end. over: None where single firms are not asked for.

    loaded: whether there is a ledger at all. cap_cny: None where the document sets no cap.
    """

    loaded: bool
    since: date
    cap_cny: int | None
    whole: Paid
    items: tuple[Paid, ...]
    units: tuple[Paid, ...]
    over: tuple[OverCap, ...] | None


def support(gate: Gate, unit: str, period: str, since: str, cap_cny: int | None, *, named: bool) -> Support:
    """What was paid to a place's firms; named: with the firms over the ceiling, Forbidden for who may not see them."""
    if named:
        store.require_firms(gate, unit)
    whole, items, units = (
        tuple(Paid(*row) for row in store.read(gate, query, unit, period, since))
        for query in (WHOLE, BY_ITEM, BY_UNIT)
    )
    rows = store.read(gate, OVER, unit, period, since, cap_cny) if named and cap_cny else ()
    return Support(
        bool(store.read(gate, LOADED)[0][0]),
        date.fromisoformat(since),
        cap_cny,
        whole[0] if whole else Paid("", 0, 0, Decimal(0), Decimal(0)),
        items,
        units,
        tuple(OverCap(*row) for row in rows) if named else None,
    )
