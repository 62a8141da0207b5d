-- The payments to each firm over the cap. own: the firm was the unit's in the month of the payment.
with
over as (
    select uscc from fact_support
    where paid >= cast($since as date) and paid <= last_day($period) and substr(uscc, 1, 1) <> '1'
    group by uscc having sum(amount_cny) > $cap_cny
)
select
    paid.file_id, paid.sheet, paid."row", coalesce(paid.firm_name, paid.uscc) as label,
    strftime(paid.paid, '%Y-%m-%d') || ' ' || paid.item || ' ' || cast(paid.amount_cny as decimal(24,2)) || ' 元' as figures,
    unit.role = 'city' or coalesce(then_at.unit = $unit, false) as own
from fact_support as paid
inner join over on over.uscc = paid.uscc
cross join unit
inner join mart_belonging as belonging
    on belonging.uscc = paid.uscc
    and belonging.valid_from <= last_day($period) and belonging.valid_to > last_day($period)
left join mart_belonging as then_at
    on then_at.uscc = paid.uscc and then_at.valid_from <= last_day(paid.paid) and then_at.valid_to > last_day(paid.paid)
where unit.unit = $unit and paid.paid >= cast($since as date) and paid.paid <= last_day($period)
  and (unit.role = 'city' or belonging.unit = $unit)
