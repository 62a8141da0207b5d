"""Each page as Streamlit runs it: content, badge, state in the URL, empty and broken states."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import menu
from dashboard.identity import Viewer

APP = str(Path(__file__).resolve().parent.parent / "app.py")
PAGES = (
    "dashboard/pages/overview.py",
    "dashboard/pages/unit.py",
    "dashboard/pages/indicator.py",
    "dashboard/pages/quality.py",
    "dashboard/pages/timeline.py",
    "dashboard/pages/whatif.py",
    "dashboard/pages/notes.py",
    "dashboard/pages/ranking.py",
    "dashboard/pages/firms.py",
    "dashboard/pages/upload.py",
    "dashboard/pages/markets.py",
    "dashboard/pages/measures.py",
    "dashboard/pages/support.py",
    "dashboard/pages/claims.py",
    "dashboard/pages/brief.py",
)
UPLOAD = "dashboard/pages/upload.py"


def run(data: Path, monkeypatch: pytest.MonkeyPatch, page: str = PAGES[0], **query: str) -> AppTest:
    monkeypatch.setenv("TRADE_KPI_DATA", str(data))
    app = AppTest.from_file(APP, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if page != PAGES[0]:
        app.switch_page(page)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """All HTML that the page gave to its canvases."""
    return (
        "".join(element.proto.json for element in app.get("bidi_component"))
        .encode()
        .decode("unicode_escape", "ignore")
    )


def test_an_indicator_without_a_value_says_so_where_its_trend_would_stand(demo_data, monkeypatch):
    page = "dashboard/pages/indicator.py"
    shown = html(run(demo_data, monkeypatch, page, indicator="cbec_growth", period="2023-01"))
    assert "还没有数值，画不出走势。" in shown and "跨境电商年均增速走势（累计）" in shown
    head = shown.split("tk-one")[1].split("</section>")[0]
    assert head.count("缺少数据") == 1


@pytest.mark.parametrize("page", PAGES)
def test_every_page_made_from_demo_data_says_so(demo_data, monkeypatch, page):
    assert "tk-demo" in html(run(demo_data, monkeypatch, page))


def test_the_overview_has_the_sentence_and_a_card_per_target(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch))
    assert "tk-sentence" in shown
    assert shown.count("<a data-go") >= 13 and shown.count("tk-standing") == 13


def test_the_month_is_taken_from_the_address(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, period="2025-09")
    assert app.selectbox(key="pick_period").value == "2025-09"


def test_an_unknown_month_in_the_address_falls_back_to_the_newest(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, period="1999-99")
    assert app.selectbox(key="pick_period").value == "2026-10"
    assert app.query_params["period"] == "2026-10"


def test_choosing_a_month_writes_it_into_the_address(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch)
    app.selectbox(key="pick_period").set_value("2026-03").run()
    assert app.query_params["period"] == "2026-03"


def test_a_units_page_shows_its_place_and_what_its_gaps_take(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, PAGES[1], unit="431124", period="2026-10")
    assert app.selectbox(key="pick_unit").value == "431124"
    assert "tk-need" in html(app)


def test_an_indicators_page_shows_ranking_map_and_definition(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGES[2], indicator="import_share", unit="4311"))
    for part in ("tk-ranking", "tk-map", "tk-definition", "tk-table"):
        assert part in shown


def test_an_indicators_page_has_what_moved_it_the_years_end_and_the_clause(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, PAGES[2], indicator="import_share", unit="4311", period="2026-10")
    shown = html(app)
    for part in ("tk-fall", "年末预估", "第六条全文", "列出来源文件和行", "走势数据表"):
        assert part in shown
    assert "逐行" not in shown
    assert [button.label for button in app.get("download_button")] == ["下载 CSV", "下载 Excel"]


def test_an_indicators_span_is_taken_from_the_address_and_an_unknown_one_is_not(demo_data, monkeypatch):
    where = {"indicator": "import_share", "unit": "4311", "period": "2026-10"}
    assert "下面按近12个月显示" in html(run(demo_data, monkeypatch, PAGES[2], **where, span="ttm"))
    assert "不亮灯；红绿灯" not in html(run(demo_data, monkeypatch, PAGES[2], **where, span="<b>"))


def test_an_indicators_rows_are_listed_on_demand_and_can_be_taken_along(demo_data, monkeypatch):
    where = {"indicator": "import_share", "unit": "431124", "period": "2026-10", "trace": "rows"}
    app = run(demo_data, monkeypatch, PAGES[2], **where)
    shown = html(app)
    assert "2026年10月各县市区进出口情况表.xlsx" in shown and "<td>11</td>" in shown
    assert "下载来源行" in [button.label for button in app.get("download_button")]


def test_a_unit_stands_beside_those_that_the_address_names(demo_data, monkeypatch):
    where = {"unit": "431124", "period": "2026-10"}
    assert "最多3个" in html(run(demo_data, monkeypatch, PAGES[1], **where))
    shown = html(run(demo_data, monkeypatch, PAGES[1], **where, beside="431102,nobody,431122"))
    assert "并列对比表" in shown and shown.count("✓ ") == 2 and "nobody" not in shown
    assert html(run(demo_data, monkeypatch, PAGES[1], **where, beside="similar")).count("✓ ") == 4


def test_a_county_sees_its_own_unit_first(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", "431124"))
    for page in PAGES[1:3]:
        assert run(demo_data, monkeypatch, page).selectbox(key="pick_unit").value == "431124"


def test_a_county_sees_its_own_near_line_firms_and_no_others(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", "431124"))
    assert "还差最少的在前" in html(run(demo_data, monkeypatch, PAGES[1], unit="431124", period="2026-10"))
    other = html(run(demo_data, monkeypatch, PAGES[1], unit="431102", period="2026-10"))
    assert "还差最少的在前" not in other and "县市区只能看本地企业" in other
    for part in ("产业集群", "园区外贸实体项目", "出口退税本年办结"):
        assert f"<h2>{part}</h2>" in other


def test_the_quality_page_has_its_five_parts(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGES[3]))
    for title in ("时效", "隔离", "对账", "确认放行", "修订"):
        assert f"<h2>{title}</h2>" in shown
    assert "16行待核" in shown and "没有可以相比的上一个快照" in shown and "永洲县" in shown


def test_the_quality_page_lists_the_file_that_the_address_names(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGES[3], file="1"))
    assert "演示企业名录.csv，共4行" in shown and "永洲县" in shown and "2026年2月30日" not in shown


def test_a_file_that_nobody_knows_shows_all(demo_data, monkeypatch):
    assert "全部文件，共16行" in html(run(demo_data, monkeypatch, PAGES[3], file="<b>9999"))


def test_a_county_sees_how_many_rows_wait_and_not_what_is_in_them(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", "431124"))
    shown = html(run(demo_data, monkeypatch, PAGES[3]))
    assert "16行待核" in shown and "只向市领导、工作专班和数据加载人员显示" in shown
    assert "永洲县" not in shown and "MAFAUL" not in shown


def test_the_repair_workbook_is_offered_to_those_who_see_rows_alone(demo_data, monkeypatch):
    offered = run(demo_data, monkeypatch, PAGES[3]).get("download_button")
    assert [button.label for button in offered] == ["下载更正表"]
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", "county", "431124"))
    assert not run(demo_data, monkeypatch, PAGES[3]).get("download_button")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leads_to_what_waits_in_quarantine(demo_data, monkeypatch, page):
    shown = html(run(demo_data, monkeypatch, page, period="2026-10"))
    assert 'href="/quality?period=2026-10">待核数据16行</a>' in shown


@pytest.mark.parametrize("page", [page for page in PAGES if page != UPLOAD])
def test_without_data_a_page_says_how_to_load(tmp_path, monkeypatch, page):
    shown = html(run(tmp_path, monkeypatch, page))
    assert "trade-kpi load" in shown and "tk-blank" in shown and "「上传数据」页" in shown
    assert "tk-product" in shown and "退出登录" in shown  # the name, and a way out


def test_without_data_the_upload_page_takes_the_first_files(tmp_path, monkeypatch):
    app = run(tmp_path, monkeypatch, UPLOAD)
    assert not app.exception and len(app.get("file_uploader")) == 1
    assert "tk-blank" not in html(app)


def test_a_damaged_snapshot_shows_a_sentence_and_no_traceback(demo_copy, monkeypatch):
    (demo_copy / "snapshots" / "CURRENT").write_text("20200101-000000\n")
    shown = html(run(demo_copy, monkeypatch))
    assert "tk-blank" in shown and "rollback" in shown and "Traceback" not in shown
    assert "tk-product" in shown and "退出登录" in shown


def test_the_wall_screen_shows_the_newest_month_and_has_nothing_to_choose(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, "dashboard/pages/wall.py", period="2026-03")
    shown = html(app)
    assert "tk-wall" in shown and "数据截至2026年10月" in shown and "tk-demo" in shown
    assert not app.selectbox and "tk-source" not in shown


@pytest.mark.parametrize("screen", range(4))
def test_the_wall_screen_turns_by_the_clock(demo_data, monkeypatch, screen):
    monkeypatch.setattr("time.time", lambda: 15.0 * (400 + screen))
    shown = html(run(demo_data, monkeypatch, "dashboard/pages/wall.py"))
    assert f"第{screen + 1}屏，共4屏" in shown


def test_runs_share_no_page_of_the_navigation_and_each_role_has_its_own(monkeypatch):
    monkeypatch.setattr(menu.st, "Page", lambda *_, **said: SimpleNamespace(**said))
    menu._page.cache_clear()
    roles = [Viewer("某", role, None) for role in ("leader", "leader", "admin")]
    one, again, other = (menu.pages(viewer) for viewer in roles)
    menu._page.cache_clear()
    assert one == again and not any(page is same for page, same in zip(one, again, strict=True))
    assert [page.url_path for page in other if page.default] == [None]
    shown = [[page.title for page in pages if page.visibility == "visible"] for pages in (one, other)]
    assert "账户" not in shown[0] and shown[1] == ["账户"]
