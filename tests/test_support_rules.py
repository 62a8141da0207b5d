"""The items of the document: strict to read, in the document's words, and nothing of them in the code."""

import re
import shutil

import pytest

from etl.document import passage
from etl.errors import PolicyError
from etl.policy import DEFAULT_FOLDER, load_policy
from etl.support.rules import load_rules, plain

POLICY = load_policy()
RULES = load_rules(POLICY)
# clause, rate, ceiling in yuan, per: the table of the specification
TABLE = [
    ("二", None, 500_000, "county_evaluation"),
    ("三", None, 500_000, "firm_evaluation"),
    ("三", "0.10", 200_000, "truck"),
    ("五", None, 250_000, "incubator_once"),
    ("五", None, 500_000, "applicant_once"),
    ("五", "0.80", 24_000, "firm"),
    ("六", "0.50", 1_000_000, "firm_year"),
    ("七", "0.70", None, "none"),
    ("七", "0.70", None, "none"),
    ("七", "0.50", 150_000, "firm_year"),
    ("八", "0.50", 100_000, "firm_total"),
    ("九", "0.50", 150_000, "firm"),
]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(folder, sentence):
    with pytest.raises(PolicyError, match=sentence):
        load_rules(load_policy(folder))


def test_the_items_are_those_of_the_specification():
    found = [
        (item.clause, None if item.rate is None else str(item.rate), item.ceiling_cny, item.per)
        for item in RULES.items
    ]
    assert found == TABLE


@pytest.mark.parametrize("item", [*RULES.items, RULES.total], ids=lambda item: item.id)
def test_each_quote_is_the_documents_own_words_in_its_clause(item):
    assert re.sub(r"\s", "", passage(POLICY, item.clause, item.quote).quote) == re.sub(r"\s", "", item.quote)


def test_the_cap_is_the_one_that_the_indicator_judges():
    assert RULES.total.ceiling_cny == POLICY.indicator("support_cap").parameters["cap_cny"]


def test_a_ledgers_spelling_is_known_whatever_its_width_case_and_spaces():
    assert RULES.spelled()[plain("ＡＥＯ高级认证费")].id == "aeo_fee"
    assert RULES.spelled()[plain("蔬菜出口综合评价靠前的 2－5 家")].id == "vegetable_award"


def test_no_county_of_yongzhou_adds_anything_yet():
    assert RULES.topups == ()


def test_a_county_adds_to_an_item(folder):
    text = (
        '[[topups]]\nunit = "431127"\nitem = "truck"\nrate = 0.05\nceiling_cny = 100000\npaper = "某文件"\n'
    )
    (folder / "county_topups.toml").write_text(text, encoding="utf-8")
    rules = load_rules(load_policy(folder))
    assert rules.topup("431127", "truck").ceiling_cny == 100_000
    assert rules.topup("431127", "aeo_fee") is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('short = "AEO认证费"\n', "", r"support_items\.toml items 缺少 short"),
        (
            'short = "AEO认证费"\n',
            'short = "a"\ncolour = 1\n',
            r"support_items\.toml items 有不认识的键 colour",
        ),
        ('per = "truck"', 'per = "lorry"', "per 的值 'lorry' 不合要求"),
        ('clause = "九"', 'clause = "十一"', "「aeo_fee」的 clause「十一」不在 document.toml 中"),
        ('needs = ["aeo"]', 'needs = ["iso"]', "「aeo_fee」的 needs 有没有定义的 iso"),
        ('sign = "aeo"', 'sign = "iso"', "「aeo_fee」的 sign「iso」没有定义"),
        (
            'values = ["vegetable_exporters"]',
            'values = ["fair_trips"]',
            "「vegetables_ranked」的 values 应是 monitors",
        ),
        ('base = "认证费用"', 'base = "none"', "「aeo_fee」的 rate 与 base 应同时填写"),
        ("rate = 0.80", "rate = 80", "「pilot_fee」的 rate 80 不在 0 与 1 之间"),
        ('per = "firm_total"', 'per = "none"', "「order_interest」的 per 与 ceiling_cny 应同时为 none"),
        ('"海关高级认证费"', '"境外参展补贴"', "写法「境外参展补贴」出现了不止一次"),
        ('id = "aeo_fee"', 'id = "truck"', "代号「truck」出现了不止一次"),
    ],
)
def test_a_slip_in_the_file_is_one_sentence_that_names_it(folder, old, new, sentence):
    edit(folder / "support_items.toml", old, new)
    refused(folder, sentence)


@pytest.mark.parametrize(
    ("unit", "item", "sentence"),
    [("430100", "truck", "unit「430100」不是县市区代码"), ("431127", "lorry", "item「lorry」不在")],
)
def test_a_county_that_adds_to_nothing_known_is_an_error(folder, unit, item, sentence):
    text = f'[[topups]]\nunit = "{unit}"\nitem = "{item}"\nrate = "none"\nceiling_cny = 1\npaper = "某文件"\n'
    (folder / "county_topups.toml").write_text(text, encoding="utf-8")
    refused(folder, sentence)


def test_a_folder_without_items_says_which_file_it_lacks(folder):
    (folder / "support_items.toml").unlink()
    refused(folder, r"缺少 support_items\.toml")


def test_an_item_needs_no_more_than_the_document_sets():
    """传统外贸企业 for the pilot, any 企业 for the platforms, an 出口订单 and no past exports for the loan."""
    needs = {item.id: item.needs for item in RULES.items}
    assert needs["pilot_fee"] == ("trades", "pilot")
    assert needs["platform_fee"] == ("platform",)
    assert needs["order_interest"] == ("order_loan",)
    assert {fact.id for fact in RULES.facts} - {fact.id for fact in RULES.deciding} == {
        "cbec",
        "vegetables_ranked",
    }


def test_a_county_that_adds_a_rate_to_an_award_without_one_is_an_error(folder):
    text = '[[topups]]\nunit = "431127"\nitem = "incubator"\nrate = 0.1\nceiling_cny = 1\npaper = "某文件"\n'
    (folder / "county_topups.toml").write_text(text, encoding="utf-8")
    refused(folder, "给「incubator」填了 rate，而它没有比例")
