-- One row per month, firm, customs mode and sheet of a file. Yuan. Beside mart_market_month the only mart that reads
-- every declaration. firm_name: on its first row. first_row, last_row: between which rows of the sheet they stand.
with
direction as (
    select
        max(case when text = 'export' then key end) as export, max(case when text = 'import' then key end) as import
    from word
),
summed as (
    select
        declared.period, declared.uscc, declared.mode, declared.file_id, declared.sheet,
        min_by(declared.firm_name, case when declared.firm_name is not null then declared."row" end) as firm_name,
        sum(case when declared.flow = direction.export then declared.value_cny else 0 end) as export_cny,
        sum(case when declared.flow = direction.import then declared.value_cny else 0 end) as import_cny,
        count(*) as declarations,
        min(declared."row") as first_row,
        max(declared."row") as last_row
    from coded_declarations as declared
    cross join direction
    group by declared.period, declared.uscc, declared.mode, declared.file_id, declared.sheet
)
select
    summed.period, uscc.text as uscc, mode.text as mode, summed.file_id, sheet.text as sheet, name.text as firm_name,
    summed.export_cny, summed.import_cny, summed.declarations, summed.first_row, summed.last_row
from summed
inner join word as uscc on uscc.key = summed.uscc
inner join word as mode on mode.key = summed.mode
inner join word as sheet on sheet.key = summed.sheet
left join word as name on name.key = summed.firm_name
