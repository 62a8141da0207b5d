-- One row per check × unit × month where both sides are known: the sources against each other, in yuan.
-- difference: left − right; share: of the larger side. Shown, never hidden, and never used to change a value.
with
city as (
    select unit from unit where role = 'city'
),
firm_sum as (
    select period, unit, sum(ytd_export + ytd_import) as ytd
    from mart_firm_month where source = 'firm_month' group by period, unit
),
firm_total as (
    select period, sum(ytd) as ytd from firm_sum group by period
),
county as (
    select period, unit, sum(ytd_export + ytd_import) as ytd,
        sum(coalesce(month_export + month_import, month_total)) as month_value, max(months) as months
    from fact_county_month group by period, unit
),
county_total as (
    select period, sum(ytd) as ytd from county group by period
),
stated as (
    select kind, period, max(ytd_export + ytd_import) as ytd
    from fact_total where kind in ('firm_month', 'county_month') group by kind, period
),
firm_month_value as (
    select period, sum(month_export + month_import) as value
    from mart_firm_month where source = 'firm_month' and months = 1 group by period
),
declared as (
    select period, sum(export_cny + import_cny) as value from mart_declared_month group by period
),
both_flows as (
    select period from (select period, flow from coverage where kind = 'declarations' group by period, flow) as flows
    group by period having count(*) = 2
),
county_run as (
    select
        unit, period, ytd,
        sum(month_value) over in_year as months_sum, sum(months) over in_year as span
    from county
    window in_year as (partition by unit, year(period) order by period)
),
cbec_reported as (
    select period, unit, sum(coalesce(month_export, 0) + coalesce(month_import, 0)) as value
    from fact_cbec_month group by period, unit
),
cbec_declared as (
    select
        declared.period, belonging.unit,
        sum(declared.export_cny + declared.import_cny) as value
    from mart_declared_month as declared
    inner join cbec_mode on cbec_mode.mode = declared.mode
    inner join both_flows on both_flows.period = declared.period
    inner join mart_belonging as belonging
        on belonging.uscc = declared.uscc
        and belonging.valid_from <= last_day(declared.period) and belonging.valid_to > last_day(declared.period)
    group by declared.period, belonging.unit
),
compared as (
    select '企业之和与县市区表（累计）' as check_name, county.unit, county.period,
        '企业月度表' as left_source, firm_sum.ytd as left_cny, '县市区月度表' as right_source, county.ytd as right_cny
    from county inner join firm_sum on firm_sum.unit = county.unit and firm_sum.period = county.period
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
    from firm_month_value
    inner join declared on declared.period = firm_month_value.period
    inner join both_flows on both_flows.period = firm_month_value.period
    cross join city
    union all
    select '累计与当月之和', unit, period, '累计', ytd, '当月之和', months_sum
    from county_run where span = month(period) and months_sum is not null
    union all
    select '跨境电商表与海关明细（当月）', reported.unit, reported.period,
        '跨境电商月度表', reported.value, '海关明细', cbec_declared.value
    from cbec_reported as reported
    inner join cbec_declared on cbec_declared.unit = reported.unit and cbec_declared.period = reported.period
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
)
select * from final order by check_name, period, unit
