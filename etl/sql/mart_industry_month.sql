-- One row per unit (and the city), covered month and leading industry of its firms; '' where the registry names none.
-- Yuan. step_*: what the month added to the cumulative, so that the year to date and any twelve months are sums of
-- steps; missing where a firm's cumulative is.
with
unit_row as (
    select
        unit, period, coalesce(industry, '') as industry, max(months) as months,
        case when count(month_export) = count(*) then sum(month_export) end as month_export,
        case when count(month_import) = count(*) then sum(month_import) end as month_import,
        case when count(step_export) = count(*) then sum(step_export) end as step_export,
        case when count(step_import) = count(*) then sum(step_import) end as step_import
    from mart_firm_month
    group by unit, period, coalesce(industry, '')
),
city_row as (
    select
        unit.unit, unit_row.period, unit_row.industry, max(unit_row.months) as months,
        case when count(unit_row.month_export) = count(*) then sum(unit_row.month_export) end as month_export,
        case when count(unit_row.month_import) = count(*) then sum(unit_row.month_import) end as month_import,
        case when count(unit_row.step_export) = count(*) then sum(unit_row.step_export) end as step_export,
        case when count(unit_row.step_import) = count(*) then sum(unit_row.step_import) end as step_import
    from unit_row
    cross join unit
    where unit.role = 'city'
    group by unit.unit, unit_row.period, unit_row.industry
),
final as (
    select * from unit_row
    union all
    select * from city_row
)
select * from final order by unit, period, industry
