-- One row per unit, cluster and month: firms of the registry's cluster that traded in the twelve months, and their value.
-- top_cny: what the largest has.
select
    period,
    unit,
    cluster,
    sum(case when ttm_total > 0 then 1 else 0 end) as firms,
    sum(case when ttm_total > 0 then ttm_total else 0 end) as ttm_cny,
    max(ttm_total) as top_cny
from mart_firm_month
where cluster is not null and ttm_total is not null
group by period, unit, cluster
