-- Imports and exports of twelve months by leading industry of the firms, and the year before. A month of the mart
-- that is January and February in one speaks for both; twelve months must be spoken for exactly.
with
city as (
    select industry.period, max(industry.months) as months
    from mart_industry_month as industry
    inner join unit on unit.unit = industry.unit and unit.role = 'city'
    group by industry.period
    having count(industry.step_export + industry.step_import) = count(*)
),
length as (
    select city.period, case when city.months = 2 and january.period is null then 2 else 1 end as months
    from city
    left join city as january on january.period = city.period - interval 1 month
),
covered as (
    select now.period
    from length as now
    inner join length as past on past.period > now.period - interval 12 month and past.period <= now.period
    group by now.period
    having sum(past.months) = 12
),
part as (
    select unnest($industries) as part, unnest(generate_series(1, len($industries))) as place
),
twelve as (
    select
        unit.unit, covered.period, part.part, part.place,
        coalesce(sum(case when industry.industry = part.part then industry.step_export + industry.step_import end), 0)
            as value_cny,
        sum(industry.step_export + industry.step_import) as whole_cny
    from covered
    cross join unit
    cross join part
    left join mart_industry_month as industry
        on industry.unit = unit.unit
        and industry.period > covered.period - interval 12 month
        and industry.period <= covered.period
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
