-- The rows behind the count: each firm at or over the line, with the cumulatives that make up its twelve months.
-- own: the firm was the unit's in the row's month.
with
member as (
    select firm.uscc, unit.role = 'city' as everywhere
    from mart_firm_month as firm, unit
    where unit.unit = $unit and firm.period = $period and firm.ttm_total >= $threshold_cny
      and (unit.role = 'city' or firm.unit = $unit)
),
trade_row as (
    select file_id, sheet, "row", period, uscc, firm_name, ytd_export + ytd_import as value_cny, '累计' as span
    from fact_firm_month
    where period in ($period, make_date(year($period) - 1, 12, 1), make_date(year($period) - 1, month($period), 1))
    union all
    select file_id, sheet, "row", period, uscc, firm_name, value_cny, '当月' as span
    from fact_declarations
    where period > $period - interval 12 month and period <= $period
      and not exists (select 1 from coverage where kind = 'firm_month' and period = $period)
)
select
    trade_row.file_id, trade_row.sheet, trade_row."row", trade_row.firm_name as label,
    strftime(trade_row.period, '%Y-%m') || ' ' || trade_row.span || ' ' || cast(trade_row.value_cny as decimal(24,2)) || ' 元' as figures,
    member.everywhere or belonging.unit = $unit as own
from trade_row
inner join member on member.uscc = trade_row.uscc
inner join mart_belonging as belonging
    on belonging.uscc = trade_row.uscc
    and belonging.valid_from <= last_day(trade_row.period) and belonging.valid_to > last_day(trade_row.period)
