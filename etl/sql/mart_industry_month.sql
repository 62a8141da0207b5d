-- One row per unit (and the city), covered month and leading industry of its firms; '' where the registry names none.
-- Yuan. step_*: what the month added to the cumulative, so that the year to date and any twelve months are sums of
-- steps; missing where a firm's cumulative is. *_firms: how many firms make up the month's figure; *_top: what the
-- largest has.
with
unit_row as (
    select
        unit, period, coalesce(industry, '') as industry, max(months) as months,
        case when count(month_export) = count(*) then sum(month_export) end as month_export,
        case when count(month_import) = count(*) then sum(month_import) end as month_import,
        case when count(step_export) = count(*) then sum(step_export) end as step_export,
        case when count(step_import) = count(*) then sum(step_import) end as step_import,
        count(case when coalesce(step_export, month_export) <> 0 then 1 end) as export_firms,
        count(case when coalesce(step_import, month_import) <> 0 then 1 end) as import_firms,
        max(coalesce(step_export, month_export)) as export_top, max(coalesce(step_import, month_import)) as import_top
    from mart_firm_month
    group by unit, period, coalesce(industry, '')
),
city_row as (
    select
        unit.unit, unit_row.period, unit_row.industry, max(unit_row.months) as months,
        case when count(unit_row.month_export) = count(*) then sum(unit_row.month_export) end as month_export,
        case when count(unit_row.month_import) = count(*) then sum(unit_row.month_import) end as month_import,
        case when count(unit_row.step_export) = count(*) then sum(unit_row.step_export) end as step_export,
        case when count(unit_row.step_import) = count(*) then sum(unit_row.step_import) end as step_import,
        cast(sum(unit_row.export_firms) as bigint) as export_firms,
        cast(sum(unit_row.import_firms) as bigint) as import_firms,
        max(unit_row.export_top) as export_top, max(unit_row.import_top) as import_top
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
