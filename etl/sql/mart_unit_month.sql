-- One row per unit (and the city) and calendar month. Yuan; missing is NULL, never 0.
-- The winning source of each unit and month: county table, else firm table, else declarations;
-- the city is the winning table's own total row where there is one, else the sum of its rows.
with
county_period as (
    select period, max(months) as months from coverage where kind = 'county_month' group by period
),
firm_period as (
    select period, max(months) as months, max(source) as source from mart_firm_month group by period
),
county as (
    select
        period, unit,
        sum(coalesce(month_export, month_total - month_import)) as month_export,
        sum(coalesce(month_import, month_total - month_export)) as month_import,
        sum(coalesce(ytd_export, ytd_total - ytd_import)) as ytd_export,
        sum(coalesce(ytd_import, ytd_total - ytd_export)) as ytd_import
    from fact_county_month
    group by period, unit
),
own_total as (
    select
        period, kind,
        max(coalesce(month_export, month_total - month_import)) as month_export,
        max(coalesce(month_import, month_total - month_export)) as month_import,
        max(coalesce(ytd_export, ytd_total - ytd_import)) as ytd_export,
        max(coalesce(ytd_import, ytd_total - ytd_export)) as ytd_import
    from fact_total
    where kind in ('county_month', 'firm_month')
        and coalesce(ytd_export, ytd_total - ytd_import) is not null
        and coalesce(ytd_import, ytd_total - ytd_export) is not null
    group by period, kind
),
place as (
    select unit, role from unit
),
firm_unit as (
    select
        place.unit, firm_period.period, firm_period.months, firm_period.source,
        sum(coalesce(added.month_export, 0)) as month_export,
        sum(coalesce(added.month_import, 0)) as month_import,
        sum(coalesce(added.step_export, 0)) as step_export,
        sum(coalesce(added.step_import, 0)) as step_import,
        min(case when added.ytd_export is null and added.uscc is not null then 0 else 1 end) as complete
    from place
    cross join firm_period
    left join mart_firm_month as added
        on added.period = firm_period.period
        and (added.unit = place.unit or place.role = 'city')
    group by place.unit, firm_period.period, firm_period.months, firm_period.source
),
firm_ytd as (
    select
        unit, period, months, source, month_export, month_import,
        case when complete = 1 then sum(step_export) over in_year end as ytd_export,
        case when complete = 1 then sum(step_import) over in_year end as ytd_import
    from firm_unit
    window in_year as (partition by unit, year(period) order by period)
),
county_ranked as (
    select period, unit, 1 as rank, 'county_month' as source, month_export, month_import, ytd_export, ytd_import
    from county
    union all
    select period, (select unit from place where role = 'city'), 1, 'county_month',
        month_export, month_import, ytd_export, ytd_import
    from own_total where kind = 'county_month'
    union all
    select period, (select unit from place where role = 'city'), 2, 'county_month',
        sum(month_export), sum(month_import), sum(ytd_export), sum(ytd_import)
    from county group by period
),
firm_ranked as (
    select period, (select unit from place where role = 'city') as unit, 3 as rank, 'firm_month' as source,
        month_export, month_import, ytd_export, ytd_import
    from own_total where kind = 'firm_month'
    union all
    select period, unit, 4, source, month_export, month_import, ytd_export, ytd_import from firm_ytd
),
ranked as (
    select *, row_number() over (partition by unit, period order by rank) as choice
    from (select * from county_ranked union all select * from firm_ranked) as every
),
chosen as (
    select
        ranked.unit, ranked.period, ranked.source,
        case when ranked.source = 'county_month' then county_period.months
             else coalesce(firm_period.months, 1) end as months,
        ranked.month_export, ranked.month_import, ranked.ytd_export, ranked.ytd_import
    from ranked
    left join county_period on county_period.period = ranked.period
    left join firm_period on firm_period.period = ranked.period
    where ranked.choice = 1
),
placed as (
    select
        place.unit, mart_calendar.period, chosen.source, chosen.months,
        chosen.month_export, chosen.month_import, chosen.ytd_export, chosen.ytd_import,
        max(case when month(mart_calendar.period) = 2 then chosen.months end)
            over (partition by place.unit, year(mart_calendar.period)) as february
    from mart_calendar
    cross join place
    left join chosen on chosen.unit = place.unit and chosen.period = mart_calendar.period
),
-- From February on its figure for 1—2月 holds January too, which then counts there alone; the twelve months to a
-- January begin after another, so that such a figure says too much for them.
dense as (
    select
        *,
        (sum(case when month_export + month_import is not null then months end) over twelve_months)
            - case when month(period) = 1 then 0 else coalesce(sum(
                case when month(period) = 1 and february = 2 and month_export + month_import is not null then months end
            ) over twelve_months, 0) end as span,
        max(months) over twelve_months as widest,
        (sum(month_export) over twelve_months)
            - case when month(period) = 1 then 0 else coalesce(
                sum(case when month(period) = 1 and february = 2 then month_export end) over twelve_months, 0
            ) end as twelve_export,
        (sum(month_import) over twelve_months)
            - case when month(period) = 1 then 0 else coalesce(
                sum(case when month(period) = 1 and february = 2 then month_import end) over twelve_months, 0
            ) end as twelve_import
    from placed
    window twelve_months as (
        partition by unit order by period range between interval 11 months preceding and current row
    )
),
final as (
    select
        now.unit, now.period, now.source, now.months,
        now.month_export, now.month_import, now.ytd_export, now.ytd_import,
        case
            when month(now.period) = 12 then now.ytd_export
            when december.ytd_export is not null and same.ytd_export is not null
                then now.ytd_export + december.ytd_export - same.ytd_export
            when now.span = 12 and (month(now.period) > 1 or now.widest = 1) then now.twelve_export
        end as ttm_export,
        case
            when month(now.period) = 12 then now.ytd_import
            when december.ytd_import is not null and same.ytd_import is not null
                then now.ytd_import + december.ytd_import - same.ytd_import
            when now.span = 12 and (month(now.period) > 1 or now.widest = 1) then now.twelve_import
        end as ttm_import,
        same.ytd_export as ytd_export_last_year,
        same.ytd_import as ytd_import_last_year
    from dense as now
    left join dense as december
        on december.unit = now.unit and december.period = make_date(year(now.period) - 1, 12, 1)
    left join dense as same
        on same.unit = now.unit and same.period = make_date(year(now.period) - 1, month(now.period), 1)
)
select * from final
