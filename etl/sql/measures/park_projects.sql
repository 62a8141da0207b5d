-- Projects of at least the amount brought in this calendar year: a unit's worst park; the city's parks that have enough.
-- target: the city's number of parks. worst: the least of all parks, judged against the pace of one park.
-- part: the unit's parks that have enough. missing_projects: how many they are short of this year.
with
loaded as (
    select count(*) as projects from fact_park_projects
),
park as (
    select park, unit from mart_park
),
project as (
    select park, brought_in from mart_park_project where amount_usd >= $amount_min_usd
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
        sum(case when projects >= $projects_min then 1 else 0 end) as part_numerator,
        1 as part_denominator,
        count(*) as parks,
        sum(case when projects < $projects_min then 1 else 0 end) as short_parks,
        sum(greatest($projects_min - projects, 0)) as missing_projects
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
        sum(case when counted.projects >= $projects_min then 1 else 0 end) as part_numerator,
        1 as part_denominator,
        count(*) as parks,
        sum(case when counted.projects < $projects_min then 1 else 0 end) as short_parks,
        sum(greatest($projects_min - counted.projects, 0)) as missing_projects
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
