-- One row per unit (and the city) and month, for display: yuan, YoY as a fraction (NULL where the base is 0 or missing).
with
final as (
    select
        unit,
        strftime(period, '%Y-%m') as period,
        months, source,
        month_export + month_import as month_total, month_export, month_import,
        ytd_export + ytd_import as ytd_total, ytd_export, ytd_import,
        ttm_export + ttm_import as ttm_total, ttm_export, ttm_import,
        case when ytd_export_last_year + ytd_import_last_year > 0 then
            cast(ytd_export + ytd_import as double) / cast(ytd_export_last_year + ytd_import_last_year as double) - 1
        end as yoy_total,
        case when ytd_export_last_year > 0 then
            cast(ytd_export as double) / cast(ytd_export_last_year as double) - 1
        end as yoy_export,
        case when ytd_import_last_year > 0 then
            cast(ytd_import as double) / cast(ytd_import_last_year as double) - 1
        end as yoy_import
    from mart_unit_month
)
select * from final order by unit, period
