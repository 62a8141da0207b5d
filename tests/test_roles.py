"""What each role gets: its pages and no others, firms' rows logged and marked, names from data inert."""

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import APP, html, run

from dashboard import download, rights, store, watch, who
from dashboard.access import accounts, audit
from dashboard.address import PAGES
from dashboard.identity import ROLES, NotSignedIn, Viewer
from etl.paths import data_folder

FIRMS = "dashboard/pages/firms.py"
FIGURES = {path for path, page in PAGES.items() if page.right == "figures"}
OPENS = {
    "leader": FIGURES | {"brief"},
    "task_force": FIGURES | {"brief", "upload"},
    "county": FIGURES | {"brief"},
    "loader": FIGURES | {"upload"},
    "admin": {"accounts"},
    "auditor": {"audit"},
}


def look(monkeypatch, role, unit=None):
    viewer = Viewer("某", role, unit)
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: viewer)
    return viewer


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_its_roles_and_says_one_sentence_to_others(demo_data, monkeypatch, role):
    look(monkeypatch, role, "431124" if role == "county" else None)
    monkeypatch.setenv("TRADE_KPI_DATA", str(demo_data))
    app = AppTest.from_file(APP, default_timeout=60).run()
    for path, page in PAGES.items():
        shown = html(app.switch_page(page.file).run())
        assert not app.exception, page.file
        refused = "暂时无法显示" in shown
        led_on = not path and path not in OPENS[role]  # from the bare address to a page of theirs
        assert refused != (path in OPENS[role] or led_on), (role, page.file)
        if refused:
            assert "tk-matrix" not in shown and "tk-table" not in shown
        if led_on:
            assert "tk-matrix" not in shown and ("账户" in shown or "审计记录" in shown)


def test_who_is_not_signed_in_gets_the_way_to_the_login_page_alone(demo_data, monkeypatch):
    def nobody():
        raise NotSignedIn("登录已失效或已超时，请重新登录。")

    monkeypatch.setattr("dashboard.identity.signed_in", nobody)
    for page in ("dashboard/pages/overview.py", FIRMS):
        app = run(demo_data, monkeypatch)
        if page == FIRMS:
            app = app.switch_page(page).run()
        shown = html(app)
        assert 'href="/login"' in shown and "tk-sentence" not in shown and "tk-who" not in shown


def test_a_role_that_nobody_knows_has_no_right():
    assert not any(rights.may(Viewer("某", "king", None), right) for right in rights.REFUSED)


def test_views_of_firms_are_logged_once_an_address_and_marked(demo_data, monkeypatch):
    look(monkeypatch, "task_force")
    store.forget()
    for _ in range(2):  # the second is answered from what is kept, and logged as well
        app = run(demo_data, monkeypatch, FIRMS, period="2026-10")
        shown = html(app.run())
        assert "tk-watermark" in shown and "某 20" in shown
    found = audit.entries(data_folder(), 9, "查看企业")
    assert len(found) == 2 and found[0].detail["范围"] == "永州市" and found[0].detail["月份"] == "2026-10"


def test_a_page_without_rows_of_firms_is_neither_logged_nor_marked(demo_data, monkeypatch):
    look(monkeypatch, "county", "431124")
    shown = html(run(demo_data, monkeypatch, FIRMS, unit="431102", period="2026-10"))
    assert "tk-watermark" not in shown
    assert audit.entries(data_folder(), 9, "查看企业") == ()


def test_rows_that_cannot_be_logged_are_not_shown(demo_data, monkeypatch):
    def full(data, entry):
        raise store.UserError("审计记录无法写入")

    monkeypatch.setattr(who, "record", full)
    shown = html(run(demo_data, monkeypatch, FIRMS, period="2026-10"))
    assert "审计记录无法写入" in shown and "近线企业" not in shown


def test_what_is_kept_tells_whose_rows_it_rests_on(demo_data):
    gate = store.open_gate(Viewer("某", "leader", None), demo_data)
    store.forget()
    for _ in range(2):
        told = []
        with watch.watched(told.append):
            outer = store.remember(
                gate,
                ("outer",),
                lambda: store.remember(gate, ("inner",), lambda: store.require_firms(gate, "431124")),
            )
        assert outer is None and told == ["431124"]


def test_a_download_is_logged_marked_and_refused_once_signed_out(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADE_KPI_DATA", str(tmp_path))
    viewer = Viewer("某", "county", "431124")
    make = who.taken(viewer, "表.csv", download.CSV, lambda: download.as_csv(("a", "b"), [("x", 1)]))
    lines = make().decode("utf-8-sig").split("\r\n")
    assert lines[:2] == ["a,b", "x,1"] and lines[2].startswith("导出：某（县市区　道县） 20")
    assert download.as_csv(("a",), [("x",)]).decode("utf-8-sig") == "a\r\nx\r\n"
    (entry,) = audit.entries(tmp_path, 9)
    assert (entry.action, entry.name, entry.detail) == ("下载", "某", {"文件": "表.csv"})
    gone = who.taken(Viewer("某", "county", "431124", "no such session"), "表.csv", download.CSV, lambda: b"")
    with pytest.raises(NotSignedIn):
        gone()


def test_the_administrator_makes_and_closes_accounts_and_each_is_logged(tmp_path, monkeypatch):
    look(monkeypatch, "admin")
    monkeypatch.setenv("TRADE_KPI_DATA", str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.text_input(key="account_name").set_value("李四")
    app.selectbox(key="account_role").set_value("leader")
    app.button(key="account_add").click().run()
    assert "已新建账号「李四」，初始密码" in html(app)
    assert accounts.find(tmp_path, "李四").must_change
    app.selectbox(key="account_one").set_value("李四").run()
    app.button(key="account_停用账号").click().run()
    assert "已停用" in html(app) and accounts.find(tmp_path, "李四").disabled
    assert [item.action for item in audit.entries(tmp_path, 9)] == ["停用账号", "新建账号"]
    look(monkeypatch, "leader")
    app.button(key="account_启用账号").click().run()
    assert accounts.find(tmp_path, "李四").disabled


def test_the_auditor_reads_the_log_and_hears_when_it_was_tampered_with(tmp_path, monkeypatch):
    look(monkeypatch, "auditor")
    monkeypatch.setenv("TRADE_KPI_DATA", str(tmp_path))
    audit.record(tmp_path, audit.Entry("登录", "<b>甲", "leader", {"来源": "10.1.2.3"}))
    shown = html(AppTest.from_file(APP, default_timeout=60).run())
    assert "审计记录完好，共1条" in shown and "&lt;b&gt;甲" in shown and "<b>甲" not in shown
