"""Rows of the ledger of support as they were loaded, for whoever enters or corrects one."""

from dataclasses import replace

from dashboard import store
from dashboard.questions.support import Payment
from dashboard.store import Gate
from etl.policy import Policy
from etl.support.entry import Entry

SAME_KEY = """
    select paid, uscc, coalesce(firm_name, ''), coalesce(unit, ''), item, coalesce(project, ''), base_cny, amount_cny
    from fact_support
    where cast(paid as varchar) = $1 and uscc = $2 and item = $3 and coalesce(project, '') = $4 and amount_cny <> 0
        and not (file_id = $5 and sheet = $6 and "row" = $7)
    order by file_id, sheet, "row"
"""


def beside(gate: Gate, policy: Policy, entry: Entry, old: Payment | None) -> tuple[Entry, ...]:
    """The payments that the ledger knows by the entry's key, without the one that is corrected. Forbidden as for all."""
    store.require_firms(gate, policy.city.code)
    place = (old.file_id, old.sheet, old.row) if old else (0, "", 0)
    rows = store.read(gate, SAME_KEY, *entry.key, *place)
    names = {unit.code: unit.name for unit in policy.units}
    return tuple(replace(entry, unit=names.get(entry.unit, "")) for entry in (Entry(*row) for row in rows))
