"""No sentence of a brief contradicts its number, whatever the number."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboard import store, words
from dashboard.board import Board, Light, before
from dashboard.brief.compose import compose
from dashboard.brief.document import Figure, Key, Paragraph, plain
from dashboard.brief.gather import gather
from dashboard.brief.request import Request
from dashboard.brief.sections.common import pace_cell, turned
from dashboard.brief.sentences import (
    against,
    breaks_zero,
    compared,
    goal,
    grown,
    lasting,
    moved,
    rate,
    said,
    stands,
    tally,
    value,
)
from dashboard.brief.write.workbook import number_of
from dashboard.identity import Viewer
from etl.policy import load_policy
from etl.status import COLOUR, Verdict, judge

POLICY = load_policy()
PERIOD = "2026-10"
amounts = st.integers(-(10**12), 10**13).map(lambda n: Decimal(n) / 100)
NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


@given(amounts, amounts)
def test_growth_is_called_a_rise_only_where_it_is_one(now, base):
    text, growth = grown(now, base), rate(now, base)
    if base == 0:
        assert text == "基期为零"
    elif growth is None:
        assert text == "基期为负，不作比较"
    elif now == base:
        assert text == "持平"
    elif text == "基本持平":
        assert abs(growth) < Fraction(1, 2000)
    else:
        assert text.startswith("增长" if now > base else "下降")
        written = Fraction(NUMBER.search(text)[0].replace(",", ""))
        exact = abs(growth) if text.endswith("倍") else abs(growth) * 100
        assert abs(written - exact) <= Fraction(1, 20) and written > 0


@pytest.mark.parametrize(
    ("now", "base", "text"),
    [
        ("114.9", "100", "增长14.9%"),
        ("250", "100", "增长1.5倍"),
        ("200", "100", "增长1倍"),
        ("199.96", "100", "增长1倍"),
        ("96.8", "100", "下降3.2%"),
        ("100", "100", "持平"),
        ("100.01", "100", "基本持平"),
        ("5", "0", "基期为零"),
        ("0", "0", "基期为零"),
        ("0", "100", "下降100.0%"),
    ],
)
def test_growth_in_the_fields_words(now, base, text):
    assert grown(Decimal(now), Decimal(base)) == text


def test_what_is_missing_is_said_so():
    assert grown(None, Decimal(1)) == grown(Decimal(1), None) == "暂无数据"
    key = Key("ytd_total", "4311", PERIOD)
    assert compared("同比", Decimal(5), Decimal(0), key) == ("（同比基期为零）",)
    doubled = compared("同比", Decimal(2), Decimal(1), key)
    assert plain(doubled) == "，同比增长1倍" and doubled[1].value == 1


@given(st.fractions(min_value=-1, max_value=50))
def test_a_growth_below_a_doubling_is_a_percentage(growth):
    assert said(growth).endswith("倍") == (round(growth * 1000 + Fraction(1, 10**9)) >= 1000 or growth >= 1)


# What the scoreboard says of growth from nothing to nothing.
NOTHING_YET = Verdict("behind", None, Fraction(1, 2), None, None, "基期与本期均为零")


@st.composite
def lights(draw, indicator=None, unit=None):
    """A light as the scoreboard judges it, of any indicator at any place."""
    indicator = indicator or draw(st.sampled_from(POLICY.indicators))
    place = unit or draw(st.sampled_from(("4311", "431124")))
    level = POLICY.level(indicator, place)
    bounds = {"count": (0, 30), "share": (0, 1), "growth": (-1, 3), "days": (0, 12)}[level.kind]
    number = st.integers(*bounds) if level.kind == "count" else st.fractions(*bounds, max_denominator=10**6)
    target = Fraction(level.target) if isinstance(level.target, Decimal) else None
    if level.target == "measure":
        target = Fraction(12)
    missing = draw(st.integers(0, 9)) == 0
    nothing = draw(st.integers(0, 9)) == 0 and level.kind == "growth" and target is not None
    verdict = (
        NOTHING_YET
        if nothing
        else judge(
            level,
            indicator.direction,
            PERIOD,
            None if missing else Fraction(draw(number)),
            target=target,
            baseline=draw(st.none() | number.map(Fraction)),
            parts_on_pace=draw(st.booleans()),
        )
    )
    floats = [
        None if v is None else float(v) for v in (verdict.value, verdict.target, verdict.pace, verdict.gap)
    ]
    since = draw(st.sampled_from((PERIOD, "2026-09", "2023-01")))
    return Light(indicator.id, place, PERIOD, *floats, verdict.status, verdict.note, since, 1, "", "")


@given(lights())
def test_a_light_is_said_as_it_was_judged(light):
    text, indicator = plain(against(POLICY, light)), POLICY.indicator(light.indicator)
    level = POLICY.level(indicator, light.unit)
    assert (light.status == "met") == text.startswith("已达标")
    assert (light.status == "no_data") == text.startswith(("暂无数据", "基期为零"))
    better = indicator.direction == ">="
    if light.status == "behind" and light.value is None:
        assert text == plain(stands(POLICY, light)) == "基期与本期均为零"
    elif light.status == "behind":
        assert re.match("低于|距目标差|尚未破零" if better else "高于|慢于|超出", text)
    if "序时进度（" in text:
        ahead = light.value >= light.pace if better else light.value <= light.pace
        assert ("低于序时" in text) == (not ahead if better else ahead and light.value != light.pace)
        assert ("持平" in text) == (light.value == light.pace)
    if light.status in ("met", "behind") and light.gap and not breaks_zero(indicator):
        apart = NUMBER.findall(text)[-1]
        bound = light.pace if "序时进度（" in text else light.target
        scale = 100 if level.kind in ("share", "growth") else 1
        exact = abs(light.value - bound) * scale
        assert abs(float(apart.replace(",", "")) - exact) <= 0.5 * 10 ** -len(apart.partition(".")[2]) + 1e-9


def number(text: str) -> Decimal:
    """The number of a text as it is written."""
    return Decimal(NUMBER.search(text)[0].replace(",", "")) * (-1 if "−" in text else 1)


def require_written_order(light: Light) -> None:
    """Value, pace and target as they are written stand to each other as the light says."""
    shown = value(POLICY, light)
    if not isinstance(shown, Figure) or "/" in shown.text or not light.target:
        return
    better = POLICY.indicator(light.indicator).direction == ">="
    for bound, text in (
        (light.target, goal(POLICY, light).text),
        (light.pace, str(words.pace(POLICY, light))),
    ):
        if bound is None:
            continue
        written, apart = number(shown.text), number(text)
        if (light.value < bound) if better else (light.value > bound):
            assert written < apart if better else written > apart, (shown.text, text)
        else:
            assert written >= apart if better else written <= apart, (shown.text, text)


@given(lights())
def test_a_value_never_looks_past_a_bound_that_it_misses(light):
    require_written_order(light)


def share(now: float, pace: float) -> Light:
    """The city's import share, behind its pace or not."""
    status = "behind" if now < pace else "on_pace"
    return Light("import_share", "4311", PERIOD, now, 0.1, pace, 0.1 - now, status, "", PERIOD, 1, "", "")


@given(st.integers(-3, 3), st.integers(3, 9 * 10**8))
def test_a_value_close_to_its_pace_is_written_on_its_own_side_of_it(steps, at):
    require_written_order(share((at + steps) / 10**10, at / 10**10))


def test_value_and_pace_that_round_to_the_same_are_written_apart():
    light = share(0.095445, 0.095449)
    assert plain(stands(POLICY, light)) == "9.5445%，低于序时进度（9.5449%）0.0004个百分点"
    assert words.standing(POLICY, light) == "序时 9.5449%，差 0.0004 个百分点"
    assert pace_cell(POLICY, light).text == "9.5449%"
    assert number_of(POLICY, light) == "0.0000%"
    assert number_of(POLICY, share(0.0880, 0.0954)) == "0.00%"


@given(lights())
def test_a_light_without_a_value_says_once_why(light):
    text = plain(stands(POLICY, light))
    assert text.count("暂无数据") == (light.status == "no_data" and not light.note.startswith("基期为零"))


@pytest.mark.parametrize(
    ("period", "since", "then", "said"),
    [
        ("2026-10", "2026-07", "behind", "已连续4个月滞后"),
        ("2026-10", "2026-10", "on_pace", "本月转为滞后"),
        ("2026-10", "2026-10", "no_data", "本月滞后"),
        ("2024-06", "2023-01", "behind", "本月滞后"),
        ("2024-03", "2023-01", "behind", "本月滞后"),
        ("2023-01", "2023-01", None, "本月滞后"),
    ],
)
def test_a_light_is_said_to_have_turned_only_where_it_had_another_colour_a_month_ago(
    period, since, then, said
):
    now = Light("import_share", "4311", period, 0.08, 0.1, 0.09, 0.02, "behind", "", since, 1, "", "")
    run = {period: now}
    if then:
        run[before(period)] = replace(now, period=before(period), status=then)
    board = Board({("import_share", "4311"): run}, {}, tuple(sorted(run)))
    assert plain(lasting(board, POLICY, now)) == said
    assert words.run(board, POLICY, now) == said.removeprefix("已")
    assert ("转为" in said) == (now in turned([(now, run.get(before(period)))])["red"])


@given(st.lists(lights(unit="4311"), max_size=13))
def test_the_counts_of_lights_are_those_of_the_lights(found):
    text = plain(tally(found, Key("lights", "4311", PERIOD)))
    coloured = [light for light in found if light.tone]
    if not coloured:
        assert text == "没有可判断的目标"
        return
    assert text.startswith(f"{len(coloured)}项目标中，")
    for status, name in (
        ("met", "已达标"),
        ("on_pace", "序时达标"),
        ("behind", "滞后"),
        ("no_data", "暂无数据"),
    ):
        number = sum(light.status == status for light in coloured)
        told = re.search(f"(?:^|[，、]){name}(\\d+)项", text)
        assert (int(told[1]) if told else 0) == number
    assert sum(map(int, re.findall(r"(?:标|后|据)(\d+)项", text))) == len(coloured)


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_place_that_is_lower_in_number_has_risen(now, then):
    text = moved(now, then)
    assert text == "持平" if now == then else text == f"{'上升' if now < then else '下降'}{abs(now - then)}位"


@given(lights(), lights())
def test_every_change_of_colour_is_told_once_and_only_red_and_green_turn_into_each_other(now, then):
    found = turned([(now, then)])
    told = [name for name, lights_ in found.items() if now in lights_]
    if now.tone == then.tone or "" in (now.tone, then.tone):
        assert not told
    else:
        assert told == ["known" if then.tone == "grey" else now.tone]


@pytest.fixture(scope="module")
def brief_facts(demo_data):
    """The facts of the city's brief, whose scoreboard the test puts another in place of."""
    gate = store.open_gate(Viewer("测试", "task_force", None), demo_data)
    made_at = datetime(2026, 11, 25, tzinfo=UTC)
    return gather(gate, POLICY, Request("city", "4311", "", PERIOD), made_at, "测试", None)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.data())
def test_a_brief_on_a_random_scoreboard_says_of_each_target_what_its_light_says(brief_facts, data):
    series = {}
    for unit in (POLICY.city, *POLICY.counties):
        for indicator in POLICY.indicators:
            then, now = (data.draw(lights(indicator, unit.code)) for _ in range(2))
            month = before(PERIOD)
            since = PERIOD if then.tone != now.tone else data.draw(st.sampled_from((month, "2023-01")))
            run = {month: replace(then, period=month), PERIOD: replace(now, since=since)}
            series[indicator.id, unit.code] = run
    board = Board(series, brief_facts.board.ranks, (before(PERIOD), PERIOD))
    document = compose(replace(brief_facts, board=board, needs={}, ends={}))
    city = {id: run[PERIOD] for (id, unit), run in series.items() if unit == "4311"}
    goals = next(section for section in document.sections if section.id == "goals")
    rows = {row[1].text.partition("（")[0]: row for row in goals.blocks[1].rows}
    for id, light in city.items():
        row = rows[POLICY.indicator(id).name]
        assert row[7].tone == COLOUR[light.status]
        assert (row[4].text == "—") == (light.value is None)
        assert ("暂无数据" in "".join(cell.text for cell in row[4:])) == (light.status == "no_data")
    told = "".join(block.lead for block in goals.blocks if hasattr(block, "lead"))
    for id, light in city.items():
        assert (f"．{POLICY.indicator(id).name}。" in told) == (light.tone == "red")
    problems = next(section for section in document.sections if section.id == "problems")
    reds = sum(light.tone == "red" for light in city.values())
    assert len([block for block in problems.blocks if "．" in block.lead]) == reds
    counts = [plain(block.runs) for block in document.sections[0].blocks if isinstance(block, Paragraph)]
    assert any(f"滞后{reds}项" in text for text in counts)
    overview = "".join(counts)
    turned_red = sum(
        now.tone == "red" and series[id, "4311"][before(PERIOD)].tone == "green" for id, now in city.items()
    )
    assert overview.count(f"{turned_red}项转为滞后（") == bool(turned_red)
    said = "".join(plain(block.runs) for block in goals.blocks if isinstance(block, Paragraph))
    assert said.count("本月转为滞后") == turned_red
    whole = "".join(plain(block.runs) for block in document.blocks() if isinstance(block, Paragraph))
    assert "暂无数据，暂无数据" not in whole and "None" not in whole
    for light in city.values():
        require_written_order(light)
