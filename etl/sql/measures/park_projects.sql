-- Projects of at least the amount brought in this calendar year: a unit's worst park; the city's parks that have enough.
-- target: the city's number of parks. worst: the least of all parks, judged against the pace of one park.
with
loaded as (
    select count(*) as projects from fact_park_projects
),
park as (
    select park, max(unit) as unit from fact_parks group by park
),
project as (
    select distinct project, park, brought_in
    from fact_park_projects
    where case when currency = 'USD' then amount else amount / rate end >= $amount_min_usd
),
counted as (
    select park.park, park.unit, mart_calendar.period, count(project.park) as projects
    from mart_calendar
    cross join park
    left join project
        on project.park = park.park
        and project.brought_in >= make_date(mart_calendar.year, 1, 1)
        and project.brought_in <= last_day(mart_calendar.period)
    group by park.park, park.unit, mart_calendar.period
),
units as (
    select
        unit, period,
        min(projects) as numerator,
        1 as denominator,
        cast(null as bigint) as target,
        cast(null as bigint) as worst,
        count(*) as parks,
        sum(case when projects < $projects_min then 1 else 0 end) as short_parks
    from counted
    group by unit, period
),
city as (
    select
        city.unit, counted.period,
        sum(case when counted.projects >= $projects_min then 1 else 0 end) as numerator,
        1 as denominator,
        count(*) as target,
        min(counted.projects) as worst,
        count(*) as parks,
        sum(case when counted.projects < $projects_min then 1 else 0 end) as short_parks
    from counted
    cross join (select unit from unit where role = 'city') as city
    group by city.unit, counted.period
),
final as (
    select placed.*
    from (select * from units union all select * from city) as placed, loaded
    where loaded.projects > 0
)
select * from final
