-- One row per calendar month from the first to the last that any source of trade covers.
with
covered as (
    select period from coverage where kind in ('county_month', 'firm_month', 'declarations', 'cbec_month')
    union all
    select cast(date_trunc('month', completed) as date) as period from fact_rebates where completed is not null
),
bounds as (
    select min(period) as first_period, max(period) as last_period from covered
),
final as (
    select cast(month as date) as period, year(month) as year, month(month) as month_of_year
    from bounds, unnest(generate_series(first_period, last_period, interval 1 month)) as series (month)
)
select * from final order by period
