-- The payments of city-level support to a unit's firms and offices, where they belonged on the day, from a day on.
-- own: as in the ledger itself.
select
    paid.file_id, paid.sheet, paid."row", coalesce(paid.firm_name, paid.uscc) as label,
    strftime(paid.paid, '%Y-%m-%d') || ' ' || paid.item || ' ' || cast(paid.amount_cny as decimal(24,2)) || ' 元' as figures,
    true as own
from support_check as paid
cross join unit
where unit.unit = $unit and (unit.role = 'city' or paid.unit = $unit)
  and paid.paid >= cast($since as date) and paid.paid <= last_day($period) and paid.amount_cny <> 0
