-- One row per firm and covered month, also where the firm had no trade in it (0, not missing). Yuan.
-- ytd_*: cumulative of the winning source (bureau table before declarations). step_*: what the month added
-- to the cumulative, revisions included; a unit's cumulative is the sum of the steps of the firms that
-- belonged to it when they were made, so a firm that moves leaves its past trade behind.
-- ttm_*: YTD(y, m) + YTD(y-1, 12) - YTD(y-1, m), else the sum of twelve covered months, else missing. From February
-- on its figure for 1—2月 holds January too, which then counts there alone; the twelve months to a January begin after
-- another, so that such a figure says too much for them.
with
bureau_period as (
    select period, max(months) as months from coverage where kind = 'firm_month' group by period
),
declared_flows as (
    select period, flow from coverage where kind = 'declarations' group by period, flow
),
declared_period as (
    select period from declared_flows group by period having count(*) = 2
),
declared_complete as (
    select period
    from (
        select period, row_number() over (partition by year(period) order by period) as nth from declared_period
    ) as numbered
    where nth = month(period)
),
listed as (
    select period, months, 'firm_month' as source from bureau_period
    union all
    select declared_period.period, 1 as months, 'declarations' as source
    from declared_period
    left join bureau_period on bureau_period.period = declared_period.period
    where bureau_period.period is null
),
covered as (
    select
        *,
        month(period) = 1 and coalesce(max(case when month(period) = 2 then months end)
            over (partition by year(period)), 1) = 2 as doubled
    from listed
),
bureau as (
    select
        period, uscc, max(firm_name) as firm_name,
        sum(coalesce(month_export, month_total - month_import)) as month_export,
        sum(coalesce(month_import, month_total - month_export)) as month_import,
        sum(coalesce(ytd_export, ytd_total - ytd_import)) as ytd_export,
        sum(coalesce(ytd_import, ytd_total - ytd_export)) as ytd_import
    from fact_firm_month
    group by period, uscc
),
declared as (
    select period, uscc, max(firm_name) as firm_name, sum(export_cny) as month_export, sum(import_cny) as month_import
    from mart_declared_month
    group by period, uscc
),
firm as (
    select uscc, max(firm_name) as firm_name
    from (select uscc, firm_name from bureau union all select uscc, firm_name from declared) as named
    group by uscc
),
declared_grid as (
    select
        firm.uscc, declared_complete.period,
        sum(coalesce(declared.month_export, 0)) over year_to_date as ytd_export,
        sum(coalesce(declared.month_import, 0)) over year_to_date as ytd_import
    from declared_complete
    cross join firm
    left join declared on declared.uscc = firm.uscc and declared.period = declared_complete.period
    window year_to_date as (
        partition by firm.uscc, year(declared_complete.period) order by declared_complete.period
    )
),
grid as (
    select
        firm.uscc, firm.firm_name, covered.period, covered.months, covered.doubled, covered.source,
        case when covered.source = 'declarations' then coalesce(declared.month_export, 0)
             when bureau.uscc is null then 0 else bureau.month_export end as month_export,
        case when covered.source = 'declarations' then coalesce(declared.month_import, 0)
             when bureau.uscc is null then 0 else bureau.month_import end as month_import,
        case when covered.source = 'firm_month' then coalesce(bureau.ytd_export, 0)
             else declared_grid.ytd_export end as ytd_export,
        case when covered.source = 'firm_month' then coalesce(bureau.ytd_import, 0)
             else declared_grid.ytd_import end as ytd_import
    from covered
    cross join firm
    left join bureau on bureau.uscc = firm.uscc and bureau.period = covered.period
    left join declared on declared.uscc = firm.uscc and declared.period = covered.period
    left join declared_grid on declared_grid.uscc = firm.uscc and declared_grid.period = covered.period
),
stepped as (
    select
        *,
        ytd_export - coalesce(lag(ytd_export) over in_year, 0) as step_export,
        ytd_import - coalesce(lag(ytd_import) over in_year, 0) as step_import,
        (sum(case when month_export + month_import is not null then months end) over twelve_months)
            - case when month(period) = 1 then 0 else coalesce(sum(
                case when doubled and month_export + month_import is not null then months end
            ) over twelve_months, 0) end as span,
        max(months) over twelve_months as widest,
        (sum(month_export) over twelve_months)
            - case when month(period) = 1 then 0
                   else coalesce(sum(case when doubled then month_export end) over twelve_months, 0) end as twelve_export,
        (sum(month_import) over twelve_months)
            - case when month(period) = 1 then 0
                   else coalesce(sum(case when doubled then month_import end) over twelve_months, 0) end as twelve_import
    from grid
    window
        in_year as (partition by uscc, year(period) order by period),
        twelve_months as (
            partition by uscc order by period range between interval 11 months preceding and current row
        )
),
rolled as (
    select
        now.*,
        case
            when month(now.period) = 12 then now.ytd_export
            when december.ytd_export is not null and same.ytd_export is not null
                then now.ytd_export + december.ytd_export - same.ytd_export
            when now.span = 12 and (month(now.period) > 1 or now.widest = 1) then now.twelve_export
        end as ttm_export,
        case
            when month(now.period) = 12 then now.ytd_import
            when december.ytd_import is not null and same.ytd_import is not null
                then now.ytd_import + december.ytd_import - same.ytd_import
            when now.span = 12 and (month(now.period) > 1 or now.widest = 1) then now.twelve_import
        end as ttm_import
    from stepped as now
    left join stepped as december
        on december.uscc = now.uscc and december.period = make_date(year(now.period) - 1, 12, 1)
    left join stepped as same
        on same.uscc = now.uscc and same.period = make_date(year(now.period) - 1, month(now.period), 1)
),
final as (
    select
        rolled.period,
        rolled.uscc,
        coalesce(belonging.firm_name, rolled.firm_name) as firm_name,
        belonging.unit,
        belonging.unit_basis,
        belonging.cluster,
        belonging.industry,
        rolled.months,
        rolled.source,
        rolled.month_export, rolled.month_import,
        rolled.ytd_export, rolled.ytd_import,
        rolled.step_export, rolled.step_import,
        rolled.ttm_export, rolled.ttm_import,
        rolled.ttm_export + rolled.ttm_import as ttm_total
    from rolled
    inner join mart_belonging as belonging
        on belonging.uscc = rolled.uscc
        and belonging.valid_from <= last_day(rolled.period) and belonging.valid_to > last_day(rolled.period)
)
select * from final
