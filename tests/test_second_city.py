"""Another city's document is another folder: three invented units and two targets, through load, board and pages."""

from pathlib import Path

import duckdb
import pytest
from builders import code, firm_table, trade
from test_pages import PAGES, html, run

from etl.clauses import load_clauses
from etl.layout import Hints
from etl.load import Options, load
from etl.policy import load_policy
from etl.snapshot import current

FOLDER = Path(__file__).resolve().parent / "policy" / "xinan-2025"
A, B, C = code("369901", 1), code("369902", 2), code("369902", 3)
YONGZHOU = ("永州", "零陵", "湖南", "4311", "12个县市区")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A data folder of the other city: one December, so that its twelve months are known."""
    data = tmp_path_factory.mktemp("city")
    firms = [
        ("甲水机械公司", A, "甲水区", trade(100, 2000, 50, 500)),
        ("乙山食品公司", B, "江西省新安市乙山县", trade(100, 1600, 0, 0)),
        ("乙山木业公司", C, "乙山县", trade(100, 2400, 100, 900)),
        ("新安市", "", "", trade(300, 6000, 150, 1400)),
    ]
    table = firm_table(data / "2024年12月企业进出口情况表.xlsx", "2024年12月企业进出口情况表", firms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADE_KPI_POLICY", str(FOLDER))
        report = load(data, [(table, Hints())], Options())
    assert report.snapshot and (report.files[0].accepted, report.files[0].quarantined) == (3, 0), report
    return data


@pytest.fixture
def there(city, monkeypatch):
    monkeypatch.setenv("TRADE_KPI_POLICY", str(FOLDER))
    return city


def test_its_lights_are_judged_by_its_own_targets(there):
    with duckdb.connect(str(current(there).path), read_only=True) as con:
        rows = con.execute("select indicator, unit, value, status from scoreboard").fetchall()
    board = {(indicator, unit): (value, status) for indicator, unit, value, status in rows}
    assert board["firms_over_20m", "3699"] == (2, "met")
    assert board["import_part", "3699"] == (pytest.approx(1400 / 7400), "behind")
    assert board["import_part", "369902"] == (pytest.approx(900 / 4900), "behind")
    assert board["import_part", "369903"][1] == "no_data"
    assert {unit for _, unit in board} == {"3699", "369901", "369902", "369903"}


def test_its_monitors_follow_its_own_lines(there):
    with duckdb.connect(str(current(there).path), read_only=True) as con:
        rows = con.execute(
            "select part, value, extra from monitor_board where unit = '3699' order by place"
        ).fetchall()
    assert rows == [("20000000", 2.0, '{"near": 1}'), ("200000000", 0.0, '{"near": 0}')]


def test_its_list_of_sentences_covers_its_own_text():
    assert [len(measure.sentences) for measure in load_clauses(load_policy(FOLDER)).measures] == [2, 2]


@pytest.mark.parametrize("page", [*PAGES, "dashboard/pages/wall.py"])
def test_every_page_stands_and_says_nothing_of_yongzhou(there, monkeypatch, page):
    shown = html(run(there, monkeypatch, page))
    assert "tk-blank" not in shown and "暂时无法显示" not in shown
    assert [word for word in YONGZHOU if word in shown] == []


def test_its_measures_page_opens_at_what_lags_and_counts_down_to_its_own_end(there, monkeypatch):
    shown = html(run(there, monkeypatch, "dashboard/pages/measures.py"))
    assert shown.count("tk-tenlights") == 2
    assert "2026年12月31日" in shown and "第二条 扩大进口" in shown and "新安海关" in shown
