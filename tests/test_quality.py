"""数据质量 as HTML: each part says what it knows, says when it knows nothing, and escapes what came from files."""

import dataclasses
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from frontend import PERIOD, POLICY

from dashboard import quality
from dashboard.address import View
from dashboard.questions.quality import Confirmed, FaultyFile, LeftAside, Revisions
from dashboard.store import Source
from etl.diff import Change
from etl.faults import MARKS, MISSING, MONTH_TAKEN, UNREADABLE
from etl.held import Held
from etl.quarantine import Fault
from etl.reconcile import Check, Comparison, summed_up
from etl.sources import ALL

VIEW = View(PERIOD, "4311", "import_share")
NASTY = '<img src=x onerror="alert(1)">'
FILES = (FaultyFile(7, "海关.csv", 3), FaultyFile(9, "退税.xlsx", 1))
FAULT = Fault("海关.csv", "", 12, "人民币值", "待定", "请改为数字。")
TODAY = date(2026, 11, 25)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def source(
    label: str, latest_period: str | None, loaded: datetime = datetime(2026, 11, 20), monthly: bool = True
) -> Source:
    return Source("kind", label, latest_period, loaded, 2, monthly)


def compared(unit: str, left: int, right: int, share: float) -> Comparison:
    return Comparison("甲与乙", unit, "甲", Decimal(left), "乙", Decimal(right), Decimal(left - right), share)


def checks(*rows: Comparison) -> list[Check]:
    return summed_up(rows)


def change(before: str | None, after: str, period: str = PERIOD, unit: str = "431124") -> Change:
    return Change("import_share", unit, period, None if before is None else 0.0240, 0.0251, before, after)


def revised(changes: Iterable[Change]) -> str:
    return quality.revisions(POLICY, VIEW, Revisions("20261101-090000", tuple(changes)))


def test_a_monthly_table_is_late_by_its_month_and_a_ledger_by_its_load():
    long_ago = datetime(2026, 9, 1)
    items = [
        source("新月表", "2026-10", long_ago),
        source("旧月表", "2026-08"),
        source("新台账", "2026-01", monthly=False),
        source("旧台账", None, long_ago, monthly=False),
    ]
    assert [item.label for item in quality.outdated(items, TODAY)] == ["旧月表", "旧台账"]


def test_freshness_says_month_load_files_and_what_is_late_in_words():
    late = source("旧月表", "2026-08")
    html = quality.freshness([source("新月表", "2026-10"), late], [late])
    assert "● 有效" in html and "▼ 已过期" in html
    for part in ("新月表", "2026-10", "2026-11-20 00:00", "<td>2</td>"):
        assert part in html


def test_the_sentence_says_what_is_late_what_waits_and_what_differs():
    late = source("旧月表", "2026-08")
    off = checks(compared("431124", 100, 90, 0.1))
    said = plain(quality.sentence([late, source("新", "2026-10")], [late], 16, off, 2))
    assert said == "2类数据1类已过期（旧月表），16行待核；本月1项核对中1项差异超过0.5%；2处扣留经确认放行。"


def test_the_sentence_of_clean_data():
    said = plain(quality.sentence([source("新", "2026-10")], [], 0, checks(compared("4311", 1, 1, 0.0)), 0))
    assert said == "1类数据都在时效内，没有待核的行；本月1项核对差异都在0.5%以内。"


def test_the_quarantine_counts_by_file_and_by_rule_and_each_file_leads_to_its_rows():
    html = quality.quarantine(VIEW, FILES, (("unreadable", 3), ("missing", 1)))
    assert 'href="/quality?period=2026-10&amp;file=7"' in html and "width:33.3%" in html
    for part in ("海关.csv3行", "无法识别3处", "缺必填项1处", "共4行"):
        assert part in plain(html)


def test_the_chosen_file_is_marked_and_leads_back_to_all():
    view = View(PERIOD, "4311", "import_share", "7")
    html = quality.quarantine(view, FILES, (("unreadable", 4),))
    assert html.count("tk-here") == 1
    assert '<a data-go href="/quality?period=2026-10" class="tk-tally tk-here"' in html
    assert "海关.csv，共3行" in plain(quality.fault_list(view, FILES, [FAULT]))


def test_every_rule_that_can_put_a_row_aside_has_a_chinese_name():
    """Those of every schema as the validator knows them, the marks of damage, and the loader's own; and no other has."""
    checks = {rule for kind in ALL for rule in kind.schema._validation_rules(with_cast=False)}
    blanks = {check for check in checks if "|" in check}
    assert all(check.endswith("|nullability") for check in blanks), (
        "the quarantine calls each of these 缺必填项"
    )
    rules = {UNREADABLE, MISSING, MONTH_TAKEN, *(mark[0] for mark in MARKS.values()), *(checks - blanks)}
    assert rules == set(quality.RULES)
    for kind in ALL:
        own = {rule for rule in kind.schema._validation_rules(with_cast=False) if "|" not in rule}
        assert own == set(kind.rules or {}), f"{kind.kind}: what to do about each"


def test_a_list_that_was_cut_says_so():
    whole = plain(quality.fault_list(VIEW, FILES, [FAULT]))
    cut = plain(quality.fault_list(VIEW, FILES, [FAULT] * quality.MOST_FAULTS))
    assert "只列出前200处" in cut and "只列出" not in whole and "共4行" in cut


def test_rows_that_may_not_be_seen_are_said_to_be_hidden():
    assert "可能涉及企业身份" in quality.fault_list(VIEW, FILES, None)


def test_a_check_names_its_worst_unit_with_both_amounts_and_the_list_holds_all_beyond():
    rows = (
        compared("431124", 200_000_000, 190_000_000, 0.05),
        compared("431126", 500_000, 495_000, 0.01),
        compared("431103", 100, 100, 0.0),
    )
    html = quality.reconciliation(POLICY, checks(*rows), PERIOD)
    said = plain(html)
    for part in (
        "3个单位",
        "▼ 2处",
        "甲 2.00亿元",
        "乙 1.90亿元",
        "1,000.00万元",
        "5.00%",
        "差异超过0.5%的2处",
    ):
        assert part in said
    assert said.count("道县") == 2 and said.count("宁远县") == 1 and "冷水滩区" not in said


def test_a_difference_just_beyond_the_tolerance_is_not_shown_as_the_tolerance():
    html = quality.reconciliation(POLICY, checks(compared("4311", 2001, 1991, 0.005001)), PERIOD)
    assert "0.5001%" in html and "全市" in html


def test_a_month_without_anything_to_compare_says_so():
    assert "没有可以互相核对的数据" in quality.reconciliation(POLICY, [], PERIOD)


def test_a_confirmed_hold_has_its_reason_and_time():
    html = quality.confirmations(
        [Confirmed("九月.xlsx", "合计不符", "已来函更正", datetime(2026, 11, 2, 9, 30))]
    )
    for part in ("九月.xlsx", "合计不符", "已来函更正", "2026-11-02 09:30"):
        assert part in html
    assert "没有经确认放行" in quality.confirmations([])


def test_what_nobody_read_is_listed_by_file_and_nothing_where_there_is_none():
    said = plain(quality.left_aside([LeftAside("退税.csv", "G列「退锐额」没有读取")] * 51))
    for part in ("退税.csv", "G列「退锐额」没有读取", "共51处", "只列出最近的50处", "改正后重新加载"):
        assert part in said
    assert NASTY not in quality.left_aside([LeftAside(NASTY, NASTY)])
    assert quality.left_aside([]) == ""


HELD = Held(
    "九月.xlsx",
    "a" * 64,
    "firm_month",
    "企业月度进出口",
    ("2025-09 both",),
    ("疑似单位写错",),
    datetime(2026, 11, 2, 9, 30),
)


def test_a_held_file_is_listed_with_its_month_and_reasons_and_said_first():
    said = plain(quality.held([HELD, dataclasses.replace(HELD, covers=(), reasons=())]))
    for part in (
        "九月.xlsx",
        "企业月度进出口",
        "2025-09",
        "疑似单位写错",
        "2026-11-02 09:30",
        "共2个文件",
        "上传数据",
    ):
        assert part in said
    assert quality.held([]) == ""
    headline = plain(quality.sentence([source("新", "2026-10")], [], 0, [], 0, 1))
    assert "没有待核的行，1个文件扣留；" in headline


def test_revisions_are_said_in_words_turned_lights_first():
    said = plain(revised([change("behind", "behind", "2026-10"), change("behind", "met", "2026-09")]))
    first, second = (
        "2026-09 道县 进口占比 2.40% → 2.51%，▼ 滞后 → ● 已达标",
        "2026-10 道县 进口占比 2.40% → 2.51%",
    )
    assert "修订2处，其中1处变灯。" in said
    assert said.index(first) < said.index(second)


def test_new_months_are_told_by_name_and_not_value_by_value():
    said = plain(revised([change(None, "behind", "2026-11"), change(None, "met", "2026-11", "431103")]))
    assert "没有修订；新增2026-11的数值。" in said and "→" not in said


def test_a_long_list_of_revisions_is_cut_and_says_so():
    html = revised([change("behind", "behind", unit=unit.code) for unit in POLICY.counties] * 5)
    assert html.count("<li>") == quality.MOST_REVISIONS
    assert "修订60处。只列出前50处。" in html


def test_nothing_to_compare_is_said():
    assert "没有可以相比的上一个快照" in quality.revisions(POLICY, VIEW, None)
    assert "没有修订。" in revised([])


def test_text_from_files_is_escaped_everywhere():
    files = (FaultyFile(7, NASTY, 1),)
    fault = Fault(NASTY, NASTY, 1, NASTY, NASTY, NASTY)
    item = Comparison(NASTY, "431124", NASTY, Decimal(2), NASTY, Decimal(1), Decimal(1), 0.5)
    pages = (
        quality.sentence([source(NASTY, "2026-08")], [source(NASTY, "2026-08")], 1, [], 0),
        quality.freshness([source(NASTY, "2026-08")], []),
        quality.quarantine(VIEW, files, ((NASTY, 1),)),
        quality.fault_list(View(PERIOD, "4311", "import_share", "7"), files, [fault]),
        quality.reconciliation(POLICY, checks(item), PERIOD),
        quality.held([dataclasses.replace(HELD, name=NASTY, label=NASTY, reasons=(NASTY,))]),
        quality.confirmations([Confirmed(NASTY, NASTY, NASTY, datetime(2026, 11, 2))]),
        quality.revisions(POLICY, VIEW, Revisions(NASTY, ())),
    )
    for html in pages:
        assert "&lt;img" in html and "<img" not in html
