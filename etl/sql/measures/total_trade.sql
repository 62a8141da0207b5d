-- Imports + exports of twelve months, and of the month beside it, in the indicator's unit: $unit_cny yuan (100000000 for 亿元).
select
    unit,
    period,
    ttm_import + ttm_export as numerator,
    $unit_cny as denominator,
    month_import + month_export as month_numerator,
    $unit_cny as month_denominator,
    ytd_import + ytd_export as ytd_cny
from mart_unit_month
