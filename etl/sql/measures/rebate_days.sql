-- Average working days of the normal cases completed in the year so far, per case; an empty class list is every class.
-- Beside it the month's average, and the twelve months' where the ledger reaches back that far.
with
eligible as (
    select unit, period, cases, workdays, unofficial from mart_rebate_month
    where state = '正常' and (len($classes) = 0 or list_contains($classes, rebate_class))
),
placed as (
    select unit, period, cases, workdays, unofficial from eligible
    union all
    select city.unit, eligible.period, eligible.cases, eligible.workdays, eligible.unofficial
    from eligible cross join (select unit from unit where role = 'city') as city
),
loaded as (
    select count(*) as cases from fact_rebates
),
first as (
    select min(period) as period from mart_rebate_month
),
summed as (
    select
        unit.unit, mart_calendar.period,
        coalesce(sum(case when year(placed.period) = mart_calendar.year then placed.workdays end), 0) as numerator,
        coalesce(sum(case when year(placed.period) = mart_calendar.year then placed.cases end), 0) as denominator,
        coalesce(sum(case when placed.period = mart_calendar.period then placed.workdays end), 0) as month_numerator,
        coalesce(sum(case when placed.period = mart_calendar.period then placed.cases end), 0) as month_denominator,
        coalesce(sum(placed.workdays), 0) as twelve_numerator,
        coalesce(sum(placed.cases), 0) as twelve_denominator,
        max(case when year(placed.period) = mart_calendar.year then placed.unofficial end) as unofficial
    from mart_calendar
    cross join unit
    cross join loaded
    left join placed
        on placed.unit = unit.unit
        and placed.period > mart_calendar.period - interval 12 month
        and placed.period <= mart_calendar.period
    where loaded.cases > 0
    group by unit.unit, mart_calendar.period
),
final as (
    select
        summed.unit, summed.period, summed.numerator, summed.denominator,
        summed.month_numerator, summed.month_denominator,
        case when summed.period >= first.period + interval 11 month then summed.twelve_numerator end as ttm_numerator,
        case when summed.period >= first.period + interval 11 month then summed.twelve_denominator end as ttm_denominator,
        summed.denominator as cases,
        case when summed.month_denominator > 0
             then cast(summed.month_numerator as double) / summed.month_denominator end as month_days,
        case
            when summed.denominator = 0 then '本年没有办结的正常案件'
            when summed.unofficial = 1 then '部分日期的调休日历未公布，按周一至周五计'
        end as note
    from summed cross join first
)
select * from final
