-- Average working days of the normal cases completed in the year so far, per case; an empty class list is every class.
with
eligible as (
    select * from mart_rebate_case
    where state = '正常' and (len($classes) = 0 or list_contains($classes, rebate_class))
),
placed as (
    select unit, period, workdays, unofficial from eligible
    union all
    select city.unit, eligible.period, eligible.workdays, eligible.unofficial
    from eligible cross join (select unit from unit where role = 'city') as city
),
loaded as (
    select count(*) as cases from fact_rebates
),
final as (
    select
        unit.unit, mart_calendar.period,
        sum(placed.workdays) as numerator,
        count(placed.workdays) as denominator,
        count(placed.workdays) as cases,
        avg(case when placed.period = mart_calendar.period then placed.workdays end) as month_days,
        case
            when count(placed.workdays) = 0 then '本年没有办结的正常案件'
            when max(placed.unofficial) = 1 then '部分日期的调休日历未公布，按周一至周五计'
        end as note
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed
        on placed.unit = unit.unit
        and placed.period >= make_date(mart_calendar.year, 1, 1)
        and placed.period <= mart_calendar.period
    where loaded.cases > 0
    group by unit.unit, mart_calendar.period
)
select * from final
