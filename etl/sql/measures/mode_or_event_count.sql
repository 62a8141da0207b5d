-- Customs records of one mode and registered events of one category, dated up to the period's last day.
with
loaded as (
    select
        (select count(*) from fact_events) + (select count(*) from coverage where kind = 'declarations') as inputs
),
record as (
    select
        belonging.unit,
        declared.period as happened,
        declared.declarations as records
    from mart_declared_month as declared
    inner join mart_belonging as belonging
        on belonging.uscc = declared.uscc
        and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
    where declared.mode = $mode
    union all
    select coalesce(unit, 'unassigned'), happened, 1
    from (select distinct unit, name, happened from fact_events where category = $category) as event
),
placed as (
    select unit, happened, records from record
    union all
    select city.unit, record.happened, record.records
    from record cross join (select unit from unit where role = 'city') as city
),
final as (
    select
        unit.unit, mart_calendar.period,
        coalesce(sum(placed.records), 0) as numerator,
        1 as denominator,
        strftime(max(placed.happened), '%Y-%m-%d') as latest
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed on placed.unit = unit.unit and placed.happened <= last_day(mart_calendar.period)
    where loaded.inputs > 0
    group by unit.unit, mart_calendar.period
)
select * from final
