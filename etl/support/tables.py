"""The money's tables of a snapshot, filled at publish: what each payment is judged, what is left, who may still apply."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from etl.cells import MONEY
from etl.marts import LAST, dependencies
from etl.monitors import load_monitors
from etl.policy import Policy
from etl.support.candidates import candidates
from etl.support.check import Judged, check
from etl.support.claims import Claim, Ledger, Origin, Pot, in_order, ledger, year_of
from etl.support.eligible import Candidate
from etl.support.evidence import Firm, Known, known
from etl.support.left import State, latest, states
from etl.support.rules import load_rules
from etl.warehouse import first_row

CLAIMS = """
    select support.file_id, support.sheet, support."row", support.paid, support.uscc,
        coalesce(belonging.firm_name, support.firm_name, ''), belonging.unit, coalesce(support.unit, belonging.unit),
        support.item, coalesce(support.project, ''), support.base_cny, support.amount_cny
    from fact_support as support
    inner join mart_belonging as belonging
        on belonging.uscc = support.uscc
        and belonging.valid_from <= last_day(support.paid) and belonging.valid_to > last_day(support.paid)
"""
KEPT = """
    select file_id, sheet, "row", paid, uscc, firm_name, unit, county, item, project, base_cny, amount_cny from support_check
"""
LATEST = "select coalesce((select max(period) from mart_firm_month), (select max(period) from mart_calendar))"
TODAY = (
    "select greatest(last_day(cast($1 as date)), (select max(paid) from fact_support where amount_cny <> 0))"
)
YUAN, TEXT = MONEY, pl.String
CHECKED = {
    "file_id": pl.Int32, "sheet": TEXT, "row": pl.Int32, "paid": pl.Date, "uscc": TEXT, "firm_name": TEXT, "unit": TEXT,
    "county": TEXT, "item_id": TEXT, "item": TEXT, "project": TEXT, "year_for": TEXT, "base_cny": YUAN, "amount_cny": YUAN,
    "verdict": TEXT, "allowed_cny": YUAN, "reason": TEXT, "twin_file_id": pl.Int32, "twin_sheet": TEXT, "twin_row": pl.Int32,
}  # fmt: skip
LEFT = {
    "day": pl.Date, "item_id": TEXT, "holder": TEXT, "holder_name": TEXT, "unit": TEXT, "time_window": TEXT,
    "ceiling_cny": YUAN, "paid_cny": YUAN, "room_cny": YUAN,
}  # fmt: skip
ELIGIBLE = {
    "item_id": TEXT, "uscc": TEXT, "name": TEXT, "unit": TEXT, "because": TEXT, "ask": TEXT, "left_cny": YUAN,
}  # fmt: skip
FIRM = {"uscc": TEXT, "name": TEXT, "unit": TEXT}
FACT = {"fact_id": TEXT, "uscc": TEXT, "state": TEXT}
NOTHING = Known((), {}, {}, {})


@dataclass(frozen=True)
class Books:
    """The payments of a snapshot, what they are judged against, and how every ceiling stands after them."""

    claims: tuple[Claim, ...]
    ledger: Ledger
    stands: Mapping[Pot, State]


def books(con: duckdb.DuckDBPyConnection, policy: Policy, payments: str = KEPT) -> Books:
    """The ledger of a published snapshot. payments: the query that gives them; at publish they come from the facts."""
    claims = tuple(_claim(row) for row in con.execute(payments).fetchall())
    issued, valid_to = (
        dt.date.fromisoformat(day) for day in (policy.document.issued, policy.document.valid_to)
    )
    book = ledger(claims, load_rules(policy), issued, valid_to)
    return Books(claims, book, latest(states(book, claims)))


def _claim(row: tuple[Any, ...]) -> Claim:
    file_id, sheet, number, *rest = row
    return Claim(Origin(file_id, sheet, number), *rest)


def support_reads() -> frozenset[str]:
    """The marts that may have to be there before the money's tables: all but the last."""
    return frozenset(dependencies()) - {LAST}


def build_support(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Fill support_check (a row per payment), support_left (per ceiling and day of payment), support_eligible (per
    candidate), support_firm and support_fact (what is known of each firm).

    Sums in yuan; allowed_cny is null where it cannot be known. support_left: holder is a credit code, or a unit for
    awards to counties; item_id ``total`` is the cap over all items; room_cny is what the ceiling leaves by itself,
    of which the total may leave less. Candidates are by the facts of the newest month, after all payments: the year is
    that of the last payment where it comes later.
    """
    found = books(con, policy, CLAIMS)
    book = found.ledger
    _write(con, "support_check", CHECKED, map(_checked, check(book, found.claims)))
    _write(con, "support_left", LEFT, _left(policy, found))
    row = first_row(con, LATEST)
    facts = known(con, book.rules, load_monitors(policy), row[0], book.issued) if row and row[0] else NOTHING
    now = first_row(con, TODAY, [row[0]]) if row and row[0] else None
    likely = candidates(book, found.claims, found.stands, facts, now[0]) if now else ()
    _write(con, "support_eligible", ELIGIBLE, map(_eligible, likely))
    _write(con, "support_firm", FIRM, ((firm.uscc, firm.name, firm.unit) for firm in facts.firms))
    _write(con, "support_fact", FACT, _facts(facts))


def kept_facts(con: duckdb.DuckDBPyConnection) -> Known:
    """What the data of a published snapshot say of every firm; events, which name none, are left out."""
    firms = con.execute("select uscc, name, unit from support_firm order by unit, name").fetchall()
    rows = con.execute("select fact_id, uscc, state from support_fact").fetchall()
    said = {
        state: {
            fact: frozenset(uscc for other, uscc, at in rows if (other, at) == (fact, state))
            for fact in {fact for fact, _, at in rows if at == "known"}
        }
        for state in ("yes", "silent")
    }
    return Known(tuple(Firm(*row) for row in firms), said["yes"], said["silent"], {})


def _facts(facts: Known) -> Iterator[tuple[object, ...]]:
    """A row per fact that the data know anything of, and per firm that it holds for or of which they are silent."""
    for fact, holders in facts.yes.items():
        yield fact, "", "known"
        yield from ((fact, uscc, "yes") for uscc in sorted(holders))
        yield from ((fact, uscc, "silent") for uscc in sorted(facts.silent[fact]))


def _checked(each: Judged) -> tuple[object, ...]:
    claim, at = each.claim, each.claim.origin
    twin = each.twin.origin if each.twin else None
    return (
        at.file_id, at.sheet, at.row, claim.paid, claim.uscc, claim.firm, claim.unit, claim.county,
        each.item.id if each.item else None,
        claim.item, claim.project, year_of(claim), claim.base_cny, claim.amount_cny, each.verdict, each.allowed_cny,
        each.reason, *((twin.file_id, twin.sheet, twin.row) if twin else (None, None, None)),
    )  # fmt: skip


def _left(policy: Policy, found: Books) -> Iterator[tuple[object, ...]]:
    """A row per ceiling and day; the holder called as its last payment calls it."""
    payees = {claim.uscc: (claim.firm, claim.unit) for claim in in_order(found.ledger, found.claims)}
    counties = {unit.code: (unit.name, unit.code) for unit in policy.units}
    for state in states(found.ledger, found.claims):
        pot = state.pot
        name, unit = payees.get(pot.holder) or counties[pot.holder]
        yield (
            state.day,
            pot.item,
            pot.holder,
            name,
            unit,
            pot.window,
            state.ceiling_cny,
            state.paid_cny,
            state.room_cny,
        )


def _eligible(one: Candidate) -> tuple[object, ...]:
    ask = "；".join(fact.question for fact in one.ask)
    return one.item.id, one.uscc, one.name, one.unit, one.because, ask, one.left_cny


def _write(
    con: duckdb.DuckDBPyConnection, table: str, schema: Mapping[str, Any], rows: Iterable[tuple[object, ...]]
) -> None:
    frame = pl.DataFrame(list(rows), schema=dict(schema), orient="row")
    con.register("frame", frame)
    con.execute(f"create or replace table {table} as select * from frame")
    con.unregister("frame")
