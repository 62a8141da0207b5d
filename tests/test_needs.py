"""What a unit still has to do: each remaining month's average, its weight in the city's target, units beside it."""

from decimal import Decimal

import pytest
from frontend import PERIOD, POLICY, board, light

from dashboard import compare, needs
from dashboard.address import View
from dashboard.parts import compare as compared
from dashboard.parts import needs as gaps
from dashboard.questions.measured import Inputs
from etl.spans import Ratio

DAO, LINGLING, DONGAN = "431124", "431102", "431122"
VIEW = View(PERIOD, DAO, "import_share")


def of(numerator, denominator, years=None):
    return Ratio(Decimal(numerator), Decimal(denominator), years)


def need(item, **own):
    found = needs.needed(
        POLICY, item, {key.replace("m", "").replace("_", "-"): value for key, value in own.items()}
    )
    return found and (found.months, found.each)


def test_imports_a_month_keep_exports_at_their_average():
    # 900 of exports in 10 months are 1080 in 12, a tenth of all takes 120 of imports: 50 are there, 35 a month
    item = light(unit=DAO, value=0.0526, gap=0.0474, deadline="2026-12")
    assert need(item, m2026_10=of(50_000_000, 950_000_000)) == (2, "进口3,500.00万元")


def test_a_deadline_in_another_year_takes_all_of_that_years_months():
    item = light(unit=DAO, period="2025-10", value=0.0526, gap=0.0474, deadline="2026-12")
    # 90 of exports a month take 10 of imports
    assert need(item, m2025_10=of(50_000_000, 950_000_000)) == (12, "进口1,000.00万元")


def test_a_count_is_spread_over_the_months_to_its_deadline():
    item = light(indicator="firms_over_1b", value=3.0, target=5.0, gap=2.0, pace=4.0, deadline="2027-06")
    assert need(item) == (8, "增0.25家（共2家）")


def test_growth_is_measured_from_the_base_years_months_up_to_the_deadline():
    # 1亿元 in 2023, half more each year: 3.375亿元 in 2026, of which 2.975亿元 are there
    item = light(indicator="cbec_growth", value=0.4, target=0.5, gap=0.1, pace=None, deadline="2026-12")
    own = {"m2023_12": of(100_000_000, 100_000_000, 0), "m2026_10": of(297_500_000, 80_000_000, 3)}
    assert need(item, **own) == (2, "电商额2,000.00万元")
    assert need(item, m2026_10=own["m2026_10"]) is None


def test_the_cases_that_remain_bring_the_years_average_down_or_cannot():
    item = light(
        indicator="rebate_days",
        value=4.5,
        target=4.0,
        gap=0.5,
        pace=None,
        deadline="always",
        period="2026-06",
    )
    # as many cases again: (4.5 + 3.5) ÷ 2 is 4
    assert need(item, m2026_06=of(450, 100)) == (6, "办结案件平均不超过 3.5 个工作日")
    assert need(item, m2026_06=of(900, 100)) == (6, needs.TOO_LATE)


def test_a_cluster_needs_firms_and_value_and_a_park_projects():
    item = light(
        indicator="county_clusters", unit=DAO, value=0.6, target=1.0, gap=0.4, pace=0.8, deadline="2027-06",
        extra='{"firms": 3, "ttm_cny": 120000000.0}',
    )  # fmt: skip
    assert need(item) == (8, "增企业0.25家（共2家），近12个月额增1,000.00万元")
    park = light(
        indicator="park_projects", unit=DAO, value=0.0, target=2.0, gap=2.0, pace=1.0, deadline="each-12",
        extra='{"missing_projects": 4}',
    )  # fmt: skip
    assert need(park) == (2, "引进项目2个")


@pytest.mark.parametrize(
    "item",
    [
        light(value=0.12, gap=-0.02, status="met"),
        light(value=None, gap=None, status="no_data"),
        light(
            indicator="firms_over_1b", value=3.0, target=5.0, gap=2.0, period="2027-08", deadline="2027-06"
        ),
        light(indicator="support_cap", value=1.0, target=0.0, gap=1.0, pace=None, deadline="always"),
    ],
    ids=["met", "no data", "too late", "less is better"],
)
def test_nothing_is_asked_where_nothing_can_be(item):
    assert need(item, m2026_10=of(50, 950)) is None


def weights(indicator, city, part, **changed):
    target = {"target": changed.pop("target")}
    here = board(light(indicator=indicator, **target), light(indicator=indicator, unit=DAO, **target))
    ratios = {PERIOD: {"4311": city, DAO: part}}
    return gaps.weight(here, POLICY, here.light(indicator, DAO, PERIOD), ratios)


def test_the_weight_in_the_citys_target_by_hand():
    assert weights("firms_over_1b", of(3, 1), of(1, 1), target=5.0) == "20.0%"
    assert weights("import_share", of(80, 1000), of(5, 90), target=0.1) == "5.0%"
    assert weights("rebate_days", of(300, 80), of(10, 8), target=4.0) == "办件占10.0%"
    assert weights("support_cap", of(1, 1), of(0, 1), target=0.0) == "—"
    assert weights("import_share", of(80, 1000), Ratio(None, None), target=0.1) == "—"


def test_the_table_has_gap_need_weight_rank_and_how_it_moved():
    now = light(unit=DAO, value=0.0526, gap=0.0474, deadline="2026-12", rank=3)
    then = light(unit=DAO, period="2026-09", rank=5)
    ratios = {PERIOD: {"4311": of(80_000_000, 1_000_000_000), DAO: of(50_000_000, 950_000_000)}}
    html = gaps.section(
        board(light(), now, then), POLICY, VIEW, [now], {"import_share": Inputs(ratios, ratios)}
    )
    for part in (
        '<td data-name="缺口">4.74 个百分点</td>',
        '<td data-name="剩余">2个月</td>',
        '<td data-name="月均需">进口3,500.00万元</td>',
        '<td data-name="占全市目标">50.0%</td>',
        '<td data-name="位次">3</td>',
        "▲2",
    ):
        assert part in html


def test_each_light_says_why_it_is_what_it_is():
    now = light(unit=DAO, value=0.0526, gap=0.0474)
    why = 'title="道县进口占比：滞后，累计5.26%，目标 ≥10%（2026-12），序时 9.54%，差 4.28 个百分点"'
    nothing = {"import_share": Inputs({}, {})}
    assert why in gaps.section(board(light(), now), POLICY, VIEW, [now], nothing)
    view = View(PERIOD, LINGLING, "import_share", beside=DAO)
    assert why in compared.section(board(light(), now), POLICY, view, {})


def test_a_unit_without_any_data_is_not_said_to_have_no_target():
    sentences = [
        "".join(span.text for span in needs.place(board(light()), POLICY, unit, PERIOD))
        for unit in (DAO, "431172")
    ]
    assert sentences == ["道县本月各项目标暂无数据，没有综合位次。", "金洞管理区没有目标，只列监测值。"]


def told(lights, own=None):
    return "".join(span.text for span in needs.tasks(POLICY, lights, lambda item: (own or {}).get(item, {})))


def test_the_sentence_says_what_each_remaining_month_must_bring_for_the_reds():
    share = light(unit=DAO, value=0.0526, gap=0.0474, deadline="2026-12")
    park = light(
        indicator="park_projects", unit=DAO, value=0.0, target=2.0, gap=2.0, pace=1.0, deadline="each-12",
        extra='{"missing_projects": 4}',
    )  # fmt: skip
    own = {"import_share": {PERIOD: of(50_000_000, 950_000_000)}}
    assert told([share, park], own) == (
        "按期达标每月还需：进口占比进口3,500.00万元（剩2个月）；园区引进外贸实体项目引进项目2个（剩2个月）。"
    )


def test_the_sentence_of_needs_leaves_out_green_lights_and_reds_that_nothing_sensible_can_be_said_of():
    green = light(indicator="firms_over_1b", value=3.0, target=5.0, gap=2.0, pace=3.0, status="on_pace")
    base = light(indicator="cbec_growth", value=None, gap=None)
    assert told([green, base]) == ""
    late = light(
        indicator="rebate_days",
        value=9.0,
        target=4.0,
        gap=5.0,
        pace=None,
        deadline="always",
        period="2026-06",
    )
    assert told([late], {"rebate_days": {"2026-06": of(900, 100)}}) == (
        f"按期达标每月还需：出口退税平均办理{needs.TOO_LATE}。"
    )


def test_the_sentence_of_needs_names_three_and_counts_the_rest():
    reds = [
        light(indicator=name, unit=DAO, value=3.0, target=5.0, gap=2.0, pace=4.0, deadline="2027-06")
        for name in ("firms_over_1b", "firms_over_100m", "cbec_service_firms", "break_zero_1039")
    ]
    assert told(reds).count("增0.25") == 3 and told(reds).endswith("等4项。")


def trade(**sizes):
    return {code.removeprefix("u"): {"ttm_total": size} for code, size in sizes.items()}


def test_units_of_similar_size_are_the_least_times_more_or_less():
    found = trade(u431124=100, u431102=190, u431122=60, u431103=None, u431181=1000, u431123=101)
    assert compare.similar(POLICY, DAO, found) == ("431123", DONGAN, LINGLING)
    assert compare.similar(POLICY, DAO, trade(u431102=10)) == ()
    assert compare.similar(POLICY, DAO, trade(u431124=0, u431102=10)) == ()


def test_the_address_chooses_at_most_three_others_and_never_the_unit_itself():
    assert compare.chosen(POLICY, DAO, "431124,431102,9,431122,431102,431103,431181", {}) == (
        "431102",
        "431122",
        "431103",
    )
    assert compare.chosen(POLICY, DAO, "", {}) == ()


def test_a_chip_puts_a_unit_beside_takes_it_away_and_a_fourth_is_not_offered():
    three = compared.section(
        board(light()), POLICY, View(PERIOD, DAO, "import_share", beside="431102,431122,431103"), {}
    )
    assert "beside=431102%2C431122&" not in three and 'beside=431102%2C431122"' in three
    assert three.count("tk-off") == 8 and three.count("✓") == 3
    one = compared.section(board(light()), POLICY, View(PERIOD, DAO, "import_share", beside="431102"), {})
    assert "beside=431102%2C431122" in one and "tk-off" not in one
