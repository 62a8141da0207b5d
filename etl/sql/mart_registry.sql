-- One row per firm and span of validity [valid_from, valid_to): where the registry puts it.
with
ranked as (
    select
        *,
        coalesce(effective, date '1900-01-01') as valid_from,
        row_number() over (
            partition by uscc, coalesce(effective, date '1900-01-01') order by file_id desc, "row" desc
        ) as newest
    from fact_firms
),
final as (
    select
        uscc, firm_name, unit, park, industry, cluster, rebate_class, aeo, valid_from,
        coalesce(lead(valid_from) over (partition by uscc order by valid_from), date '9999-12-31') as valid_to
    from ranked
    where newest = 1
)
select * from final
