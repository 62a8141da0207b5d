-- Firms by line of the document: those whose twelve months reach it, and those near it from below.
with
placed as (
    select period, unit, ttm_total, near, next_cny from mart_firm_tier
    union all
    select firm.period, city.unit, firm.ttm_total, firm.near, firm.next_cny
    from mart_firm_tier as firm cross join (select unit from unit where role = 'city') as city
),
known as (
    select distinct period from mart_firm_tier
),
final as (
    select
        unit.unit, known.period,
        cast(cast(tier.line_cny as bigint) as varchar) as part,
        rank() over (partition by unit.unit, known.period order by tier.line_cny) as place,
        count(case when placed.ttm_total >= tier.line_cny then 1 end) as value,
        count(case when placed.near and placed.next_cny = tier.line_cny then 1 end) as near
    from known
    cross join unit
    cross join tier
    left join placed on placed.unit = unit.unit and placed.period = known.period
    group by unit.unit, known.period, tier.line_cny
)
select * from final
