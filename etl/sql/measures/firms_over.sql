-- Firms whose imports and exports of the last twelve months reach the threshold, by unit and for the city.
-- near: those below it from the near-line share of it on, and how far the nearest still is.
with
firm as (
    select period, unit, uscc, ttm_total from mart_firm_month where ttm_total is not null
),
placed as (
    select period, unit, uscc, ttm_total from firm
    union all
    select firm.period, city.unit, firm.uscc, firm.ttm_total
    from firm cross join (select unit from unit where role = 'city') as city
),
counted as (
    select
        period, unit,
        sum(case when ttm_total >= $threshold_cny then 1 else 0 end) as firms,
        sum(case when ttm_total < $threshold_cny and ttm_total >= share * $threshold_cny then 1 else 0 end) as near,
        min(case when ttm_total < $threshold_cny and ttm_total >= share * $threshold_cny
                 then $threshold_cny - ttm_total end) as least_short_cny
    from placed
    cross join near_line
    group by period, unit
),
known as (
    select distinct period from firm
),
final as (
    select
        unit.unit, known.period,
        coalesce(counted.firms, 0) as numerator,
        1 as denominator,
        case when counted.near > 0 then
            struct_pack("count" := counted.near, least_short_cny := counted.least_short_cny)
        end as near
    from known
    cross join unit
    left join counted on counted.unit = unit.unit and counted.period = known.period
)
select * from final
