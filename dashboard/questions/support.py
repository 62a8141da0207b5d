"""What the ledger of support says: verdicts, what was spent, what is left, who has not claimed. Yuan throughout.

Sums are for every reader; payments, payees and candidates only as far as the viewer may see firms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dashboard import store
from dashboard.board import before, month_end
from dashboard.questions.payees import Told, Years, told
from dashboard.questions.until import until
from dashboard.store import Gate
from etl.policy import Policy
from etl.support.candidates import offers_to
from etl.support.claims import TOTAL
from etl.support.eligible import Offer
from etl.support.evidence import Firm, Known
from etl.support.left import total_left
from etl.support.rules import Item, Rules, load_rules
from etl.support.tables import Books, books, kept_facts

FIRST_DAY = "1900-01-01"
WITHIN = "($1 = '' or checked.unit = $1) and checked.paid <= cast($2 as date) and checked.amount_cny <> 0"
PAYMENTS = f"""
    select checked.file_id, files.name, checked.sheet, checked."row", checked.paid, checked.uscc, checked.firm_name,
        checked.unit, checked.county, checked.item_id, checked.item, checked.project, checked.base_cny, checked.amount_cny,
        checked.verdict, checked.allowed_cny, checked.reason,
        coalesce(twin.name || ' ' || checked.twin_sheet || ' 第' || checked.twin_row || '行'
            || case when $1 = '' and other.unit <> checked.unit then '（' || other.firm_name || '）' else '' end, '')
    from support_check as checked
    inner join files on files.file_id = checked.file_id
    left join files as twin on twin.file_id = checked.twin_file_id
    left join support_check as other
        on other.file_id = checked.twin_file_id and other.sheet = checked.twin_sheet and other."row" = checked.twin_row
    where {WITHIN} order by checked.paid desc, checked.uscc, checked.item, checked.project, checked."row"
"""
SPENT = f"""
    select checked.item_id, checked.unit, cast(year(checked.paid) as integer), checked.verdict,
        cast(count(*) as integer), sum(checked.amount_cny),
        sum(checked.amount_cny - coalesce(checked.allowed_cny, checked.amount_cny))
    from support_check as checked where {WITHIN} and checked.paid >= cast($3 as date)
    group by all order by all
"""
LEFT = """
    select item_id, holder, holder_name, unit, time_window, ceiling_cny, paid_cny, room_cny
    from (
        select *, row_number() over (partition by item_id, holder, time_window order by day desc) as newest
        from support_left where day <= cast($2 as date)
    ) as stood
    where newest = 1 and ($1 = '' or unit = $1)
    order by holder, item_id, time_window
"""
WINNERS = """
    select item_id, year_for, cast(count(*) as integer)
    from (
        select item_id, year_for, case when list_contains(string_split($3, ','), item_id) then county else uscc end as holder
        from support_check
        where item_id is not null and paid >= cast($1 as date) and paid <= cast($2 as date)
        group by all having sum(amount_cny) > 0
    ) as held
    group by item_id, year_for order by year_for desc, item_id
"""
ELIGIBLE = """
    select item_id, uscc, name, unit, because, ask, left_cny from support_eligible where $1 = '' or unit = $1
    order by unit, name
"""
TOGETHER = "together"  # stands for the items and the units that are not told apart
GROWTH = """
    select now.unit, now.ytd_total, past.ytd_total from unit_trade as now
    left join unit_trade as past on past.unit = now.unit and past.period = $2
    where now.period = $1
"""


@dataclass(frozen=True)
class Payment:
    """One payment as judged. item_id: None for an item that the document does not know.

    unit: the firm's; county: the one that the ledger names, else the firm's. twin: where the other stands; to who sees
    the whole city also whose it is, where that firm is of another unit.
    """

    file_id: int
    file: str
    sheet: str
    row: int
    paid: date
    uscc: str
    firm: str
    unit: str
    county: str
    item_id: str | None
    item: str
    project: str
    base_cny: Decimal | None
    amount_cny: Decimal
    verdict: str
    allowed_cny: Decimal | None
    reason: str
    twin: str

    @property
    def id(self) -> str:
        """Its place, as an address names it."""
        return f"{self.file_id}.{self.row}.{self.sheet}"


@dataclass(frozen=True)
class Spent:
    """Payments of one item, unit, span of years and verdict. over_cny: what of them would not be allowed.

    item_id: None for what the document does not know. TOGETHER, and a span of more than one year, where the viewer may not
    tell them apart.
    """

    item_id: str | None
    unit: str
    years: Years
    verdict: str
    payments: int
    amount_cny: Decimal
    over_cny: Decimal


@dataclass(frozen=True)
class Left:
    """A ceiling of a payee as it stands. item_id: ``total`` for the cap over all; left_cny: no more than that leaves."""

    item_id: str
    holder: str
    name: str
    unit: str
    window: str
    ceiling_cny: Decimal
    paid_cny: Decimal
    left_cny: Decimal


@dataclass(frozen=True)
class Candidate:
    """Somebody likely eligible who has not claimed. uscc: empty for an event, which names no firm."""

    item_id: str
    uscc: str
    name: str
    unit: str
    because: str
    ask: str
    left_cny: Decimal | None


@dataclass(frozen=True)
class Evaluation:
    """A year's evaluation of the whole city that paid fewer than the document says. winners: how many it paid."""

    item: Item
    year: str
    winners: int


@dataclass(frozen=True)
class Growth:
    """A unit's trade of the year so far and of last year's same months; None where it is not known."""

    unit: str
    now_cny: Decimal | None
    then_cny: Decimal | None

    @property
    def more_cny(self) -> Decimal | None:
        """How much more it is."""
        return None if self.now_cny is None or self.then_cny is None else self.now_cny - self.then_cny


def rules(policy: Policy) -> Rules:
    """What the document pays for."""
    return load_rules(policy)


def spent(
    gate: Gate, policy: Policy, unit: str, period: str, *, in_month: bool = False
) -> tuple[str, tuple[Spent, ...]]:
    """The day up to which sums are told, ISO, and what was paid by then, by item, unit, year and verdict.

    in_month: no later than the month's end, to stand beside what was traded by then. Who may not see the firms is told
    of whole years since the document alone, what few payees make up put together (``questions.payees``): day is empty
    where nothing may be told.
    """
    within = _within(policy, unit)
    day = month_end(period).isoformat() if in_month else until(gate, period)
    if store.sees_firms(gate, unit):
        rows = store.read(gate, SPENT, within, day, FIRST_DAY)
        return day, tuple(Spent(item, place, (year, year), *rest) for item, place, year, *rest in rows)
    granted = told(gate, policy, unit, day)
    if not granted.day:
        return "", ()
    rows = store.read(gate, SPENT, within, granted.day, policy.document.issued)
    return granted.day, tuple(_in_sum(granted, *row) for row in rows)


def _in_sum(
    granted: Told,
    item: str | None,
    unit: str,
    year: int,
    verdict: str,
    payments: int,
    amount: Decimal,
    _: Decimal,
) -> Spent:
    """A row as who may not see firms has it; how much is over tells of single payments and goes."""
    return Spent(
        TOGETHER if (item or "") in granted.items else item,
        TOGETHER if unit in granted.units else unit,
        granted.span(year),
        verdict,
        payments,
        amount,
        Decimal(0),
    )


def payments(gate: Gate, policy: Policy, unit: str, period: str) -> tuple[Payment, ...]:
    """Every payment up to the day that ``until`` says, the newest first. Forbidden unless the viewer may see the unit's firms."""
    store.require_firms(gate, unit)
    asked = (_within(policy, unit), until(gate, period))
    return tuple(Payment(*row) for row in store.read(gate, PAYMENTS, *asked))


def standing(gate: Gate, policy: Policy, unit: str, period: str) -> tuple[Left, ...]:
    """How every ceiling that was drawn on stands on the day that ``until`` says. Forbidden as for payments."""
    store.require_firms(gate, unit)
    asked = (_within(policy, unit), until(gate, period))
    found = [Left(*row) for row in store.read(gate, LEFT, *asked)]
    totals = {one.holder: one.left_cny for one in found if one.item_id == TOTAL}
    return tuple(
        replace(one, left_cny=min(one.left_cny, totals.get(one.holder, one.left_cny))) for one in found
    )


def candidates(gate: Gate, policy: Policy, unit: str) -> tuple[Candidate, ...]:
    """Who is likely eligible and has not claimed, in the newest month. Forbidden as for payments."""
    store.require_firms(gate, unit)
    return tuple(Candidate(*row) for row in store.read(gate, ELIGIBLE, _within(policy, unit)))


def too_few(gate: Gate, policy: Policy, period: str) -> tuple[Evaluation, ...]:
    """The evaluations that by the day that ``until`` says had paid some, but fewer than the document says; newest first."""
    items = {item.id: item for item in rules(policy).items}
    counties = ",".join(item.id for item in items.values() if item.per == "county_evaluation")
    rows = store.read(gate, WINNERS, policy.document.issued, until(gate, period), counties)
    found = (Evaluation(items[id], year, winners) for id, year, winners in rows if id in items)
    return tuple(one for one in found if one.winners < one.item.winners.least)


def growth(gate: Gate, period: str) -> Mapping[str, Growth]:
    """Trade of the year so far beside last year's, by unit."""
    rows = store.read(gate, GROWTH, period, before(period, 12))
    return {row[0]: Growth(*row) for row in rows}


def firms(gate: Gate, policy: Policy, unit: str) -> tuple[Firm, ...]:
    """The firms of the newest month that the viewer may see there, for a chooser. Forbidden as for payments."""
    store.require_firms(gate, unit)
    within = _within(policy, unit)
    return tuple(firm for firm in _known(gate, policy)[1].firms if within in ("", firm.unit))


def nobody(unit: str) -> Firm:
    """The firm that somebody types the facts of: in that unit, and no more is known of it."""
    return Firm("", "", unit)


def facts_of(gate: Gate, policy: Policy, firm: Firm) -> dict[str, bool | None]:
    """What the data say of one firm: fact → whether it holds; what is not known is None or not there."""
    store.require_firms(gate, firm.unit)
    return _known(gate, policy)[1].of(firm.uscc)


def left_of(gate: Gate, policy: Policy, firm: Firm) -> Decimal | None:
    """What the cap over all items leaves the firm; None where it does not hold for it."""
    book, _ = _known(gate, policy)
    return total_left(book.ledger, book.stands, firm.uscc)


def offers(
    gate: Gate,
    policy: Policy,
    firm: Firm,
    facts: Mapping[str, bool | None],
    bases: Mapping[str, Decimal | None],
) -> tuple[Offer, ...]:
    """What every item offers the firm, after all that the ledger says it had; a code nobody has had nothing."""
    book, _ = _known(gate, policy)
    today = date.fromisoformat(until(gate, store.meta(gate).latest_period))
    return offers_to(book.ledger, book.stands, firm, facts, bases, today)


def _known(gate: Gate, policy: Policy) -> tuple[Books, Known]:
    """The ledger with its ceilings and what the data say of every firm; read once a snapshot for all viewers.

    Who may see of it is asked by whoever hands it on.
    """

    def read() -> tuple[Books, Known]:
        return store.ask(gate, lambda con: (books(con, policy), kept_facts(con)))

    return store.shared(gate, ("support", str(policy.folder)), read)


def _within(policy: Policy, unit: str) -> str:
    """The unit as a query takes it: empty for the whole city."""
    return "" if unit == policy.city.code else unit


def summed(found: Iterable[Spent]) -> Decimal:
    """All of it together."""
    return sum((item.amount_cny for item in found), Decimal(0))
