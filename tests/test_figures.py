"""The plotly chart holds the right numbers, names its lines, and says them in words and as a table."""

from decimal import Decimal
from itertools import pairwise

from frontend import POLICY

from dashboard import figures, ranking
from dashboard.parts.ranking import monthly

MONTHS = ["2026-08", "2026-09", "2026-10"]


def test_the_months_of_all_units_are_compared_in_yi_and_the_one_in_question_lies_over_them():
    values = {("2026-08", "431124"): Decimal("250000000"), ("2026-10", "431124"): Decimal("120000000")}
    found = ranking.of_values(values, [unit.code for unit in POLICY.counties])
    drawn = figures.race(POLICY, ranking.measures(POLICY)["ttm_total"], found, MONTHS, "431124").data
    assert len(drawn) == len(POLICY.counties) == 12
    (here,) = [line for line in drawn if line.zorder == 1]
    assert (here.name, here.y, here.line.color) == ("道县", (2.5, None, 1.2), None)
    assert all(line.y == (None, None, None) for line in drawn if line is not here)


def race(values, unit="4311"):
    found = ranking.of_values(values, [place.code for place in POLICY.counties])
    return POLICY, ranking.measures(POLICY)["ttm_total"], found, MONTHS, unit


def test_every_line_bears_its_name_at_its_end_and_no_two_names_overlap():
    values = {("2026-10", place.code): Decimal(100_000_000 + at) for at, place in enumerate(POLICY.counties)}
    values |= {("2026-09", "431124"): Decimal(200_000_000)}
    figure = figures.race(*race(values, "431124"))
    named = figure.layout.annotations
    assert {item.text.removeprefix("<b>").removesuffix("</b>") for item in named} == {
        place.short for place in POLICY.counties
    }
    assert [item.text for item in named if "<b>" in item.text] == ["<b>道县</b>"]
    low, high = figure.layout.yaxis.range
    whole = figures.HEIGHT - figures.TOP - figures.FOOT
    tops = sorted((high - item.y) / (high - low) * whole + item.ay for item in named)
    assert all(below - above >= figures.LINE - 1e-6 for above, below in pairwise(tops))
    assert min(tops) >= 0 and max(tops) <= whole


def test_a_line_that_ends_before_the_last_month_is_named_where_it_ends_and_one_without_values_is_not():
    (named,) = figures.race(*race({("2026-09", "431124"): Decimal(250_000_000)})).layout.annotations
    assert (named.text, named.x, named.y) == ("道县", "2026-09", 2.5)


def test_the_chart_in_words_tells_the_most_the_least_and_the_unit_in_question():
    values = {
        ("2026-10", "431124"): Decimal(250_000_000),
        ("2026-10", "431126"): Decimal(50_000_000),
        ("2026-10", "431122"): Decimal(150_000_000),
    }
    assert figures.said(*race(values, "431122")) == (
        "12个县市区2026-08至2026-10逐月近12个月进出口；2026-10最高道县2.50亿元；2026-10最低宁远县5,000.00万元；"
        "东安县第2位，1.50亿元。每月数值见下面的数据表。"
    )
    assert "最高" not in figures.said(*race({}))


def test_the_values_behind_the_chart_are_a_table_of_months_and_units():
    policy, measure, found, months, _ = race({("2026-09", "431102"): Decimal(250_000_000)})
    shown = monthly(policy, "逐月比较（亿元）", measure, found, months)
    rows = shown.split("<tbody>")[1].split("</tr>")
    assert rows[0].startswith('<tr><th scope="row">2026-10</th><td>—</td>')
    assert rows[1].startswith('<tr><th scope="row">2026-09</th><td>2.50</td><td>—</td>')
    assert shown.count('scope="col"') == 13
