-- One row per unit (and the city), calendar month, dimension and code: what the declarations say. Yuan.
-- dimension: partner, group (of partners, dated and overlapping: never add groups up), mode (of customs), chapter
-- (first two digits of the commodity). One scan of the declarations for partners and chapters together; groups and
-- modes come from what is already summed up. *_firms: how many firms make up a cell at least; *_top: what the largest
-- has at most. Both are of parts of the unit's firms (mart_belonging), since telling each firm apart takes three times
-- as long: whoever looks for cells of few firms finds all of them, and some of a few more.
with
declared as (
    select
        unit, period, part, partner, chapter, grouping(partner) as by_chapter,
        sum(case when flow = 'export' then value_cny else 0 end) as export_cny,
        sum(case when flow = 'import' then value_cny else 0 end) as import_cny
    from (
        select
            belonging.unit, fact.period, belonging.part, fact.partner, substr(fact.hs_code, 1, 2) as chapter, fact.flow, fact.value_cny
        from fact_declarations as fact
        inner join mart_belonging as belonging
            on belonging.uscc = fact.uscc
            and belonging.valid_from <= last_day(fact.period) and belonging.valid_to > last_day(fact.period)
    ) as placed
    group by grouping sets ((unit, period, part, partner), (unit, period, part, chapter))
),
grouped as (
    select
        declared.unit, declared.period, declared.part, partner_group.group_name as code,
        sum(declared.export_cny) as export_cny, sum(declared.import_cny) as import_cny
    from declared
    inner join partner_group
        on partner_group.partner = declared.partner
        and partner_group.valid_from <= declared.period
        and partner_group.valid_to > declared.period
    where declared.by_chapter = 0
    group by declared.unit, declared.period, declared.part, partner_group.group_name
),
by_mode as (
    select
        belonging.unit, declared.period, belonging.part, declared.mode as code,
        sum(declared.export_cny) as export_cny, sum(declared.import_cny) as import_cny
    from mart_declared_month as declared
    inner join mart_belonging as belonging
        on belonging.uscc = declared.uscc
        and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
    group by belonging.unit, declared.period, belonging.part, declared.mode
),
part_row as (
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
unit_row as (
    select
        unit, period, dimension, code,
        sum(export_cny) as export_cny, sum(import_cny) as import_cny,
        count(case when export_cny <> 0 then 1 end) as export_firms,
        count(case when import_cny <> 0 then 1 end) as import_firms,
        max(export_cny) as export_top, max(import_cny) as import_top
    from part_row
    group by unit, period, dimension, code
),
city_row as (
    select
        unit.unit, unit_row.period, unit_row.dimension, unit_row.code,
        sum(unit_row.export_cny) as export_cny, sum(unit_row.import_cny) as import_cny,
        cast(sum(unit_row.export_firms) as bigint) as export_firms,
        cast(sum(unit_row.import_firms) as bigint) as import_firms,
        max(unit_row.export_top) as export_top, max(unit_row.import_top) as import_top
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
