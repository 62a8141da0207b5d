-- Firms whose city-level support since the document, all items together, is over the cap. A code that begins with 1 is a
-- government office (GB 32100), which receives awards for a county and is no firm.
with
loaded as (
    select count(*) as payments from fact_support
),
firm as (
    select mart_calendar.period, support.uscc, sum(support.amount_cny) as paid_cny
    from mart_calendar
    inner join fact_support as support
        on support.paid >= cast($since as date) and support.paid <= last_day(mart_calendar.period)
    where substr(support.uscc, 1, 1) <> '1'
    group by mart_calendar.period, support.uscc
),
over as (
    select
        firm.period, firm.paid_cny - $cap_cny as over_cny,
        belonging.unit
    from firm
    inner join mart_belonging as belonging
        on belonging.uscc = firm.uscc
        and belonging.valid_from <= last_day(firm.period) and belonging.valid_to > last_day(firm.period)
    where firm.paid_cny > $cap_cny
),
placed as (
    select period, unit, over_cny from over
    union all
    select over.period, city.unit, over.over_cny
    from over cross join (select unit from unit where role = 'city') as city
),
final as (
    select
        unit.unit, mart_calendar.period,
        count(placed.unit) as numerator,
        1 as denominator,
        max(placed.over_cny) as over_cny
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed on placed.unit = unit.unit and placed.period = mart_calendar.period
    where loaded.payments > 0
    group by unit.unit, mart_calendar.period
)
select * from final
