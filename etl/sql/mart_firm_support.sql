-- One row per firm, unit at the time, day and item: city-level support paid, less what was withdrawn. Yuan.
select
    support.uscc,
    belonging.unit,
    support.paid,
    support.item,
    sum(support.amount_cny) as amount_cny
from fact_support as support
inner join mart_belonging as belonging
    on belonging.uscc = support.uscc
    and belonging.valid_from <= last_day(support.paid) and belonging.valid_to > last_day(support.paid)
where support.amount_cny <> 0
group by support.uscc, belonging.unit, support.paid, support.item
