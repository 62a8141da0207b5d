-- One row per firm and month with a known twelve-month total: which tier it has reached, and how far the next one is.
-- tier: how many of the document's lines it reaches, 0 for none; a line itself is reached (「以上」). next_cny is NULL at
-- the top. near: at the near-line share of the next line or above. *_month, *_december, *_year: the same firm one month
-- ago, last December and twelve months ago, NULL where that is not known. Yuan.
with
firm as (
    select period, uscc, firm_name, unit, ttm_total from mart_firm_month where ttm_total is not null
),
placed as (
    select
        firm.period, firm.uscc, firm.firm_name, firm.unit, firm.ttm_total,
        sum(case when firm.ttm_total >= tier.line_cny then 1 else 0 end) as tier,
        min(case when firm.ttm_total < tier.line_cny then tier.line_cny end) as next_cny
    from firm
    cross join tier
    group by firm.period, firm.uscc, firm.firm_name, firm.unit, firm.ttm_total
),
final as (
    select
        now.period, now.uscc, now.firm_name, now.unit, now.ttm_total,
        cast(now.tier as integer) as tier, now.next_cny,
        coalesce(now.ttm_total >= near_line.share * now.next_cny, false) as near,
        month_ago.ttm_total as ttm_month, cast(month_ago.tier as integer) as tier_month,
        december.ttm_total as ttm_december, cast(december.tier as integer) as tier_december,
        year_ago.ttm_total as ttm_year
    from placed as now
    cross join near_line
    left join placed as month_ago
        on month_ago.uscc = now.uscc and month_ago.period = now.period - interval 1 month
    left join placed as december
        on december.uscc = now.uscc and december.period = make_date(year(now.period) - 1, 12, 1)
    left join placed as year_ago
        on year_ago.uscc = now.uscc and year_ago.period = now.period - interval 1 year
)
select * from final
