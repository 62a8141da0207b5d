"""假设: projected exactly, judged unrounded, never worse for a target reached, and grey where inputs are missing."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from frontend import PERIOD, POLICY, board, light
from hypothesis import given
from hypothesis import strategies as some

from dashboard import store
from dashboard.board import FEW, exact, level_of
from dashboard.identity import Viewer
from dashboard.parts import whatif as parts
from dashboard.questions import board as asked
from dashboard.questions import whatif
from dashboard.scenario import choices, crossing, growth, outcome, series, targets
from dashboard.scenario.crossing import Crossing
from dashboard.scenario.facts import Cluster, Effect, Facts, FirmTotals, best, due
from dashboard.scenario.series import Series
from dashboard.store import Meta

CITY, DAO, NINGYUAN, DONGAN = "4311", "431124", "431126", "431122"
BETTER = {"met": 3, "on_pace": 2, "behind": 1, "no_data": 0, "monitor": 0}
YI = 100_000_000


def facts(*lights, **known):
    empty = {name: {} for name in ("exports", "imports", "totals", "cbec", "clusters")}
    seen = {"seen": frozenset(unit.code for unit in POLICY.units)}
    return Facts(POLICY, board(*lights), PERIOD, **{**empty, **seen, **known})


def steady(amount: int, rate: Fraction, until: str = PERIOD) -> Series:
    """A series that grows by the rate on the same month of last year, from a flat 2023 on."""
    months, ytd = {}, {}
    for year in range(2023, 2027):
        total = Fraction(0)
        for month in range(1, 13):
            at, value = f"{year}-{month:02d}", amount * (1 + rate) ** (year - 2023)
            total += value
            if at <= until:
                months[at], ytd[at] = (value, 1), total
    return Series(ytd, months)


def only(found, indicator):
    return next(item for item in found if item.now.indicator == indicator)


def run(known, unit, name, firms=()):
    return choices.study(choices.SCENARIOS[name], known, unit, choices.Chosen(tuple(firms))).found


def counted(known, most):
    return choices.study(choices.COUNTED, known, CITY, choices.Chosen(most=most)).found


# Growth that goes on


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(1, 7), Fraction(-1, 3)])
def test_a_series_that_goes_on_growing_is_projected_exactly(rate):
    known, whole = steady(700, rate), steady(700, rate, "2026-12")
    assert series.growth(known, PERIOD) == rate
    assert series.ytd_at(known.ytd, PERIOD, "2026-12", rate) == whole.ytd["2026-12"]
    assert series.ytd_at(known.ytd, PERIOD, "2027-06", rate) == 6 * 700 * (1 + rate) ** 4
    assert series.ttm_at(known.ytd, PERIOD, "2027-06", rate) == 6 * 700 * ((1 + rate) ** 4 + (1 + rate) ** 3)


def test_what_is_known_is_never_projected_over():
    known = steady(700, Fraction(1, 2))
    assert series.ytd_at(known.ytd, PERIOD, "2026-03", Fraction(9)) == known.ytd["2026-03"]
    assert series.ttm_at(known.ytd, PERIOD, PERIOD, Fraction(9)) == (
        known.ytd[PERIOD] + known.ytd["2025-12"] - known.ytd["2025-10"]
    )


def test_growth_is_the_mean_of_three_months_and_a_combined_month_counts_as_two():
    then = {"2025-02": (Fraction(200), 2), "2025-03": (Fraction(100), 1)}
    now = {"2026-02": (Fraction(300), 2), "2026-03": (Fraction(120), 1)}
    assert series.growth(Series({}, then | now), "2026-03") == (2 * Fraction(1, 2) + Fraction(1, 5)) / 3


@pytest.mark.parametrize(
    "broken",
    [
        {"2025-09": (Fraction(0), 1)},
        {"2025-09": (Fraction(-5), 1)},
        {"2026-09": None},
        {"2025-10": None},
        {"2025-10": (Fraction(9), 2)},
    ],
)
def test_growth_from_nothing_or_over_a_hole_is_unknown(broken):
    months = {**steady(700, Fraction(1, 7)).months, **broken}
    kept = {period: found for period, found in months.items() if found is not None}
    assert series.growth(Series({}, kept), PERIOD) is None


def test_a_projection_over_a_missing_month_is_unknown():
    known = steady(700, Fraction(1, 7))
    ytd = {period: value for period, value in known.ytd.items() if period != "2025-12"}
    assert series.ytd_at(ytd, PERIOD, "2026-12", Fraction(1, 7)) is None


def test_import_share_at_the_deadline_is_judged_unrounded():
    """Exports flat, imports such that the projected share is just below, at and just above 10 %."""
    for more, status in ((-1, "behind"), (0, "met"), (1, "met")):
        known = facts(
            light(),
            exports={CITY: steady(9 * 10**15, Fraction(0))},
            imports={CITY: steady(10**15 + more, Fraction(0))},
        )
        found = only(run(known, CITY, "growth"), "import_share")
        assert found.then.status == status and found.then.period == "2026-12"


def test_cross_border_growth_that_goes_on_is_its_own_annual_growth():
    item = light(indicator="cbec_growth", value=0.4, target=0.5, gap=0.1, pace=None)
    known = facts(item, cbec={CITY: steady(900, Fraction(1, 2))})
    found = only(run(known, CITY, "growth"), "cbec_growth")
    assert found.then.value == 0.5 and found.then.status == "met" and found.turned == "green"


def test_each_firm_grows_as_its_unit_does_and_only_the_line_itself_is_crossed():
    here = steady(YI // 12, Fraction(1, 2))
    total = series.ttm_at(here.ytd, PERIOD, "2027-06", Fraction(1, 2))
    count = light(indicator="firms_over_100m", value=0.0, target=25.0, gap=25.0, pace=23.0)
    reaching = FirmTotals(DAO, None, {period: value * YI / total for period, value in here.ytd.items()})
    known = facts(count, totals={CITY: here, DAO: here}, firms=(reaching,))
    assert only(run(known, CITY, "growth"), "firms_over_100m").then.value == 1
    almost = Fraction(999_999_999, 10**9)
    short = FirmTotals(DAO, None, {period: value * almost for period, value in reaching.ytd.items()})
    assert only(run(replace(known, firms=(short,)), CITY, "growth"), "firms_over_100m").then.value == 0


def test_without_growth_of_its_own_a_place_takes_the_citys_and_without_any_nothing_is_projected():
    count = light(indicator="firms_over_100m", value=0.0, target=25.0, gap=25.0, pace=23.0)
    firm = FirmTotals(DAO, None, steady(YI, Fraction(0)).ytd)
    known = facts(count, totals={CITY: steady(5, Fraction(1, 9)), DAO: Series({}, {})}, firms=(firm,))
    assert only(run(known, CITY, "growth"), "firms_over_100m").then.value == 1
    lost = replace(known, totals={CITY: Series({}, {}), DAO: Series({}, {})})
    found = only(run(lost, CITY, "growth"), "firms_over_100m")
    assert not found.touched and found.why == growth.UNKNOWN.why


def test_after_its_deadline_an_indicator_has_no_months_left():
    late = facts(
        light(deadline="2026-10"),
        exports={CITY: steady(9, Fraction(0))},
        imports={CITY: steady(1, Fraction(0))},
    )
    found = only(run(late, CITY, "growth"), "import_share")
    assert not found.touched and "期限已到" in found.why


# Targets reached


def test_the_city_is_made_anew_of_its_units():
    """道县 sells 900 and buys 20 with a target of 10 %: 80 more make 100 of 1000; the city had 1000 of 10000."""
    here = light(unit=DAO, value=0.0217, target=0.1, gap=0.0783)
    known = facts(
        light(),
        here,
        exports={
            CITY: Series({PERIOD: Fraction(9100), "2023-12": Fraction(99)}, {}),
            DAO: Series({PERIOD: Fraction(900)}, {}),
        },
        imports={
            CITY: Series({PERIOD: Fraction(900), "2023-12": Fraction(1)}, {}),
            DAO: Series({PERIOD: Fraction(20)}, {}),
        },
    )
    found = only(run(known, CITY, "targets"), "import_share")
    assert found.then.value == float(Fraction(980, 10080))
    assert targets.effect(known, POLICY.indicator("import_share"), CITY).value == Fraction(980, 10080)


def test_rebate_days_are_taken_per_case_and_given_back_exactly():
    city = light(
        indicator="rebate_days",
        value=49 / 11,
        target=4.0,
        gap=0.5,
        pace=None,
        extra=json.dumps({"cases": 11}),
    )
    slow = replace(city, unit=DAO, value=19 / 3, extra=json.dumps({"cases": 3}))
    found = targets.effect(facts(city, slow), POLICY.indicator("rebate_days"), CITY)
    assert found.value == Fraction(49 - 19 + 12, 11)


def test_cross_border_trade_grows_to_the_rate_that_was_asked():
    city = light(indicator="cbec_growth", value=0.2, target=0.5, gap=0.3, pace=None)
    known = facts(
        city,
        replace(city, unit=DAO, value=0.2),
        cbec={
            CITY: Series({PERIOD: Fraction(2197), "2023-10": Fraction(1000)}, {}),
            DAO: Series({PERIOD: Fraction(2197), "2023-10": Fraction(1000)}, {}),
        },
    )
    found = only(run(known, CITY, "targets"), "cbec_growth")
    assert found.then.value == 0.5 and found.then.status == "met"


def test_parks_of_the_zones_stay_as_they_are():
    city = light(indicator="park_projects", value=9.0, target=12.0, gap=3.0, pace=None)
    short = light(
        indicator="park_projects",
        unit=DAO,
        value=1.0,
        target=2.0,
        gap=1.0,
        pace=1.0,
        extra='{"short_parks": 2}',
    )
    zone = light(
        indicator="park_projects",
        unit="431172",
        value=0.0,
        target=None,
        gap=None,
        pace=None,
        status="monitor",
    )
    found = only(run(facts(city, short, zone), CITY, "targets"), "park_projects")
    assert (found.then.value, found.then.status) == (11.0, "behind")
    early = only(run(facts(city, short, replace(zone, value=1.0)), CITY, "targets"), "park_projects")
    assert early.then.status == "on_pace"


def test_a_unit_at_its_target_is_exactly_at_it():
    here = light(unit=DAO, value=0.02, target=0.1, gap=0.08)
    found = only(run(facts(light(), here), DAO, "targets"), "import_share")
    assert (found.then.value, found.then.status, found.then.gap) == (0.1, "met", 0.0)


@given(
    have=some.lists(some.integers(0, 30), min_size=12, max_size=12),
    want=some.lists(some.integers(0, 30) | some.none(), min_size=12, max_size=12),
    rest=some.integers(0, 5),
    started=some.integers(0, 40),
)
def test_targets_reached_never_make_a_count_worse(have, want, rest, started):
    units = [unit.code for unit in POLICY.counties]
    lights = [
        light(indicator="firms_over_100m", unit=unit, value=float(value), target=goal, gap=None, pace=None)
        for unit, value, goal in zip(
            units, have, (None if w is None else float(w) for w in want), strict=True
        )
    ]
    city = light(indicator="firms_over_100m", value=float(sum(have) + rest), target=25.0)
    past = replace(city, period="2023-12", value=float(started))
    known = facts(*lights, city, past)
    was = outcome.judged(known, city, level_of(POLICY, city)[1], Effect(exact(city.value), ""), PERIOD)
    found = only(
        run(facts(*lights, replace(city, status=was.status), past), CITY, "targets"), "firms_over_100m"
    )
    assert found.then.value >= city.value
    assert BETTER[found.then.status] >= BETTER[was.status]


@pytest.fixture(scope="module")
def demo(demo_data):
    gate = store.open_gate(Viewer("某", "task_force", None), demo_data)
    return gate, asked.board(gate)


def places():
    return [unit.code for unit in POLICY.units if unit.role in ("city", "unit")]


def test_on_the_demo_no_target_reached_makes_a_light_worse_in_any_month_or_unit(demo):
    gate, here = demo
    worse = [
        (period, unit, item.now.indicator)
        for period in here.periods
        for unit in places()
        for item in run(whatif.facts(gate, POLICY, here, period, with_firms=False), unit, "targets")
        if BETTER[item.then.status] < BETTER[item.now.status]
    ]
    assert worse == []


@pytest.mark.parametrize("name", ["targets", "growth"])
def test_on_the_demo_grey_stays_grey_and_what_is_untouched_stays_as_it_is(demo, name):
    gate, here = demo
    for period in ("2024-02", "2025-02", PERIOD):
        known = whatif.facts(gate, POLICY, here, period, with_firms=name == "growth")
        for unit in places():
            for item in run(known, unit, name):
                assert item.touched or item.then == item.now
                assert item.now.status != "no_data" or not item.touched
                assert item.why


def test_judging_a_value_that_did_not_change_gives_the_light_of_the_scoreboard(demo):
    gate, here = demo
    known = whatif.facts(gate, POLICY, here, PERIOD, with_firms=False)
    for indicator in POLICY.indicators:
        for unit in places():
            now = known.light(indicator.id, unit)
            if now.value is None or level_of(POLICY, now)[1].pace == "parts":
                continue
            again = outcome.judged(known, now, level_of(POLICY, now)[1], Effect(exact(now.value), ""), PERIOD)
            assert (again.status, again.pace) == (now.status, now.pace), (indicator.id, unit)


@pytest.mark.parametrize("unit", [CITY, DAO])
def test_firms_counted_from_their_cumulatives_agree_with_the_scoreboard(demo, unit):
    gate, here = demo
    known = whatif.facts(gate, POLICY, here, PERIOD, with_firms=True)
    totals = growth.projection(known)(unit, PERIOD)
    for indicator in POLICY.indicators:
        if indicator.measure == "firms_over":
            line = indicator.parameters["threshold_cny"]
            assert sum(total >= line for _, total in totals) == known.light(indicator.id, unit).value


def test_the_completion_of_clusters_agrees_with_the_scoreboard_in_every_unit_and_month(demo):
    gate, here = demo
    clusters = POLICY.indicator("county_clusters")
    compared = 0
    for period in here.periods:
        known = whatif.facts(gate, POLICY, here, period, with_firms=False)
        for unit in POLICY.counties:
            now = known.light(clusters.id, unit.code)
            if now and now.value is not None:
                compared += 1
                assert float(best(clusters, known.clusters.get((unit.code, period), ()))) == now.value
    assert compared > 100


@pytest.mark.parametrize(
    ("seen", "last", "value", "why"),
    [(frozenset(), 90, None, FEW), (frozenset({DAO}), 90, 0.5, ""), (frozenset(), 10, 0.25, "")],
)
def test_a_projected_cluster_is_kept_back_where_one_firm_has_most_of_it(seen, last, value, why):
    """Six firms of a cluster trade 1亿 or 0.5亿 in twelve months, of 2亿; nothing grows."""
    amounts = [2, 2, 2, 2, 2, last]  # 100 or 20 in all
    monthly = YI // 100 if last == 90 else YI // 40
    firms = tuple(FirmTotals(DAO, "甲", steady(each * monthly // 12, Fraction(0)).ytd) for each in amounts)
    now = light(indicator="county_clusters", unit=DAO, value=0.5, target=1.0, gap=0.5, pace=None)
    same = {unit: steady(YI, Fraction(0)) for unit in (CITY, DAO)}
    known = facts(now, firms=firms, totals=same, seen=seen)
    found = only(run(known, DAO, "growth"), "county_clusters")
    assert found.touched == (value is not None)
    if value is None:
        assert found.why == why
    else:
        assert found.then.value == pytest.approx(value, abs=1e-6)


# Firms that cross


def near(count):
    return light(
        indicator="firms_over_100m", value=24.0, target=25.0, gap=1.0, pace=23.0, extra=json.dumps({"near": {"count": count}}),
    )  # fmt: skip


def test_each_firm_that_crosses_counts_once_and_only_on_its_own_line():
    ten = light(indicator="firms_over_1b", value=3.0, target=5.0, gap=2.0, pace=4.0)
    firms = [
        Crossing("甲公司", DAO, None, YI, Fraction(1)),
        Crossing("甲公司", DAO, None, 10 * YI, Fraction(1)),
        Crossing("乙公司", NINGYUAN, None, YI, Fraction(1)),
    ]
    found = run(facts(near(5), ten), CITY, "crossing", firms)
    assert (only(found, "firms_over_100m").then.value, only(found, "firms_over_1b").then.value) == (26.0, 4.0)
    assert only(found, "firms_over_100m").then.status == "met"


def test_a_cluster_that_gets_what_it_lacked_qualifies_and_not_a_fen_sooner():
    one = light(indicator="county_clusters", value=0.0, target=12.0, gap=12.0, pace=10.0)
    known = facts(one, clusters={(DAO, PERIOD): (Cluster("甲", 5, Fraction(199_999_999)),)})
    for missing, value in ((Fraction(1), 1.0), (Fraction(99, 100), 0.0)):
        found = run(known, CITY, "crossing", [Crossing("甲公司", DAO, "甲", YI, missing)])
        assert only(found, "county_clusters").then.value == value


def test_by_number_alone_no_more_cross_than_are_near():
    found = counted(facts(near(2)), 5)
    assert only(found, "firms_over_100m").then.value == 26.0
    assert not only(counted(facts(near(0)), 5), "firms_over_100m").touched


def test_the_lines_are_those_that_an_indicator_counts():
    assert crossing.lines(POLICY) == {10 * YI: "firms_over_1b", YI: "firms_over_100m"}


# What is said


def test_a_deadline_is_the_month_in_which_a_target_is_judged():
    level = POLICY.indicator("import_share").city
    assert due(level, PERIOD) == "2026-12" and due(level, "2027-03") == "2027-03"
    assert due(POLICY.indicator("park_projects").city, "2025-03") == "2025-12"
    assert due(POLICY.indicator("rebate_days").city, PERIOD) == PERIOD


def test_the_sentence_counts_what_is_touched_and_names_what_turns():
    green = replace(light(), status="met", value=0.11, period="2026-12")
    found = [outcome.Outcome(light(), green, True, ""), outcome.Outcome(near(1), near(1), False, "")]
    said = "".join(span.text for span in outcome.sentence(facts(light()), found))
    assert said == "2项目标中受影响1项：1项转绿（进口占比）。达标或序时达标由0项变为1项。"
    nothing = "".join(span.text for span in outcome.sentence(facts(light()), found[1:]))
    assert nothing == "1项目标都不受影响。"


def test_every_scenario_says_what_it_assumes():
    for scenario in (*choices.SCENARIOS.values(), choices.COUNTED):
        assert scenario.title and len(scenario.assumptions) >= 3


# The figures behind it


def test_the_figures_name_who_is_raised_from_where_to_where():
    here = light(unit=DAO, value=0.0217, target=0.1, gap=0.0783)
    there = light(unit=NINGYUAN, value=0.1, target=0.1, gap=0.0)
    known = facts(light(), here, there)
    assert targets.numbers(known, CITY).rows == (("道县 · 进口占比", "2.17%", "10.00%"),)
    assert targets.numbers(known, DAO).rows == targets.numbers(known, CITY).rows
    assert targets.numbers(known, NINGYUAN).rows == ()


def test_the_figures_give_each_places_own_growth_and_a_dash_where_it_has_none():
    city, own = steady(700, Fraction(1, 8)), steady(300, Fraction(-1, 10))
    known = facts(exports={CITY: city, DAO: own}, imports={CITY: own}, totals={CITY: city, DAO: own})
    assert growth.numbers(known, CITY).rows == (
        ("全市", "+12.5%", "−10.0%", "+12.5%", "—"),
        ("道县", "−10.0%", "—", "−10.0%", "—"),
    )
    assert [row[0] for row in growth.numbers(known, DAO).rows] == ["全市", "道县"]
    assert [row[0] for row in growth.numbers(known, NINGYUAN).rows] == ["全市"]


def test_the_figures_name_the_firms_that_cross_or_only_how_many():
    firm = Crossing("甲公司", DAO, "甲集群", 10 * YI, Fraction(62_000_000))
    assert crossing.numbers(facts(), [firm]).rows == (("甲公司（道县）", "10亿元", "6,200.00万元", "甲集群"),)
    (row,) = crossing.counted_numbers(facts(near(2)), CITY, 5).rows
    assert row == ("进出口过1亿元企业", "2家", "2家")


# The table to take along


def test_every_row_that_is_taken_along_says_that_it_is_assumed():
    here = light(unit=DAO, value=0.0217, target=0.1, gap=0.0783)
    known = facts(light(), here)
    study = choices.study(choices.SCENARIOS["targets"], known, DAO, choices.Chosen())
    rows = list(parts.rows(study, Meta("20261125-093012", "", PERIOD, True)))
    assert {row[0] for row in rows} == {"假设：各县市区都完成本地目标"}
    assert {len(row) for row in rows} == {len(parts.HEADER)} and {row[-1] for row in rows} == {"演示数据"}
    first = dict(zip(parts.HEADER, rows[0], strict=True))
    assert (first["现在数值"], first["假设下数值"], first["单位"]) == (2.17, 10.0, "%")
    assert (first["现在状态"], first["假设下状态"], first["变化"]) == ("滞后", "已达标", "转绿")
    said = [row[parts.HEADER.index("怎么算的")] for row in rows[1:]]
    assert said == [*targets.ASSUMPTIONS, "县市区 · 指标 道县 · 进口占比，现在 2.17%，补到 10.00%"]
