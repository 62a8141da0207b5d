-- The criteria of the evaluation of a group's exporters, twelve months: what each exported, its growth, and in how many
-- of the months it did. A firm stands in the unit of its newest month.
with
twelve as (
    select
        span.period, firm.uscc,
        max_by(firm.unit, firm.period) as unit,
        max_by(firm.firm_name, firm.period) as firm_name,
        sum(firm.export_cny) as ttm_cny,
        count(case when firm.export_cny > 0 then 1 end) as months
    from mart_declared_span as span
    inner join mart_firm_goods_month as firm
        on firm.goods = $goods
        and firm.period > span.period - interval 12 month
        and firm.period <= span.period
    where span.flow = 'export' and span.twelve
    group by span.period, firm.uscc
),
final as (
    select
        now.unit, now.period, now.uscc as part, now.firm_name, now.ttm_cny, now.months,
        case when before.ttm_cny > 0
            then cast(now.ttm_cny as double) / cast(before.ttm_cny as double) - 1 end as growth
    from twelve as now
    left join twelve as before on before.uscc = now.uscc and before.period = now.period - interval 1 year
    where now.ttm_cny >= $least_cny
)
select * from final
