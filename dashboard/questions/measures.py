"""What the document's measures have to show beside their lights: monitors, and events of the ledger.

What may tell of single firms is only for who may see the unit's firms, else Forbidden. A period is ``YYYY-MM``.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import store
from dashboard.board import before, month_end
from dashboard.questions.payees import told
from dashboard.questions.until import until
from dashboard.store import Gate
from etl.clauses import ClauseList, load_clauses
from etl.monitors import Monitor as Monitor
from etl.monitors import load_monitors
from etl.policy import Policy
from etl.support.rules import load_rules

PARTS = """
    select part, unit, place, value, extra from monitor_board
    where monitor = $1 and unit = $2 and period = $3 order by place, part
"""
RANKED = """
    select part, unit, place, value, extra from monitor_board
    where monitor = $1 and period = $3 and ($2 = unit or $2 in (select unit from unit where role = 'city'))
    order by place nulls last, part
"""
PAID = """
    select coalesce(item_id, ''), cast(coalesce(sum(
        case when $1 = unit or $1 in (select unit from unit where role = 'city') then amount_cny end), 0) as double)
    from support_check
    where amount_cny <> 0 and paid >= cast($3 as date) and paid <= cast($2 as date)
    group by all
"""
EVENTS = """
    select category, name, unit, happened, evidence from mart_event
    where happened <= last_day(cast($2 || '-01' as date))
        and ($1 = unit or $1 in (select unit from unit where role = 'city'))
    order by happened desc, category, name
"""
AMOUNTS = frozenset(
    {"paid_cny", "supported"}
)  # beside a number of things: what firms were paid, and how many


@dataclass(frozen=True)
class Part:
    """One value of a monitor, or one participant of a ranking. facts: what the measure gives beside the value.

    name: empty where the monitor has one value only. unit: of the value, or the participant's own.
    """

    name: str
    unit: str
    place: int | None
    value: float | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """A monitor's values. year: the last whole one before; ended: a ranking's places at its end, by participant."""

    parts: tuple[Part, ...]
    year: str
    ended: Mapping[str, int]


@dataclass(frozen=True)
class Event:
    """Something that happened once, with the paper that proves it."""

    category: str
    name: str
    unit: str
    happened: date
    evidence: str | None


def counted(gate: Gate, monitor: str, unit: str, period: str) -> int | None:
    """A monitor that counts, in one place and month; None where its data are missing or the city does not keep it."""
    rows = store.read(gate, PARTS, monitor, unit, period)
    value = rows[0][3] if rows else None
    return None if value is None else int(value)


def parts(gate: Gate, monitor: Monitor, unit: str, period: str) -> tuple[Part, ...]:
    """A monitor's values in one place and month, in their order; of a ranking all participants of that place.

    Amounts, shares and scores may be a single firm's, of the whole less the own unit too: only for who sees firms, also
    where they stand beside a number of things.
    """
    if monitor.names_firms or monitor.kind != "count":
        store.require_firms(gate, unit)
    query = RANKED if monitor.ranking else PARTS
    rows = store.read(gate, query, monitor.id, unit, period)
    kept_back = frozenset() if store.sees_firms(gate, unit) else AMOUNTS
    return tuple(
        Part(
            name,
            own,
            place,
            value,
            {key: it for key, it in json.loads(extra).items() if key not in kept_back},
        )
        for name, own, place, value, extra in rows
    )


def standing(gate: Gate, monitor: Monitor, unit: str, period: str) -> Standing:
    """A monitor as it stands; of a ranking also how the last whole year ended: with its December."""
    december = f"{before(period, 12)[:4]}-12"
    ended = parts(gate, monitor, unit, december) if monitor.ranking else ()
    places = {part.name: part.place for part in ended if part.place is not None}
    return Standing(parts(gate, monitor, unit, period), december[:4], places)


def monitors_of(policy: Policy, clause: str) -> tuple[Monitor, ...]:
    """The monitors of one of the document's measures, in their order."""
    return tuple(item for item in load_monitors(policy) if item.clause == clause)


def clauses_of(policy: Policy) -> ClauseList:
    """The document sentence by sentence."""
    return load_clauses(policy)


def paid(gate: Gate, policy: Policy, unit: str, period: str) -> tuple[str, Mapping[str, float]]:
    """The day up to which it is told, ISO, and the yuan paid by then of each support item since the document, by its id.

    Empty where nothing at all was paid in the city: then no ledger is loaded, or none of that time. Up to the month's end,
    or for who may not see the firms as on the page of support, without the items that may not be told by themselves.
    """
    items = [item.id for item in load_rules(policy).items]
    if store.sees_firms(gate, unit):
        day = month_end(period).isoformat()
    else:
        granted = told(gate, policy, unit, until(gate, period))
        if not granted.day:
            return "", {}
        day, items = granted.day, [id for id in items if id not in granted.items]
    found = dict(store.read(gate, PAID, unit, day, policy.document.issued))
    return day, {id: found.get(id, 0) for id in items} if found else {}


def events(gate: Gate, categories: Iterable[str], unit: str, period: str) -> tuple[Event, ...]:
    """The events of those categories up to the month's last day, newest first; their names may be firms'."""
    store.require_firms(gate, unit)
    wanted = set(categories)
    rows = store.read(gate, EVENTS, unit, period)
    return tuple(event for event in (Event(*row) for row in rows) if event.category in wanted)
