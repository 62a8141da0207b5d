"""What a brief says where a source is missing or two months came in one: never none, never zero, never one month."""

import io
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from briefs import part
from builders import trade, write_bureau, write_csv
from test_cli import trade_kpi

from dashboard import store
from dashboard.brief import record
from dashboard.brief.compose import compose
from dashboard.brief.document import Chart, Paragraph, Picture, Section, Table, plain
from dashboard.brief.facts import Facts
from dashboard.brief.gather import gather
from dashboard.brief.request import Request
from dashboard.brief.sections import units
from dashboard.brief.write import workbook
from dashboard.brief.write.charts import alone, xml
from dashboard.identity import Viewer
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy

POLICY = load_policy()
COUNTY = ("县市区",)
MADE_AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def spring(tmp_path_factory):
    """County tables of December, January and February in one, and March; cross-border with the same months in one."""
    inbox, data = (tmp_path_factory.mktemp(name) for name in ("inbox", "data"))
    tables = [
        write_bureau(
            inbox / f"{title}.xlsx", f"{title}各县市区进出口情况表", [["道县", *row], ["全市", *row]], COUNTY
        )
        for title, row in (
            ("2025年12月", trade(90, 1000, 10, 100)),
            ("2026年1—2月", trade(150, 150, 15, 15)),
            ("2026年3月", trade(80, 230, 8, 23)),
        )
    ]
    rows = [("2026年1—2月", "道县", "50000", "0"), ("2026年3月", "道县", "30000", "0")]
    ledger = write_csv(inbox / "电商.csv", [("统计月份", "县市区", "出口（元）", "进口（元）"), *rows])
    report = load(data, [(path, Hints()) for path in (*tables, ledger)], Options())
    assert report.snapshot and not any(file.quarantined for file in report.files), report
    return data


def facts_of(data, period: str, variant: str = "unit", unit: str = "431124", indicator: str = "") -> Facts:
    gate = store.open_gate(Viewer("测试", "task_force", None), data)
    assert gate
    return gather(gate, POLICY, Request(variant, unit, indicator, period), MADE_AT, "测试", None)


def sections(facts: Facts) -> dict[str, Section]:
    return {section.id: section for section in compose(facts).sections}


def words(section: Section) -> str:
    return "".join(plain(block.runs) for block in section.blocks if isinstance(block, Paragraph))


def test_two_months_in_one_are_no_month_of_cross_border_trade(spring):
    told = sections(facts_of(spring, "2026-02"))["cbec"]
    assert "1—2月，道县跨境电商进出口5.00万元" in words(told) and "当月" not in words(told)
    assert "当月3.00万元" in words(sections(facts_of(spring, "2026-03"))["cbec"])
    assert not [block for block in told.blocks if isinstance(block, Chart)]


def test_a_month_alone_is_drawn_and_two_in_one_are_a_gap(spring):
    facts = facts_of(spring, "2026-03")
    read = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, compose(facts))))["道县"]
    rows = {row[0]: row for row in read.iter_rows(values_only=True)}
    assert rows["2026-02"][1:7] == (None, None, None, 165, 150, 15)
    assert rows["2026-03"][1:7] == (88, 80, 8, 253, 230, 23)
    assert "—" not in rows["2026-01"]  # a text would be drawn as zero
    written = part(workbook.write(facts, compose(facts)), r"xl/charts/chart\d+\.xml")
    assert b'<c:symbol val="circle"/>' in b"".join(written)


@pytest.mark.parametrize(
    ("values", "dots"),
    [
        ((1, 2, None), False),
        ((1, None, 2, 3), True),
        ((None, 1, None), True),
        ((None, None), False),
        ((1,), True),
    ],
)
def test_a_value_with_none_beside_it_gets_a_dot(values, dots):
    assert alone(values) == dots


def test_a_lone_value_is_seen_in_the_charts_of_document_and_slides(spring):
    told = sections(facts_of(spring, "2026-03", "indicator", "4311", "import_share"))["topic"]
    chart = next(block for block in told.blocks if isinstance(block, Chart))
    assert [value is not None for value in chart.series[0].values] == [True, False, True, True]
    assert b'<c:symbol val="circle"/>' in xml(chart, 10)


def test_missing_firms_are_not_said_to_be_none(spring):
    told = words(sections(facts_of(spring, "2026-03"))["firms"])
    assert "近12个月的企业进出口暂无数据，不列近线企业。" in told and "没有近线企业" not in told


def test_a_pace_without_its_base_says_so_in_every_table(spring):
    said = "基期（2023-12）无数据，序时进度从0起算。"
    document = compose(facts_of(spring, "2026-03", "city", "4311"))
    goals = next(section for section in document.sections if section.id == "goals")
    assert "进口占比：" + said in goals.blocks[1].note and "进口占比：" + said in plain(goals.points[-1])
    document = compose(facts_of(spring, "2026-03", "indicator", "4311", "import_share"))
    notes = [block.note for block in document.blocks() if isinstance(block, Table)]
    assert "道县：" + said in notes


def test_a_target_that_cannot_be_counted_yet_is_not_said_to_be_none(spring):
    table = sections(facts_of(spring, "2026-03", "city", "4311"))["goals"].blocks[1]
    row = next(row for row in table.rows if row[1].text.startswith("园区引进外贸实体项目"))
    assert [cell.text for cell in row[2:5]] == ["—", "每年12月", "—"] and row[7].text == "○暂无数据"


def test_the_workbook_says_each_years_december_as_the_document_does(spring):
    facts = facts_of(spring, "2026-03")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, compose(facts))))["目标总表"]
    ends = {
        row[1].partition("（")[0]: row[3] for row in sheet.iter_rows(min_row=5, max_row=17, values_only=True)
    }
    assert ends["园区引进外贸实体项目"] == "每年12月" and ends["出口退税平均办理"] == "长期"
    assert ends["进口占比"] == "2026-12" and ends["服务贸易破零"] == "—"  # which a county has no target of


def test_a_unit_without_any_light_is_not_said_to_have_nothing_behind(spring):
    told = words(units.build(facts_of(spring, "2026-03", "city", "4311")))
    assert re.search(r"各项目标均暂无数据的有零陵区、.*永州经开区。", told)
    assert "没有滞后目标的有道县。" in told  # ahead of the pace of its import share, its only light


def test_what_nobody_knows_is_not_said_to_be_on_course(spring):
    told = sections(facts_of(spring, "2026-03", "indicator", "4311", "rebate_days"))
    unknown = "没有可确认的滞后目标。暂时不能判断是否滞后的目标有出口退税平均办理（缺少数据）。"
    assert words(told["problems"]) == plain(told["problems"].points[0]) == unknown
    assert words(told["measures"]) == "没有可确认的滞后目标，数据不全的先补齐，继续按月监测。"
    picture = next(block for block in told["standings"].blocks if isinstance(block, Picture))
    assert picture.alt == "出口退税平均办理分布图：暂无数据"


def test_targets_without_data_are_named_beside_the_red_ones(demo_data):
    told = sections(facts_of(demo_data, "2026-10", "unit", "431123"))["problems"]
    said = "暂时不能判断是否滞后的目标有一、二类企业退税办理（本年没有办结的正常案件）。"
    assert words(told).endswith(said) and plain(told.points[-1]) == said and len(told.points) == 4


def test_a_file_in_no_folder_is_refused_before_anything_is_recorded(small_data, tmp_path):
    done = trade_kpi("brief", "-o", tmp_path / "没有" / "简报.docx", data=small_data)
    assert done.returncode == 2 and "没有文件夹" in done.stderr and "Traceback" not in done.stderr
    assert record.all_makings(small_data) == ()
