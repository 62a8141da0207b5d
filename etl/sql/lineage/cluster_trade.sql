-- The rows behind a unit's clusters (for the city: all clusters): registry rows and the cumulatives of their firms.
with
member as (
    select firm.uscc
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
)
select
    trade_row.file_id, trade_row.sheet, trade_row."row", trade_row.firm_name as label,
    strftime(trade_row.period, '%Y-%m') || ' ' || trade_row.span || ' ' || cast(trade_row.value_cny as decimal(24,2)) || ' 元' as figures
from trade_row
inner join member on member.uscc = trade_row.uscc
union all
select firms.file_id, firms.sheet, firms."row", firms.firm_name, '企业名录 ' || coalesce(firms.cluster, '')
from fact_firms as firms
inner join member on member.uscc = firms.uscc
