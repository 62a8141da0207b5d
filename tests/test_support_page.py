"""资金 and 政策测算 as Streamlit runs them: who sees what, entering and correcting, what an item offers."""

import datetime as dt
import re
from decimal import Decimal

import duckdb
import pytest
from builders import code, small_table
from streamlit.testing.v1 import AppTest
from test_pages import html, run
from test_support import FIRM, OTHER, book, loaded

from dashboard.access import audit
from dashboard.identity import Viewer
from etl import snapshot
from etl.paths import data_folder

SUPPORT, CLAIMS = "dashboard/pages/support.py", "dashboard/pages/claims.py"
pytestmark = pytest.mark.usefixtures("near")


def as_viewer(monkeypatch, role, unit=None):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", role, unit))


@pytest.fixture
def data(tmp_path):
    """A ledger of one payment that is over its rate."""
    paid = ("2025-09-01", FIRM, "甲公司", "零陵区", "供港直通车", "直通车一号", "1000000", "100000.01")
    table = small_table(tmp_path / "9月.xlsx")
    return loaded(tmp_path / "data", table, book(tmp_path / "台账.csv", paid))


def field(app: AppTest, label: str):
    return next(each for each in app.text_input if each.label.startswith(label))


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception
    return app


def verdicts(data):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute("select verdict, amount_cny from support_check order by amount_cny").fetchall()


def test_what_needs_action_comes_first_and_leads_to_its_row(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, SUPPORT, unit="4311"))
    assert "11笔需要处理" in shown and "市级支持资金台账.csv 第250行" in shown
    assert shown.index("超总额</span>") < shown.index("疑似重复</span>")
    assert "不能说明因果" in shown and "超出18.60万元" in shown


def test_a_county_sees_its_own_payees_and_sums_of_others_alone(demo_data, monkeypatch):
    as_viewer(monkeypatch, "county", "431124")
    own = html(run(demo_data, monkeypatch, SUPPORT, unit="431124"))
    assert "演示海外参展推介（一号）" in own
    city = html(run(demo_data, monkeypatch, SUPPORT, unit="4311"))
    assert "截至2025年12月31日" in city and "文件印发以来的市级支持资金" in city and "每笔都符合文件" in city
    assert "企业名单只向市领导和工作专班开放" in city and "有限公司" not in city


def test_growth_stands_beside_support_of_the_same_months_and_what_is_not_told_is_not_a_dash(
    demo_data, monkeypatch
):
    def beside(period):
        shown = html(run(demo_data, monkeypatch, SUPPORT, unit="4311", period=period))
        return re.sub(r"(<[^>]+>)+", "|", shown[shown.index("绩效：") :])

    assert "2026年1月，增量" in beside("2026-01") and "2026年1—10月，增量" in beside("2026-10")
    assert "|祁阳市|67.20|" in beside("2026-10") and "|金洞管理区|—|" in beside("2026-10")
    as_viewer(monkeypatch, "county", "431124")
    told = beside("2026-10")
    assert "2025年1—12月，增量" in told and "2025年1—12月，增量" in beside("2025-12")
    assert "|全市|1,021.96|" in told and "|道县|" in told
    assert "|祁阳市|不分列|" in told and "|金洞管理区|不分列|" in told


def test_only_the_task_force_enters_payments(demo_data, monkeypatch):
    assert run(demo_data, monkeypatch, SUPPORT, unit="4311").get("expander")
    as_viewer(monkeypatch, "leader")
    assert not run(demo_data, monkeypatch, SUPPORT, unit="4311").get("expander")


def test_a_correction_is_checked_and_published_as_a_file_that_came_in(data, monkeypatch):
    app = run(data, monkeypatch, SUPPORT)
    assert "更正</a>" in html(app)
    app = run(data, monkeypatch, SUPPORT, payment="2.2.")
    assert field(app, "补助金额").value == "100000.01"
    field(app, "补助金额").set_value("100,000")
    app = press(app, "检查")
    assert "读取 1 = 接受 1" in html(app) and "专班登记_" in html(app)
    assert verdicts(data) == [("over_rate", Decimal("100000.01"))]
    assert audit.entries(data_folder(), 9, "发布文件") == ()
    app = press(app, "发布")
    assert verdicts(data) == [("ok", 100_000)]
    (logged,) = audit.entries(data_folder(), 9, "发布文件")
    assert logged.role == "task_force" and logged.detail["文件"].startswith("专班登记_")
    assert "已发布" in html(app) and "每笔都符合文件" in html(app)


def test_a_typed_payment_that_is_no_sum_or_of_no_firm_is_refused_with_a_sentence(data, monkeypatch):
    app = run(data, monkeypatch, SUPPORT)
    field(app, "统一社会信用代码").set_value("<b>1</b>")
    app = press(app, "检查")
    assert "没有填写补助金额" in html(app)
    field(app, "补助金额").set_value("一万")
    assert "补助金额「一万」不是金额" in html(press(app, "检查"))
    field(app, "补助金额").set_value("100")
    app = press(app, "检查")
    assert "拒收" in html(app) and "<b>1</b>" not in html(app)
    assert not [each for each in app.button if each.label == "发布"]


def test_a_withdrawn_payment_counts_no_more(data, monkeypatch):
    app = press(run(data, monkeypatch, SUPPORT, payment="2.2."), "撤销这笔")
    press(app, "发布")
    assert verdicts(data) == [("ok", 0)]
    assert "没有加载市级支持资金的拨付记录" in html(run(data, monkeypatch, SUPPORT))


def test_the_calculator_knows_a_loaded_firm_and_adds_what_is_typed(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, CLAIMS, unit="4311", payee="91431102MADEM0023Y")
    assert "上限还剩78.00万元" in html(app)
    next(box for box in app.checkbox if box.label.startswith("参加了")).set_value(True)
    field(app, "境外展位费").set_value("10,000.01")
    app.run()
    shown = html(app)
    assert "可申报" in shown and "最多 7,000.00 元" in shown and "展位费的70%" in shown
    field(app, "境外展位费").set_value("许多")
    assert "展位费「许多」不是金额" in html(app.run())


def test_who_has_not_claimed_is_for_those_who_see_firms(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, CLAIMS, unit="4311"))
    assert "演示直通车三号" in shown and "只能由企业自己申报的有：集群评价、境外展位费" in shown
    as_viewer(monkeypatch, "county", "431124")
    shown = html(run(demo_data, monkeypatch, CLAIMS, unit="4311"))
    assert "演示直通车三号" not in shown and "企业名单只向市领导和工作专班开放" in shown


def test_what_is_ticked_and_typed_stands_in_the_address_and_comes_back_from_it(demo_data, monkeypatch):
    asked = {"unit": "4311", "payee": "91431102MADEM0023Y"}
    app = run(demo_data, monkeypatch, CLAIMS, **asked)
    next(box for box in app.checkbox if box.label.startswith("参加了")).set_value(True)
    known = next(box for box in app.checkbox if box.label == "近12个月有进出口" and box.value)
    known.set_value(False)
    field(app, "境外展位费").set_value("10,000.01")
    app.run()
    said = {part: app.query_params[part] for part in ("ticks", "sums")}
    assert said == {"ticks": "-trades,other_fair", "sums": "fair_booth:10,000.01"}
    again = run(demo_data, monkeypatch, CLAIMS, **asked, **said)
    assert html(again) == html(app)
    next(box for box in again.selectbox if box.label == "企业").set_value("typed").run()
    assert not {"ticks", "sums"} & set(again.query_params)


def test_ticks_and_sums_of_an_address_that_mean_nothing_are_let_go(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, CLAIMS, ticks="<b>,--aeo,aeo", sums=";;x:1;fair_booth:<b>")
    assert [box.label for box in app.checkbox if box.value] == ["已通过海关AEO高级认证"]
    assert "展位费「&lt;b&gt;」不是金额" in html(app)


def test_an_evaluation_that_paid_too_few_is_said_once_for_the_city(tmp_path, monkeypatch):
    paid = ("2025-09-01", FIRM, "甲公司", "零陵区", "蔬菜出口综合评价", "2024年度", "", "100")
    data = loaded(tmp_path / "data", small_table(tmp_path / "9月.xlsx"), book(tmp_path / "台账.csv", paid))
    said = "2024年度只付了1家企业，少于文件规定的2至5家"
    assert said in html(run(data, monkeypatch, SUPPORT, unit="4311"))
    assert said not in html(run(data, monkeypatch, SUPPORT, unit="431102"))
    more = ("2025-09-02", OTHER, "乙公司", "蓝山县", "蔬菜出口综合评价", "2024年度", "", "100")
    loaded(data, book(tmp_path / "台账2.csv", more))
    assert said not in html(run(data, monkeypatch, SUPPORT, unit="4311"))
    back = ("2025-09-03", OTHER, "乙公司", "蓝山县", "蔬菜出口综合评价", "2024年度", "", "-100")
    loaded(data, book(tmp_path / "台账3.csv", back))
    assert said in html(run(data, monkeypatch, SUPPORT, unit="4311"))


def test_what_was_paid_after_the_newest_month_is_there_at_once(tmp_path, monkeypatch):
    """950,000 元 by the month's end, 100,000 more after it: 50,000 over the total, by the page and the calculator."""
    rows = [
        ("2025-05-01", FIRM, "甲公司", "零陵区", "省级跨境电商产业带", "产业带", "", "500,000"),
        ("2025-06-01", FIRM, "甲公司", "零陵区", "蔬菜出口综合评价", "2024年度", "", "450,000"),
        ("2025-10-20", FIRM, "甲公司", "零陵区", "AEO高级认证费用", "认证", "200,000", "100,000"),
    ]
    months = [small_table(tmp_path / f"{month}月.xlsx", month=f"2025年{month}月") for month in (8, 9)]
    data = loaded(tmp_path / "data", *months, book(tmp_path / "台账.csv", *rows))
    shown = html(run(data, monkeypatch, SUPPORT, unit="4311"))
    assert "截至2025年10月20日" in shown and "超总额1笔" in shown and "超出5.00万元" in shown
    assert "本笔最多 50,000.00 元" in shown
    beside = shown[shown.index("绩效") :]
    assert (
        "95.00</td>" in beside and "105.00</td>" not in beside
    )  # what stands beside trade of 1—9月 was paid by then
    assert "上限还剩0.00万元" in html(run(data, monkeypatch, CLAIMS, unit="4311", payee=FIRM))
    firm = html(run(data, monkeypatch, "dashboard/pages/firms.py", unit="4311", firm=FIRM))
    assert "2025-10-20" in firm and "超出5.00万元" in firm
    earlier = html(run(data, monkeypatch, SUPPORT, unit="4311", period="2025-08"))
    assert "截至2025年8月31日" in earlier and "2025-10-20" not in earlier


def test_a_ledger_without_any_month_is_judged_and_other_pages_say_what_they_lack(tmp_path, monkeypatch):
    paid = ("2025-09-01", FIRM, "甲公司", "零陵区", "供港直通车", "直通车一号", "1000000", "100000.01")
    data = loaded(tmp_path / "data", book(tmp_path / "台账.csv", paid))
    shown = html(run(data, monkeypatch, SUPPORT, unit="4311"))
    assert "截至2025年9月1日" in shown and "超比例1笔" in shown and "绩效" not in shown
    assert "测算结果" in html(run(data, monkeypatch, CLAIMS, unit="4311"))
    assert "没有月度数据" in html(run(data, monkeypatch, "dashboard/pages/quality.py"))
    for page in ("overview", "unit", "firms", "measures", "timeline", "wall"):
        assert "还没有月度数据" in html(run(data, monkeypatch, f"dashboard/pages/{page}.py"))


@pytest.fixture
def booths(tmp_path):
    """Two booths of one fair day without a project, 7,000 of 10,000 and 14,000 of 20,000; and an award to a county."""
    rows = [
        ("2025-09-01", FIRM, "甲公司", "", "展位费补贴", "", "10,000", "7,000"),
        ("2025-09-01", FIRM, "甲公司", "零陵区", "展位费补贴", "", "20,000", "14,000"),
        ("2025-09-02", FIRM, "甲公司", "蓝山县", "产业集群综合评价前三", "2024年度", "", "100,000"),
    ]
    table = small_table(tmp_path / "9月.xlsx")
    return loaded(tmp_path / "data", table, book(tmp_path / "台账.csv", *rows))


def paid(data):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        query = "select cast(amount_cny as integer), cast(base_cny as integer), unit, project from fact_support order by all"
        return con.execute(query).fetchall()


AWARD = (100_000, None, "431127", "2024年度")


def test_correcting_or_withdrawing_one_payment_leaves_the_others_of_its_key_as_they_are(booths, monkeypatch):
    app = run(booths, monkeypatch, SUPPORT, payment="2.2.")
    field(app, "补助金额").set_value("6,000")
    press(press(app, "检查"), "发布")
    kept = (14_000, 20_000, "431102", None)
    assert paid(booths) == [(6_000, 10_000, "431102", None), kept, AWARD]
    app = run(booths, monkeypatch, SUPPORT, payment="3.2.")
    press(press(app, "撤销这笔"), "发布")
    assert paid(booths) == [(0, 10_000, "431102", None), kept, AWARD]


def test_a_new_payment_whose_key_is_taken_is_refused_and_asks_for_a_project(booths, monkeypatch):
    app = run(booths, monkeypatch, SUPPORT, unit="4311")
    next(each for each in app.date_input).set_value(dt.date(2025, 9, 1))
    field(app, "统一社会信用代码").set_value(FIRM.lower())
    next(each for each in app.selectbox if each.label == "事项").set_value("其他境外展展位费")
    field(app, "申报基数").set_value("30000")
    field(app, "补助金额").set_value("21000")
    assert "发布" in [
        each.label for each in press(app, "检查").button
    ]  # spelled otherwise in the ledger: another key
    press(app, "发布")
    assert len(paid(booths)) == 4
    app = run(booths, monkeypatch, SUPPORT, unit="4311")
    next(each for each in app.date_input).set_value(dt.date(2025, 9, 1))
    field(app, "统一社会信用代码").set_value(FIRM)
    next(each for each in app.selectbox if each.label == "事项").set_value("其他境外展展位费")
    field(app, "补助金额").set_value("700")
    app = press(app, "检查")
    assert "已有1笔拨付（21,000.00 元）" in html(app) and "请在「项目」里写明" in html(app)
    assert "发布" not in [each.label for each in app.button]
    field(app, "项目").set_value("广交会以外的展")
    press(press(app, "检查"), "发布")
    assert len(paid(booths)) == 5


def test_a_correction_keeps_the_county_that_the_ledger_names(booths, monkeypatch):
    app = run(booths, monkeypatch, SUPPORT, unit="4311", payment="2.4.")
    assert (
        next(each for each in app.selectbox if each.key.endswith("_unit") and "entry" in each.key).value
        == "蓝山县"
    )
    field(app, "补助金额").set_value("90,000")
    press(press(app, "检查"), "发布")
    assert (90_000, None, "431127", "2024年度") in paid(booths)


def test_no_county_is_preset_where_none_is_known(tmp_path, monkeypatch):
    stranger = code("430100", 5)
    row = ("2025-09-01", stranger, "外地公司", "", "展位费补贴", "", "10,000", "7,000.01")
    data = loaded(tmp_path / "data", small_table(tmp_path / "9月.xlsx"), book(tmp_path / "台账.csv", row))
    app = run(data, monkeypatch, SUPPORT, unit="4311", payment="2.2.")
    assert (
        next(each for each in app.selectbox if each.key.endswith("_unit") and "entry" in each.key).value
        is None
    )
    field(app, "补助金额").set_value("7,000")
    press(press(app, "检查"), "发布")
    assert paid(data) == [(7_000, 10_000, None, None)]
