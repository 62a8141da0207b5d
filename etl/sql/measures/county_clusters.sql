-- A unit: completion of its best cluster, min(1, firms ÷ least firms, value ÷ least value); the city: units at 1.
-- part: what the unit brings to the city's number.
with
known as (
    select distinct period from mart_firm_month where ttm_total is not null
),
registered as (
    select count(*) as rows_loaded from fact_firms
),
completed as (
    select
        period, unit, firms, ttm_cny,
        -- both parts over one denominator, so that the completion stays exact
        least(firms * cast($value_min_cny as decimal(18,0)), ttm_cny * $firms_min,
              $firms_min * cast($value_min_cny as decimal(18,0))) as numerator,
        $firms_min * cast($value_min_cny as decimal(18,0)) as denominator
    from mart_cluster_month
),
best as (
    select *, row_number() over (partition by period, unit order by numerator desc, ttm_cny desc, firms desc) as nth
    from completed
),
units as (
    select
        unit.unit, known.period,
        coalesce(best.numerator, 0) as numerator,
        coalesce(best.denominator, 1) as denominator,
        case when best.numerator = best.denominator and unit.role = 'unit' then 1 else 0 end as part_numerator,
        1 as part_denominator,
        coalesce(best.firms, 0) as firms,
        coalesce(best.ttm_cny, 0) as ttm_cny
    from known
    cross join unit
    left join best on best.unit = unit.unit and best.period = known.period and best.nth = 1
    where unit.role <> 'city'
),
city as (
    select
        city.unit, units.period,
        sum(units.part_numerator) as numerator,
        1 as denominator,
        sum(units.part_numerator) as part_numerator,
        1 as part_denominator,
        cast(null as bigint) as firms,
        cast(null as decimal(38,6)) as ttm_cny
    from units
    cross join (select unit from unit where role = 'city') as city
    group by city.unit, units.period
),
final as (
    select placed.*
    from (select * from units union all select * from city) as placed, registered
    where registered.rows_loaded > 0
)
select * from final
