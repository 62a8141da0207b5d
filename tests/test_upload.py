"""上传数据 as Streamlit runs it: who may, what the check says, what it asks for, and that publishing happens once."""

import threading
from pathlib import Path

import duckdb
import pytest
from builders import SMALL_FIRM, code, firm_table, registry, small_table, trade
from streamlit.testing.v1 import AppTest
from test_pages import APP, html, run

from dashboard import desk, shell
from dashboard.address import PAGES
from dashboard.desk import Desk, Upload
from dashboard.identity import Viewer
from etl import intake, snapshot
from etl.apply import Options
from etl.errors import UserError
from etl.layout import Hints
from etl.load import load

PAGE = "dashboard/pages/upload.py"
NASTY = "<img src=x onerror=alert(1)>"
pytestmark = pytest.mark.usefixtures("near")


def dropped(data: Path, monkeypatch: pytest.MonkeyPatch, *files: Path) -> AppTest:
    """The page with those files dropped and checked."""
    app = run(data, monkeypatch, PAGE)
    for file in files:
        app.file_uploader[0].upload(file.name, file.read_bytes())
    return pressed(app.run(), "check")


def pressed(app: AppTest, button: str) -> AppTest:
    app.button(key=button).click().run()
    assert not app.exception
    return app


def snapshots(data: Path) -> list[str]:
    return [item.id for item in snapshot.history(data)]


def upload(path: Path) -> Upload:
    return Upload(path.name, path.name, memoryview(path.read_bytes()))


def rows(data: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("role", ["leader", "county", "auditor"])
def test_who_may_not_load_gets_one_sentence_and_no_entry(small_data, monkeypatch, role):
    viewer = Viewer("某", role, "431102")
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: viewer)
    app = AppTest.from_file(APP, default_timeout=30)
    monkeypatch.setenv("TRADE_KPI_DATA", str(small_data))
    app.run()
    app.switch_page(PAGE).run()
    assert "上传数据只向工作专班和数据加载人员开放" in html(app)
    assert not app.file_uploader and not app.button
    assert not shell.listed(PAGES["upload"], viewer)
    assert shell.listed(PAGES["quality"], viewer) == (role != "auditor")


@pytest.mark.parametrize("role", ["task_force", "loader"])
def test_who_may_load_gets_the_page_and_its_entry(small_data, monkeypatch, role):
    viewer = Viewer("某", role, None)
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: viewer)
    assert run(small_data, monkeypatch, PAGE).file_uploader
    assert shell.listed(PAGES["upload"], viewer)


def test_a_check_says_kind_month_and_where_rows_went_and_publishes_nothing(small_data, tmp_path, monkeypatch):
    before = snapshots(small_data)
    shown = html(dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月")))
    for said in ("可以发布", "企业月度进出口", "2025-10", "读取 1 = 接受 1 + 隔离 0 + 跳过 0", "新增2025-10"):
        assert said in shown
    assert snapshots(small_data) == before


def test_publishing_gives_one_new_snapshot_its_id_and_the_way_on(small_data, tmp_path, monkeypatch):
    app = dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))
    app = pressed(app, "publish")
    assert len(snapshots(small_data)) == 2
    shown = html(app)
    assert "已发布快照" in shown and snapshots(small_data)[0] in shown
    assert "看数据质量" in shown and "●" in shown
    assert not app.file_uploader[0].value and not app.button


def test_the_first_files_of_all_can_be_uploaded(tmp_path, monkeypatch):
    data = tmp_path / "new"
    app = dropped(data, monkeypatch, small_table(tmp_path / "9月.xlsx"))
    pressed(app, "publish")
    assert len(snapshots(data)) == 1


def test_a_refused_file_is_told_why_and_nothing_can_be_published(small_data, tmp_path, monkeypatch):
    wrong = registry(tmp_path / "名录.csv", [])
    before = {path.name: snapshot.digest(path) for path in (small_data / "snapshots").glob("snapshot-*")}
    app = dropped(small_data, monkeypatch, wrong)
    assert "拒收" in html(app) and "只有表头，没有数据行" in html(app)
    assert [button.key for button in app.button] == ["check"]
    assert before == {
        path.name: snapshot.digest(path) for path in (small_data / "snapshots").glob("snapshot-*")
    }


def test_a_file_that_lacks_its_unit_is_asked_for_it_and_then_published(small_data, tmp_path, monkeypatch):
    no_unit = firm_table(
        tmp_path / "10月.xlsx", "2025年10月", [(*SMALL_FIRM, trade(110, 990, 0, 0))], unit=""
    )
    app = dropped(small_data, monkeypatch, no_unit)
    assert "没有写明金额单位，请在下面指明。" in html(app) and "--unit" not in html(app)
    (chooser,) = app.selectbox
    assert chooser.label == "10月.xlsx：金额单位" and chooser.value is None
    chooser.set_value("万元")
    app = pressed(app, "again")
    assert app.selectbox[0].value == "万元"
    pressed(app, "publish")
    assert rows(small_data, "select max(ytd_export) from fact_firm_month")[0][0] == 9_900_000


def test_a_held_file_waits_for_a_reason_which_is_kept(small_data, tmp_path, monkeypatch):
    app = dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx", 10_000, "2025年10月"))
    assert "扣留" in html(app) and "--confirm" not in html(app)
    assert "publish" not in [button.key for button in app.button]
    app.text_input[0].set_value("已电话核实")
    app = pressed(app, "again")
    assert "已确认（已电话核实）" in html(app)
    pressed(app, "publish")
    assert rows(small_data, "select distinct reason from confirmation") == [("已电话核实",)]


def test_a_ledger_that_leaves_older_rows_can_be_taken_whole(small_data, tmp_path, monkeypatch):
    def firm(n: int) -> list[str]:
        return [code("431102", n), f"企业{n}", "零陵区", "", "机电", "", "一", "否", "2025-01-01"]

    load(small_data, [(registry(tmp_path / "旧.csv", [firm(1), firm(2)]), Hints())], Options())
    app = dropped(small_data, monkeypatch, registry(tmp_path / "新.csv", [firm(1)]))
    assert "如本文件是完整台账，请在下面选整本替换" in html(app) and "--replace" not in html(app)
    app.checkbox[0].check()
    pressed(pressed(app, "again"), "publish")
    assert rows(small_data, "select count(*) from fact_firms") == [(1,)]


def test_quarantined_cells_are_listed_and_what_is_in_them_is_inert(small_data, tmp_path, monkeypatch):
    bad = [code("431102", 1), "企业", "零陵区", "", "机电", "", "一", "否", NASTY]
    good = [code("431102", 2), "企业", "零陵区", "", "机电", "", "一", "否", "2025-01-01"]
    shown = html(
        dropped(small_data, monkeypatch, registry(tmp_path / f"{NASTY.replace('/', '')}.csv", [bad, good]))
    )
    for said in ("隔离的行", "无法识别", "生效日期", "隔离1行", "&lt;img"):
        assert said in shown
    assert "<img" not in shown


def test_a_snapshot_published_meanwhile_asks_for_a_new_check(small_data, tmp_path, monkeypatch):
    app = dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))
    load(small_data, [(small_table(tmp_path / "11月.xlsx", 1.2, "2025年11月"), Hints())], Options())
    app = pressed(app, "publish")
    assert "检查之后数据已有更新，请重新检查再发布。" in html(app)
    assert len(snapshots(small_data)) == 2
    pressed(pressed(app, "check"), "publish")
    assert len(snapshots(small_data)) == 3


def test_work_that_dies_is_one_sentence_on_the_page(small_data, tmp_path, monkeypatch):
    def dies(*_: object) -> None:
        raise UserError(intake.DEATHS["memory"])

    monkeypatch.setattr(intake, "check", dies)
    shown = html(dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx")))
    assert intake.DEATHS["memory"] in shown and "Traceback" not in shown


def test_another_set_of_files_than_the_one_checked_cannot_be_published(small_data, tmp_path, monkeypatch):
    app = dropped(small_data, monkeypatch, small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))
    app.file_uploader[0].upload("更多.csv", b"a,b\n1,2\n").run()
    assert [button.label for button in app.button] == ["检查"]


def test_two_clicks_at_once_publish_once(small_data, tmp_path):
    own, files = Desk("某"), [upload(small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))]
    own.check(small_data, files)
    clicks = [threading.Thread(target=own.publish, args=(small_data, files)) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(snapshots(small_data)) == 2 and own.published and not own.refusal


def test_bytes_that_changed_after_the_check_are_not_published(small_data, tmp_path):
    own, path = Desk("某"), small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月")
    own.check(small_data, [upload(path)])
    small_table(path, 1.2, "2025年10月")
    own.publish(small_data, [upload(path)])
    assert "与检查时不同" in own.refusal and len(snapshots(small_data)) == 1


def test_too_much_at_once_is_a_sentence(small_data, monkeypatch):
    monkeypatch.setattr(desk, "MOST_BYTES", 3_000_000)
    own = Desk("某")
    own.check(small_data, [Upload("1", "大.csv", memoryview(bytes(3_000_001)))])
    assert own.refusal == "一次最多上传 3 MB，请分几次上传。"


def test_nothing_that_was_uploaded_stays_on_disk_but_what_was_published(small_data, tmp_path):
    own, files = Desk("某"), [upload(small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))]
    own.check(small_data, files)
    assert list((small_data / "uploads").iterdir()) == []
    own.publish(small_data, files)
    assert list((small_data / "uploads").iterdir()) == []


def test_a_reason_lets_in_only_what_was_shown_to_be_held(small_data, tmp_path):
    own = Desk("某")
    files = [upload(small_table(tmp_path / "10月.xlsx", 10_000, "2025年10月"))]
    reason = Options(publish=False, confirm="已核实")
    own.check(small_data, files, options=reason)  # nobody saw the hold yet
    assert own.checked and own.checked.found.report.files[0].held
    own.check(small_data, files, [Hints(flow="出口")], reason)  # and not as it is read now
    assert own.checked.found.report.files[0].held
    load(small_data, [(small_table(tmp_path / "11月.xlsx", 1.2, "2025年11月"), Hints())], Options())
    own.check(small_data, files, [Hints(flow="出口")], reason)  # nor against these data
    assert own.checked.found.report.files[0].held
    own.check(small_data, files, [Hints(flow="出口")], reason)
    assert not own.checked.found.report.files[0].refused
