-- Herfindahl–Hirschman index over the trading partners' shares of imports and exports, twelve months: 0 to 1.
with
covered as (
    select period from mart_declared_span where twelve group by period having count(*) = 2
),
partner as (
    select
        market.unit, covered.period, market.code,
        cast(sum(market.export_cny + market.import_cny) as double) as value_cny
    from covered
    inner join mart_market_month as market
        on market.dimension = 'partner'
        and market.period > covered.period - interval 12 month
        and market.period <= covered.period
    group by market.unit, covered.period, market.code
),
final as (
    select
        unit, period,
        case when sum(value_cny) > 0 then sum(value_cny * value_cny) / (sum(value_cny) * sum(value_cny)) end as value,
        count(case when value_cny > 0 then 1 end) as partners
    from partner
    group by unit, period
)
select * from final
