-- City-level support paid since the document up to the period's last day, by item; of it in the period's own year.
with
placed as (
    select unit, item, paid, amount_cny, uscc from mart_firm_support where paid >= cast($since as date)
    union all
    select city.unit, support.item, support.paid, support.amount_cny, support.uscc
    from mart_firm_support as support cross join (select unit from unit where role = 'city') as city
    where support.paid >= cast($since as date)
),
summed as (
    select
        placed.unit, mart_calendar.period, placed.item as part,
        sum(placed.amount_cny) as value,
        coalesce(sum(case when year(placed.paid) = mart_calendar.year then placed.amount_cny end), 0) as year_cny,
        count(distinct placed.uscc) as firms
    from mart_calendar
    inner join placed on placed.paid <= last_day(mart_calendar.period)
    group by placed.unit, mart_calendar.period, placed.item
),
final as (
    select summed.*, row_number() over (partition by unit, period order by value desc, part) as place from summed
)
select * from final
