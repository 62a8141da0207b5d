-- Events of each category dated up to the period's last day, and what the support ledger paid by then under the items
-- since the document. A category that nobody has registered anything of yet has no value, which is not the same as none; nor has
-- what was paid where no ledger is loaded. supported, projects: firms and projects of which something was paid and has not
-- come back; a payment without a project stands for itself.
with
event as (
    select category, unit, happened from mart_event where list_contains($categories, category)
),
placed as (
    select category, unit, happened from event
    union all
    select event.category, city.unit, event.happened
    from event cross join (select unit from unit where role = 'city') as city
),
known as (
    select category, min(happened) as since from event group by category
),
paid as (
    select
        unit, uscc, paid, amount_cny,
        coalesce(nullif(project, ''), file_id || ' ' || sheet || ' ' || "row") as project
    from support_check
    where list_contains($items, item_id) and paid >= cast($since as date)
),
supported as (
    select unit, uscc, paid, amount_cny, project from paid
    union all
    select city.unit, paid.uscc, paid.paid, paid.amount_cny, paid.project
    from paid cross join (select unit from unit where role = 'city') as city
),
project as (
    select
        supported.unit, mart_calendar.period, supported.uscc, supported.project, sum(supported.amount_cny) as paid_cny
    from mart_calendar
    inner join supported on supported.paid <= last_day(mart_calendar.period)
    group by supported.unit, mart_calendar.period, supported.uscc, supported.project
),
firm as (
    select
        unit, period, uscc, count(case when paid_cny > 0 then 1 end) as projects, sum(paid_cny) as paid_cny
    from project
    group by unit, period, uscc
),
support as (
    select
        unit, period,
        count(case when paid_cny > 0 then 1 end) as supported,
        sum(projects) as projects,
        sum(paid_cny) as paid_cny
    from firm
    group by unit, period
),
part as (
    select unnest($categories) as part, unnest(generate_series(1, len($categories))) as place
),
counted as (
    select
        unit.unit, mart_calendar.period, part.part, part.place,
        case when max(known.since) <= last_day(mart_calendar.period) then count(placed.category) end as value,
        case when max(known.since) <= last_day(mart_calendar.period)
            then count(case when year(placed.happened) = mart_calendar.year then 1 end) end as this_year,
        strftime(max(placed.happened), '%Y-%m-%d') as latest
    from mart_calendar
    cross join unit
    cross join part
    left join known on known.category = part.part
    left join placed
        on placed.category = part.part
        and placed.unit = unit.unit
        and placed.happened <= last_day(mart_calendar.period)
    group by unit.unit, mart_calendar.period, mart_calendar.year, part.part, part.place
),
final as (
    select
        counted.*,
        case when ledger.loaded then coalesce(support.supported, 0) end as supported,
        case when ledger.loaded then coalesce(support.projects, 0) end as projects,
        case when ledger.loaded then coalesce(support.paid_cny, 0) end as paid_cny
    from counted
    cross join (select count(*) > 0 as loaded from support_check) as ledger
    left join support on support.unit = counted.unit and support.period = counted.period
)
select * from final
