"""What each remaining month must bring: put into the months that remain, it reaches the target exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.required import Window, for_average, for_gap, for_growth, for_share, window

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=6)
POSITIVE = st.decimals(min_value=1, max_value=10**12, places=6)
SHARES = st.fractions(min_value=Fraction(1, 100), max_value=Fraction(9, 10))
SPANS = st.integers(1, 11).map(lambda done: Window(done, 12 - done)) | st.just(Window(0, 12))


@pytest.mark.parametrize(
    ("period", "deadline", "expected"),
    [
        ("2026-10", "2026-12", Window(10, 2)),
        ("2026-12", "2026-12", Window(12, 0)),
        ("2025-10", "2026-12", Window(0, 12)),
        ("2027-03", "2026-12", Window(3, 0)),
        ("2026-10", "always", Window(10, 2)),
        ("2026-04", "each-12", Window(4, 8)),
        ("2026-10", "2027-06", Window(0, 6)),
    ],
)
def test_the_months_that_decide_are_those_of_the_deadlines_year(period, deadline, expected):
    assert window(period, deadline) == expected


def test_a_gap_is_spread_evenly_and_nothing_is_asked_without_one_or_without_time():
    assert for_gap(Fraction(2), 8) == Fraction(1, 4)
    assert (
        for_gap(Fraction(0), 8) is None
        and for_gap(Fraction(-1), 8) is None
        and for_gap(Fraction(2), 0) is None
    )


def test_imports_by_hand():
    # exports 900 in 10 months are 1080 in 12; a tenth of all is a ninth of exports: 120, of which 50 are there
    assert for_share(Fraction(1, 10), Fraction(50), Fraction(900), 10, Window(10, 2)) == 35


@given(SHARES, AMOUNTS, POSITIVE, SPANS)
def test_the_imports_asked_for_give_the_share_exactly(share, imports, exports, span):
    done = span.done or 12
    each = for_share(share, imports, exports, done, span)
    months = span.done + span.left
    others = Fraction(exports) / done * months
    part = (Fraction(imports) if span.done else 0) + (each or 0) * span.left
    assert part / (part + others) == share if each else part >= share * (part + others)


@given(st.fractions(0, 3), st.integers(1, 4), POSITIVE, AMOUNTS, SPANS)
def test_the_amount_asked_for_gives_the_growth_exactly(growth, years, base, so_far, span):
    each = for_growth(growth, years, base, so_far, span)
    total = (Fraction(so_far) if span.done else 0) + (each or 0) * span.left
    goal = Fraction(base) * (1 + growth) ** years
    assert total == goal if each else total >= goal


@given(st.integers(1, 10), st.integers(0, 5000), st.integers(1, 500), st.integers(1, 11))
def test_the_average_asked_for_brings_the_years_average_to_the_bound_exactly(most, days, cases, done):
    each = for_average(most, days, cases, Window(done, 12 - done))
    coming = Fraction(cases, done) * (12 - done)
    if each is None:
        assert Fraction(days, cases) <= most
    else:
        assert (days + each * coming) / (cases + coming) == most


@pytest.mark.parametrize(
    ("found"),
    [
        for_share(Fraction(1, 10), Fraction(50), Fraction(900), 12, Window(12, 0)),
        for_share(Fraction(1), Fraction(50), Fraction(900), 10, Window(10, 2)),
        for_growth(Fraction(1, 2), 3, Fraction(0), Fraction(1), Window(10, 2)),
        for_average(4, 10, 0, Window(10, 2)),
        for_average(4, 10, 1, Window(12, 0)),
    ],
)
def test_nothing_is_asked_where_no_month_remains_or_there_is_nothing_to_compare_with(found):
    assert found is None
