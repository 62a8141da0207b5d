-- The registry's newest row of each firm by the month's end, of those with the customs' advanced certification.
with
newest as (
    select *,
        row_number() over (
            partition by uscc order by coalesce(effective, date '1900-01-01') desc, file_id desc, "row" desc
        ) as place
    from fact_firms
    where coalesce(effective, date '1900-01-01') <= last_day($period)
)
select
    newest.file_id, newest.sheet, newest."row", newest.firm_name as label,
    coalesce(strftime(newest.effective, '%Y-%m-%d') || ' 起，', '') || 'AEO高级认证 是' as figures, true as own
from newest
cross join unit
where unit.unit = $unit and (unit.role = 'city' or newest.unit = $unit)
  and newest.place = 1 and newest.aeo = '是'
