-- The rows behind a unit's cumulative trade: the county table's, or its firms' rows (of firms that moved, all of the year).
with
chosen as (
    select source from mart_unit_month where unit = $unit and period = $period
),
place as (
    select role from unit where unit = $unit
),
moved as (
    select uscc from mart_firm_month
    where year(period) = year($period) and period <= $period
    group by uscc having count(distinct unit) > 1
),
member as (
    select mart_firm_month.uscc, mart_firm_month.period
    from mart_firm_month cross join place
    where (place.role = 'city' or mart_firm_month.unit = $unit
           or mart_firm_month.uscc in (select uscc from moved))
      and year(mart_firm_month.period) = year($period)
      and (mart_firm_month.period = $period
           or mart_firm_month.period < $period and place.role <> 'city'
              and mart_firm_month.uscc in (select uscc from moved))
),
city_total as (
    select total.* from fact_total as total, place, chosen
    where place.role = 'city' and total.period = $period and total.kind = chosen.source and total.ytd_import is not null
),
rows as (
    select county.file_id, county.sheet, county."row", unit.name as label, county.ytd_import, county.ytd_export
    from fact_county_month as county
    inner join unit on unit.unit = county.unit
    cross join chosen cross join place
    where chosen.source = 'county_month' and county.period = $period
      and (county.unit = $unit or place.role = 'city' and not exists (select 1 from city_total))
    union all
    select file_id, sheet, "row", '合计', ytd_import, ytd_export from city_total
    union all
    select firm.file_id, firm.sheet, firm."row", firm.firm_name, firm.ytd_import, firm.ytd_export
    from fact_firm_month as firm
    inner join member on member.uscc = firm.uscc and member.period = firm.period
    cross join chosen
    where chosen.source = 'firm_month' and not exists (select 1 from city_total)
    union all
    select declared.file_id, declared.sheet, declared."row", declared.firm_name,
        case when declared.flow = 'import' then declared.value_cny else 0 end,
        case when declared.flow = 'export' then declared.value_cny else 0 end
    from fact_declarations as declared cross join chosen
    where chosen.source = 'declarations'
      and year(declared.period) = year($period) and declared.period <= $period
      and declared.uscc in (select uscc from member)
)
select file_id, sheet, "row", label, '进口 ' || cast(ytd_import as decimal(24,2)) || ' 元，出口 '
    || cast(ytd_export as decimal(24,2)) || ' 元' as figures
from rows
