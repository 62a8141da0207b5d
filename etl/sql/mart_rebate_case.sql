-- One row per completed case: its unit, class and working days from acceptance (excluded) to completion (included).
-- A case listed twice counts once, as it was last written.
with
ranked as (
    select *, row_number() over (partition by case_no order by file_id desc, "row" desc) as newest
    from fact_rebates
),
rebates as (
    select * from ranked where newest = 1 and completed is not null
)
select
    rebates.case_no,
    rebates.file_id,
    rebates.sheet,
    rebates."row",
    rebates.uscc,
    belonging.unit,
    coalesce(rebates.rebate_class, belonging.rebate_class) as rebate_class,
    rebates.state,
    rebates.accepted,
    rebates.completed,
    cast(date_trunc('month', rebates.completed) as date) as period,
    finish.workdays_to_date - start.workdays_to_date as workdays,
    case when start.official and finish.official then 0 else 1 end as unofficial
from rebates
inner join workday as start on start.day = rebates.accepted
inner join workday as finish on finish.day = rebates.completed
inner join mart_belonging as belonging
    on belonging.uscc = rebates.uscc
    and belonging.valid_from <= last_day(rebates.completed) and belonging.valid_to > last_day(rebates.completed)
