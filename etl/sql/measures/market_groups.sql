-- Imports and exports of twelve months by group of trading partners as it was in each month (groups overlap), beside
-- the year before and the whole.
with
covered as (
    select period from mart_declared_span where twelve group by period having count(*) = 2
),
part as (
    select unnest($groups) as part, unnest(generate_series(1, len($groups))) as place
),
whole as (
    select unit, period, sum(export_cny + import_cny) as whole_cny
    from mart_market_month where dimension = 'partner' group by unit, period
),
twelve as (
    select
        unit.unit, covered.period, part.part, part.place,
        coalesce(sum(market.export_cny + market.import_cny), 0) as value_cny, sum(whole.whole_cny) as whole_cny
    from covered
    cross join unit
    cross join part
    inner join mart_calendar as past
        on past.period > covered.period - interval 12 month and past.period <= covered.period
    left join mart_market_month as market
        on market.unit = unit.unit and market.period = past.period
        and market.dimension = 'group' and market.code = part.part
    left join whole on whole.unit = unit.unit and whole.period = past.period
    group by unit.unit, covered.period, part.part, part.place
),
final as (
    select
        now.unit, now.period, now.part, now.place, now.value_cny as value,
        case when now.whole_cny > 0 then cast(now.value_cny as double) / cast(now.whole_cny as double) end as share,
        case when before.value_cny > 0
            then cast(now.value_cny as double) / cast(before.value_cny as double) - 1 end as growth
    from twelve as now
    left join twelve as before
        on before.unit = now.unit and before.part = now.part and before.period = now.period - interval 1 year
)
select * from final
