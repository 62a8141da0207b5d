"""资金 and 政策测算 as Streamlit runs them: who sees what, entering and correcting, what an item offers."""

from decimal import Decimal

import duckdb
import pytest
from builders import small_table
from streamlit.testing.v1 import AppTest
from test_pages import html, run
from test_support import FIRM, OTHER, book, loaded

from dashboard.identity import Viewer
from etl import snapshot

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
    assert "11笔需要处理" in city and "企业名单只向市领导和工作专班开放" in city and "有限公司" not in city


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
    app = press(app, "发布")
    assert verdicts(data) == [("ok", 100_000)]
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
    assert "演示直通车三号" in html(run(demo_data, monkeypatch, CLAIMS, unit="4311"))
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
