-- The registered events of the category up to the period's last day.
select
    events.file_id, events.sheet, events."row", events.name as label,
    strftime(events.happened, '%Y-%m-%d') || coalesce('，' || events.evidence, '') as figures,
    true as own
from fact_events as events, unit
where unit.unit = $unit and events.category = $category and events.happened <= last_day($period)
  and (unit.role = 'city' or coalesce(events.unit, 'unassigned') = $unit)
