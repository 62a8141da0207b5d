-- One row per unit (and the city), calendar month, dimension and code: what the declarations say. Yuan.
-- dimension: partner, group (of partners, dated and overlapping: never add groups up), mode (of customs), chapter
-- (first two digits of the commodity). One scan of the declarations for partners and chapters together; groups and
-- modes come from what is already summed up. *_firms: how many firms make up a cell at least; *_top: what the largest
-- has at most. Both are of parts of the unit's firms (mart_belonging), since telling each firm apart takes three times
-- as long: whoever looks for cells of few firms finds all of them, and some of a few more.
with
direction as (
    select
        max(case when text = 'export' then key end) as export, max(case when text = 'import' then key end) as import
    from word
),
placed as (
    select
        uscc, unit, part, valid_from, valid_to, cast(dense_rank() over (order by unit, part) as integer) as place
    from mart_belonging
),
place as (
    select distinct place, unit, part from placed
),
belonged as (
    select
        word.key, placed.place,
        cast(date_trunc('month', placed.valid_from) as date) as first_month,
        cast(date_trunc('month', placed.valid_to) as date) as end_month
    from placed
    inner join word on word.text = placed.uscc
),
summed as (
    select
        place, period, partner, chapter, grouping(partner) as by_chapter,
        sum(case when flow = export then value_cny else 0 end) as export_cny,
        sum(case when flow = import then value_cny else 0 end) as import_cny
    from (
        select
            belonged.place, fact.period, fact.partner, fact.hs_code // 1000000 as chapter,
            fact.flow, fact.value_cny, direction.export, direction.import
        from coded_declarations as fact
        cross join direction
        inner join belonged
            on belonged.key = fact.uscc
            and belonged.first_month <= fact.period and belonged.end_month > fact.period
    ) as traded
    group by grouping sets ((place, period, partner), (place, period, chapter))
),
declared as (
    select
        place.unit, summed.period, place.part, partner.text as partner,
        lpad(cast(summed.chapter as varchar), 2, '0') as chapter, summed.by_chapter,
        summed.export_cny, summed.import_cny
    from summed
    inner join place on place.place = summed.place
    left join word as partner on partner.key = summed.partner
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
