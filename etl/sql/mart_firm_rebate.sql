-- One row per firm, unit at the time and month of completion: its rebate cases, and the working days of the normal ones.
select
    cases.uscc, cases.unit, cases.period,
    count(*) as cases,
    count(case when cases.state = '正常' then 1 end) as normal_cases,
    cast(sum(case when cases.state = '正常' then cases.workdays end) as bigint) as normal_workdays,
    sum(rebates.amount_cny) as amount_cny
from mart_rebate_case as cases
inner join fact_rebates as rebates
    on rebates.file_id = cases.file_id and rebates.sheet = cases.sheet and rebates."row" = cases."row"
group by cases.uscc, cases.unit, cases.period
