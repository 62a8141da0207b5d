-- The rows behind a unit's cumulative trade: the county table's, or its firms' rows (of firms that moved in the year those
-- of the months in which they were there, and the one before they came). own: the row is no other unit's firm's.
with
chosen as (
    select source from mart_unit_month where unit = $unit and period = $period
),
place as (
    select role from unit where unit = $unit
),
belonged as (
    select
        uscc, period, unit,
        lead(unit) over (partition by uscc order by period) as next_unit,
        min(unit) over firm_year <> max(unit) over firm_year as moved
    from mart_firm_month
    where year(period) = year($period) and period <= $period
    window firm_year as (partition by uscc)
),
member as (
    select belonged.uscc, belonged.period, place.role = 'city' or belonged.unit = $unit as own
    from belonged cross join place
    where case
        when place.role = 'city' then belonged.period = $period
        when belonged.moved then belonged.unit = $unit or belonged.next_unit = $unit
        else belonged.unit = $unit and belonged.period = $period
    end
),
city_total as (
    select total.* from fact_total as total, place, chosen
    where place.role = 'city' and total.period = $period and total.kind = chosen.source and total.ytd_import is not null
),
rows as (
    select county.file_id, county.sheet, county."row", unit.name as label, county.ytd_import, county.ytd_export, true as own
    from fact_county_month as county
    inner join unit on unit.unit = county.unit
    cross join chosen cross join place
    where chosen.source = 'county_month' and county.period = $period
      and (county.unit = $unit or place.role = 'city' and not exists (select 1 from city_total))
    union all
    select file_id, sheet, "row", '合计', ytd_import, ytd_export, true from city_total
    union all
    select firm.file_id, firm.sheet, firm."row", firm.firm_name, firm.ytd_import, firm.ytd_export, member.own
    from fact_firm_month as firm
    inner join member on member.uscc = firm.uscc and member.period = firm.period
    cross join chosen
    where chosen.source = 'firm_month' and not exists (select 1 from city_total)
    union all
    select declared.file_id, declared.sheet, declared."row", declared.firm_name,
        case when declared.flow = 'import' then declared.value_cny else 0 end,
        case when declared.flow = 'export' then declared.value_cny else 0 end,
        true
    from fact_declarations as declared
    inner join belonged on belonged.uscc = declared.uscc and belonged.period = declared.period
    cross join chosen cross join place
    where chosen.source = 'declarations' and (place.role = 'city' or belonged.unit = $unit)
)
select file_id, sheet, "row", label, '进口 ' || cast(ytd_import as decimal(24,2)) || ' 元，出口 '
    || cast(ytd_export as decimal(24,2)) || ' 元' as figures, own
from rows
