-- One row per month, firm, customs mode: the only mart that reads every declaration. Yuan.
select
    period,
    uscc,
    mode,
    max(firm_name) as firm_name,
    sum(case when flow = 'export' then value_cny else 0 end) as export_cny,
    sum(case when flow = 'import' then value_cny else 0 end) as import_cny,
    count(*) as declarations
from fact_declarations
group by period, uscc, mode
