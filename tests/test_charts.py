"""The plotly figures hold the right numbers; how they look is for the browser."""

from decimal import Decimal

from frontend import POLICY, light

from dashboard import charts

HISTORY = [light(period=f"2026-{month:02d}", value=0.08 + month / 1000) for month in (8, 9, 10)]


def trace(figure, name):
    return next(item for item in figure.data if item.name == name)


def test_the_trend_shows_every_month_and_labels_the_last():
    value = trace(charts.trend(POLICY, HISTORY), "数值")
    assert list(value.x) == ["2026-08", "2026-09", "2026-10"]
    assert list(value.y) == [0.088, 0.089, 0.09]
    assert list(value.text) == ["", "", "<b>9.00%</b>"]


def test_the_pace_is_dashed_and_goes_on_to_the_target_at_the_deadline():
    pace = trace(charts.trend(POLICY, HISTORY), "序时进度")
    assert pace.line.dash == "dash"
    assert (pace.x[-1], pace.y[-1]) == ("2026-12", 0.10)


def test_the_target_carries_its_number_at_the_right_end_and_the_deadline_is_marked():
    figure = charts.trend(POLICY, HISTORY)
    target = trace(figure, "目标")
    assert (target.x[-1], target.y[-1], target.text[-1]) == ("2026-12", 0.10, "目标 ≥10%（2026-12）")
    assert figure.layout.shapes[0].x0 == "2026-12-01"


def test_a_monitor_has_neither_pace_nor_target():
    figure = charts.trend(POLICY, [light(status="monitor", target=None, pace=None, gap=None)])
    assert [item.name for item in figure.data] == ["数值"]


def test_a_missing_month_is_a_gap():
    history = [*HISTORY[:2], light(value=None, status="no_data", gap=None)]
    assert trace(charts.trend(POLICY, history), "数值").y[-1] is None


def test_monthly_bars_are_in_yi_from_zero_and_name_combined_months():
    rows = [
        {"period": "2026-02", "month_total": Decimal("250000000"), "months": 2},
        {"period": "2026-03", "month_total": None, "months": 1},
        {"period": "2026-04", "month_total": Decimal("120000000"), "months": 1},
    ]
    figure = charts.monthly(rows)
    assert list(figure.data[0].y) == [2.5, 1.2]
    assert list(figure.data[0].text) == ["1—2月", ""]
    assert figure.layout.yaxis.rangemode == "tozero"


def test_charts_carry_no_tool_bar_and_no_legend():
    assert charts.CONFIG["displayModeBar"] is False
    assert charts.trend(POLICY, HISTORY).layout.showlegend is False
