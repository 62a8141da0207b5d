-- One row per unit (and the city), calendar month, dimension and code: what the declarations say. Yuan.
-- dimension: partner, group (of partners, dated and overlapping: never add groups up), mode (of customs), chapter
-- (first two digits of the commodity). firms, exporters, importers: how many stand behind the row in that month;
-- behind a longer span stand at least as many as behind its largest month.
with
firm_partner as (
    select
        period, uscc, partner as code,
        sum(case when flow = 'export' then value_cny else 0 end) as export_cny,
        sum(case when flow = 'import' then value_cny else 0 end) as import_cny
    from fact_declarations
    group by period, uscc, partner
),
firm_chapter as (
    select
        period, uscc, substr(hs_code, 1, 2) as code,
        sum(case when flow = 'export' then value_cny else 0 end) as export_cny,
        sum(case when flow = 'import' then value_cny else 0 end) as import_cny
    from fact_declarations
    group by period, uscc, substr(hs_code, 1, 2)
),
firm_group as (
    select
        firm_partner.period, firm_partner.uscc, partner_group.group_name as code,
        sum(firm_partner.export_cny) as export_cny, sum(firm_partner.import_cny) as import_cny
    from firm_partner
    inner join partner_group
        on partner_group.partner = firm_partner.code
        and partner_group.valid_from <= firm_partner.period
        and partner_group.valid_to > firm_partner.period
    group by firm_partner.period, firm_partner.uscc, partner_group.group_name
),
firm as (
    select 'partner' as dimension, period, uscc, code, export_cny, import_cny from firm_partner
    union all
    select 'group', period, uscc, code, export_cny, import_cny from firm_group
    union all
    select 'mode', period, uscc, mode, export_cny, import_cny from mart_declared_month
    union all
    select 'chapter', period, uscc, code, export_cny, import_cny from firm_chapter
),
place as (
    select
        declared.period, declared.uscc, coalesce(registry.unit, division.unit, 'unassigned') as unit
    from (select period, uscc from mart_declared_month group by period, uscc) as declared
    left join mart_registry as registry
        on registry.uscc = declared.uscc
        and registry.valid_from <= last_day(declared.period)
        and registry.valid_to > last_day(declared.period)
    left join division on division.division = substr(declared.uscc, 3, 6)
),
unit_row as (
    select
        place.unit, firm.period, firm.dimension, firm.code,
        sum(firm.export_cny) as export_cny, sum(firm.import_cny) as import_cny,
        count(*) as firms,
        sum(case when firm.export_cny <> 0 then 1 else 0 end) as exporters,
        sum(case when firm.import_cny <> 0 then 1 else 0 end) as importers
    from firm
    inner join place on place.period = firm.period and place.uscc = firm.uscc
    group by place.unit, firm.period, firm.dimension, firm.code
),
city_row as (
    select
        unit.unit, unit_row.period, unit_row.dimension, unit_row.code,
        sum(unit_row.export_cny) as export_cny, sum(unit_row.import_cny) as import_cny,
        sum(unit_row.firms) as firms, sum(unit_row.exporters) as exporters, sum(unit_row.importers) as importers
    from unit_row
    cross join unit
    where unit.role = 'city'
    group by unit.unit, unit_row.period, unit_row.dimension, unit_row.code
),
final as (
    select * from unit_row
    union all
    select * from city_row
)
select * from final order by unit, dimension, period, code
