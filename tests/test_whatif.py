"""时间轴 and 假设 as pages: past snapshots and the way back, every scenario marked, firms only for who may see them."""

import re
import shutil
from dataclasses import replace

import duckdb
import pytest
from frontend import POLICY, board, light
from test_firms import CANARY, canary  # noqa: F401  a fixture
from test_pages import html, run

from dashboard import store
from dashboard.address import View
from dashboard.identity import Viewer
from dashboard.parts import timeline
from dashboard.questions import snapshots, whatif
from dashboard.scenario import choices
from dashboard.store import Forbidden, Gate
from etl.snapshot import current, digest, find

TIMELINE, WHATIF = "dashboard/pages/timeline.py", "dashboard/pages/whatif.py"
PERIOD, OLDER = "2026-10", "20260101-080000"


@pytest.fixture
def two(demo_copy):
    """The demo with an older snapshot beside it that knew less."""
    newest = current(demo_copy).path
    older = newest.with_name(f"snapshot-{OLDER}.duckdb")
    shutil.copyfile(newest, older)
    older.chmod(0o600)
    with duckdb.connect(str(older)) as con:
        con.execute("update meta set value = '2026-03' where key = 'latest_period'")
        con.execute("update meta set value = ? where key = 'snapshot'", [OLDER])
        con.execute("delete from scoreboard where period > '2026-03'")
    older.with_suffix(".sha256").write_text(f"{digest(older)}  {older.name}\n")
    return demo_copy


def gate(data, role="task_force", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def as_viewer(monkeypatch, role, unit=None):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", role, unit))


def test_the_snapshots_are_listed_with_when_they_were_made_and_what_they_knew(two):
    newest, older = snapshots.kept(gate(two), POLICY)
    assert newest.published and not older.published and older.id == OLDER
    assert (newest.told.latest_period, older.told.latest_period) == (PERIOD, "2026-03")
    assert sum(older.told.colours.values()) == 13 and older.told.demo


def test_a_snapshot_of_another_version_is_listed_and_not_offered(two, monkeypatch):
    path = two / "snapshots" / f"snapshot-{OLDER}.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("update meta set value = '0' where key = 'schema_version'")
    path.with_suffix(".sha256").write_text(f"{digest(path)}  {path.name}\n")
    assert snapshots.kept(gate(two), POLICY)[1].told is None
    shown = html(run(two, monkeypatch, TIMELINE))
    assert "不能打开" in shown and f"snapshot={OLDER}" not in shown


def test_a_past_snapshot_opens_as_known_then_and_the_way_back_leads_to_the_newest(two, monkeypatch):
    assert f"/?period=2026-03&amp;snapshot={OLDER}" in html(run(two, monkeypatch, TIMELINE)).replace(
        "indicator=import_share&amp;", ""
    )
    app = run(two, monkeypatch, TIMELINE, snapshot=OLDER)
    assert "当时所见 " + OLDER in html(app) and app.selectbox(key="pick_period").value == "2026-03"
    app.button(key="tk_newest").click().run()
    assert "snapshot" not in app.query_params and "当时所见" not in html(app).split("tk-timeline")[0]


def test_the_past_snapshot_stays_when_a_page_is_opened_from_the_menu(two, monkeypatch):
    app = run(two, monkeypatch, TIMELINE, snapshot=OLDER)
    app.query_params.clear()
    app.switch_page(WHATIF).run()
    assert app.query_params["snapshot"] == OLDER and "当时所见" in html(app)


def test_each_month_of_the_strip_leads_to_it(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, TIMELINE, unit="431124", period="2026-03"))
    assert "道县近24个月" in shown and shown.count("tk-strip") == 1
    assert "indicator=import_share&amp;unit" not in shown.split("tk-strip")[0]
    assert "period=2024-11" in shown and "period=2026-10" in shown


@pytest.mark.parametrize("name", choices.SCENARIOS)
@pytest.mark.parametrize("unit", ["4311", "431124"])
def test_every_scenario_is_marked_lists_all_indicators_and_what_it_assumes(
    demo_data, monkeypatch, name, unit
):
    shown = html(run(demo_data, monkeypatch, WHATIF, scenario=name, unit=unit, period=PERIOD))
    assert 'class=\\"tk-if\\">假设' in shown or 'class="tk-if">假设' in shown
    assert "假设前后对照" in shown and "假设了什么" in shown and "不受影响" in shown
    for indicator in POLICY.indicators:
        assert indicator.name in shown
    for sentence in choices.SCENARIOS[name].assumptions:
        assert sentence in shown


def test_the_chosen_firms_cross_and_the_address_remembers_them(demo_data, monkeypatch):
    found = whatif.nearest(gate(demo_data), POLICY, "4311", PERIOD)
    code = next(firm.uscc for firm in found if firm.line_cny == 10**8)
    app = run(demo_data, monkeypatch, WHATIF, scenario="crossing", unit="4311", period=PERIOD)
    assert "还没有选过线企业" in html(app)
    app.multiselect(key="pick_crossing").set_value([code]).run()
    assert app.query_params["crossing"] == code
    assert "1家过线" in html(app) and "25家" in html(app)


@pytest.mark.parametrize(("role", "own"), [("county", "431126"), ("loader", None)])
def test_who_may_not_see_firms_gets_counts_alone(canary, monkeypatch, role, own):  # noqa: F811
    data, code = canary
    as_viewer(monkeypatch, role, own)
    app = run(data, monkeypatch, WHATIF, scenario="crossing", unit="4311", period=PERIOD, crossing=code)
    shown = html(app)
    assert not app.multiselect and "金丝雀" not in shown and code not in shown
    app.selectbox(key="pick_crossing").set_value("2").run()
    assert "2家过线" in html(app) and "不指明是哪一家" in html(app)


def test_a_county_picks_among_its_own_firms_whose_names_are_inert(canary, monkeypatch):  # noqa: F811
    data, code = canary
    as_viewer(monkeypatch, "county", "431124")
    app = run(data, monkeypatch, WHATIF, scenario="crossing", unit="431124", period=PERIOD, crossing=code)
    names = app.multiselect(key="pick_crossing").options
    assert any(CANARY in name for name in names) and all("（道县）" in name for name in names)
    assert "<img" not in html(app)


def test_the_question_itself_refuses(demo_data):
    for role, unit in (("loader", None), ("county", "431126")):
        with pytest.raises(Forbidden):
            whatif.nearest(gate(demo_data, role, unit), POLICY, "4311", PERIOD)
        with pytest.raises(Forbidden):
            whatif.crossings(gate(demo_data, role, unit), "4311", PERIOD, ())


# 时间轴


def months(*statuses, start=1):
    return [light(period=f"2026-{start + at:02d}", status=status) for at, status in enumerate(statuses)]


def test_the_sentence_counts_the_month_and_names_the_fewest_and_most():
    other = [replace(item, indicator="rebate_days", status="met") for item in months("met", "met", "met")]
    here = board(*months("behind", "on_pace", "behind"), *other)
    shown = re.sub("<[^>]+>", "", timeline.sentence(here, POLICY, View("2026-03", "4311", ""), None))
    assert shown == (
        "永州市2026年3月：2项目标中1项达标或序时达标，1项滞后；近3个月绿灯最少1项（2026-03）、最多2项（2026-02）。"
    )


def said(here, period):
    return re.sub("<[^>]+>", "", timeline.sentence(here, POLICY, View(period, "4311", ""), None))


def test_the_sentence_counts_what_cannot_be_judged_too():
    grey = [replace(item, indicator="rebate_days") for item in months("no_data", "no_data")]
    assert said(board(*months("behind", "behind"), *grey), "2026-02") == (
        "永州市2026年2月：2项目标中0项达标或序时达标，1项滞后，1项暂无数据；近2个月绿灯一直是0项。"
    )


def test_of_a_single_month_no_range_is_told():
    assert (
        said(board(*months("behind")), "2026-01") == "永州市2026年1月：1项目标中0项达标或序时达标，1项滞后。"
    )


def test_a_month_older_than_two_years_is_shown_with_the_two_years_from_it_on():
    spans = [f"{2023 + at // 12}-{at % 12 + 1:02d}" for at in range(40)]
    here = board(
        *(light(period=period, status="met" if period == "2024-03" else "behind") for period in spans)
    )
    assert timeline.window(here, "2023-05") == tuple(spans[4:28])
    assert timeline.window(here, spans[-24]) == timeline.window(here, spans[-1]) == tuple(spans[-24:])
    assert "；2023年5月—2025年4月绿灯最少0项（2025-04）、最多1项（2024-03）。" in said(here, "2023-05")
    shown = timeline.strip(here, POLICY, View("2023-05", "4311", ""), None)
    assert "永州市2023年5月—2025年4月" in shown and shown.count("tk-here") == 3 and "tk-onward" in shown
    assert [int(many) for many in re.findall(r'colspan="(\d+)"', shown)] == [8, 12, 4]


def test_what_the_newest_snapshot_has_otherwise_is_marked_and_counted():
    then = board(*months("behind", "behind", "met"))
    now = board(*months("behind", "met", "met", "met"))
    view = View("2026-03", "4311", "", snapshot=OLDER)
    assert timeline.changed(then, now, "4311", then.periods) == {("import_share", "2026-02")}
    shown = timeline.strip(then, POLICY, view, now)
    assert shown.count(timeline.REVISED) == 1 and "最新快照为已达标" in shown
    assert "有1盏灯后来变了" in timeline.sentence(then, POLICY, view, now)
    assert "一盏都没有变" in timeline.sentence(then, POLICY, view, then)
    assert timeline.REVISED not in timeline.strip(then, POLICY, view, None)


def test_a_past_snapshot_is_compared_with_the_newest_and_the_newest_with_nothing(two):
    assert snapshots.newest_board(gate(two)) is None
    past = Gate(find(two, OLDER), Viewer("某", "task_force", None))
    assert PERIOD in snapshots.newest_board(past).periods
    current(two).path.chmod(0o600)
    current(two).path.write_bytes(b"damaged")
    store.forget()
    assert snapshots.newest_board(past) is None


def test_working_out_scenarios_leaves_the_snapshot_as_it_is(demo_data, monkeypatch):
    before = digest(current(demo_data).path)
    for name in choices.SCENARIOS:
        run(demo_data, monkeypatch, WHATIF, scenario=name, unit="4311", period=PERIOD)
    assert digest(current(demo_data).path) == before


def test_many_figures_stand_in_two_halves_and_few_beside_what_is_assumed(demo_data, monkeypatch):
    def figures(unit):
        shown = html(run(demo_data, monkeypatch, WHATIF, scenario="targets", unit=unit, period=PERIOD))
        return shown.split("tk-figures")[1].split("</section>")[0]

    city, one = figures("4311"), figures("431123")
    assert city.startswith(" tk-halves") and city.count("<table") == 2 and "（续）" in city
    assert city.count("<tr") == 25 + 2  # 25 lights of units fall short of a target of their own; a head each
    assert "tk-halves" not in one and one.count("<table") == 1
