-- The cases behind the average: normal ones completed in the year so far.
select
    measured.file_id, measured.sheet, measured."row", measured.case_no as label,
    strftime(measured.accepted, '%Y-%m-%d') || ' 受理，' || strftime(measured.completed, '%Y-%m-%d') || ' 办结，'
        || measured.workdays || ' 个工作日' as figures,
    true as own
from mart_rebate_case as measured
cross join unit
where unit.unit = $unit and (unit.role = 'city' or measured.unit = $unit)
  and measured.state = '正常' and (len($classes) = 0 or list_contains($classes, measured.rebate_class))
  and year(measured.period) = year($period) and measured.period <= $period
