-- One row per firm, unit at the time, day and item: city-level support paid. Yuan.
select
    support.uscc,
    coalesce(registry.unit, division.unit, 'unassigned') as unit,
    support.paid,
    support.item,
    sum(support.amount_cny) as amount_cny
from fact_support as support
left join mart_registry as registry
    on registry.uscc = support.uscc
    and registry.valid_from <= last_day(support.paid)
    and registry.valid_to > last_day(support.paid)
left join division on division.division = substr(support.uscc, 3, 6)
group by support.uscc, coalesce(registry.unit, division.unit, 'unassigned'), support.paid, support.item
