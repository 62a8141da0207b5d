-- The criteria of the evaluation of bases and clusters, twelve months: those whose recognition is registered as an
-- event up to the period's last day, by the trade of the registry's cluster of the same name in the same unit.
with
recognised as (
    select unit, name as part, min(category) as category, min(happened) as happened
    from mart_event
    where list_contains($categories, category)
    group by unit, name
),
unit_ttm as (
    select unit, period, sum(ttm_total) as ttm_cny from mart_firm_month
    where ttm_total is not null
    group by unit, period
),
final as (
    select
        recognised.unit, mart_calendar.period, recognised.part, recognised.category,
        cluster.ttm_cny, cluster.firms,
        case when before.ttm_cny > 0
            then cast(cluster.ttm_cny as double) / cast(before.ttm_cny as double) - 1 end as growth,
        case when unit_ttm.ttm_cny > 0
            then cast(cluster.ttm_cny as double) / cast(unit_ttm.ttm_cny as double) end as share
    from mart_calendar
    inner join recognised on recognised.happened <= last_day(mart_calendar.period)
    left join mart_cluster_month as cluster
        on cluster.unit = recognised.unit and cluster.cluster = recognised.part
        and cluster.period = mart_calendar.period
    left join mart_cluster_month as before
        on before.unit = recognised.unit and before.cluster = recognised.part
        and before.period = mart_calendar.period - interval 1 year
    left join unit_ttm on unit_ttm.unit = recognised.unit and unit_ttm.period = mart_calendar.period
)
select * from final
