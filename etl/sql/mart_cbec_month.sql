-- One row per unit (and the city) and calendar month: cross-border e-commerce, exports plus imports. Yuan.
-- The e-commerce table wins over declarations by customs mode. ytd_cny is missing unless every month of
-- the year so far is there; from February on one figure for 1—2月 holds January too, which then counts there alone.
with
table_period as (
    select period, max(months) as months from coverage where kind = 'cbec_month' group by period
),
reported as (
    select period, unit, sum(coalesce(month_export, 0) + coalesce(month_import, 0)) as value_cny
    from fact_cbec_month
    group by period, unit
),
city as (
    select unit from unit where role = 'city'
),
own_total as (
    select period, max(coalesce(month_export, 0) + coalesce(month_import, 0)) as value_cny
    from fact_total
    where kind = 'cbec_month'
    group by period
),
declared_period as (
    select period
    from (select period, flow from coverage where kind = 'declarations' group by period, flow) as flows
    group by period
    having count(*) = 2
),
declared_firm as (
    select declared.period, declared.uscc, sum(declared.export_cny + declared.import_cny) as value_cny
    from mart_declared_month as declared
    inner join cbec_mode on cbec_mode.mode = declared.mode
    group by declared.period, declared.uscc
),
declared as (
    select
        declared_firm.period,
        belonging.unit,
        sum(declared_firm.value_cny) as value_cny
    from declared_firm
    inner join mart_belonging as belonging
        on belonging.uscc = declared_firm.uscc
        and belonging.valid_from <= last_day(declared_firm.period) and belonging.valid_to > last_day(declared_firm.period)
    group by declared_firm.period, belonging.unit
),
ranked as (
    select period, unit, 1 as rank, 'cbec_month' as source, value_cny from reported
    union all
    select own_total.period, city.unit, 1, 'cbec_month', own_total.value_cny from own_total, city
    union all
    select reported.period, city.unit, 2, 'cbec_month', sum(reported.value_cny)
    from reported, city group by reported.period, city.unit
    union all
    select declared_period.period, unit.unit, 3, 'declarations', coalesce(declared.value_cny, 0)
    from declared_period
    cross join unit
    left join declared on declared.period = declared_period.period and declared.unit = unit.unit
    where unit.role <> 'city'
    union all
    select declared_period.period, city.unit, 3, 'declarations', coalesce(sum(declared.value_cny), 0)
    from declared_period
    cross join city
    left join declared on declared.period = declared_period.period
    group by declared_period.period, city.unit
),
chosen as (
    select ranked.period, ranked.unit, ranked.source, ranked.value_cny,
        case when ranked.source = 'cbec_month' then table_period.months else 1 end as months
    from (
        select *, row_number() over (partition by unit, period order by rank) as choice from ranked
    ) as ranked
    left join table_period on table_period.period = ranked.period
    where ranked.choice = 1
),
dense as (
    select
        unit.unit, mart_calendar.period, chosen.source, chosen.months, chosen.value_cny as month_cny,
        max(case when month(mart_calendar.period) = 2 then chosen.months end)
            over (partition by unit.unit, year(mart_calendar.period)) as february
    from mart_calendar
    cross join unit
    left join chosen on chosen.unit = unit.unit and chosen.period = mart_calendar.period
),
summed as (
    select
        *,
        sum(case when month(period) > 1 or february = 1 or february is null then months end) over year_to_date as span,
        sum(case when month(period) > 1 or february = 1 or february is null then month_cny end)
            over year_to_date as total_cny
    from dense
    window year_to_date as (partition by unit, year(period) order by period)
),
final as (
    select
        unit, period, source, months, month_cny,
        case when month(period) = 1 then month_cny
             when span = month(period) and month_cny is not null then total_cny end as ytd_cny
    from summed
)
select * from final
