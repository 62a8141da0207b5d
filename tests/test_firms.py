"""企业: what the questions mean, who may see firms, and that a firm's name is inert."""

import shutil
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from builders import SMALL_FIRM, small_table
from frontend import POLICY
from test_pages import html, run

from dashboard import store
from dashboard.address import View
from dashboard.identity import Viewer
from dashboard.parts import firm as one
from dashboard.parts import firms as parts
from dashboard.questions import firm, firms
from dashboard.questions.board import LIGHTS
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.snapshot import current, digest

PAGE = "dashboard/pages/firms.py"
PERIOD, CITY, DAO, NINGYUAN = "2026-10", "4311", "431124", "431126"
CANARY = '<img src=x onerror="alert(1)">金丝雀'


def gate(data, role="task_force", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


@pytest.fixture(scope="module")
def canary(demo_data, tmp_path_factory):
    """The demo with a near-line firm of 道县 that has a telling, hostile name; its code is beside the folder."""
    data = tmp_path_factory.mktemp("canary")
    shutil.copytree(demo_data / "snapshots", data / "snapshots")
    path = current(data).path
    path.chmod(0o600)
    with duckdb.connect(str(path)) as con:
        (code,) = con.execute(
            "select uscc from mart_firm_tier where unit = ? and near and period = '2026-10-01' order by uscc limit 1",
            [DAO],
        ).fetchall()[0]
        for table in ("mart_firm_tier", "mart_firm_month", "mart_registry"):
            con.execute(f"update {table} set firm_name = ? where uscc = ?", [CANARY, code])
    path.with_suffix(".sha256").write_text(f"{digest(path)}  {path.name}\n")
    return data, code


def test_near_line_firms_are_between_share_and_line_and_the_least_missing_comes_first(demo_data):
    found = firms.near_line(gate(demo_data), CITY, PERIOD)
    share = POLICY.document.near_line_share
    assert found and all(share * item.line_cny <= item.ttm_cny < item.line_cny for item in found)
    assert all(item.missing_cny == item.line_cny - item.ttm_cny for item in found)
    assert [item.missing_cny for item in found] == sorted(item.missing_cny for item in found)
    assert firms.tally(gate(demo_data), CITY, PERIOD).near == len(found)


@pytest.mark.parametrize("unit", [CITY, DAO])
def test_tiers_and_near_lines_agree_with_the_scoreboard_in_every_month(demo_data, unit):
    viewed = gate(demo_data)
    found = firms.tiers(viewed, unit, PERIOD)
    assert found.lines == POLICY.document.tiers_cny and found.periods[-1] == PERIOD
    board = store.public(viewed, LIGHTS).iter_rows(named=True)
    lights = {(row["indicator"], row["period"]): row for row in board if row["unit"] == unit}
    for id in ("firms_over_100m", "firms_over_1b"):
        line = POLICY.indicator(id).parameters["threshold_cny"]
        assert all(found.reached[line, at] == lights[id, at]["value"] for at in found.periods)


def test_the_units_firms_add_up_to_the_citys(demo_data):
    viewed = gate(demo_data)
    whole = firms.tiers(viewed, CITY, PERIOD)
    parted = [firms.tiers(viewed, unit.code, PERIOD) for unit in POLICY.units if unit.role != "city"]
    for line in whole.lines:
        assert whole.reached[line, PERIOD] == sum(item.reached.get((line, PERIOD), 0) for item in parted)


@pytest.mark.parametrize(("since", "then"), [("month", "2026-09"), ("december", "2025-12")])
def test_movers_stand_in_another_tier_than_then(demo_data, since, then):
    viewed = gate(demo_data)
    found, lines = firms.movers(viewed, CITY, PERIOD, since), POLICY.document.tiers_cny
    assert found
    for item in found:
        assert item.tier == sum(item.ttm_cny >= line for line in lines)
        assert item.tier_before == sum(item.before_cny >= line for line in lines) != item.tier
    counted = getattr(firms.tally(viewed, CITY, PERIOD), since)
    assert counted.up == sum(item.tier > item.tier_before for item in found)
    assert counted.up + counted.down == len(found)
    before = {month.period: month for month in firm.profile(viewed, found[0].uscc, PERIOD).months}[then]
    assert before.ttm.total_cny == found[0].before_cny


def test_a_firm_that_came_traded_in_these_twelve_months_and_not_in_the_twelve_before(demo_data):
    viewed = gate(demo_data)
    came, *_ = found = firms.passages(viewed, CITY, PERIOD)
    months = {month.period: month.ttm.total_cny for month in firm.profile(viewed, came.uscc, PERIOD).months}
    assert came.came and months[PERIOD] == came.value_cny > 0 and months["2025-10"] == 0
    gone = next(item for item in found if not item.came)
    months = {month.period: month.ttm.total_cny for month in firm.profile(viewed, gone.uscc, PERIOD).months}
    assert months[PERIOD] == 0 and months["2025-10"] == gone.value_cny > 0


def test_without_the_twelve_months_before_there_are_no_entries_to_count(demo_data):
    tally = firms.tally(gate(demo_data), CITY, "2024-03")
    assert tally.passages is None and tally.month is not None
    assert firms.tally(gate(demo_data), CITY, "2023-05") is None


def test_concentration_is_between_equal_firms_and_a_single_one(demo_data):
    found = firms.concentration(gate(demo_data), CITY, PERIOD)
    assert 1 / found.firms < found.hhi < 1 and found.top5 < found.top20 < 1
    assert firms.concentration(gate(demo_data), CITY, "2023-05") is None


@pytest.mark.parametrize(
    ("role", "own", "asked", "sees"),
    [
        ("leader", None, CITY, True), ("task_force", None, DAO, True), ("county", DAO, DAO, True),
        ("county", DAO, CITY, False), ("county", DAO, NINGYUAN, False), ("county", None, CITY, False),
        ("loader", None, CITY, False), ("loader", None, DAO, False),
    ],
)  # fmt: skip
def test_single_firms_are_for_leaders_the_task_force_and_a_countys_own(demo_data, role, own, asked, sees):
    viewed = gate(demo_data, role, own)
    assert store.sees_firms(viewed, asked) is sees
    assert firms.tiers(viewed, asked, PERIOD).lines and firms.tally(viewed, asked, PERIOD).trading
    questions = (
        lambda: firms.near_line(viewed, asked, PERIOD), lambda: firms.movers(viewed, asked, PERIOD, "month"),
        lambda: firms.passages(viewed, asked, PERIOD), lambda: firms.concentration(viewed, asked, PERIOD),
    )  # fmt: skip
    for question in questions:
        if sees:
            assert question()
        else:
            with pytest.raises(store.Forbidden, match="企业名单只向市领导和工作专班开放"):
                question()


def test_a_county_finds_and_opens_only_its_own_firms(canary):
    data, code = canary
    assert firm.find(gate(data), PERIOD, "金丝雀").firms[0].uscc == code
    assert firm.find(gate(data, "county", DAO), PERIOD, "金丝雀").total == 1
    other = gate(data, "county", NINGYUAN)
    assert firm.find(other, PERIOD, "金丝雀").total == firm.find(other, PERIOD, code).total == 0
    for asked in (code, "91430000NOBODY0000"):
        with pytest.raises(store.Forbidden, match="或它不是本地企业"):
            firm.profile(other, asked, PERIOD)
    nobody = gate(data, "loader")
    for question in (lambda: firm.find(nobody, PERIOD, ""), lambda: firm.profile(nobody, code, PERIOD)):
        with pytest.raises(store.Forbidden, match="企业名单只向市领导和工作专班开放"):
            question()


def test_a_county_sees_a_firm_that_moved_only_in_the_months_in_which_it_was_its_own(demo_data):
    viewed = gate(demo_data)
    rows = store.read(viewed, "select uscc from mart_registry group by uscc having count(distinct unit) > 1")
    whole = firm.profile(viewed, min(rows)[0], PERIOD)
    assert len({span.unit for span in whole.spans}) == 2
    own = firm.profile(gate(demo_data, "county", whole.firm.unit), whole.firm.uscc, PERIOD)
    assert 0 < len(own.months) < len(whole.months) and len(own.spans) == 1
    assert {month.unit for month in own.months} == {whole.firm.unit}


@pytest.mark.parametrize(
    ("role", "own", "sees"),
    [("leader", None, True), ("task_force", None, True), ("county", DAO, True), ("county", NINGYUAN, False),
     ("loader", None, False)],
)  # fmt: skip
def test_the_canary_is_shown_inert_to_those_who_may_see_it_and_to_nobody_else(
    canary, monkeypatch, role, own, sees
):
    data, code = canary
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", role, own))
    for query in ({"unit": DAO}, {"find": "金丝雀"}, {"firm": code}, {"unit": CITY}):
        shown = html(run(data, monkeypatch, PAGE, period=PERIOD, **query))
        named = shown.replace("查找「金丝雀」", "").count("金丝雀")
        assert bool(named) is (sees and (own is None or query != {"unit": CITY})), query
        assert "<img" not in shown and bool(named) is ("&lt;img" in shown)
        if not sees and "find" not in query:
            assert code not in shown


def test_a_county_gets_counts_and_a_sentence_in_the_citys_view(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", DAO))
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD, unit=CITY))
    assert "近12个月有进出口的企业" in shown and "企业名单只向市领导和工作专班开放" in shown
    assert "MADEM" not in shown and "还差" not in shown
    assert run(demo_data, monkeypatch, PAGE, period=PERIOD).selectbox(key="pick_unit").value == DAO


def test_a_search_is_kept_in_the_address_and_leads_to_the_firm(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, PAGE, period=PERIOD)
    app.text_input(key="pick_find").set_value(" 企业0317 ").run()
    assert app.query_params["find"] == "企业0317" and "firm=91431121MADEM0317U" in html(app)
    app.text_input(key="pick_find").set_value("").run()
    assert "find" not in app.query_params and "近线企业" in html(app)


@pytest.mark.parametrize("typed", ["'; drop table meta; --", "%", "没有这家", "<b>"])
def test_whatever_is_typed_is_only_text(demo_data, typed):
    assert firm.find(gate(demo_data), PERIOD, typed).total == 0


def test_one_firms_page_shows_trade_rebates_support_and_where_its_figures_stand(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD, firm="91431102MADEM0001N"))
    for part in (
        "归属沿革",
        "走势",
        "出口退税",
        "市级支持资金",
        "本月数据来自",
        "演示经开区产业园",
        "AEO高级认证",
    ):
        assert part in shown
    assert "2026年10月企业进出口情况表.xlsx" in shown and "第5行" in shown and "还可支持7.00万元" in shown


def test_a_firms_page_stands_on_a_single_december(tmp_path, monkeypatch):
    """A December alone has twelve months: 900 万元, a point of a line that has no second."""
    table = small_table(tmp_path / "12月.xlsx", month="2025年12月")
    load(tmp_path / "data", [(table, Hints())], Options())
    shown = html(run(tmp_path / "data", monkeypatch, PAGE, firm=SMALL_FIRM[1]))
    assert 'd="M0.0 ' in shown and "900.00万元" in shown


def test_the_rows_named_are_those_of_the_file(demo_data):
    viewed = gate(demo_data)
    found = firm.profile(viewed, "91431102MADEM0001N", PERIOD)
    table = next(item for item in found.origins if item.kind == "firm_month")
    ((written,),) = store.read(
        viewed,
        "select firm_name from fact_firm_month where period = '2026-10-01' and \"row\" = $1",
        table.first,
    )
    assert written == found.firm.name and table.month_cny == found.months[-1].month.total_cny


def test_a_code_that_nobody_has_is_one_sentence(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD, firm="<b>甲"))
    assert "没有代码为「&lt;b&gt;甲」的企业" in shown


def test_growth_has_no_value_on_a_base_of_nothing():
    assert one.growth(Decimal(5), Decimal(4)) == 0.25
    assert (
        one.growth(Decimal(5), Decimal(0))
        is one.growth(Decimal(5), None)
        is one.growth(None, Decimal(5))
        is None
    )


def test_a_long_list_shows_its_first_and_folds_the_rest():
    item = firms.NearFirm("1", "甲", DAO, Decimal(90), Decimal(100), Decimal(10))
    view = View(PERIOD, CITY, "import_share")
    shown = parts.near_line(POLICY, view, [replace(item, uscc=str(n)) for n in range(parts.SHOWN + 3)])
    assert "其余3家" in shown and shown.count("<tr>") == parts.SHOWN + 3 + 2
    assert "没有近线企业" in parts.near_line(POLICY, view, [])
