-- One row per foreign-trade project of a park, however often it is listed: when it came, and its size in US dollars.
select
    project,
    park,
    brought_in,
    max(cast(amount as double) / case when currency = 'USD' then 1 else cast(rate as double) end) as amount_usd
from fact_park_projects
group by project, park, brought_in
