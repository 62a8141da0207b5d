-- One row per direction and calendar month: which spans that end with it the declarations cover month by month.
with
covered as (
    select flow, period from coverage where kind = 'declarations' group by flow, period
),
direction as (
    select flow from covered group by flow
),
final as (
    select
        direction.flow, now.period,
        count(covered.period) = 12 as twelve,
        count(case when year(covered.period) = now.year then 1 end) = now.month_of_year as year_to_date
    from mart_calendar as now
    cross join direction
    left join covered
        on covered.flow = direction.flow
        and covered.period > now.period - interval 12 month
        and covered.period <= now.period
    group by direction.flow, now.period, now.year, now.month_of_year
)
select * from final
