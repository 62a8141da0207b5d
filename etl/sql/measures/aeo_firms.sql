-- Firms of the registry with the customs' advanced certification, as it stands on the period's last day.
with
loaded as (
    select count(*) as firms from mart_registry where aeo is not null
),
certified as (
    select unit, valid_from, valid_to from mart_registry where aeo = '是'
),
placed as (
    select unit, valid_from, valid_to from certified
    union all
    select city.unit, certified.valid_from, certified.valid_to
    from certified cross join (select unit from unit where role = 'city') as city
),
final as (
    select unit.unit, mart_calendar.period, count(placed.unit) as value
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed
        on placed.unit = unit.unit
        and placed.valid_from <= last_day(mart_calendar.period)
        and placed.valid_to > last_day(mart_calendar.period)
    where loaded.firms > 0
    group by unit.unit, mart_calendar.period
)
select * from final
