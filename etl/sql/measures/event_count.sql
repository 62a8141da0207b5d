-- Events of one category dated up to the period's last day.
with
loaded as (
    select count(*) as events from fact_events
),
event as (
    select distinct unit, name, happened from fact_events where category = $category
),
placed as (
    select coalesce(unit, 'unassigned') as unit, happened from event
    union all
    select city.unit, event.happened from event cross join (select unit from unit where role = 'city') as city
),
final as (
    select
        unit.unit, mart_calendar.period,
        count(placed.unit) as numerator,
        1 as denominator,
        strftime(max(placed.happened), '%Y-%m-%d') as latest
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed on placed.unit = unit.unit and placed.happened <= last_day(mart_calendar.period)
    where loaded.events > 0
    group by unit.unit, mart_calendar.period
)
select * from final
