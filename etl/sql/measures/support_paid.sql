-- City-level support paid since the document up to the period's last day, by the document's item; of it in the period's
-- own year. part: the item's id; empty for payments under what the document does not know. firms: of which not all came back;
-- a code that begins with 1 is a government office and no firm.
with
paid as (
    select unit, coalesce(item_id, '') as item_id, paid, amount_cny, uscc from support_check
    where paid >= cast($since as date) and amount_cny <> 0
),
placed as (
    select unit, item_id, paid, amount_cny, uscc from paid
    union all
    select city.unit, paid.item_id, paid.paid, paid.amount_cny, paid.uscc
    from paid cross join (select unit from unit where role = 'city') as city
),
firm as (
    select
        placed.unit, mart_calendar.period, placed.item_id, placed.uscc,
        sum(placed.amount_cny) as paid_cny,
        coalesce(sum(case when year(placed.paid) = mart_calendar.year then placed.amount_cny end), 0) as year_cny
    from mart_calendar
    inner join placed on placed.paid <= last_day(mart_calendar.period)
    group by placed.unit, mart_calendar.period, placed.item_id, placed.uscc
),
summed as (
    select
        unit, period, item_id as part,
        sum(paid_cny) as value,
        sum(year_cny) as year_cny,
        count(case when paid_cny > 0 and substr(uscc, 1, 1) <> '1' then 1 end) as firms
    from firm
    group by unit, period, item_id
),
final as (
    select summed.*, row_number() over (partition by unit, period order by value desc, part) as place from summed
)
select * from final
