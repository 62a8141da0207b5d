-- The customs records of the mode and the registered events of the category up to the period's last day.
select
    events.file_id, events.sheet, events."row", events.name as label,
    strftime(events.happened, '%Y-%m-%d') || coalesce('，' || events.evidence, '') as figures,
    true as own
from fact_events as events, unit
where unit.unit = $unit and events.category = $category and events.happened <= last_day($period)
  and (unit.role = 'city' or coalesce(events.unit, 'unassigned') = $unit)
union all
select
    declared.file_id, declared.sheet, declared."row", declared.firm_name,
    strftime(declared.period, '%Y-%m') || ' ' || cast(declared.value_cny as decimal(24,2)) || ' 元',
    true
from fact_declarations as declared
cross join unit
inner join mart_belonging as belonging
    on belonging.uscc = declared.uscc
    and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
where unit.unit = $unit and declared.mode = $mode and declared.period <= $period
  and (unit.role = 'city' or belonging.unit = $unit)
