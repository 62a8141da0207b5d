-- Trade of a group of goods in one direction, twelve months, beside the year before and all goods of that direction.
-- Nothing where no code of the group is known (no catalogue loaded) or the declarations do not cover the months.
with
listed as (
    select 1 as one from goods_code where goods = $goods
    union all
    select 1 from fact_encouraged_goods where $goods = 'encouraged'
),
traded as (
    select unit, period, case when $flow = 'export' then export_cny else import_cny end as value_cny
    from mart_firm_goods_month where goods = $goods
),
placed as (
    select unit, period, value_cny from traded
    union all
    select city.unit, traded.period, traded.value_cny
    from traded cross join (select unit from unit where role = 'city') as city
),
monthly as (
    select unit, period, sum(value_cny) as value_cny from placed group by unit, period
),
everything as (
    select unit, period, sum(case when $flow = 'export' then export_cny else import_cny end) as whole_cny
    from mart_market_month where dimension = 'chapter' group by unit, period
),
twelve as (
    select
        unit.unit, span.period, span.year_to_date,
        coalesce(sum(monthly.value_cny), 0) as value_cny,
        coalesce(sum(case when year(monthly.period) = year(span.period) then monthly.value_cny end), 0) as ytd_cny,
        sum(everything.whole_cny) as whole_cny
    from mart_declared_span as span
    cross join unit
    inner join mart_calendar as past
        on past.period > span.period - interval 12 month and past.period <= span.period
    left join monthly on monthly.unit = unit.unit and monthly.period = past.period
    left join everything on everything.unit = unit.unit and everything.period = past.period
    where span.flow = $flow and span.twelve and exists (select 1 from listed)
    group by unit.unit, span.period, span.year_to_date
),
final as (
    select
        now.unit, now.period, now.value_cny as value,
        case when now.year_to_date then now.ytd_cny end as ytd_cny,
        case when now.whole_cny > 0 then cast(now.value_cny as double) / cast(now.whole_cny as double) end as share,
        case when before.value_cny > 0
            then cast(now.value_cny as double) / cast(before.value_cny as double) - 1 end as growth
    from twelve as now
    left join twelve as before on before.unit = now.unit and before.period = now.period - interval 1 year
)
select * from final
