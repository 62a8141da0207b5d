-- One row per kind of file that is loaded: its newest month and when it came.
with
dated as (
    select kind, max(period) as latest from coverage group by kind
    union all
    select 'rebates', cast(date_trunc('month', max(completed)) as date) from fact_rebates having count(*) > 0
    union all
    select 'support', cast(date_trunc('month', max(paid)) as date) from fact_support having count(*) > 0
    union all
    select 'park_projects', cast(date_trunc('month', max(brought_in)) as date) from fact_park_projects
    having count(*) > 0
    union all
    select 'events', cast(date_trunc('month', max(happened)) as date) from fact_events having count(*) > 0
),
loaded as (
    select kind, max(label) as label, max(loaded_at) as loaded_at, count(*) as files
    from files where kind <> 'repair' group by kind
),
final as (
    select loaded.kind, loaded.label, strftime(dated.latest, '%Y-%m') as latest_period, loaded.loaded_at, loaded.files
    from loaded left join dated on dated.kind = loaded.kind
)
select * from final order by kind
