"""The ledger as it is loaded: tables of the snapshot, the command line, other documents, entries that are typed."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from builders import code, declared, registry, small_table, write_csv
from test_cli import trade_kpi

from etl import snapshot
from etl.apply import Options
from etl.errors import UserError
from etl.layout import Hints
from etl.load import load
from etl.policy import DEFAULT_FOLDER
from etl.support.entry import Entry, amount, as_file, entered, replacing, withdrawn

HEADER = ("拨付日期", "统一社会信用代码", "企业名称", "县市区", "事项", "项目", "申报基数", "补助金额")
FIRM, OTHER, THIRD = code("431102", 1), code("431127", 2), code("431103", 3)
OFFICE = code("431102", 1, "11")
ENTRY = Entry(
    dt.date(2025, 3, 1), FIRM, "甲公司", "零陵区", "AEO 高级认证费", "认证", Decimal(100), Decimal(50)
)


def book(path, *rows):
    return write_csv(path, [HEADER, *rows])


def loaded(data, *files, **options):
    report = load(data, [(file, Hints()) for file in files], Options(**options))
    assert not any(file.refused for file in report.files), report.files
    return data


def asked(data, query):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.fixture
def data(tmp_path):
    """Three firms, of which one is certified and one exports vegetables, four payments and two vehicles."""
    return loaded(
        tmp_path / "data",
        registry(tmp_path / "名录.csv", [
            (FIRM, "甲公司", "零陵区", "", "农产品", "", "一类", "是", "2024-01-01"),
            (OTHER, "乙公司", "蓝山县", "", "轻工产品", "", "二类", "是", "2024-01-01"),
            (THIRD, "丙公司", "冷水滩区", "", "农产品", "", "二类", "否", "2024-01-01"),
        ]),
        declared(tmp_path / "明细.csv", [
            ("202509", "出口", THIRD, "丙公司", "07032010", "110", "0110", "1000", "140"),
            ("202509", "出口", OTHER, "乙公司", "42021290", "110", "9610", "1000", "140"),
            ("202509", "进口", OTHER, "乙公司", "41071900", "110", "0110", "1000", "140"),
        ]),
        write_csv(tmp_path / "大事记.csv", [
            ("类别", "名称", "县市区", "日期", "金额", "依据"),
            ("供港直通车", "直通车一号", "零陵区", "2024-08-01", "", ""),
            ("供港直通车", "直通车二号", "蓝山县", "2025-02-01", "", ""),
        ]),
        book(tmp_path / "台账.csv",
            ("2025-01-01", FIRM, "甲公司", "零陵区", "供港直通车", "直通车一号", "2,000,000", "200,000.01"),
            ("2025-02-01", FIRM, "甲公司", "零陵区", "AEO高级认证费用", "认证", "100,000", "50,000"),
            ("2025-03-01", OTHER, "乙公司", "蓝山县", "别的奖励", "某项目", "", "1,000"),
            ("2025-04-01", OFFICE, "某局", "零陵区", "产业集群综合评价前三", "2024年度", "", "1"),
        ),
    )  # fmt: skip


def test_each_payment_is_judged_at_publish_and_leads_back_to_its_row(data):
    found = asked(
        data, 'select "row", item_id, verdict, allowed_cny, unit from support_check order by "row" limit 3'
    )
    assert found == [
        (2, "truck", "over_ceiling", Decimal("200000.00"), "431102"),
        (3, "aeo_fee", "ok", Decimal("50000"), "431102"),
        (4, None, "unknown_item", None, "431127"),
    ]


def test_what_is_left_stands_for_each_ceiling_and_day(data):
    found = asked(
        data,
        f"select day, item_id, room_cny from support_left where holder = '{FIRM}' order by day, item_id",
    )
    assert [(str(day), item, str(room.normalize())) for day, item, room in found] == [
        ("2025-01-01", "total", "799999.99"),
        ("2025-01-01", "truck", "0"),
        ("2025-02-01", "aeo_fee", "1E+5"),
        ("2025-02-01", "total", "749999.99"),
    ]


def test_who_likely_may_claim_and_has_not_is_found(data):
    found = asked(data, "select item_id, name, ask from support_eligible order by item_id, name")
    assert [row[:2] for row in found] == [
        ("aeo_fee", "乙公司"),
        ("pilot_fee", "乙公司"),
        ("truck", "直通车二号"),
    ]
    assert found[2][2] == "车辆已投入供港运营"


def test_who_gave_all_back_has_not_claimed(data, tmp_path):
    """甲 gives its 50,000 back, and half of the 200,000.01 for its vehicle, which therefore is paid for."""
    back = book(
        tmp_path / "退回.csv",
        ("2025-05-01", FIRM, "甲公司", "零陵区", "AEO高级认证费用", "认证", "", "-50,000"),
        ("2025-05-01", FIRM, "甲公司", "零陵区", "供港直通车", "直通车一号", "", "-100,000"),
    )
    found = asked(
        loaded(data, back), "select item_id, name, left_cny from support_eligible order by item_id, name"
    )
    assert ("aeo_fee", "甲公司", Decimal(150_000)) in found
    assert [name for item, name, _ in found if item == "truck"] == ["直通车二号"]


def test_a_correction_takes_the_place_of_the_row_with_its_key_and_a_withdrawn_one_counts_no_more(
    data, tmp_path
):
    old = Entry(
        dt.date(2025, 1, 1),
        FIRM,
        "甲公司",
        "零陵区",
        "供港直通车",
        "直通车一号",
        Decimal(2_000_000),
        Decimal("200000.01"),
    )
    new = Entry(
        dt.date(2025, 1, 1),
        FIRM,
        "甲公司",
        "零陵区",
        "供港直通车购置",
        "直通车一号",
        Decimal(2_000_000),
        Decimal(200_000),
    )
    file = tmp_path / "更正.csv"
    file.write_bytes(as_file(replacing(new, old, (), ())))
    loaded(data, file)
    assert asked(data, "select verdict, amount_cny from support_check where paid = '2025-01-01' order by 2") == [
        ("ok", 0), ("ok", 200_000),
    ]  # fmt: skip
    assert asked(data, "select count(*) from mart_firm_support where paid = '2025-01-01'") == [(1,)]


def test_another_documents_items_need_no_code(data, tmp_path, monkeypatch):
    folder = shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")
    path = folder / "support_items.toml"
    head = path.read_text(encoding="utf-8").split("[[facts]]")[0]
    head = head.replace("ceiling_cny = 1000000", "ceiling_cny = 40000")
    path.write_text(
        head
        + """
[[facts]]
id = "sells"
question = "有出口"
source = "exports_goods"
values = ["leather"]
top = "none"
[[items]]
id = "export_prize"
name = "别的奖励"
short = "奖励"
aliases = []
clause = "一"
quote = "给予适当奖励"
rate = "none"
base = "none"
ceiling_cny = 900
per = "firm_year"
winners = { least = 0, most = "none" }
needs = ["sells"]
sign = "sells"
papers = []
""",
        encoding="utf-8",
    )
    with open(folder / "goods.toml", "a", encoding="utf-8") as goods:
        goods.write('[[goods]]\nid = "leather"\nname = "皮具"\ncodes = ["42"]\n')
    monkeypatch.setenv("TRADE_KPI_POLICY", str(folder))
    loaded(
        data,
        book(tmp_path / "新.csv", ("2026-03-01", THIRD, "丙公司", "冷水滩区", "别的奖励", "", "", "900")),
    )
    verdicts = asked(data, "select paid, verdict, allowed_cny from support_check order by paid")
    assert [(str(day), verdict) for day, verdict, _ in verdicts] == [
        ("2025-01-01", "over_total"), ("2025-02-01", "over_total"), ("2025-03-01", "over_ceiling"),
        ("2025-04-01", "unknown_item"), ("2026-03-01", "ok"),
    ]  # fmt: skip
    assert asked(data, "select uscc, state from support_fact where fact_id = 'sells' and state = 'yes'") == [
        (OTHER, "yes")
    ]


def test_the_command_line_tells_verdicts_and_candidates(data):
    done = trade_kpi("support", "--data", data)
    assert "需处理 2 笔" in done.stdout and "▼ 超上限" in done.stdout and "台账.csv 第2行" in done.stdout
    told = json.loads(trade_kpi("support", "--data", data, "--unit", "蓝山县", "--json").stdout)
    assert told["verdicts"] == {"unknown_item": 1} and told["payments"][0]["allowed_cny"] is None
    told = json.loads(trade_kpi("eligible", "--data", data, "--json").stdout)
    assert {(one["item_id"], one["name"]) for one in told["candidates"]} >= {("aeo_fee", "乙公司")}
    unscreened = "集群评价、境外展位费、认证和营销体系、平台推广费、订单贴息"
    assert unscreened in trade_kpi("eligible", "--data", data).stdout
    assert "供港直通车购置（第三条）" in trade_kpi("eligible", "--data", data, "--unit", "431127").stdout


def test_the_command_line_judges_what_was_paid_after_the_newest_month_and_without_any_month(tmp_path):
    paid = ("2025-10-20", FIRM, "甲公司", "零陵区", "AEO高级认证费用", "认证", "100", "50.01")
    alone = loaded(tmp_path / "alone", book(tmp_path / "台账.csv", paid))
    beside = loaded(
        tmp_path / "beside", small_table(tmp_path / "9月.xlsx"), book(tmp_path / "台账.csv", paid)
    )
    for data in (alone, beside):
        told = json.loads(trade_kpi("support", "--data", data, "--json").stdout)
        assert (told["until"], told["verdicts"]) == ("2025-10-20", {"over_rate": 1})
    assert "截至2025年10月20日，永州市：1 笔" in trade_kpi("support", "--data", alone).stdout
    done = trade_kpi("status", "--data", alone)
    assert done.returncode == 2 and "没有任何一个月" in done.stderr


def test_a_typed_sum_is_exact_or_refused():
    assert amount(" 1,234.50 元 ", "补助金额") == Decimal("1234.50")
    assert amount("", "补助金额") is None
    for typed in ("一千", "1.234", "nan", "1e30"):
        with pytest.raises(UserError, match="不是金额"):
            amount(typed, "补助金额")


def test_a_correction_of_the_key_withdraws_the_old_row():
    other = Entry(
        *(getattr(ENTRY, name) for name in ("paid", "uscc", "firm_name", "unit")),
        "别的",
        "",
        None,
        Decimal(1),
    )
    assert replacing(other, ENTRY, (), ()) == (withdrawn(ENTRY), other)
    assert replacing(ENTRY, ENTRY, (), ()) == (ENTRY,)


def test_what_stands_beside_a_corrected_payment_comes_along_and_a_key_that_is_taken_is_refused():
    twin, other = replace(ENTRY, amount_cny=Decimal(7)), replace(ENTRY, project="别的")
    assert replacing(ENTRY, ENTRY, (twin,), (ENTRY, twin)) == (ENTRY, twin)
    assert replacing(other, ENTRY, (twin,), ()) == (withdrawn(ENTRY), twin, other)
    for refused in (lambda: entered(ENTRY, (twin,)), lambda: replacing(other, ENTRY, (), (other,))):
        with pytest.raises(UserError, match="请在「项目」里写明"):
            refused()


def test_a_key_is_what_the_loader_would_read():
    typed = replace(ENTRY, uscc=" " + FIRM.lower() + "\u3000", project=" 认证\u200b ")
    assert typed.key == ENTRY.key == ("2025-03-01", FIRM, "AEO 高级认证费", "认证")
    assert replace(ENTRY, project=" — ").key[3] == ""


def test_the_demo_shows_every_verdict_and_somebody_who_has_not_claimed(demo_data):
    from etl.support.check import VERDICTS

    assert {row[0] for row in asked(demo_data, "select distinct verdict from support_check")} == set(VERDICTS)
    assert asked(demo_data, "select count(*) > 0 from support_eligible where uscc = ''") == [(True,)]


def test_a_file_that_has_fewer_payments_of_a_key_than_before_says_so(data, tmp_path):
    booth = ("2025-05-01", FIRM, "甲公司", "零陵区", "展位费补贴", "")
    loaded(data, book(tmp_path / "展位.csv", (*booth, "10000", "7000"), (*booth, "20000", "14000")))
    again = [(*booth, "10000", "6000"), (*booth, "20000", "14000")]
    for rows, said in ((again, False), (again[:1], True)):
        report = load(data, [(book(tmp_path / f"{len(rows)}.csv", *rows), Hints())], Options())
        assert any("有 1 行旧记录与本文件中的行拨付日期" in note for note in report.files[0].notes) == said


def test_the_command_line_says_what_cannot_be_judged_and_names_both_firms_of_a_likeness_to_the_city(tmp_path):
    rows = [
        ("2025-05-01", FIRM, "演示甲乙有限公司", "零陵区", "展位费补贴", "展位", "1000", "700"),
        ("2025-06-01", OTHER, "演示甲乙有限责任公司", "蓝山县", "展位费补贴", "展位", "1000", "700"),
        ("2025-07-01", THIRD, "丙公司", "冷水滩区", "AEO高级认证费", "认证", "", "700"),
    ]
    data = loaded(tmp_path / "data", book(tmp_path / "台账.csv", *rows))
    told = trade_kpi("support", "--data", data).stdout
    assert "暂不能判定：没有申报基数" in told and "第2行（演示甲乙有限公司）" in told
    own = trade_kpi("support", "--data", data, "--unit", "431127").stdout
    assert "另一县市区" in own and "演示甲乙有限公司" not in own


def months_of(uscc, name, goods, yuan, flow="出口", months=12):
    """A row of declarations a month up to 2025-09, the yuan in each."""
    periods = [f"{2024 + (8 - back) // 12 + 1}{(8 - back) % 12 + 1:02d}" for back in range(months)]
    return [(period, flow, uscc, name, goods, "110", "0110", str(yuan), "1") for period in periods]


def known_of(data, uscc):
    rows = asked(data, f"select fact_id, state from support_fact where uscc in ('', '{uscc}')")
    told = {fact for fact, state in rows if state == "known"}
    said = {fact: state for fact, state in rows if state != "known"}
    return {fact: said.get(fact, "no") for fact in told}


def test_without_twelve_months_of_its_direction_a_firm_that_is_not_found_is_unknown(tmp_path):
    """Imports alone say nothing of exporters, one month nothing of who traded not, twelve months of exports all of it."""
    row = (FIRM, "甲公司", "零陵区", "", "农产品", "", "一类", "是", "2024-01-01")
    names = registry(tmp_path / "名录.csv", [row])
    unsure = [
        months_of(OTHER, "乙公司", "41071900", 1000, "进口"),
        months_of(OTHER, "乙公司", "07032010", 1000, months=1),
    ]
    for number, rows in enumerate(unsure):
        data = loaded(tmp_path / f"data{number}", names, declared(tmp_path / f"{number}.csv", rows))
        told = known_of(data, FIRM)
        assert {told.get(fact, "silent") for fact in ("vegetables", "cbec", "trades")} == {"silent"}
    whole = months_of(OTHER, "乙公司", "07032010", 1000) + unsure[0]
    told = known_of(loaded(tmp_path / "whole", names, declared(tmp_path / "全.csv", whole)), FIRM)
    assert told["vegetables"] == "no" and told["cbec"] == "no"
    told = known_of(tmp_path / "whole", OTHER)
    assert told["vegetables"] == "yes" and told["trades"] == "yes"


def test_who_may_have_the_award_of_an_evaluation_is_who_its_ranking_puts_first(tmp_path):
    """The line of the ranking is 5,000,000 元 in twelve months: 6,000,000 are on it, 4,999,992 are not."""
    rows = months_of(THIRD, "丙公司", "07032010", 500_000) + months_of(OTHER, "乙公司", "07032010", 416_666)
    data = loaded(tmp_path / "data", declared(tmp_path / "明细.csv", rows))
    found = asked(data, "select uscc, because from support_eligible where item_id = 'vegetable_award'")
    assert found == [(THIRD, "蔬菜出口企业综合评价（近12个月数据测算）居前5位")]
    best = "select part from monitor_board where monitor = 'vegetable_exporters' and period = '2025-09' and place <= 5"
    assert asked(data, best) == [(THIRD,)]


def test_in_january_candidates_are_of_the_year_that_the_calculator_counts(tmp_path):
    """The data end with December 2025: who had the yearly support of 2026 is none, who had that of 2025 may have 2026's."""
    catalogue = write_csv(tmp_path / "目录.csv", [("鼓励进口商品编码", "商品名称"), ("41071900", "皮革")])
    trade = [
        ("202512", "进口", uscc, name, "41071900", "110", "0110", "1000", "140")
        for uscc, name in ((FIRM, "甲公司"), (OTHER, "乙公司"))
    ]
    ledger = book(
        tmp_path / "台账.csv",
        ("2025-05-01", FIRM, "甲公司", "", "进口贴息", "设备", "200000", "100000"),
        ("2026-01-10", OTHER, "乙公司", "", "进口贴息", "原料", "200000", "100000"),
    )
    data = loaded(tmp_path / "data", declared(tmp_path / "明细.csv", trade), catalogue, ledger)
    found = asked(data, "select uscc, left_cny from support_eligible where item_id = 'import_interest'")
    assert found == [(FIRM, Decimal(900_000))]


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """A copy of the policy folder that may be edited, and how to edit it."""

    def edit(name, old, new):
        monkeypatch.setenv("TRADE_KPI_POLICY", str(shutil.copytree(folder, tmp_path / f"edited {name}")))
        path = tmp_path / f"edited {name}" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    folder = shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")
    monkeypatch.setenv("TRADE_KPI_POLICY", str(folder))
    return edit


def test_a_spelling_that_the_office_adds_holds_for_what_is_loaded_already(tmp_path, policy):
    ledger = book(
        tmp_path / "台账.csv", ("2025-03-01", FIRM, "甲公司", "零陵区", "高认奖补", "认证", "100", "50")
    )
    data = loaded(tmp_path / "data", ledger)
    verdict = "select verdict, item_id from support_check"
    assert asked(data, verdict) == [("unknown_item", None)]
    assert "规则没有改过" in trade_kpi("recompute", data=data).stdout
    policy("support_items.toml", 'aliases = ["AEO高级认证费用"', 'aliases = ["高认奖补", "AEO高级认证费用"')
    before = snapshot.current(data)
    assert "▼ 规则" in trade_kpi("doctor", data=data).stdout
    assert "已按现在的规则发布快照" in trade_kpi("recompute", data=data).stdout
    assert asked(data, verdict) == [("ok", "aeo_fee")] and snapshot.previous(snapshot.current(data)) == before
    assert "● 规则" in trade_kpi("doctor", data=data).stdout
    assert "规则没有改过" in trade_kpi("recompute", data=data).stdout


def test_a_file_that_is_known_is_worked_out_anew_under_edited_rules_and_one_that_is_refused_publishes_nothing(
    tmp_path, policy
):
    ledger = book(
        tmp_path / "台账.csv",
        ("2025-03-01", FIRM, "甲公司", "零陵区", "AEO认证费", "认证", "400000", "150000"),
    )
    data = loaded(tmp_path / "data", ledger)
    policy("support_items.toml", 'ceiling_cny = 150000\nper = "firm"', 'ceiling_cny = 140000\nper = "firm"')
    (tmp_path / "乱.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    before = snapshot.current(data)
    assert (
        trade_kpi("load", tmp_path / "乱.csv", data=data).returncode == 2 and snapshot.current(data) == before
    )
    assert "规则改过，已按现在的规则发布" in trade_kpi("load", ledger, data=data).stdout
    assert asked(data, "select verdict, allowed_cny from support_check") == [
        ("over_ceiling", Decimal(140_000))
    ]


def test_a_target_that_the_office_takes_out_leaves_status_and_diff_at_once(tmp_path, policy):
    data = loaded(tmp_path / "data", small_table(tmp_path / "9月.xlsx"))
    clauses = (DEFAULT_FOLDER / "clauses.toml").read_text(encoding="utf-8")
    policy("clauses.toml", clauses, clauses.replace(', "indicator:break_zero_services"]', "]").replace(
        '["indicator:break_zero_services"]', '["indicator:break_zero_enclave"]'))  # fmt: skip
    (tmp_path / "edited clauses.toml" / "indicators" / "break_zero_services.toml").unlink()
    for command in ("status", "recompute", "status", "diff"):
        done = trade_kpi(command, data=data)
        assert done.returncode == 0 and "服务贸易" not in done.stdout, done
