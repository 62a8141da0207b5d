"""差在哪里 and 本月变化: whose gap it is, and whose lights turned."""

import re

import pytest
from frontend import PERIOD, POLICY, amounts, board, light

from dashboard import words
from dashboard.address import View
from dashboard.board import parts_of, summarise
from dashboard.parts import gaps, wall

VIEW = View(PERIOD, "4311", "import_share")
DAO, NINGYUAN, DONGAN = "431124", "431126", "431122"
# Far off but small (0.5 % of 3,000万元), and close by but large (7 % of 60亿元).
IMPORTS = amounts("import_share", u431124=(150_000, 30_000_000), u431126=(420_000_000, 6_000_000_000))


def test_the_import_gap_is_split_into_what_each_unit_lacks_most_first():
    city = light(pace=0.091)
    found = gaps.shares(board(city, ratios=IMPORTS), POLICY, city)
    assert found == [(NINGYUAN, "少1.26亿元"), (DAO, "少258.00万元")]


def test_sentence_card_and_panel_name_the_same_units_for_a_gap():
    city = light(pace=0.091)
    red = [light(unit=DAO, value=0.005), light(unit=NINGYUAN, value=0.07)]
    here = board(city, *red, ratios=IMPORTS)
    assert summarise(here, POLICY, PERIOD).worst[0].units == ("宁远县", "道县")
    assert words.whose(here, POLICY, city) == "主要在宁远县、道县"
    panel = re.sub("<[^>]+>", "", gaps.where(here, POLICY, VIEW))
    assert "宁远县（少1.26亿元）、道县（少258.00万元）" in panel


def test_the_sentence_names_first_what_some_unit_answers_for():
    since = {"status": "behind", "pace": None, "since": "2024-06"}
    event = light(indicator="break_zero_enclave", value=0.0, target=1.0, gap=1.0, **since)
    days = light(indicator="rebate_days", value=4.1, target=4.0, gap=0.1, **(since | {"since": "2024-09"}))
    cases = amounts("rebate_days", u431124=(50, 10))
    worst = summarise(board(event, days, ratios=cases), POLICY, PERIOD).worst
    assert [(item.light.indicator, item.units) for item in worst] == [
        ("rebate_days", ("道县",)), ("break_zero_enclave", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(("reds", "span"), [(1, 3), (2, 2), (3, 4), (4, 4), (5, 3)])
def test_on_the_wall_whose_the_gaps_are_fills_what_the_red_cards_leave(reds, span):
    lights = [light(indicator=item.id, status="behind") for item in POLICY.indicators[:reds]]
    shown = on_the_wall(lights)
    assert len(shown) == 3 and f'<div style="grid-column: span {span}">' in shown[0]
    assert "差在哪里" in shown[0] and "差在哪里" not in shown[2] and "12个县市区位次" in shown[2]


def on_the_wall(lights):
    return [draw() for draw in wall.screens(board(*lights), POLICY, VIEW, False, None)]


def test_on_the_wall_many_red_cards_leave_no_room_and_a_screen_of_its_own_says_whose_they_are():
    shown = on_the_wall([light(indicator=item.id, status="behind") for item in POLICY.indicators[:6]])
    assert ["差在哪里" in screen for screen in shown] == [False, True, False, False]


@pytest.mark.parametrize(("status", "cards"), [("behind", [8, 5, 0, 0, 0]), ("met", [8, 5, 0, 0])])
def test_on_the_wall_no_screen_is_empty_or_has_more_cards_than_fit(status, cards):
    shown = on_the_wall([light(indicator=item.id, status=status) for item in POLICY.indicators])
    assert [screen.count('class="tk-card ') for screen in shown] == cards
    assert [f"第{at}屏，共{len(cards)}屏" in screen for at, screen in enumerate(shown, 1)] == [True] * len(
        cards
    )


def test_what_the_units_lack_together_is_what_the_city_lacks():
    city = light(pace=0.0954)
    units = amounts("import_share", u431124=(10, 190_000_010), u431126=(3_000_000, 300_000_000))
    together = sum(part.lack for part in parts_of(board(city, ratios=units), POLICY, city))
    assert float(together) == pytest.approx(0.0954 * 490_000_010 - 3_000_010)


@pytest.mark.parametrize("ratios", [amounts("import_share"), {}])
def test_a_unit_without_the_years_figures_has_no_part_in_the_gap(ratios):
    assert gaps.shares(board(light(), ratios=ratios), POLICY, light()) == []


def test_days_weigh_by_the_cases_that_took_them():
    city = light(indicator="rebate_days", value=8.9, target=4.0, pace=None, gap=4.9)
    cases = amounts("rebate_days", u431124=(16, 1), u431126=(4500, 500), u431122=(40, 10))
    found = gaps.shares(board(city, ratios=cases), POLICY, city)
    assert found == [(NINGYUAN, "500件平均慢 5.0 个工作日"), (DAO, "1件平均慢 12.0 个工作日")]


def test_growth_weighs_by_the_amount_that_the_target_takes():
    city = light(indicator="cbec_growth", value=0.4, target=0.5, pace=None, gap=0.1)
    traded = amounts("cbec_growth", 3, u431124=(0, 1_000_000), u431126=(3_000_000_000, 1_000_000_000))
    found = gaps.shares(board(city, ratios=traded), POLICY, city)  # due: 1.5³ = 3.375 times the base
    assert found == [(NINGYUAN, "少3.75亿元"), (DAO, "少337.50万元")]


def test_other_gaps_name_the_red_units_and_how_far_each_is_off():
    city = light(indicator="county_clusters", value=9.0, target=12.0, pace=10.0, gap=3.0)
    county = light(indicator="county_clusters", unit=DAO, value=0.4, target=1.0, pace=0.8, gap=0.6)
    assert gaps.shares(board(city, county), POLICY, city) == [(DAO, "差 40.00 个百分点")]


def test_where_units_have_no_light_those_with_firms_close_to_the_line_are_named():
    city = light(indicator="firms_over_1b", value=3.0, target=5.0, pace=4.0, gap=2.0)
    near = '{"near": {"count": 1, "least_short_cny": 62000000}}'
    county = light(indicator="firms_over_1b", unit="431181", status="monitor", target=None, extra=near)
    found = gaps.shares(board(city, county), POLICY, city)
    assert found == [("431181", "近线1家：最近者差6,200.00万元")]


def test_a_gap_that_no_unit_answers_for_says_so():
    city = light(indicator="break_zero_enclave", value=0.0, target=1.0, pace=None, gap=1.0)
    assert "县市区不单列" in gaps.where(board(city), POLICY, VIEW)


def test_without_a_red_light_the_part_says_that_nothing_is_behind():
    assert "没有滞后的目标" in gaps.where(board(light(status="met")), POLICY, VIEW)


@pytest.mark.parametrize(("now", "then", "word"), [("behind", "met", "转红"), ("on_pace", "behind", "转绿")])
def test_a_units_light_that_turned_is_named(now, then, word):
    lights = (light(unit="431124", status=now), light(unit="431124", status=then, period="2026-09"))
    shown = gaps.turns(board(*lights), POLICY, VIEW)
    assert word in shown and "道县" in shown


def test_in_the_first_month_no_light_is_said_to_be_as_it_was():
    assert "没有上月数据可比。" in gaps.turns(board(light(unit="431124")), POLICY, VIEW)


def test_a_light_that_was_grey_has_not_turned_and_is_nothing_to_compare_with():
    grey = light(unit="431124", status="no_data", period="2026-09")
    assert "没有上月数据可比。" in gaps.turns(board(light(unit="431124"), grey), POLICY, VIEW)
    other = [light(unit="431102", period=period) for period in ("2026-09", PERIOD)]
    assert "县市区没有转红或转绿的灯。" in gaps.turns(board(light(unit="431124"), grey, *other), POLICY, VIEW)


def test_the_sentence_compares_with_a_month_that_was_judged_alone():
    grey, red = (light(status=status, period="2026-09") for status in ("no_data", "behind"))
    assert not summarise(board(light(), grey), POLICY, PERIOD).compared
    assert summarise(board(light(), red), POLICY, PERIOD).compared
