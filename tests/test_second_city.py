"""Another city's document is another folder: three invented units and two targets, through load, board and pages."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from briefs import word_text
from builders import code, firm_table, registry, trade, write_csv
from test_cli import trade_kpi
from test_pages import PAGES, html, run

from dashboard import store
from dashboard.brief import make
from dashboard.brief.request import Request
from dashboard.identity import Viewer
from etl.apply import Options
from etl.clauses import load_clauses
from etl.document import clause_text
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.snapshot import current
from etl.sources.firms import SOURCE
from etl.template import allowed_words

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
    table = firm_table(data / "2025年12月企业进出口情况表.xlsx", "2025年12月企业进出口情况表", firms)
    book = write_csv(
        data / "资金.csv",
        [
            ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额"),
            ("2025-03-01", A, "甲水机械公司", "甲水区", "进口贴息", "设备进口", "1000000", "300000.01"),
            ("2025-03-02", B, "乙山食品公司", "乙山县", "进口 贴息", "原料进口", "1000000", "300000"),
        ],
    )
    events = write_csv(
        data / "大事记.csv",
        [
            ("类别", "名称", "县市区", "日期"),
            ("江西省重点展会", "某展", "甲水区", "2025-06-01"), ("省级外贸产业集群", "某集群", "甲水区", "2025-06-01"),
        ],
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADE_KPI_POLICY", str(FOLDER))
        report = load(data, [(path, Hints()) for path in (table, book, events)], Options())
    assert report.snapshot and [(file.accepted, file.quarantined) for file in report.files] == [
        (3, 0), (2, 0), (1, 1),
    ], report  # fmt: skip
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
    found = [(part, value, json.loads(extra)) for part, value, extra in rows]
    assert found == [("20000000", 2.0, {"near": 1}), ("200000000", 0.0, {"near": 0})]


def test_its_events_are_of_its_own_categories_and_its_money_of_its_own_items(there):
    with duckdb.connect(str(current(there).path), read_only=True) as con:
        assert con.execute("select category from mart_event").fetchall() == [("国内展会",)]
        paid = con.execute("select item_id, verdict, allowed_cny from support_check order by paid").fetchall()
    assert paid == [("interest", "over_rate", 300000), ("interest", "ok", 300000)]


def test_its_list_of_sentences_covers_its_own_text():
    assert [len(measure.sentences) for measure in load_clauses(load_policy(FOLDER)).measures] == [2, 2]


@pytest.mark.parametrize("style", ["第{}条 ", "第{}条\n", "（{}）", "{}、"])
def test_a_document_may_number_its_measures_and_begin_its_closing_in_its_own_way(tmp_path, style):
    folder = shutil.copytree(FOLDER, tmp_path / "policy")
    for name in ("document.txt", "clauses.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace("本措施自发布之日起", "本意见自发布之日起")
        if name == "document.txt":
            text = text.replace("一、", style.format("一")).replace("二、", style.format("二"))
        (folder / name).write_text(text, encoding="utf-8")
    assert [len(measure.sentences) for measure in load_clauses(load_policy(folder)).measures] == [2, 2]
    whole = "扩大进口。到2026年，进口占比达到20%以上。对进口业务的融资利息给予不超过30%的支持，单个企业累计不超过50万元。"
    assert clause_text(folder, "二") == whole


def test_a_measure_numbered_in_figures_ends_before_the_next_and_not_at_a_decimal(tmp_path):
    (tmp_path / "clauses.toml").write_text("measures = []\nclosing = []\n", encoding="utf-8")
    (tmp_path / "document.txt").write_text("1. 进口过\n1.5亿元。\n2．出口。\n", encoding="utf-8")
    assert (clause_text(tmp_path, "1"), clause_text(tmp_path, "2")) == ("进口过1.5亿元。", "出口。")


@pytest.mark.parametrize("command", ["status", "support", "brief", "load", "recompute", "quarantine"])
def test_under_another_citys_policy_its_data_are_neither_read_nor_added_to(city, tmp_path, command):
    data = shutil.copytree(city, tmp_path / "data")
    more = write_csv(
        tmp_path / "大事记.csv",
        [("类别", "名称", "县市区", "日期"), ("服务贸易", "某项", "道县", "2025-06-01")],
    )
    done = trade_kpi(command, *[more][: command == "load"], data=data)
    assert done.returncode == 2 and "已" not in done.stdout, done
    assert "数据目录里的数据是新安市的" in done.stderr and "TRADE_KPI_POLICY" in done.stderr
    assert current(data).id == current(city).id


@pytest.mark.parametrize("page", ["overview", "measures", "support"])
def test_under_another_citys_policy_a_page_says_so_instead_of_figures(city, monkeypatch, page):
    shown = html(run(city, monkeypatch, f"dashboard/pages/{page}.py"))
    assert "数据目录里的数据是新安市的" in shown and "tk-sentence" not in shown


@pytest.mark.parametrize("page", [*PAGES, "dashboard/pages/wall.py"])
def test_every_page_stands_and_says_nothing_of_yongzhou(there, monkeypatch, page):
    shown = html(run(there, monkeypatch, page))
    assert "tk-blank" not in shown and "暂时无法显示" not in shown
    assert [word for word in YONGZHOU if word in shown] == []


def test_its_measures_page_opens_at_what_lags_and_counts_down_to_its_own_end(there, monkeypatch):
    shown = html(run(there, monkeypatch, "dashboard/pages/measures.py"))
    assert shown.count("tk-tenlights") == 2
    assert "2026年12月31日" in shown and "第二条 扩大进口" in shown and "新安海关" in shown


def test_its_money_is_judged_shown_and_offered_by_its_own_rules(there, monkeypatch):
    shown = html(run(there, monkeypatch, "dashboard/pages/support.py"))
    assert "超比例" in shown and "融资利息 1,000,000.00 元的 30% 为 300,000.00 元" in shown
    offered = html(run(there, monkeypatch, "dashboard/pages/claims.py", payee=A, sums="interest:10000"))
    assert "最多 3,000.00 元" in offered and "市级各项合计的上限还剩20.00万元" in offered
    opened = html(run(there, monkeypatch, "dashboard/pages/measures.py", clause="二"))
    assert "60.00万元" in opened


@pytest.mark.parametrize(
    "asked",
    [
        Request("city", "3699", "", "2025-12"),
        Request("unit", "369902", "", "2025-12"),
        Request("indicator", "3699", "import_part", "2025-12"),
    ],
    ids=lambda asked: asked.variant,
)
def test_its_brief_comes_in_every_format_and_says_nothing_of_yongzhou(there, asked):
    gate = store.open_gate(Viewer("某", "task_force", None), there)
    files = make.make(gate, load_policy(), asked, make.FORMATS).files
    assert list(files) == list(make.FORMATS) and all(files.values())
    said = word_text(files["docx"]) + files["html"].decode()
    assert "支持上限" not in said  # which its document does not have
    assert "新府办〔2025〕1号" in said and "进口占比" in said
    assert [word for word in YONGZHOU if word in said] == []


TOTAL = """
id = "total_trade"
order = 3
clause = "一"
quote = "全市进出口总额达到1亿元"
name = "进出口总额"
short = "进出口总额"
basis = "近12个月"
formula = "近12个月进口与出口之和。"
direction = ">="
measure = "total_trade"
lineage = "unit_trade"
detail = "今年累计 {ytd_cny|money}"
caveats = []

[parameters]
unit_cny = 100000000

[city]
kind = "money"
unit = "亿元"
target = 1
deadline = "2026-12"
baseline = "none"
pace = "none"

[county]
kind = "money"
unit = "亿元"
target = "none"
deadline = "2026-12"
baseline = "none"
pace = "none"
"""


def test_its_leading_industries_are_its_own(city, tmp_path, monkeypatch):
    monkeypatch.setenv("TRADE_KPI_POLICY", str(FOLDER))
    data = shutil.copytree(city, tmp_path / "data")
    rows = [
        (A, "甲水机械公司", "甲水区", "", "瓷器制造业", "", "一类", "是", ""),
        (B, "乙山食品公司", "乙山县", "", "农产品", "", "一类", "是", ""),
    ]
    report = load(data, [(registry(tmp_path / "名录.csv", rows), Hints())], Options(confirm="测试"))
    assert [(file.accepted, file.quarantined) for file in report.files] == [(1, 1)]
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        assert con.execute("select industry from fact_firms").fetchall() == [("陶瓷",)]
    column = SOURCE.columns["industry"]
    assert allowed_words(column, load_policy()) == ["陶瓷", "其他"]


def test_a_target_of_money_is_one_more_file_and_runs_through_board_pages_and_briefs(
    city, tmp_path, monkeypatch
):
    """6,000 + 1,400 万元 are 0.74 亿元 of 1 亿元: 0.26 亿元 short; 甲水 has 0.25 of them, 乙山 0.49."""
    folder = shutil.copytree(FOLDER, tmp_path / "policy")
    (folder / "indicators" / "total_trade.toml").write_text(TOTAL, encoding="utf-8")
    for name, old in (
        ("document.txt", "支持企业参加展会。"),
        ("clauses.toml", '[[measures.sentences]]\nquote = "支持企业参加展会"'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        said = "全市进出口总额达到1亿元"
        new = (
            f"{said}。"
            if name == "document.txt"
            else (
                f'[[measures.sentences]]\nquote = "{said}"\ntracked = ["indicator:total_trade"]\nnot_measurable = "none"\n\n'
            )
        )
        assert old in text
        (folder / name).write_text(text.replace(old, new + old), encoding="utf-8")
    monkeypatch.setenv("TRADE_KPI_POLICY", str(folder))
    data = shutil.copytree(city, tmp_path / "data")
    more = [
        ("甲水机械公司", A, "甲水区", trade(100, 100, 50, 50)),
        ("新安市", "", "", trade(100, 100, 50, 50)),
    ]
    january = firm_table(tmp_path / "1月.xlsx", "2026年1月企业进出口情况表", more)
    targets = write_csv(
        tmp_path / "目标.csv",
        [("指标", "县市区", "目标值", "截止日期"), ("进出口总额", "甲水区", "0.3", "2026-12-31")],
    )
    report = load(data, [(january, Hints()), (targets, Hints())], Options(confirm="测试"))
    assert not any(file.refused or file.quarantined for file in report.files), report.files
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        rows = con.execute(
            "select unit, value, target, gap, status from scoreboard where indicator = 'total_trade' and period = '2025-12'"
        ).fetchall()
    board = {unit: [pytest.approx(n) if isinstance(n, float) else n for n in rest] for unit, *rest in rows}
    assert board["3699"] == [0.74, 1.0, 0.26, "behind"]
    assert board["369901"] == [0.25, 0.3, 0.05, "behind"] and board["369902"] == [0.49, None, None, "monitor"]
    assert len(load_clauses(load_policy(folder)).measures[0].sentences) == 3
    for page in [*PAGES, "dashboard/pages/wall.py"]:
        asked = {"indicator": "total_trade", "period": "2025-12", "unit": "3699"}
        shown = html(run(data, monkeypatch, page, **asked))
        assert "tk-blank" not in shown and "暂时无法显示" not in shown, page
        if page.endswith("/indicator.py"):
            for said in ("<b>0.74</b><span>亿元</span>", "差 0.26亿元", "目标 ≥1亿元"):
                assert said in shown, said
    gate = store.open_gate(Viewer("某", "task_force", None), data)
    files = make.make(
        gate, load_policy(), Request("indicator", "3699", "total_trade", "2025-12"), make.FORMATS
    ).files
    said = word_text(files["docx"])
    assert "0.74亿元" in said and "0.26亿元" in said


def test_a_document_without_a_cap_over_all_items_needs_no_more_than_none_in_its_place(
    city, tmp_path, monkeypatch
):
    """Two payments of 300,000: over the 500,000 of the document with a cap, well without one."""
    more = write_csv(
        tmp_path / "资金.csv",
        [
            ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额"),
            ("2025-04-01", B, "乙山食品公司", "乙山县", "进口贴息", "辅料进口", "1000000", "300000"),
        ],
    )
    verdict = "select verdict from support_check where project = '辅料进口'"
    folder = shutil.copytree(FOLDER, tmp_path / "policy")
    for file, old, new in (
        ("support_items.toml", "facts = []", 'facts = []\ntotal = "none"'),
        ("support_items.toml", '[total]\nid = "total"\nname = "市级各项合计"\nclause = "二"\n', ""),
        ("support_items.toml", 'quote = "单个企业累计不超过50万元"\nceiling_cny = 500000\n', ""),
        ("clauses.toml", ', "item:total"', ""),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    for policy, said in ((FOLDER, "over_total"), (folder, "ok")):
        monkeypatch.setenv("TRADE_KPI_POLICY", str(policy))
        data = shutil.copytree(city, tmp_path / f"data of {policy.name}")
        load(data, [(more, Hints())], Options())
        with duckdb.connect(str(current(data).path), read_only=True) as con:
            assert con.execute(verdict).fetchall() == [(said,)]
    for page in [*PAGES, "dashboard/pages/wall.py"]:
        shown = html(run(data, monkeypatch, page, unit="369902", payee=B, firm=B))
        assert "tk-blank" not in shown and "暂时无法显示" not in shown, page
        assert page[16:] != "support.py" or "文件没有各项合计的上限" in shown
        assert page[16:] != "claims.py" or ("测算结果" in shown and "上限还剩" not in shown)
    gate = store.open_gate(Viewer("某", "task_force", None), data)
    files = make.make(gate, load_policy(), Request("task_force", "3699", "", "2025-12"), ("docx",)).files
    assert "资金拨付" in word_text(files["docx"]) and "支持上限" not in word_text(files["docx"])
