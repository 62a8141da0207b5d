-- One row per unit (and the city), calendar month, dimension and code: what the declarations say. Yuan.
-- dimension: partner, group (of partners, dated and overlapping: never add groups up), mode (of customs), chapter
-- (first two digits of the commodity). One scan of the declarations for partners and chapters together; groups and
-- modes come from what is already summed up.
with
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
declared as (
    select
        place.unit, fact.period, fact.partner, fact.chapter, grouping(fact.partner) as by_chapter,
        sum(case when fact.flow = 'export' then fact.value_cny else 0 end) as export_cny,
        sum(case when fact.flow = 'import' then fact.value_cny else 0 end) as import_cny
    from (
        select period, uscc, flow, partner, substr(hs_code, 1, 2) as chapter, value_cny from fact_declarations
    ) as fact
    inner join place on place.period = fact.period and place.uscc = fact.uscc
    group by grouping sets ((place.unit, fact.period, fact.partner), (place.unit, fact.period, fact.chapter))
),
grouped as (
    select
        declared.unit, declared.period, partner_group.group_name as code,
        sum(declared.export_cny) as export_cny, sum(declared.import_cny) as import_cny
    from declared
    inner join partner_group
        on partner_group.partner = declared.partner
        and partner_group.valid_from <= declared.period
        and partner_group.valid_to > declared.period
    where declared.by_chapter = 0
    group by declared.unit, declared.period, partner_group.group_name
),
by_mode as (
    select
        place.unit, declared.period, declared.mode as code,
        sum(declared.export_cny) as export_cny, sum(declared.import_cny) as import_cny
    from mart_declared_month as declared
    inner join place on place.period = declared.period and place.uscc = declared.uscc
    group by place.unit, declared.period, declared.mode
),
unit_row as (
    select unit, period, 'partner' as dimension, partner as code, export_cny, import_cny
    from declared where by_chapter = 0
    union all
    select unit, period, 'chapter', chapter, export_cny, import_cny
    from declared where by_chapter = 1
    union all
    select unit, period, 'group', code, export_cny, import_cny from grouped
    union all
    select unit, period, 'mode', code, export_cny, import_cny from by_mode
),
city_row as (
    select
        unit.unit, unit_row.period, unit_row.dimension, unit_row.code,
        sum(unit_row.export_cny) as export_cny, sum(unit_row.import_cny) as import_cny
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
