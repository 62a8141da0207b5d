-- One row per firm that any file names and span of time [valid_from, valid_to): the unit that it belongs to, and what
-- the registry says of it. A firm's spans have no gaps. unit_basis: registry where that names the unit, else uscc where
-- digits 3–8 of the code do, else unassigned. part: which of eight parts of the unit's firms it is in, by the month of
-- its first declaration, so that a new firm moves no older one: at most eight firms of a unit are a part each.
with
firm as (
    select uscc, min(first_declared) as first_declared
    from (
        select uscc, min(period) as first_declared from mart_declared_month group by uscc
        union all
        select uscc, date '9999-12-31' from fact_firm_month
        union all
        select uscc, date '9999-12-31' from fact_firms
        union all
        select uscc, date '9999-12-31' from fact_rebates
        union all
        select uscc, date '9999-12-31' from fact_support
    ) as named
    group by uscc
),
start as (
    select uscc, date '1900-01-01' as valid_from from firm
    union
    select uscc, valid_from from mart_registry
),
span as (
    select
        uscc, valid_from,
        coalesce(lead(valid_from) over (partition by uscc order by valid_from), date '9999-12-31') as valid_to
    from start
),
placed as (
    select
        span.uscc, span.valid_from, span.valid_to, registry.firm_name,
        coalesce(registry.unit, division.unit, 'unassigned') as unit,
        case when registry.unit is not null then 'registry' when division.unit is not null then 'uscc'
             else 'unassigned' end as unit_basis,
        registry.park, registry.industry, registry.cluster, registry.rebate_class, registry.aeo
    from span
    left join mart_registry as registry on registry.uscc = span.uscc and registry.valid_from = span.valid_from
    left join division on division.division = substr(span.uscc, 3, 6)
),
final as (
    select
        placed.*,
        dense_rank() over (partition by placed.unit order by firm.first_declared, placed.uscc) % 8 as part
    from placed
    inner join firm on firm.uscc = placed.uscc
)
select * from final
