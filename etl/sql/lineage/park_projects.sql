-- The parks listed and their projects that count in the calendar year.
select
    parks.file_id, parks.sheet, parks."row", parks.park as label, '园区名单' as figures, true as own
from fact_parks as parks, unit
where unit.unit = $unit and (unit.role = 'city' or parks.unit = $unit)
union all
select
    project.file_id, project.sheet, project."row", project.project,
    strftime(project.brought_in, '%Y-%m-%d') || ' ' || cast(project.amount as decimal(24,2)) || ' ' || project.currency
        || coalesce(' 汇率 ' || cast(project.rate as decimal(12,4)), ''),
    true
from fact_park_projects as project
inner join (select park, max(unit) as unit from fact_parks group by park) as parks on parks.park = project.park
cross join unit
where unit.unit = $unit and (unit.role = 'city' or parks.unit = $unit)
  and case when project.currency = 'USD' then project.amount else project.amount / project.rate end >= $amount_min_usd
  and year(project.brought_in) = year($period) and project.brought_in <= last_day($period)
