"""Contributions add up to the change exactly, whatever the parts, and name the right ones."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.decompose import REST, change, share_of_target
from etl.spans import Ratio

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=6)
COUNTS = st.integers(0, 500).map(Decimal)
YEARS = st.integers(1, 4)


def ratios(numerators, denominators, years=st.none()):  # noqa: B008
    return st.builds(Ratio, numerators, denominators, years)


def pairs(one):
    return st.tuples(one, one)


def parts(one):
    missing = st.just(Ratio(None, None))
    return st.dictionaries(st.text("abcdef", min_size=1, max_size=2), pairs(one | missing), max_size=16)


def adds_up(found):
    return sum((item.total for item in found.contributions), Fraction(0)) == found.after - found.before


@given(pairs(ratios(AMOUNTS, AMOUNTS.filter(bool))), parts(ratios(AMOUNTS, AMOUNTS)))
def test_contributions_to_a_quotient_add_up_whatever_the_parts_and_the_citys_own_total(whole, some):
    assert adds_up(change("ratio", whole, some))


@given(pairs(ratios(AMOUNTS, AMOUNTS.filter(bool), YEARS)), parts(ratios(AMOUNTS, AMOUNTS)))
def test_contributions_to_a_growth_add_up(whole, some):
    assert adds_up(change("growth", whole, some))


@given(pairs(ratios(COUNTS, st.just(Decimal(1)))), parts(ratios(COUNTS, st.just(Decimal(1)))))
def test_contributions_to_a_count_add_up(whole, some):
    assert adds_up(change("sum", whole, some))


def of(numerator, denominator, years=None):
    return Ratio(Decimal(numerator), Decimal(denominator), years)


def found(way, whole, **some):
    return {item.part: item for item in change(way, whole, some).contributions}


def test_a_unit_whose_share_rose_at_the_same_weight_contributes_within_and_nothing_by_mix():
    got = found(
        "ratio", (of(10, 200), of(20, 200)), a=(of(0, 100), of(10, 100)), b=(of(10, 100), of(10, 100))
    )
    assert (got["a"].within, got["a"].mix) == (Fraction(1, 20), 0)
    assert (got["b"].total, got[REST].total) == (0, 0)


def test_growing_where_the_share_is_high_raises_the_whole_by_mix_alone():
    got = found("ratio", (of(50, 200), of(75, 250)), a=(of(50, 100), of(75, 150)), b=(of(0, 100), of(0, 100)))
    assert got["a"].within == got["b"].within == 0
    assert got["a"].mix > 0 and got["b"].mix > 0
    assert got["a"].total + got["b"].total == Fraction(3, 10) - Fraction(1, 4)


def test_a_unit_without_cases_before_is_all_mix():
    got = found("ratio", (of(30, 10), of(50, 15)), a=(of(30, 10), of(30, 10)), b=(of(0, 0), of(20, 5)))
    assert got["b"].within == 0 and got["b"].mix > 0


def test_a_part_missing_in_one_month_goes_into_the_rest():
    got = found("sum", (of(5, 1), of(7, 1)), a=(Ratio(None, None), of(4, 1)), b=(of(2, 1), of(3, 1)))
    assert set(got) == {"b", REST}
    assert (got["b"].total, got[REST].total) == (1, 1)


def test_growth_is_shared_out_by_increase():
    got = found(
        "growth", (of(100, 100, 1), of(150, 100, 1)), a=(of(50, 50), of(90, 50)), b=(of(50, 50), of(60, 50))
    )
    assert (got["a"].total, got["b"].total) == (Fraction(2, 5), Fraction(1, 10))


@pytest.mark.parametrize("whole", [(of(1, 0), of(1, 2)), (of(1, 2), Ratio(None, Decimal(1)))])
def test_a_whole_without_a_value_is_not_taken_apart(whole):
    assert change("ratio", whole, {}) is None


@given(st.lists(ratios(AMOUNTS, AMOUNTS), max_size=9), ratios(st.just(Decimal(7)), AMOUNTS.filter(bool)))
def test_the_shares_in_the_target_add_up_to_how_far_the_whole_is(parts, whole):
    target = Fraction(1, 10)
    city = Ratio(sum((part.numerator for part in parts), Decimal(0)), whole.denominator)
    shares = [share_of_target("ratio", city, part, target) for part in parts]
    assert sum(shares, Fraction(0)) == city.value / target


def test_the_share_in_a_counts_or_a_growths_target_by_hand():
    assert share_of_target("sum", of(4, 1), of(1, 1), Fraction(5)) == Fraction(1, 5)
    # 100 growing by half a year for two years must be 225; 45 of it are here
    assert share_of_target("growth", of(200, 100, 2), of(45, 30, 2), Fraction(1, 2)) == Fraction(1, 5)


def test_without_a_target_above_zero_or_an_input_there_is_no_share():
    assert share_of_target("sum", of(0, 1), of(0, 1), Fraction(0)) is None
    assert share_of_target("ratio", of(1, 2), Ratio(None, None), Fraction(1, 10)) is None
    assert share_of_target("growth", of(1, 2, 0), of(1, 2, 0), Fraction(1, 2)) is None
