-- One row per area ('all', or a province's two digits), calendar month and direction of the public customs statistics.
-- Yuan, missing where a row states none. The query may have been narrowed to some goods and provinces: goods and provinces
-- say how many stand behind the row (0: not split by it), and only a query that was not narrowed makes a nation.
with
area_row as (
    select
        'all' as area, '' as area_name, period, flow,
        case when count(value_cny) = count(*) then sum(value_cny) end as value_cny,
        count(distinct hs_code) as goods, count(distinct province) as provinces
    from fact_customs_public
    group by period, flow
    union all
    select
        province, max(coalesce(province_name, province)), period, flow,
        case when count(value_cny) = count(*) then sum(value_cny) end,
        count(distinct hs_code), 1
    from fact_customs_public
    where province is not null
    group by province, period, flow
)
select * from area_row order by area, flow, period
