-- One row per unit, class, state and month of completion: cases, their working days in sum, and the slowest of them.
select
    unit,
    rebate_class,
    state,
    period,
    count(*) as cases,
    sum(workdays) as workdays,
    max(workdays) as slowest,
    max(unofficial) as unofficial
from mart_rebate_case
group by unit, rebate_class, state, period
