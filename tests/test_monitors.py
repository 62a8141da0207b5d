"""Monitors: their numbers against the pages that show the same, against hand counts, who sees firms, what is missing."""

import json
import shutil
from datetime import date

import duckdb
import pytest
from builders import code, declared, firm_table, registry, trade, write_csv
from test_pages import html, run

from dashboard import store
from dashboard.address import PAGES
from dashboard.identity import Viewer
from dashboard.parts.measures import validity
from dashboard.questions import firms, market
from dashboard.questions import measures as ask
from etl.apply import Options
from etl.errors import PolicyError
from etl.goods import load_goods
from etl.layout import Hints
from etl.load import load
from etl.monitors import load_monitors
from etl.policy import DEFAULT_FOLDER, load_policy
from etl.snapshot import current
from etl.support.rules import load_rules

PAGE = "dashboard/pages/measures.py"
POLICY = load_policy()
MONITORS = {monitor.id: monitor for monitor in load_monitors(POLICY)}
CITY, PERIOD = "4311", "2026-10"
A, B, C = code("431103", 1), code("431122", 2), code("431124", 3)
OFFICE = code("431103", 4, "11")


def gate(data, role="leader", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def parts(data, monitor, unit=CITY, period=PERIOD, role="leader"):
    return ask.parts(gate(data, role), MONITORS[monitor], unit, period)


def board(tmp_path, *paths):
    """Load the files and give (monitor, unit, period) → {part: (value, extra)}."""
    report = load(tmp_path / "data", [(path, Hints()) for path in paths], Options(confirm="测试"))
    assert [file.refused for file in report.files if file.refused] == []
    found = {}
    with duckdb.connect(str(current(tmp_path / "data").path), read_only=True) as con:
        for monitor, unit, period, part, _, value, extra in con.execute(
            "select * from monitor_board"
        ).fetchall():
            found.setdefault((monitor, unit, period), {})[part] = (value, json.loads(extra))
    return found


# --- the demo: the same numbers as on the pages that go deeper --------------------------------------------------------


@pytest.mark.parametrize("unit", [CITY, "431171"])
def test_tiers_and_near_line_firms_are_those_of_the_firms_page(demo_data, unit):
    found, tiers = parts(demo_data, "firm_tiers", unit), firms.tiers(gate(demo_data), unit, PERIOD)
    assert {int(part.name): (part.value, part.facts["near"]) for part in found} == {
        line: (tiers.reached[line, PERIOD], tiers.near[line, PERIOD]) for line in tiers.lines
    }


@pytest.mark.parametrize("unit", [CITY, "431171"])
def test_industries_are_those_of_the_markets_page(demo_data, unit):
    split = market.industries(gate(demo_data), unit, PERIOD, "total", "ttm").split
    expected = {part.code: (float(part.value), float(part.value / part.before - 1)) for part in split.parts}
    for part in parts(demo_data, "leading_industries", unit):
        assert (part.value, part.facts["growth"]) == pytest.approx(expected[part.name])


@pytest.mark.parametrize("unit", [CITY, "431171"])
def test_markets_concentration_and_vegetables_are_those_of_the_markets_page(demo_data, unit):
    both = market.market(gate(demo_data), unit, PERIOD, "total", "ttm")
    groups = {part.code: part for part in both.splits["group"].parts}
    for part in parts(demo_data, "markets", unit):
        assert part.value == pytest.approx(float(groups[part.name].value))
        assert part.facts["share"] == pytest.approx(both.splits["partner"].share(groups[part.name]))
    assert parts(demo_data, "market_concentration", unit)[0].value == pytest.approx(
        both.splits["partner"].concentration()
    )
    exports = market.market(gate(demo_data), unit, PERIOD, "export", "ttm").splits["chapter"]
    chapter = next(part for part in exports.parts if part.code == "07")
    found = parts(demo_data, "vegetable_exports", unit)[0]
    assert found.value == pytest.approx(float(chapter.value))
    assert found.facts["share"] == pytest.approx(exports.share(chapter))


def test_every_monitor_shows_something_in_the_demo(demo_data):
    for id in MONITORS:
        assert any(part.value is not None for part in parts(demo_data, id)), id


def test_every_figure_of_a_detail_line_comes_from_the_measure(demo_data):
    for id, monitor in MONITORS.items():
        named = {piece.split("|")[0] for piece in monitor.detail.split("{")[1:]}
        assert named <= set(parts(demo_data, id)[0].facts), id


def test_every_monitor_leads_to_a_page_that_there_is():
    assert {monitor.page for monitor in MONITORS.values() if monitor.page} <= set(PAGES)


def test_the_top_three_clusters_are_marked_and_one_without_firms_is_not_evaluated(demo_data):
    found = parts(demo_data, "cluster_evaluation")
    assert [part.place for part in found if part.facts["top"]] == [1, 2, 3]
    assert [part.name for part in found if part.value is None] == ["演示江永香柚集群"]
    assert ask.standing(gate(demo_data), MONITORS["cluster_evaluation"], CITY, PERIOD).year == "2025"


def test_exporters_are_named_only_for_who_may_see_firms(demo_data):
    named = parts(demo_data, "vegetable_exporters")
    assert named[0].facts["firm_name"] and sum(part.facts["top"] for part in named) == 5
    own = ask.parts(gate(demo_data, "county", "431102"), MONITORS["vegetable_exporters"], "431102", PERIOD)
    assert {part.unit for part in own} == {"431102"}
    for viewer in (gate(demo_data, "county", "431102"), gate(demo_data, "loader")):
        with pytest.raises(store.Forbidden):
            ask.parts(viewer, MONITORS["vegetable_exporters"], CITY, PERIOD)
        with pytest.raises(store.Forbidden):
            ask.events(viewer, ["供港直通车"], CITY, PERIOD)


def test_the_page_has_the_index_the_words_and_the_countdown(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, clause="三", period=PERIOD))
    assert shown.count("tk-tenlights") == 10 and "按数据（截至2026年10月末）还有225天" in shown
    assert "第三条 打造特色亮点" in shown and "市农业农村局、市商务局" in shown
    assert "演示农产品企业" in shown and "不可量化的" in shown and "供港直通车购置" in shown


def test_a_county_sees_no_other_units_firms_on_the_page(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", "431102"))
    shown = html(run(demo_data, monkeypatch, PAGE, clause="三", period=PERIOD, unit=CITY))
    assert "演示农产品企业" not in shown and "只能看到家数" in shown


# --- small files, worked out by hand ----------------------------------------------------------------------------------


def declarations(tmp_path, months=12):
    """Each month of 2024: 60 of garlic and 40 of pumps exported by A, 30 of machines and 10 of logs imported by B."""
    rows = [
        (f"2024{month:02d}", flag, firm, "企业", hs, "110", "0110", yuan, 1)
        for month in range(1, months + 1)
        for flag, firm, hs, yuan in (
            ("出口", A, "07032010", 6_000_000), ("出口", A, "84137099", 4_000_000),
            ("进口", B, "84798999", 3_000_000), ("进口", B, "44032190", 1_000_000),
        )
    ]  # fmt: skip
    return declared(tmp_path / "d.csv", rows)


def catalogue(tmp_path, *codes):
    return write_csv(
        tmp_path / "c.csv", [("鼓励进口商品编码", "商品名称"), *((code, "某") for code in codes)]
    )


def test_vegetables_and_encouraged_imports_are_twelve_months_of_their_codes(tmp_path):
    found = board(tmp_path, declarations(tmp_path), catalogue(tmp_path, "8479899990"))
    value, facts = found["vegetable_exports", CITY, "2024-12"][""]
    assert (value, facts["share"], facts["growth"]) == (72_000_000, 0.6, None)
    assert found["encouraged_imports", "431122", "2024-12"][""][0] == 36_000_000
    assert found["encouraged_imports", "431103", "2024-12"][""][0] == 0
    assert found["encouraged_imports", CITY, "2024-12"][""][1]["share"] == 0.75


def test_without_a_catalogue_or_with_a_month_missing_there_is_nothing_and_not_zero(tmp_path):
    found = board(tmp_path, declarations(tmp_path, months=11))
    assert not [key for key in found if key[0] in ("vegetable_exports", "encouraged_imports", "markets")]


def test_events_count_from_their_day_on_and_an_unregistered_category_is_unknown(tmp_path):
    events = write_csv(
        tmp_path / "e.csv",
        [
            ("类别", "名称", "县市区", "日期"),
            ("供港直通车", "一号", "道县", "2024-11-30"), ("供港直通车", "二号", "道县", "2024-12-01"),
        ],
    )  # fmt: skip
    found = board(tmp_path, declarations(tmp_path), events)
    counts = [found["hong_kong_trucks", "431124", f"2024-{month}"]["供港直通车"][0] for month in (10, 11, 12)]
    assert counts == [None, 1, 2]
    assert found["hong_kong_trucks", "431103", "2024-12"]["供港直通车"][0] == 0
    value, facts = found["fair_trips", CITY, "2024-12"]["境外展会"]
    assert value is None and facts["this_year"] is None


def test_what_was_paid_counts_by_the_item_however_the_ledger_spells_it(tmp_path):
    rows = [
        ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额"),
        ("2024-06-13", B, "乙", "东安县", "供港直通车购置", "零号", "100000", "10000"),
        ("2024-12-01", B, "乙", "东安县", "供港直通车购车补贴", "一号", "100000", "10000"),
        ("2024-12-02", A, "甲", "冷水滩区", "供港 直通车", "二号", "100000", "5000"),
        ("2024-12-03", A, "甲", "冷水滩区", "别的奖励", "某", "", "700"),
        ("2024-12-04", OFFICE, "某局", "冷水滩区", "产业集群综合评价前三", "2023年度", "", "300"),
    ]
    truck = [("类别", "名称", "县市区", "日期"), ("供港直通车", "一号", "东安县", "2024-11-30")]
    data = tmp_path / "data"
    found = board(
        tmp_path,
        declarations(tmp_path),
        write_csv(tmp_path / "s.csv", rows),
        write_csv(tmp_path / "e.csv", truck),
    )
    paid = {part: value for part, (value, _) in found["support_paid", CITY, "2024-12"].items()}
    assert paid == {"truck": 15000, "": 700, "cluster_award": 300}
    firms = {part: facts["firms"] for part, (_, facts) in found["support_paid", CITY, "2024-12"].items()}
    assert firms == {"truck": 2, "": 1, "cluster_award": 0}, "an office is no firm"
    trucks = [
        found["hong_kong_trucks", unit, "2024-12"]["供港直通车"][1] for unit in (CITY, "431103", "431124")
    ]
    assert [(facts["paid_cny"], facts["supported"]) for facts in trucks] == [
        (15000, 2),
        (5000, 1),
        (0, 0),
    ]
    day, by_item = ask.paid(gate(data), POLICY, "431122", "2024-12")
    assert (day, by_item["truck"], by_item["fair_booth"]) == ("2024-12-31", 10000, 0)
    assert ask.paid(gate(data), POLICY, "431122", "2024-11") == ("2024-11-30", {})


def test_trucks_bought_with_support_are_counted_also_where_no_event_is_registered(tmp_path, monkeypatch):
    """Two firms' first trucks, one paid in two parts and one that came back, and one payment without a project: 3.

    The firm of which all came back is none that was supported any more: 甲 and 丙 in November, 甲 and 乙 in December.
    """
    header = ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额")
    rows = [
        ("2024-11-01", A, "甲", "冷水滩区", "供港直通车", "一号", "1000000", "60000"),
        ("2024-12-01", A, "甲", "冷水滩区", "供港直通车", "一号", "1000000", "40000"),
        ("2024-12-02", A, "甲", "冷水滩区", "供港直通车", "二号", "1000000", "50000"),
        ("2024-12-03", A, "甲", "冷水滩区", "供港直通车", "二号", "", "-50000"),
        ("2024-12-04", B, "乙", "东安县", "供港直通车", "一号", "1000000", "100000"),
        ("2024-12-05", B, "乙", "东安县", "供港直通车", "", "1000000", "100000"),
        ("2024-11-02", C, "丙", "道县", "供港直通车", "三号", "1000000", "90000"),
        ("2024-12-06", C, "丙", "道县", "供港直通车", "三号", "", "-90000"),
    ]
    found = board(tmp_path, declarations(tmp_path), write_csv(tmp_path / "s.csv", [header, *rows]))
    trucks = [found["hong_kong_trucks", CITY, f"2024-{month}"]["供港直通车"][1] for month in (11, 12)]
    paid = [found["support_paid", CITY, f"2024-{month}"]["truck"][1] for month in (11, 12)]
    assert [facts["supported"] for facts in trucks] == [facts["firms"] for facts in paid] == [2, 2]
    counts = [
        found["hong_kong_trucks", unit, f"2024-{month}"]["供港直通车"][1]["projects"]
        for unit, month in ((CITY, 11), (CITY, 12), ("431103", 12), ("431122", 12), ("431124", 12))
    ]
    assert counts == [2, 3, 1, 2, 0]
    shown = html(run(tmp_path / "data", monkeypatch, PAGE, unit=CITY, period="2024-12", clause="三"))
    assert "大事记里还没有登记供港直通车" in shown and "补助购置3辆，购车补助累计 30.00万元" in shown


def test_without_a_ledger_what_was_paid_is_unknown(tmp_path):
    truck = [("类别", "名称", "县市区", "日期"), ("供港直通车", "一号", "东安县", "2024-11-30")]
    found = board(tmp_path, declarations(tmp_path), write_csv(tmp_path / "e.csv", truck))
    assert found["hong_kong_trucks", CITY, "2024-12"]["供港直通车"][1]["paid_cny"] is None


def test_certified_firms_are_those_of_the_registry_on_the_last_day(tmp_path):
    rows = [
        (A, "甲", "冷水滩区", "", "农产品", "", "一", "否", "2023-01-01"),
        (A, "甲", "冷水滩区", "", "农产品", "", "一", "是", "2024-12-31"),
    ]
    found = board(tmp_path, registry(tmp_path / "r.csv", rows), declarations(tmp_path))
    assert [found["aeo_firms", CITY, f"2024-{month}"][""][0] for month in (11, 12)] == [0, 1]


def test_a_cluster_is_evaluated_by_the_registrys_cluster_of_its_name(tmp_path):
    rows = [(A, "甲", "冷水滩区", "", "农产品", "蔬菜集群", "一", "否", "")]
    events = write_csv(
        tmp_path / "e.csv",
        [
            ("类别", "名称", "县市区", "日期"),
            ("省级外贸产业集群", "蔬菜集群", "冷水滩区", "2024-06-01"),
            ("省级外贸产业集群", "木材集群", "东安县", "2024-06-01"),
        ],
    )
    table = firm_table(
        tmp_path / "2024年12月企业进出口情况表.xlsx",
        "2024年12月企业进出口情况表",
        [("甲", A, "冷水滩区", trade(1, 3000, 0, 0)), ("乙", B, "东安县", trade(1, 1000, 0, 0))],
    )
    found = board(tmp_path, registry(tmp_path / "r.csv", rows), events, table)
    score, facts = found["cluster_evaluation", "431103", "2024-12"]["蔬菜集群"]
    assert (score, facts["ttm_cny"], facts["top"]) == (70, 30_000_000, True)  # no growth known: 40 + 15 + 15
    assert found["cluster_evaluation", "431122", "2024-12"]["木材集群"][0] is None


# --- the policy folder -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "monitors/aeo_firms.toml",
            'kind = "count"',
            'kind = "count"\ncolour = "red"',
            "有不认识的键 colour",
        ),
        ("monitors/aeo_firms.toml", 'unit = "家"\n', "", "缺少 unit"),
        ("monitors/aeo_firms.toml", 'clause = "九"', 'clause = "零"', "「零」不在 document.toml 中"),
        ("monitors/aeo_firms.toml", 'id = "aeo_firms"', 'id = "aeo"', "与文件名不一致"),
        ("monitors/cluster_evaluation.toml", "weight = 40", "weight = 41", "合计不是100"),
        ("goods.toml", '["07"]', '["7"]', "「7」不是2至8位的商品编码"),
        ("goods.toml", '"vegetables"', '"encouraged"', "保留的 encouraged"),
        ("goods.toml", '"vegetables"', '"greens"', "goods.toml 里没有的 vegetables"),
        (
            "events.toml",
            'name = "境外展会"',
            'name = "展会"',
            "fair_trips.toml 的类别「境外展会」不在 events.toml 中",
        ),
        (
            "industries.toml",
            'name = "轻工产品"',
            'name = "轻纺"',
            "leading_industries.toml 的产业「轻工产品」不在 industries.toml 中",
        ),
        ("industries.toml", '["轻工"]', '["机电"]', "「机电」属于不止一个类别"),
        ("events.toml", '["服贸"]', '["飞地"]', "「飞地」属于不止一个类别"),
        (
            "support_items.toml",
            'values = ["供港直通车"]',
            'values = ["直通车"]',
            "类别「直通车」不在 events.toml 中",
        ),
    ],
)
def test_a_slip_in_the_folder_is_one_sentence(folder, file, old, new, said):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError, match=said):
        load_monitors(load_policy(folder))
        load_goods(folder)
        load_rules(load_policy(folder))


def test_the_countdown_says_when_the_document_has_run_out():
    assert validity(POLICY, "2027-05", date(2027, 6, 13)).endswith(
        "按今天还有0天，按数据（截至2027年5月末）还有13天。"
    )
    assert "按今天已到期1天" in validity(POLICY, "2027-05", date(2027, 6, 14))
