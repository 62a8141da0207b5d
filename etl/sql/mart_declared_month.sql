-- One row per month, firm, customs mode and sheet of a file. Yuan. Beside mart_market_month the only mart that reads
-- every declaration. firm_name: on its first row. first_row, last_row: between which rows of the sheet they stand.
select
    period,
    uscc,
    mode,
    file_id,
    sheet,
    min_by(firm_name, case when firm_name is not null then "row" end) as firm_name,
    sum(case when flow = 'export' then value_cny else 0 end) as export_cny,
    sum(case when flow = 'import' then value_cny else 0 end) as import_cny,
    count(*) as declarations,
    min("row") as first_row,
    max("row") as last_row
from fact_declarations
group by period, uscc, mode, file_id, sheet
