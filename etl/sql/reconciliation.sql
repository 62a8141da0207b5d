-- One row per check × unit × month that both sides cover: the sources against each other, in yuan.
-- difference: left − right; share: of the larger side. Shown, never hidden, and never used to change a value.
-- A unit that one side does not list has 0 there. Of a row with one flow alone its own 进出口 counts, else that flow;
-- with neither it says nothing, and is not compared.
with
city as (
    select unit from unit where role = 'city'
),
firm as (
    select
        period, uscc, unit, months,
        coalesce(ytd_export + ytd_import, ytd_export, ytd_import) as ytd,
        coalesce(month_export + month_import, month_export, month_import) as month_value
    from mart_firm_month where source = 'firm_month'
),
firm_sum as (
    select period, unit, sum(ytd) as ytd from firm group by period, unit
),
firm_total as (
    select period, sum(ytd) as ytd from firm_sum group by period
),
county as (
    select
        period, unit, max(months) as months,
        sum(coalesce(ytd_export + ytd_import, ytd_total, ytd_export, ytd_import)) as ytd,
        sum(coalesce(month_export + month_import, month_total, month_export, month_import)) as month_value
    from fact_county_month group by period, unit
),
county_total as (
    select period, sum(ytd) as ytd from county group by period
),
stated as (
    select kind, period, max(coalesce(ytd_export + ytd_import, ytd_total, ytd_export, ytd_import)) as ytd
    from fact_total where kind in ('firm_month', 'county_month') group by kind, period
),
firm_month_value as (
    select period, sum(month_value) as value from firm where months = 1 group by period
),
both_flows as (
    select period from (select period, flow from coverage where kind = 'declarations' group by period, flow) as flows
    group by period having count(*) = 2
),
declared_unit as (
    select
        declared.period, belonging.unit,
        sum(declared.export_cny + declared.import_cny) as value,
        sum(case when cbec_mode.mode is not null then declared.export_cny + declared.import_cny else 0 end) as cbec_value
    from mart_declared_month as declared
    inner join both_flows on both_flows.period = declared.period
    inner join mart_belonging as belonging
        on belonging.uscc = declared.uscc
        and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
    left join cbec_mode on cbec_mode.mode = declared.mode
    group by declared.period, belonging.unit
),
declared as (
    select period, sum(value) as value from declared_unit group by period
),
cbec_reported as (
    select period, unit, max(months) as months, sum(coalesce(month_export, 0) + coalesce(month_import, 0)) as value
    from fact_cbec_month group by period, unit
),
-- 当月 summed up from January; a table that has no 当月 at all breaks the run, a blank among others adds nothing.
-- A January that stands alone as well counts in January; from February on its figure for 1—2月 holds it.
county_month as (
    select period from county group by period having max(month_value) is not null
),
county_whole as (
    select county.*, month(county.period) = 1 and coalesce(max(case when month(county.period) = 2 then county.months end)
        over (partition by county.unit, year(county.period)), 1) = 2 as doubled
    from county inner join county_month on county_month.period = county.period
),
county_run as (
    select
        unit, period, ytd,
        coalesce(sum(case when not doubled then month_value end) over in_year, month_value) as months_sum,
        coalesce(sum(case when not doubled then months end) over in_year, months) as span
    from county_whole
    window in_year as (partition by unit, year(period) order by period)
),
firm_month as (
    select period from firm group by period having max(month_value) is not null
),
firm_whole as (
    select firm.*, month(firm.period) = 1 and coalesce(max(case when month(firm.period) = 2 then firm.months end)
        over (partition by firm.uscc, year(firm.period)), 1) = 2 as doubled
    from firm inner join firm_month on firm_month.period = firm.period
),
firm_run as (
    select
        unit, period, ytd,
        coalesce(sum(case when not doubled then month_value end) over in_year, month_value) as months_sum,
        coalesce(sum(case when not doubled then months end) over in_year, months) as span
    from firm_whole
    window in_year as (partition by uscc, year(period) order by period)
),
firm_and_county as (
    select
        coalesce(county.unit, firm_sum.unit) as unit, coalesce(county.period, firm_sum.period) as period,
        case when firm_sum.unit is null then 0 else firm_sum.ytd end as left_cny,
        case when county.unit is null then 0 else county.ytd end as right_cny
    from county full outer join firm_sum on firm_sum.unit = county.unit and firm_sum.period = county.period
),
county_and_declared as (
    select
        coalesce(county.unit, declared_unit.unit) as unit, coalesce(county.period, declared_unit.period) as period,
        case when county.unit is null then 0 else county.month_value end as left_cny,
        coalesce(declared_unit.value, 0) as right_cny
    from county
    full outer join declared_unit on declared_unit.unit = county.unit and declared_unit.period = county.period
),
cbec_and_declared as (
    select
        coalesce(reported.unit, declared_unit.unit) as unit, coalesce(reported.period, declared_unit.period) as period,
        coalesce(reported.value, 0) as left_cny, coalesce(declared_unit.cbec_value, 0) as right_cny
    from cbec_reported as reported
    full outer join declared_unit on declared_unit.unit = reported.unit and declared_unit.period = reported.period
),
compared as (
    select '企业之和与县市区表（累计）' as check_name, unit, period,
        '企业月度表' as left_source, left_cny, '县市区月度表' as right_source, right_cny
    from firm_and_county
    where period in (select period from county) and period in (select period from firm_sum)
    union all
    select '县市区之和与全市行（累计）', city.unit, stated.period, '县市区之和', county_total.ytd, '全市行', stated.ytd
    from stated inner join county_total on county_total.period = stated.period cross join city
    where stated.kind = 'county_month'
    union all
    select '企业之和与合计行（累计）', city.unit, stated.period, '企业之和', firm_total.ytd, '合计行', stated.ytd
    from stated inner join firm_total on firm_total.period = stated.period cross join city
    where stated.kind = 'firm_month'
    union all
    select '企业表与海关明细（当月）', city.unit, firm_month_value.period,
        '企业月度表', firm_month_value.value, '海关明细', declared.value
    from firm_month_value inner join declared on declared.period = firm_month_value.period cross join city
    union all
    select '县市区表与海关明细（当月）', unit, period, '县市区月度表', left_cny, '海关明细', right_cny
    from county_and_declared
    where period in (select period from county group by period having max(months) = 1)
        and period in (select period from county_month) and period in (select period from declared)
    union all
    select '累计与当月之和', unit, period, '累计', ytd, '当月之和', months_sum
    from county_run where span = month(period)
    union all
    select '企业表累计与当月之和', unit, period, '累计', sum(ytd), '当月之和', sum(months_sum)
    from firm_run where span = month(period) group by unit, period
    union all
    select '跨境电商表与海关明细（当月）', unit, period, '跨境电商月度表', left_cny, '海关明细', right_cny
    from cbec_and_declared
    where period in (select period from cbec_reported group by period having max(months) = 1)
        and period in (select period from declared)
),
final as (
    select
        check_name, unit, strftime(period, '%Y-%m') as period,
        left_source, left_cny, right_source, right_cny,
        left_cny - right_cny as difference_cny,
        case when greatest(abs(left_cny), abs(right_cny)) > 0
             then cast(abs(left_cny - right_cny) as double) / cast(greatest(abs(left_cny), abs(right_cny)) as double)
             else 0 end as share
    from compared
    where left_cny is not null and right_cny is not null
)
select * from final order by check_name, period, unit
