-- Cross-border e-commerce: this year's cumulative against the same months of the base year, as average annual growth;
-- beside it against the same months of last year.
select
    now.unit,
    now.period,
    now.ytd_cny as numerator,
    base.ytd_cny as denominator,
    year(now.period) - $base_year as years,
    now.ytd_cny as yoy_numerator,
    same.ytd_cny as yoy_denominator,
    1 as yoy_years,
    now.ytd_cny,
    case when same.ytd_cny > 0 then cast(now.ytd_cny as double) / cast(same.ytd_cny as double) - 1 end as yoy
from mart_cbec_month as now
left join mart_cbec_month as base
    on base.unit = now.unit and base.period = make_date($base_year, month(now.period), 1)
left join mart_cbec_month as same
    on same.unit = now.unit and same.period = make_date(year(now.period) - 1, month(now.period), 1)
