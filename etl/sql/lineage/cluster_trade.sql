-- The rows behind a unit's clusters (for the city: all clusters): registry rows and the cumulatives of their firms.
-- own: the firm was the unit's in the row's month.
with
member as (
    select firm.uscc, unit.role = 'city' as everywhere
    from mart_firm_month as firm, unit
    where unit.unit = $unit and firm.period = $period and firm.cluster is not null and firm.ttm_total > 0
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
),
found as (
    select
        trade_row.file_id, trade_row.sheet, trade_row."row", trade_row.firm_name as label,
        strftime(trade_row.period, '%Y-%m') || ' ' || trade_row.span || ' ' || cast(trade_row.value_cny as decimal(24,2)) || ' 元' as figures,
        trade_row.uscc, last_day(trade_row.period) as day
    from trade_row
    union all
    select firms.file_id, firms.sheet, firms."row", firms.firm_name, '企业名录 ' || coalesce(firms.cluster, ''),
        firms.uscc, coalesce(firms.effective, date '1900-01-01')
    from fact_firms as firms
)
select found.file_id, found.sheet, found."row", found.label, found.figures,
    member.everywhere or belonging.unit = $unit as own
from found
inner join member on member.uscc = found.uscc
inner join mart_belonging as belonging
    on belonging.uscc = found.uscc and belonging.valid_from <= found.day and belonging.valid_to > found.day
