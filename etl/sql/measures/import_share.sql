-- Imports ÷ (imports + exports), cumulative in the year; the month's and the twelve months' share beside it.
select
    unit,
    period,
    ytd_import as numerator,
    ytd_import + ytd_export as denominator,
    month_import as month_numerator,
    month_import + month_export as month_denominator,
    ttm_import as ttm_numerator,
    ttm_import + ttm_export as ttm_denominator,
    ytd_import as import_cny,
    ytd_export as export_cny,
    case when ttm_import + ttm_export > 0
         then cast(ttm_import as double) / cast(ttm_import + ttm_export as double) end as ttm_share
from mart_unit_month
