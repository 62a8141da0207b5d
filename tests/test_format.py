"""Numbers and words as shown: digits, units, signs, and no rounding against the light."""

from decimal import Decimal

import pytest
from frontend import POLICY, light

from dashboard import format, words
from dashboard.board import Board


@pytest.mark.parametrize(
    ("kind", "value", "unit", "shown"),
    [
        ("share", 0.0880, "%", "8.80%"),
        ("growth", 0.583, "%", "58.3%"),
        ("days", 2.9, "个工作日", "2.9 个工作日"),
        ("count", 1234.0, "家", "1,234家"),
        ("share", None, "%", "—"),
    ],
)
def test_a_value_is_shown_with_the_digits_of_its_kind(kind, value, unit, shown):
    assert str(format.figure(kind, value, unit)) == shown


def test_a_revised_value_has_digits_enough_to_see_that_it_was():
    assert format.change("share", 0.0240, 0.0251, "%") == "2.40% → 2.51%"
    assert format.change("share", 0.024001, 0.024004, "%") == "2.4001% → 2.4004%"
    assert format.change("count", 3.0, 3.0, "家").startswith("3.")
    assert format.change("days", None, 2.9, "个工作日") == "— → 2.9 个工作日"


def test_a_value_just_under_its_target_is_never_shown_as_reaching_it():
    assert format.figure("share", 0.0999999, "%", ">=", (0.1,)).number == "9.99999"
    assert format.figure("share", 0.1, "%", ">=", (0.1,)).number == "10.00"


def test_days_just_over_the_limit_are_never_shown_as_the_limit():
    assert format.figure("days", 4.004, "个工作日", "<=", (4.0,)).number == "4.004"
    assert format.figure("days", 4.0, "个工作日", "<=", (4.0,)).number == "4.0"


def test_a_red_card_shows_digits_that_agree_with_its_light():
    red = light(value=0.0999999, pace=0.1, gap=0.0000001)
    assert str(words.value(POLICY, red)) == "9.99999%"
    assert words.standing(POLICY, red).endswith("差 0.00001 个百分点")


@pytest.mark.parametrize(
    ("kind", "delta", "unit", "shown"),
    [
        ("share", 0.0074, "%", "0.74 个百分点"),
        ("growth", -0.083, "%", "8.3 个百分点"),
        ("days", 1.1, "个工作日", "1.1 个工作日"),
        ("count", 1.0, "家", "1家"),
        ("count", 3.0, "个园区", "3个园区"),
        ("share", 0.0000001, "%", "0.00001 个百分点"),
    ],
)
def test_a_difference_is_unsigned_words(kind, delta, unit, shown):
    assert format.difference(kind, delta, unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("2146000000"), "21.46亿元"),
        (Decimal("100000000"), "1.00亿元"),
        (Decimal("99999999.99"), "10,000.00万元"),
        (186000.0, "18.60万元"),
        (-250000000, "−2.50亿元"),
        (None, "—"),
    ],
)
def test_money_is_in_yi_or_wan_with_two_decimals(value, shown):
    assert format.money(value) == shown


def test_a_bound_sheds_zeros_that_say_nothing_and_keeps_those_of_a_rounded_one():
    shown = {value: format.bound("share", value, "%").number for value in (0.1, 0.095, 0.0949683, 0.0954)}
    assert shown == {0.1: "10", 0.095: "9.5", 0.0949683: "9.50", 0.0954: "9.54"}
    assert (
        format.bound("days", 4.0, "个工作日").number == "4"
        and format.bound("share", 0.1 * 3, "%").number == "30"
    )


def test_exact_sums_in_words_have_their_thousands_apart():
    words_ = "2026-10 展位费 36000.00 元，合计 1829260800.00 元，编号 20260101，4311 家 999.00 元"
    assert format.grouped(words_) == (
        "2026-10 展位费 36,000.00 元，合计 1,829,260,800.00 元，编号 20260101，4311 家 999.00 元"
    )


def test_growth_carries_its_sign_and_zero_has_none():
    assert [format.growth(value) for value in (0.61, -0.052, 0.0, None)] == ["+61.0%", "−5.2%", "0.0%", "—"]


def test_a_target_names_its_deadline_and_the_zero_target_has_no_sign():
    share, cap, parks = (POLICY.indicator(name) for name in ("import_share", "support_cap", "park_projects"))
    assert format.target(share, share.city, 0.1) == "目标 ≥10%（2026-12）"
    assert format.target(cap, cap.city, 0.0) == "目标 0家"
    assert format.target(parks, parks.city, 12.0) == "目标 12个园区（每年12月）"


def test_a_target_that_is_not_known_yet_is_no_missing_target():
    parks, events = (POLICY.indicator(name) for name in ("park_projects", "break_zero_1039"))
    assert format.target(parks, parks.city, None) == "目标数暂无数据"
    assert format.target(events, events.county, None) == "不设目标"


def test_a_detail_phrase_without_its_numbers_is_dropped():
    template = "累计进口 {import_cny|money}，近12个月 {ttm_share|percent}"
    assert format.detail(template, {"import_cny": 1.2e9, "ttm_share": None}) == "累计进口 12.00亿元"
    assert format.detail(template, {}) == ""


def test_a_detail_phrase_with_one_number_missing_shows_a_dash():
    assert format.detail("{firms|count}家/5家、{ttm_cny|short_money}", {"firms": 3}) == "3家/5家、—"


def test_near_line_firms_are_counted_with_the_nearest_gap():
    near = {"near": {"count": 2, "least_short_cny": 62000000.0}}
    assert format.detail("{near|near_line}", near) == "近线2家：最近者差6,200.00万元"
    near["near"]["least_short_cny"] = 300_000.0
    assert format.detail("{near|near_line}", near) == "近线2家：最近者差30.00万元"
    assert format.detail("{near|near_line}", {"near": {"count": 0, "least_short_cny": None}}) == "近线0家"


def test_dates_are_read_from_text_and_from_numbers():
    assert format.date("2026-03-15") == format.date(20260315.0) == "2026年3月15日"


def test_every_detail_template_of_the_policy_uses_a_known_format():
    used = {form for item in POLICY.indicators for _, form in format.PLACEHOLDER.findall(item.detail)}
    assert used <= format.FORMATS.keys()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "序时 9.54%，差 0.74 个百分点"),
        ({"status": "on_pace", "value": 0.096, "gap": 0.004}, "序时 9.54%，领先 0.06 个百分点"),
        ({"status": "met", "value": 0.11, "gap": -0.01}, "高出 1.00 个百分点"),
        ({"status": "met", "value": 0.10, "gap": 0.0}, "正好达到目标"),
        ({"status": "no_data", "value": None, "gap": None, "note": "缺少数据"}, "缺少数据"),
        ({"status": "behind", "value": None, "gap": None, "note": "基期与本期均为零"}, "基期与本期均为零"),
        ({"indicator": "rebate_days", "status": "met", "value": 2.9, "gap": -1.1, "target": 4.0, "pace": None},
         "快 1.1 个工作日"),
        ({"indicator": "rebate_days", "value": 4.6, "gap": 0.6, "target": 4.0, "pace": None}, "慢 0.6 个工作日"),
        ({"indicator": "support_cap", "value": 1.0, "gap": 1.0, "target": 0.0, "pace": None}, "超出 1家"),
        ({"indicator": "support_cap", "status": "met", "value": 0.0, "gap": 0.0, "target": 0.0, "pace": None},
         "没有超出"),
    ],
)  # fmt: skip
def test_the_standing_is_said_in_words(changed, said):
    assert words.standing(POLICY, light(**changed)) == said


def test_a_run_of_red_starts_at_the_document_at_the_earliest():
    then = light(period="2026-09", status="on_pace")
    board = Board({("import_share", "4311"): {"2026-09": then}}, {}, ("2026-09",))
    assert words.run(board, POLICY, light()) == "连续4个月滞后"
    assert words.run(board, POLICY, light(since="2023-01")) == "连续29个月滞后"
    assert words.run(board, POLICY, light(since="2026-10")) == "本月转为滞后"
