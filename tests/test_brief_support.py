"""资金使用 in the brief: its table of firms over the ceiling is the light's, and offices are no firms."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from builders import declared, registry
from test_support import FIRM, OFFICE, book, loaded

from dashboard import store
from dashboard.brief.document import Table, plain
from dashboard.brief.gather import gather
from dashboard.brief.request import Request
from dashboard.brief.sections.firms import build as firms_section
from dashboard.brief.sections.support import build
from dashboard.identity import Viewer
from etl.policy import load_policy

POLICY = load_policy()
PERIOD = "2025-09"


def facts(data, unit="4311"):
    gate = store.open_gate(Viewer("测试", "task_force", None), data)
    variant = "task_force" if unit == "4311" else "unit"
    made_at = datetime(2025, 10, 20, tzinfo=UTC)
    return gather(gate, POLICY, Request(variant, unit, "", PERIOD), made_at, "测试", None)


def told(data, unit="4311"):
    """The section's words, and the rows of its table of firms over the ceiling."""
    section = build(facts(data, unit))
    words = "".join(plain(block.runs) for block in section.blocks if hasattr(block, "runs"))
    over = [block for block in section.blocks if isinstance(block, Table) and "超出支持上限" in block.title]
    return words, [[cell.text for cell in row] for table in over for row in table.rows]


@pytest.fixture
def firms(tmp_path):
    """One firm that trades, and moves from 零陵区 to 冷水滩区 in June 2025."""
    trade = [("202509", "出口", FIRM, "甲公司", "07032010", "110", "0110", "1000", "140")]
    return declared(tmp_path / "明细.csv", trade), registry(tmp_path / "名录.csv", [
        (FIRM, "甲公司", "零陵区", "", "农产品", "", "一类", "是", "2024-01-01"),
        (FIRM, "甲公司", "冷水滩区", "", "农产品", "", "一类", "是", "2025-06-01"),
    ])  # fmt: skip


def test_an_office_that_awards_were_paid_to_is_no_firm_over_the_ceiling(tmp_path, firms):
    rows = [
        (day, OFFICE, "某县商务局", "零陵区", "产业集群综合评价前三", f"{day[:4]}年评价{day}", "", "500000")
        for day in ("2025-03-01", "2025-06-01", "2025-09-01")
    ]
    data = loaded(tmp_path / "data", *firms, book(tmp_path / "台账.csv", *rows))
    words, over = told(data)
    assert "超过100万元的0家，已达标，没有超出。" in words and over == []
    assert "全市共拨付市级支持资金3笔，累计150.00万元（其中2025年150.00万元），惠及企业0家。" in words


def test_a_firm_that_gave_all_back_is_none_that_benefits(tmp_path, firms):
    rows = [
        ("2025-03-01", FIRM, "甲公司", "零陵区", "AEO认证费", "认证", "200000", "100000"),
        ("2025-09-01", FIRM, "甲公司", "零陵区", "AEO认证费", "认证", "", "-99999.99"),
    ]
    data = loaded(tmp_path / "data", *firms, book(tmp_path / "台账.csv", *rows))
    assert "惠及企业1家。" in told(data)[0]
    rest = ("2025-09-02", FIRM, "甲公司", "零陵区", "AEO认证费", "认证", "", "-0.01")
    assert "惠及企业0家。" in told(loaded(data, book(tmp_path / "退回.csv", rest)))[0]


def test_a_firm_that_moved_is_over_the_ceiling_where_it_belongs_now_as_its_light_says(tmp_path, firms):
    rows = [
        (day, FIRM, "甲公司", unit, "鼓励类进口贴息", f"贴息{day}", "1200000", "600000")
        for day, unit in (("2025-03-01", "零陵区"), ("2025-08-01", "冷水滩区"))
    ]
    data = loaded(tmp_path / "data", *firms, book(tmp_path / "台账.csv", *rows))
    row = ["甲公司", "冷水滩区", "120.00万元", "20.00万元"]
    for unit, over in (("4311", [row]), ("431103", [row]), ("431102", [])):
        light = facts(data, unit).light("support_cap")
        words, found = told(data, unit)
        assert (light.value, found) == (len(over), over)
        assert f"超过100万元的{len(over)}家" in words
    assert facts(data).support.over[0].total_cny == Decimal(1_200_000)


def test_without_a_ledger_support_is_not_known(tmp_path, firms):
    words, over = told(loaded(tmp_path / "data", *firms))
    assert "全市市级支持资金暂无数据（没有加载资金台账）。" in words and not over
    assert words.count("暂无数据，") == 0


def test_before_the_document_there_is_no_support_of_it(demo_data):
    gate = store.open_gate(Viewer("测试", "task_force", None), demo_data)
    early = gather(
        gate,
        POLICY,
        Request("unit", "431124", "", "2024-03"),
        datetime(2026, 11, 25, tzinfo=UTC),
        "测试",
        None,
    )
    words = "".join(plain(block.runs) for block in build(early).blocks if hasattr(block, "runs"))
    assert (
        "文件2024年6月14日印发，至2024年3月没有市级支持资金。" in words and "至2024年3月，台账" not in words
    )
    listed = "".join(plain(block.runs) for block in firms_section(early).blocks if hasattr(block, "runs"))
    assert "上一个12个月的企业进出口暂无数据，不作比较。" in listed
