-- One row per event of the ledger, however often it is listed; unassigned where it names no unit.
select
    category, name, coalesce(unit, 'unassigned') as unit, happened,
    max(amount_cny) as amount_cny, max(evidence) as evidence
from fact_events
group by category, name, coalesce(unit, 'unassigned'), happened
