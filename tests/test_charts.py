"""The charts hold the right numbers at the right places; how they look is for the browser."""

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from frontend import POLICY, light

from dashboard import charts, plane, plot, spark
from dashboard.marks import Mark

HISTORY = [light(period=f"2026-{month:02d}", value=0.08 + month / 1000) for month in (8, 9, 10)]
COUNT = replace(light(), indicator="firms_over_100m", target=20.0, pace=None)


def path(html, name):
    """The points of an SVG path, in percent from left and top, by stretch without a gap; each begins with a dot."""
    (data,) = re.findall(f'<path class="{name}" d="([^"]*)"', html)
    stretches = (stretch.split("L")[1:] for stretch in data.split("M")[1:])
    return [[tuple(map(float, point.split())) for point in stretch] for stretch in stretches]


def tips(html):
    return [
        text.split("<br>")
        for text in re.findall(r'<input type="radio"[^>]*><span>(.*?)</span></label>', html)
    ]


def shown(html, name):
    return re.findall(rf'<\w+ class="{name}(?: [^"]*)?"[^>]*>(.*?)</\w+>', html)


@pytest.mark.parametrize(
    ("low", "high", "whole", "expected"),
    [
        (0, "0.1", False, ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]),
        ("0.02", "0.0251", False, ["0", "0.01", "0.02", "0.03"]),
        ("-0.03", "0.12", False, ["-0.05", "0", "0.05", "0.1", "0.15"]),
        (0, 3, True, ["0", "1", "2", "3"]),
        (0, 12, True, ["0", "5", "10", "15"]),
        (0, 0, False, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (0, 0, True, ["0", "1"]),
    ],
)
def test_ticks_are_round_and_reach_from_zero_over_the_largest_value(low, high, whole, expected):
    assert plane.ticks(Fraction(low), Fraction(high), whole) == tuple(map(Fraction, expected))


def test_the_numbers_of_an_axis_have_as_many_decimals_as_they_need():
    assert plot.tick_names([Fraction(0), Fraction(1, 40), Fraction(1, 20)], True) == ["0.0%", "2.5%", "5.0%"]
    assert plot.tick_names([Fraction(-1000), Fraction(0)], False) == ["−1,000", "0"]


@pytest.mark.parametrize("first", ["2026-10", "2026-01", "2023-01", "2011-05"])
def test_an_axis_names_few_months_at_the_same_months_of_each_year(first):
    named = plane.labelled(plane.months(first, "2026-10"))
    assert 1 <= len(named) <= 9
    steps = {plane.months_between(*pair) for pair in itertools.pairwise(named)}
    assert len(steps) <= 1


def test_the_trend_shows_every_month_and_labels_the_last_in_the_colour_of_its_status():
    html = charts.trend(POLICY, HISTORY)
    axes = plane.plane("2026-08", "2026-12", [0.1])
    assert path(html, "tk-line") == [
        [(round(axes.x(item.period), 2), round(axes.y(item.value), 2)) for item in HISTORY]
    ]
    assert shown(html, "tk-last tk-ink-red") == ["9.00%"] and 'class="tk-dot tk-red"' in html


def test_the_pace_goes_on_to_the_target_at_the_deadline():
    (pace,) = path(charts.trend(POLICY, HISTORY), "tk-pace")
    assert len(pace) == 4 and pace[-1] == (90.0, 0.0)
    assert shown(charts.trend(POLICY, HISTORY), "tk-pacename") == ["序时进度"]


def test_the_target_is_a_rule_with_its_number_and_the_deadline_is_marked():
    html = charts.trend(POLICY, HISTORY)
    assert 'class="tk-goalrule" d="M0 0.00H100"' in html
    assert shown(html, "tk-goal") == ["目标 ≥10%（2026-12）"]
    assert 'class="tk-due" d="M90.00 0V100"' in html


def test_a_monitor_has_neither_pace_nor_target():
    html = charts.trend(POLICY, [light(status="monitor", target=None, pace=None, gap=None)])
    assert "tk-goal" not in html and "tk-due" not in html and path(html, "tk-pace") == []


def test_a_missing_month_is_a_gap_and_says_so_and_a_month_alone_is_a_dot():
    history = [HISTORY[0], light(period="2026-09", value=None, status="no_data", gap=None), HISTORY[2]]
    html = charts.trend(POLICY, history)
    assert [len(stretch) for stretch in path(html, "tk-line")] == [1, 1]
    assert tips(html)[1][:2] == ["2026年9月", "○ 暂无数据"]
    assert "tk-last" not in charts.trend(POLICY, history[:2])


def test_each_month_says_its_value_status_and_pace_and_the_newest_comes_first_by_keyboard():
    html = charts.trend(POLICY, HISTORY)
    assert tips(html)[-1] == ["2026年10月", "9.00% ▼ 滞后", "序时 9.54%"]
    assert len(tips(html)) == 3 and html.count("<s></s>") == 2
    assert html.index(" checked>") > html.index("2026年9月") and html.count(" checked>") == 1


def test_annotations_are_marks_and_words_of_their_months():
    html = charts.trend(POLICY, HISTORY, {"2026-09": [Mark("①", "<b>原因"), Mark("②", "又")]})
    assert shown(html, "tk-flag") == ["①②"]
    assert tips(html)[1][-2:] == ["① &lt;b&gt;原因", "② 又"]


@pytest.mark.parametrize("value", [0.0, 9.0, 19.0, 20.0, 21.0, 40.0])
def test_the_last_value_and_the_target_never_stand_on_each_other(value):
    html = charts.trend(POLICY, [replace(COUNT, value=value)])
    middles = [
        float(percent) / 100 * plane.NOMINAL + float(off)
        for percent, off in re.findall(r"top:calc\(([\d.]+)% \+ (-?[\d.]+)px\)", html)
    ]
    assert len(middles) == 2 and abs(middles[0] - middles[1]) >= plane.LINE - 0.1


def test_a_share_is_on_a_percent_axis_and_a_count_names_its_unit():
    assert ">10%</span>" in charts.trend(POLICY, HISTORY) and "<em></em>" in charts.trend(POLICY, HISTORY)
    assert "<em>家</em>" in charts.trend(POLICY, [COUNT])


ROWS = [
    {"period": "2026-02", "month_total": Decimal("250000000"), "months": 2},
    {"period": "2026-03", "month_total": None, "months": 1},
    {"period": "2026-04", "month_total": Decimal("125000000"), "months": 1},
]


def test_monthly_bars_are_in_yi_from_zero_and_name_combined_months_and_the_newest_amount():
    html = charts.monthly(charts.recent(ROWS))
    bars = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V\2Z", html)
    assert [(foot, top) for _, foot, top, _ in bars] == [("100.00", "0.00"), ("100.00", "50.00")]
    assert "<span>1—2月</span></span>" in html and "<b>1.25</b></span>" in html
    assert tips(html) == [["2026年1—2月", "进出口 2.50亿元"], ["2026年4月", "进出口 1.25亿元"]]


def test_a_bar_of_few_months_is_no_wall():
    drawn = plane.plane("2026-10", "2026-10", [1.0]).bar("2026-10", 1.0, 0.65)
    left, right = (float(re.search(rf"{edge}([\d.]+)", drawn)[1]) for edge in "MH")
    assert round(right - left, 1) == 8.3


def test_what_counts_anew_each_year_begins_a_line_of_its_own_each_january():
    months = ("2025-11", "2025-12", "2026-01", "2026-02")
    past = [
        light(
            indicator="park_projects", unit="431124", period=at, value=value, target=2.0, pace=pace, gap=0.0
        )
        for at, value, pace in zip(months, (1.0, 2.0, 0.0, 0.0), (1.0, 2.0, 0.0, 0.0), strict=True)
    ]
    html = charts.trend(POLICY, past)
    assert [len(stretch) for name in ("tk-line", "tk-pace") for stretch in path(html, name)] == [2, 2, 2, 2]
    assert spark.spark(past, yearly=True).count("M") == 4 and spark.spark(past).count("M") == 2
    assert len(path(charts.trend(POLICY, HISTORY), "tk-line")) == 1


def pace_box(html):
    """What the name of the pace covers in a narrow chart: left, top, right, bottom in percent."""
    ((side, x, y),) = re.findall(r'class="tk-pacename([^"]*)" style="left:([\d.]+)%;top:([\d.-]+)%', html)
    width, height = (4 * 14 + 8) / 240 * 100, 22 / 270 * 100
    left = float(x) - width * (side in ("", " tk-before"))
    top = float(y) - height * (side in ("", " tk-right"))
    return left, top, left + width, top + height


@pytest.mark.parametrize("jump", range(2, 22, 3))
def test_the_name_of_the_pace_stands_clear_of_the_value_wherever_that_jumps(jump):
    past = [
        light(
            period=f"{2025 + at // 12}-{at % 12 + 1:02d}",
            value=0.09 if at >= jump else 0.01,
            pace=0.02 + 0.003 * at,
        )
        for at in range(22)
    ]
    html = charts.trend(POLICY, past)
    left, top, right, bottom = pace_box(html)
    assert left >= 0 and right <= 100 and top >= 0 and bottom <= 100
    assert plane.clear_of((left, top + 0.3, right, bottom - 0.3), path(html, "tk-line"))


def test_in_the_first_month_the_name_of_the_pace_is_not_on_the_value():
    html = charts.trend(POLICY, [light(value=0.0045, pace=0.0049)])
    assert pace_box(html)[0] > 10


def test_a_word_over_a_bar_by_the_axis_stands_right_of_its_numbers():
    months = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(1, 14)]
    rows = [
        {"period": at, "months": 2 if at.endswith("-02") else 1, "month_total": Decimal(10**8)}
        for at in months
    ]
    edges = re.findall(r'class="tk-over( tk-edge)?"', charts.monthly(rows))
    assert edges == [" tk-edge", ""]


def test_a_month_below_zero_hangs_from_the_axis():
    rows = [ROWS[2], {**ROWS[2], "period": "2026-05", "month_total": Decimal("-250000000")}]
    html = charts.monthly(rows)
    feet = [tuple(map(float, pair)) for pair in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)H", html)]
    assert feet[0][0] == feet[1][0]
    assert feet[1][1] - feet[1][0] == pytest.approx(2 * (feet[0][0] - feet[0][1]), abs=0.02)
