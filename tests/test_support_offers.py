"""What a firm is offered, worked out by hand: its own sum, awards to its county, what the county adds."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard.parts.claims import limits, result
from etl.policy import load_policy
from etl.support.candidates import offers_to
from etl.support.claims import ledger
from etl.support.eligible import offers, together
from etl.support.evidence import Firm
from etl.support.rules import TopUp, load_rules

RULES = load_rules(load_policy())
UNIT = "431127"
ISSUED, VALID_TO = dt.date(2024, 6, 14), dt.date(2027, 6, 13)


def offered(item, base=None, topup=None, facts=None):
    rules = replace(RULES, topups=(topup,) if topup else ())
    bases = {item: None if base is None else Decimal(base)}
    found = offers(rules, facts or {}, bases, lambda item: item.ceiling_cny, UNIT)
    return next(one for one in found if one.item.id == item)


@pytest.mark.parametrize(
    ("rate", "ceiling", "price", "added"),
    [
        (None, 100_000, 500_000, 0),  # the city's 50,000 stay under its own ceiling
        (None, 100_000, 2_500_000, 50_000),  # 250,000 less the city's 200,000
        (None, 100_000, 9_000_000, 100_000),
        ("0.05", None, 10_000_000, 0),  # the city's 200,000 are at the ceiling, which the county leaves
        ("0.05", None, 1_000_000, 50_000),  # 150,000 less 100,000
        ("0.05", 100_000, 10_000_000, 100_000),
        ("0.05", 100_000, None, None),
    ],
)
def test_a_county_adds_what_its_rate_and_ceiling_bring_over_the_citys(rate, ceiling, price, added):
    yuan = None if ceiling is None else Decimal(ceiling)
    up = TopUp(UNIT, "truck", None if rate is None else Decimal(rate), yuan, "某文件")
    assert offered("truck", price, up).added_cny == added


def test_a_county_raises_a_flat_award_and_an_item_without_a_ceiling():
    flat = TopUp(UNIT, "incubator", None, Decimal(50_000), "某文件")
    assert offered("incubator", None, flat).added_cny == 50_000
    booth = TopUp(UNIT, "fair_booth", Decimal("0.1"), None, "某文件")
    assert offered("fair_booth", 10_000, booth).added_cny == 1_000
    assert offered("fair_booth", 10_000).added_cny is None


def test_an_award_to_the_county_is_none_of_the_firms_money():
    """500,000 for the county's cluster, 250,000 for the firm's incubator: the firm may have 250,000."""
    facts = {fact: True for item in ("cluster_award", "incubator") for fact in RULES.item(item).needs}
    book = ledger((), RULES, ISSUED, VALID_TO)
    found = offers_to(book, {}, Firm("", "", UNIT), facts, {}, dt.date(2025, 9, 1))
    award = next(one for one in found if one.to_county)
    assert (award.state, award.sum_cny) == ("yes", 500_000)
    assert together(found, Decimal(1_000_000)) == 250_000
    shown = result(RULES, found, None)
    assert "25.00万元" in shown and "另有1项奖励给所在县市区" in shown and "，奖励给所在县市区" in shown


def test_a_rate_is_told_in_the_documents_words():
    assert limits(RULES.item("truck")) == "购车价的10%，每台最多20.00万元"
    assert limits(RULES.item("fair_booth")) == "不超过展位费的70%"
    assert limits(RULES.item("aeo_fee")) == "不超过认证费用的50%，每家企业最多15.00万元"
    assert all(limits(item).startswith("不超过") == (item.id != "truck") for item in RULES.items if item.rate)
