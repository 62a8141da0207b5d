"""Payments against the document: each limit at, just under and just over it, in fen, and what always holds."""

import datetime as dt
from decimal import Decimal

import pytest
from builders import code
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.policy import load_policy
from etl.support.check import check
from etl.support.claims import TOTAL, Claim, Origin, Pot, ceiling, ledger, pots
from etl.support.left import latest, left, states, total_left
from etl.support.rules import load_rules

RULES = load_rules(load_policy())
ISSUED, VALID_TO = dt.date(2024, 6, 14), dt.date(2027, 6, 13)
FEN = Decimal("0.01")
FIRM, OTHER = code("431102", 1), code("431127", 2)
CEILINGS = [item for item in RULES.items if item.ceiling_cny]
RATES = [item for item in RULES.items if item.rate]


def claim(item="truck", amount="100", base=None, *, row=1, paid="2025-03-01", uscc=FIRM, project="", **more):
    known = {each.id: each.name for each in RULES.items}
    yuan = None if base is None else Decimal(base)
    unit = more.get("unit", "431102")
    where = (unit, more.get("county", unit), known.get(item, item), project)
    name = more.get("firm") or f"甲{uscc[-3:]}公司"
    return Claim(Origin(1, "", row), dt.date.fromisoformat(paid), uscc, name, *where, yuan, Decimal(amount))


def judged(*claims):
    return check(ledger(claims, RULES, ISSUED, VALID_TO), claims)


def verdict(*claims):
    return judged(*claims)[-1].verdict


def enough(item, amount):
    """A base whose share is just that amount or a little more."""
    return None if item.rate is None else Decimal(amount) / item.rate + 100


@pytest.mark.parametrize("item", RATES, ids=lambda item: item.id)
@pytest.mark.parametrize(("apart", "found"), [(-FEN, "ok"), (0, "ok"), (FEN, "over_rate")])
def test_a_rate_holds_to_the_fen(item, apart, found):
    share = Decimal(1_000) * item.rate
    result = judged(claim(item.id, share + apart, 1_000))[0]
    assert result.verdict == found
    assert result.allowed_cny == min(share, share + apart)


@pytest.mark.parametrize("item", CEILINGS, ids=lambda item: item.id)
@pytest.mark.parametrize(("apart", "found"), [(-FEN, "ok"), (0, "ok"), (FEN, "over_ceiling")])
def test_a_ceiling_holds_to_the_fen(item, apart, found):
    amount = item.ceiling_cny + apart
    result = judged(claim(item.id, amount, enough(item, amount)))[0]
    over_total = amount > RULES.total.ceiling_cny
    assert result.verdict == ("over_total" if over_total else found)
    assert result.allowed_cny == min(amount, item.ceiling_cny)


@pytest.mark.parametrize(("apart", "found"), [(-FEN, "ok"), (0, "ok"), (FEN, "over_total")])
def test_the_total_holds_to_the_fen(apart, found):
    first = claim("belt_park", 500_000, paid="2025-01-01")
    second = claim("vegetable_award", 499_000, paid="2025-02-01")
    last = claim("fair_booth", 1_000 + apart, 10_000)
    result = judged(first, second, last)[-1]
    assert result.verdict == found
    assert result.allowed_cny == min(1_000 + apart, 1_000)


@pytest.mark.parametrize(
    ("paid", "found"),
    [("2024-06-13", "outside_period"), ("2024-06-14", "ok"), ("2027-06-13", "ok"), ("2027-06-14", "outside_period")],
)  # fmt: skip
def test_the_document_holds_from_its_day_for_three_years(paid, found):
    assert verdict(claim("aeo_fee", 100, 200, paid=paid)) == found


def test_a_share_of_a_fen_is_never_rounded_up():
    result = judged(claim("aeo_fee", "0.51", "1.01"))[0]
    assert (result.verdict, result.allowed_cny) == ("over_rate", Decimal("0.50"))


def test_a_ceiling_of_a_year_begins_anew_and_one_for_good_does_not():
    yearly = [
        claim("platform_fee", 150_000, 300_000, paid=f"{year}-05-01", row=year) for year in (2025, 2026)
    ]
    assert [each.verdict for each in judged(*yearly)] == ["ok", "ok"]
    for_good = [
        claim("order_interest", 100_000, 200_000 + year, paid=f"{year}-05-01") for year in (2025, 2026)
    ]
    assert [each.verdict for each in judged(*for_good)] == ["ok", "over_ceiling"]


def test_the_year_is_the_one_that_the_project_names():
    late = claim("platform_fee", 150_000, 300_000, paid="2026-01-20", project="2025年度推广")
    assert (
        verdict(late, claim("platform_fee", 150_000, 300_000, paid="2026-05-01", project="2026年度推广"))
        == "ok"
    )


def test_each_truck_has_its_own_ceiling():
    trucks = [claim("truck", 200_000, 2_000_000, project=f"直通车{name}号") for name in "一二"]
    assert [each.verdict for each in judged(*trucks)] == ["ok", "ok"]


def test_what_was_paid_too_much_is_gone_until_it_is_corrected():
    first = claim("aeo_fee", 200_000, 400_000, paid="2025-01-01", project="认证")
    result = judged(first, claim("belt_park", 500_000, paid="2025-02-01"), claim("vegetable_award", 400_000))
    assert [(each.verdict, each.allowed_cny) for each in result] == [
        ("over_ceiling", 150_000), ("ok", 500_000), ("over_total", 300_000),
    ]  # fmt: skip


def test_one_project_under_two_items_is_a_possible_double_claim():
    first = claim("truck", 100_000, 1_000_000, project="直通车一号", paid="2025-01-01", row=7)
    result = judged(first, claim("fair_booth", 700, 1_000, project=" 直通车 一号"))[-1]
    assert (result.verdict, result.allowed_cny, result.twin.origin.row) == ("possible_double_claim", 0, 7)
    assert "「供港直通车购置」项目「直通车一号」" in result.reason


def test_one_project_paid_in_parts_is_allowed_what_its_base_bears():
    parts = [
        claim("aeo_fee", 40_000, 100_000, project="高级认证", paid=f"2025-0{month}-01") for month in (1, 2)
    ]
    assert [(each.verdict, each.allowed_cny) for each in judged(*parts)] == [
        ("ok", 40_000), ("possible_double_claim", 10_000),
    ]  # fmt: skip


def test_figures_keep_projects_apart():
    for names in (("设备一期", "设备二期"), ("展位03", "展位04"), ("2024年度评价", "2025年度评价")):
        pair = [claim("fair_booth", 700, 1_000, project=name, paid="2025-01-01") for name in names]
        assert [each.verdict for each in judged(*pair)] == ["ok", "ok"]


def test_a_firm_of_nearly_the_same_name_is_asked_about():
    first = claim(
        "fair_booth", 700, 1_000, project="法兰克福展位", firm="演示江华电机有限公司", paid="2025-01-01"
    )
    near = claim(
        "fair_booth", 700, 1_000, project="法兰克福展位", firm="演示江华电机有限责任公司", uscc=OTHER
    )
    far = claim("fair_booth", 700, 1_000, project="法兰克福展位", firm="演示蓝山皮具有限公司", uscc=OTHER)
    assert verdict(first, near) == "possible_double_claim"
    assert verdict(first, far) == "ok"


def test_what_is_given_once_is_not_given_twice():
    first = claim("incubator", 100_000, paid="2025-01-01", project="孵化中心甲")
    assert verdict(first, claim("incubator", 100_000, project="孵化中心乙")) == "possible_double_claim"


def test_an_item_that_the_document_does_not_know_is_asked_about_and_counts():
    result = judged(claim("供港车辆购置补贴", 100_000))[0]
    assert (result.verdict, result.allowed_cny) == ("unknown_item", None)
    assert "最接近的是「供港直通车购置」" in result.reason
    assert verdict(claim("别的奖励", 900_000, paid="2025-01-01"), claim("belt_park", 200_000)) == "over_total"


def test_without_a_base_a_rate_cannot_be_judged_but_a_ceiling_can():
    assert [(each.verdict, each.allowed_cny) for each in judged(claim("aeo_fee", 150_000))] == [
        ("no_base", None)
    ]
    assert judged(claim("aeo_fee", 150_001))[0].allowed_cny == 150_000


@pytest.mark.parametrize(("firms", "found"), [(5, "ok"), (6, "over_count")])
def test_an_evaluation_pays_five_firms_at_most(firms, found):
    paid = [
        claim("vegetable_award", 1_000, uscc=code("431102", n), project="2025年度评价") for n in range(firms)
    ]
    assert {each.verdict for each in judged(*paid)} == {found}


def test_a_winner_whose_award_came_back_whole_is_none():
    paid = [claim("vegetable_award", 1_000, uscc=code("431102", n), project="2025年度评价") for n in range(6)]
    for back, found in (("-1000", {"ok"}), ("-999.99", {"ok", "over_count"})):
        again = claim(
            "vegetable_award", back, uscc=code("431102", 0), project="2025年度评价", paid="2026-05-01"
        )
        assert {each.verdict for each in judged(*paid, again)} == found


def test_a_year_in_chinese_numerals_is_the_year_that_a_payment_is_for():
    """Four counties of the evaluation of 2024, one too many, and not three of it and one of 2026."""
    paid = [
        claim("cluster_award", 100, project=f"{year}度评价", county=county, paid="2026-05-01")
        for year, county in (("2024年", "431102"), ("2024年", "431103"), ("二〇二四年", "431127"), ("二零二四年", "431122"))
    ]  # fmt: skip
    assert {each.verdict for each in judged(*paid)} == {"over_count"}


def test_an_award_to_a_county_is_its_own_whoever_receives_it():
    office = "11" + FIRM[2:]
    for_county = [
        claim("cluster_award", 300_000, uscc=payee, project=f"2025年第{name}名")
        for payee, name in ((office, "一"), (FIRM, "二"))
    ]
    assert sorted(each.verdict for each in judged(*for_county)) == ["ok", "over_ceiling"]
    assert Pot(TOTAL, office, "") not in latest(
        states(ledger(for_county, RULES, ISSUED, VALID_TO), for_county)
    )


def test_money_given_back_makes_room_and_a_zero_is_a_withdrawal():
    back = [
        claim("aeo_fee", 150_000, 300_000, paid="2025-01-01"),
        claim("aeo_fee", -50_000, paid="2025-02-01"),
    ]
    assert verdict(*back, claim("aeo_fee", 50_000, 100_000)) == "ok"
    assert verdict(*back, claim("aeo_fee", 50_000 + FEN, 200_000)) == "over_ceiling"
    assert "撤销" in judged(claim("aeo_fee", 0, 100))[0].reason


def test_a_truck_written_in_two_ways_has_one_ceiling():
    """10 % of 3,000,000 are 300,000, the ceiling 200,000: after 200,000 nothing, after 150,000 only 50,000."""
    for had, allowed in ((200_000, 0), (150_000, 50_000)):
        first = claim("truck", had, 3_000_000, project="粤ZA123港", paid="2025-01-01")
        result = judged(first, claim("truck", 100_000, 3_000_000, project="粤ZA123港车", paid="2025-01-02"))[
            -1
        ]
        assert (result.verdict, result.allowed_cny) == ("possible_double_claim", allowed)


def test_a_firm_under_two_codes_has_one_ceiling():
    """80 % of 50,000 are 40,000, the ceiling 24,000: the second code gets nothing more."""
    one, two = (
        claim("pilot_fee", amount, 50_000, project="试点", firm="演示同一家有限公司", uscc=uscc, paid=paid)
        for amount, uscc, paid in ((24_000, FIRM, "2025-01-01"), (16_000, OTHER, "2025-02-01"))
    )
    assert [each.allowed_cny for each in judged(one, two)] == [24_000, 0]


@pytest.mark.parametrize("paid", ["2025-12-01", "2024-06-01"])
def test_money_given_back_of_another_year_or_of_before_the_document_makes_no_room_beyond_the_ceiling(paid):
    """150,000 a year at most, whatever came back of another year's money, in one payment or in two."""
    back = [
        claim("platform_fee", 150_000, 300_000, paid=paid, project="甲"),
        claim("platform_fee", -50_000, paid="2026-01-15"),
    ]
    whole = claim("platform_fee", 200_000, 400_000, paid="2026-03-01", project="乙")
    assert judged(*back, whole)[-1].allowed_cny == 150_000
    parts = [
        claim("platform_fee", amount, 400_000, paid=f"2026-0{month}-01", project=project)
        for amount, month, project in ((150_000, 3, "乙"), (50_000, 4, "丙"))
    ]
    assert [each.allowed_cny for each in judged(*back, *parts)][-2:] == [150_000, 0]
    book = ledger(back, RULES, ISSUED, VALID_TO)
    item = RULES.item("platform_fee")
    assert left(item, book, latest(states(book, back)), claim(paid="2026-05-01")) == 150_000


def test_what_came_back_and_was_paid_anew_on_one_day_is_no_payment_too_many():
    paid = [claim("aeo_fee", 150_000, 300_000, paid="2025-01-01", project="认证")]
    again = [
        claim("aeo_fee", amount, 300_000, paid="2025-02-01", project="认证") for amount in (150_000, -150_000)
    ]
    assert [(each.verdict, each.allowed_cny) for each in judged(*paid, *again)] == [
        ("ok", 150_000), ("ok", -150_000), ("ok", 150_000),
    ]  # fmt: skip


def test_money_given_back_outside_the_term_is_no_payment_that_must_not_be():
    for day in ("2024-06-01", "2027-07-01"):
        result = judged(claim("aeo_fee", -50_000, paid=day))[0]
        assert (result.verdict, result.allowed_cny) == ("ok", -50_000)
    assert "不计入" in judged(claim("aeo_fee", -50_000, paid="2024-06-01"))[0].reason


def test_what_may_be_had_each_year_is_no_double_claim_in_the_next():
    yearly = [
        claim("platform_fee", 5_000, 10_000, project="阿里国际站推广", paid=f"{year}-05-01")
        for year in (2025, 2026)
    ]
    assert [each.verdict for each in judged(*yearly)] == ["ok", "ok"]
    same = [
        claim("platform_fee", 5_000, 10_000, project="阿里国际站推广", paid=f"2025-0{m}-01") for m in (5, 9)
    ]
    assert [each.verdict for each in judged(*same)] == ["ok", "possible_double_claim"]
    late = [
        claim("platform_fee", 5_000, 10_000, project="2025年度推广", paid=day)
        for day in ("2025-12-01", "2026-01-05")
    ]
    assert [each.verdict for each in judged(*late)] == ["ok", "possible_double_claim"]


def test_a_project_that_is_only_a_year_is_none():
    several = [
        claim(item, 100, 1_000, project="2025年度", paid=f"2026-0{month}-01")
        for month, item in enumerate(("platform_fee", "order_interest", "fair_booth"), 1)
    ]
    assert [each.verdict for each in judged(*several)] == ["ok"] * 3


@pytest.mark.parametrize(
    "names",
    [
        ("设备二期", "设备2期"), ("直通车一号", "直通车1号"), ("法兰克福展", "2025年法兰克福展"), ("第十二届展", "第12届展"),
        ("二〇二五年法兰克福展", "2025年法兰克福展"), ("2025法兰克福展", "法兰克福展"),
    ],
)  # fmt: skip
def test_a_figure_in_either_writing_and_a_year_that_one_side_has_do_not_keep_projects_apart(names):
    pair = [
        claim("fair_booth", 700, 1_000, project=name, paid=f"2025-0{month}-01")
        for month, name in enumerate(names, 1)
    ]
    assert [each.verdict for each in judged(*pair)] == ["ok", "possible_double_claim"]


@pytest.mark.parametrize(
    "names",
    [
        ("设备二期", "设备三期"),
        ("设备2期", "设备三期"),
        ("第十二届展", "第二十届展"),
        ("2024年展", "2025年展"),
    ],
)
def test_figures_that_differ_keep_projects_apart_in_either_writing(names):
    pair = [claim("fair_booth", 700, 1_000, project=name, paid="2025-01-01") for name in names]
    assert [each.verdict for each in judged(*pair)] == ["ok", "ok"]


def test_without_a_project_one_base_in_one_year_is_asked_about_whatever_the_amount():
    """70 % of 100,000 are 70,000: nothing is left for 69,999 more; of another base, or in another year, it is its own."""
    first = claim("fair_booth", 70_000, 100_000, paid="2025-01-01")
    again = judged(first, claim("fair_booth", 69_999, 100_000))[-1]
    assert (again.verdict, again.allowed_cny) == ("possible_double_claim", 0)
    assert verdict(first, claim("fair_booth", 70_000, 100_001)) == "ok"
    assert verdict(first, claim("fair_booth", 69_999, 100_000, paid="2026-03-01")) == "ok"
    assert verdict(first, claim("fair_booth", 70_000)) == "possible_double_claim"


def test_a_firm_of_another_county_is_not_named_in_what_a_county_reads():
    first = claim("fair_booth", 700, 1_000, project="展位", firm="演示甲乙有限公司", paid="2025-01-01")
    near = {"project": "展位", "firm": "演示甲乙有限责任公司", "uscc": OTHER}
    there = judged(first, claim("fair_booth", 700, 1_000, **near, unit="431127"))[-1]
    assert "另一县市区" in there.reason and "演示" not in there.reason and "展位" not in there.reason
    assert (
        "给演示甲乙有限公司「其他境外展展位费」项目「展位」"
        in judged(first, claim("fair_booth", 700, 1_000, **near))[-1].reason
    )


def test_what_is_given_once_says_when_it_was_and_an_evaluation_how_many_it_may_pay():
    first = claim("incubator", 100_000, paid="2025-01-01", project="孵化中心甲")
    said = judged(first, claim("incubator", 100_000, project="孵化中心乙"))[-1].reason
    assert said == "该事项为一次性奖励，此前已于 2025-01-01 支付 100,000.00 元，不得多头重复奖励，请核对。"
    paid = [claim("vegetable_award", 1_000, uscc=code("431102", n), project="2025年度评价") for n in range(6)]
    assert "已付6家企业，文件最多给5家，" in judged(*paid)[0].reason


ITEMS = st.sampled_from([item.id for item in RULES.items] + ["别的事项"])
CLAIMS = st.builds(
    claim, ITEMS,
    amount=st.decimals(-200_000, 700_000, places=2), base=st.none() | st.decimals(0, 1_500_000, places=2),
    row=st.integers(1, 9_999), uscc=st.sampled_from([FIRM, OTHER, code("431103", 3)]),
    paid=st.dates(dt.date(2024, 6, 1), dt.date(2027, 6, 30)).map(str),
    project=st.sampled_from(["", "设备一期", "设备二期", "设备1期", "2025年度评价", "直通车一号", "直通车一号车", "2025年度"]),
    firm=st.sampled_from(["", "演示同一家有限公司"]),
    county=st.sampled_from(["431102", "431127"]),
)  # fmt: skip
SOME = st.lists(CLAIMS, max_size=14)


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_the_allowed_sums_never_pass_any_ceiling(claims):
    book = ledger(claims, RULES, ISSUED, VALID_TO)
    sums = {}
    for each in check(book, claims):
        assert (
            each.allowed_cny is None
            or min(0, each.claim.amount_cny) <= each.allowed_cny <= each.claim.amount_cny
        )
        if each.item and each.item.rate and each.claim.base_cny is not None and each.allowed_cny is not None:
            assert each.allowed_cny <= each.item.rate * each.claim.base_cny
        for pot in pots(RULES, each.item, each.claim):
            sums[pot] = sums.get(pot, 0) + (each.allowed_cny or 0)
    assert all(total <= ceiling(RULES, pot) for pot, total in sums.items())


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAIMS.filter(lambda claim: claim.amount_cny > 0), max_size=10))
def test_what_is_like_an_earlier_payment_is_never_allowed_past_their_common_ceiling(claims):
    for each in check(ledger(claims, RULES, ISSUED, VALID_TO), claims):
        if each.twin and each.item and each.item.ceiling_cny and each.allowed_cny:
            assert each.allowed_cny + each.twin.amount_cny <= each.item.ceiling_cny


@settings(max_examples=60, deadline=None)
@given(SOME.flatmap(lambda claims: st.tuples(st.just(claims), st.permutations(claims))))
def test_no_verdict_depends_on_the_order_of_rows(both):
    def told(claims):
        return sorted(
            (str(e.claim), e.verdict, str(e.allowed_cny), e.reason)
            for e in check(ledger(claims, RULES, ISSUED, VALID_TO), claims)
        )

    assert told(both[0]) == told(both[1])


@settings(max_examples=60, deadline=None)
@given(SOME, CLAIMS.filter(lambda claim: claim.amount_cny >= 0))
def test_another_payment_never_raises_what_is_left_and_no_money_back_raises_it_past_the_ceiling(claims, more):
    def room(claims):
        book = ledger(claims, RULES, ISSUED, VALID_TO)
        stands = latest(states(book, claims))
        rooms = {
            (item.id, probe): left(item, book, stands, probe)
            for item in RULES.items for probe in probes
        }  # fmt: skip
        return rooms | {firm: total_left(book, stands, firm) for firm in (FIRM, OTHER)}

    probes = [claim(uscc=uscc, project=project) for uscc in (FIRM, OTHER) for project in ("", "直通车一号")]
    before, after = room(claims), room([*claims, more])
    assert all(after[key] is None or after[key] <= before[key] for key in after)
    total = RULES.total.ceiling_cny
    most = {item.id: min(item.ceiling_cny or total, total) for item in RULES.items}
    assert all(room is None or room <= most.get(key[0], total) for key, room in before.items())
