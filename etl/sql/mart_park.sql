-- One row per park: the unit that the list of parks puts it in.
select park, max(unit) as unit from fact_parks group by park
