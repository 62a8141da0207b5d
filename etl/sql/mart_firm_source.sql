-- One row per month, firm and sheet of a file that has figures of it: how many rows, and between which. Yuan of the month.
select
    period, uscc, 'firm_month' as kind, file_id, sheet,
    count(*) as row_count, min("row") as first_row, max("row") as last_row,
    sum(coalesce(month_total, month_export + month_import)) as month_cny
from fact_firm_month
group by period, uscc, file_id, sheet
union all
select
    period, uscc, 'declarations', file_id, sheet,
    cast(sum(declarations) as bigint), min(first_row), max(last_row), sum(export_cny + import_cny)
from mart_declared_month
group by period, uscc, file_id, sheet
