-- The rows behind cross-border e-commerce: this year's months and the base year's same months.
with
place as (
    select role from unit where unit = $unit
),
rows as (
    select file_id, sheet, "row", period, unit, month_export, month_import from fact_cbec_month
    union all
    select declared.file_id, declared.sheet, declared."row", declared.period,
        belonging.unit,
        case when declared.flow = 'export' then declared.value_cny else 0 end,
        case when declared.flow = 'import' then declared.value_cny else 0 end
    from fact_declarations as declared
    inner join cbec_mode on cbec_mode.mode = declared.mode
    inner join mart_belonging as belonging
        on belonging.uscc = declared.uscc
        and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
    where not exists (select 1 from coverage where kind = 'cbec_month' and period = declared.period)
)
select rows.file_id, rows.sheet, rows."row", unit.name || ' ' || strftime(rows.period, '%Y-%m') as label,
    '出口 ' || cast(coalesce(rows.month_export, 0) as decimal(24,2)) || ' 元，进口 ' || cast(coalesce(rows.month_import, 0) as decimal(24,2)) || ' 元' as figures,
    true as own
from rows
inner join unit on unit.unit = rows.unit
cross join place
where (place.role = 'city' or rows.unit = $unit)
  and year(rows.period) in (year($period), $base_year) and month(rows.period) <= month($period)
