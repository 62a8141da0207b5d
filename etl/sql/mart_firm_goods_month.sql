-- One row per firm, calendar month and group of goods that the policy or the provincial catalogue lists. Yuan.
-- goods: an id of the policy's goods.toml, or encouraged for the catalogue of imports. Declarations have eight digits,
-- so that a longer code of the catalogue counts by its first eight. Reads those rows of the declarations alone.
with
listed as (
    select goods, code from goods_code
    union all
    select 'encouraged', substr(hs_code, 1, 8) from fact_encouraged_goods
),
commodity as (
    select number, lpad(cast(number as varchar), 8, '0') as hs_code
    from (select distinct hs_code as number from coded_declarations where exists (select 1 from listed)) as declared
),
level as (
    select distinct length(code) as digits from listed
),
watched as (
    select distinct commodity.number, listed.goods
    from commodity
    cross join level
    inner join listed on listed.code = substr(commodity.hs_code, 1, level.digits)
),
traded as (
    select
        fact.period, firm.text as uscc, watched.goods,
        max(name.text) as firm_name,
        sum(case when flow.text = 'export' then fact.value_cny else 0 end) as export_cny,
        sum(case when flow.text = 'import' then fact.value_cny else 0 end) as import_cny
    from coded_declarations as fact
    inner join watched on watched.number = fact.hs_code
    inner join word as firm on firm.key = fact.uscc
    inner join word as flow on flow.key = fact.flow
    left join word as name on name.key = fact.firm_name
    group by fact.period, firm.text, watched.goods
),
final as (
    select
        traded.period, traded.uscc, coalesce(belonging.firm_name, traded.firm_name) as firm_name, belonging.unit,
        traded.goods, traded.export_cny, traded.import_cny
    from traded
    inner join mart_belonging as belonging
        on belonging.uscc = traded.uscc
        and belonging.valid_from <= last_day(traded.period) and belonging.valid_to > last_day(traded.period)
)
select * from final
