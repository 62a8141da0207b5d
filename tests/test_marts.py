"""Marts: each after those it reads, and months of declarations built one by one equal to all built anew."""

import datetime as dt
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from builders import code
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl import marts
from etl.marts import BY_MONTH, build_marts, dependencies
from etl.policy import load_policy
from etl.sources import BY_KIND
from etl.warehouse import create_tables, refresh_reference, select
from etl.words import Words

MONTHS = [dt.date(2024, 11, 1), dt.date(2024, 12, 1), dt.date(2025, 1, 1)]
FIRMS = [code("431102", 1), code("431124", 2), code("430100", 3)]
DECLARATION = st.tuples(
    st.sampled_from(MONTHS),
    st.sampled_from(["export", "import"]),
    st.sampled_from(FIRMS),
    st.sampled_from(["07020000", "08051000"]),
    st.sampled_from(["110", "502", "136"]),
    st.sampled_from(["0110", "9610", "1039"]),
    st.integers(1, 10**9),
)
REGISTRATION = st.tuples(
    st.sampled_from(FIRMS),
    st.sampled_from(["431102", "431103"]),
    st.sampled_from([None, dt.date(2024, 12, 1), dt.date(2025, 1, 1)]),
)
STEP = st.one_of(
    st.lists(DECLARATION, min_size=1, max_size=6).map(lambda rows: ("load", rows)),
    st.sampled_from(MONTHS).map(lambda month: ("drop", month)),
    REGISTRATION.map(lambda row: ("register", row)),
    st.just(("regroup", None)),
    st.sampled_from(["0805", "0702000090"]).map(lambda code: ("encourage", code)),
)


@pytest.fixture
def con(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        create_tables(con)
        refresh_reference(con, load_policy())
        yield con


def add(con, kind: str, file_id: int, **columns: object) -> None:
    schema = BY_KIND[kind].schema
    given = pl.DataFrame(columns, strict=False).with_columns(file_id=pl.lit(file_id), sheet=pl.lit(""))
    numbered = given.with_columns(row=pl.int_range(1, given.height + 1))
    missing = [pl.lit(None).alias(name) for name in schema.column_names() if name not in numbered.columns]
    rows = numbered.with_columns(missing).cast({name: c.dtype for name, c in schema.columns().items()})
    Words(con).append(BY_KIND[kind], rows.select(schema.column_names()))


def declare(con, file_id: int, rows: list[tuple]) -> None:
    period, flow, uscc, hs_code, partner, mode, value = (list(column) for column in zip(*rows, strict=True))
    add(
        con, "declarations", file_id, period=period, flow=flow, uscc=uscc, hs_code=hs_code,
        partner=partner, mode=mode, value_cny=[Decimal(yuan) for yuan in value],
    )  # fmt: skip


def apply(con, file_id: int, step: tuple) -> None:
    what, given = step
    if what == "load":
        declare(con, file_id, given)
    elif what == "drop":
        con.execute("delete from coded_declarations where period = ?", [given])
    elif what == "register":
        uscc, unit, effective = given
        add(con, "firms", file_id, uscc=[uscc], firm_name=["甲公司"], unit=[unit], effective=[effective])
    elif what == "encourage":
        add(con, "encouraged_goods", file_id, hs_code=[given])
    else:
        con.execute("insert into partner_group values ('甲组', '110', '2024-01-01', '9999-12-31')")


def differences(con, name: str) -> int:
    query = f"""select count(*) from (
        (select * from {name} except all select * from ({select(name)}) as anew)
        union all (select * from ({select(name)}) as anew except all select * from {name}))"""
    return con.execute(query).fetchall()[0][0]


def test_every_mart_is_built_after_those_that_it_reads():
    needed = dependencies()
    assert needed["mart_registry"] == frozenset()
    assert needed["mart_belonging"] == {"mart_registry", "mart_declared_month"}
    assert "mart_belonging" in needed["mart_market_month"]


@pytest.fixture
def declared_only(monkeypatch):
    """Builds the marts of declarations and what they read alone: the others are built anew every time."""
    needed = {"mart_registry", "mart_belonging", *BY_MONTH}
    chosen = {name: reads for name, reads in dependencies().items() if name in needed}
    monkeypatch.setattr(marts, "dependencies", lambda: chosen)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=6))
def test_months_built_one_by_one_equal_all_months_built_anew(declared_only, steps):
    with duckdb.connect() as con:
        create_tables(con)
        refresh_reference(con, load_policy())
        for number, step in enumerate(steps, start=1):
            apply(con, number, step)
            build_marts(con)
            assert {name: differences(con, name) for name in BY_MONTH} == dict.fromkeys(BY_MONTH, 0), step


def test_a_new_month_leaves_what_is_known_of_the_others_as_it_is(con):
    first = [(MONTHS[0], "export", FIRMS[0], "07020000", "110", "0110", 5)]
    declare(con, 1, first)
    build_marts(con)
    for name in BY_MONTH:  # a mark in an old month: it stays unless the month is built anew
        con.execute(f"update {name} set export_cny = 77")
    declare(con, 2, [(MONTHS[1], "export", FIRMS[1], "07020000", "110", "0110", 9)])
    build_marts(con)
    for name in BY_MONTH:
        kept = f"select distinct export_cny from {name} where period = ?"
        assert con.execute(kept, [MONTHS[0]]).fetchall() == [(77,)]
        assert con.execute(kept, [MONTHS[1]]).fetchall() == [(9,)]


def test_a_firm_that_moved_gets_its_old_months_built_anew(con):
    declare(con, 1, [(MONTHS[0], "export", FIRMS[0], "07020000", "110", "0110", 5)])
    build_marts(con)
    add(con, "firms", 2, uscc=[FIRMS[0]], firm_name=["甲公司"], unit=["431103"], effective=[None])
    build_marts(con)
    units = con.execute("select distinct unit from mart_market_month order by unit").fetchall()
    assert units == [("4311",), ("431103",)]
    named = con.execute("select unit, firm_name from mart_firm_goods_month").fetchall()
    assert named == [("431103", "甲公司")]


def test_goods_of_a_catalogue_that_came_later_are_found_in_the_old_months(con):
    declare(con, 1, [(MONTHS[0], "import", FIRMS[0], "08051000", "110", "0110", 5)])
    build_marts(con)
    add(con, "encouraged_goods", 2, hs_code=["0805100090"])
    build_marts(con)
    found = con.execute("select period, goods, import_cny from mart_firm_goods_month").fetchall()
    assert found == [(MONTHS[0], "encouraged", 5)]


EXPORTS = {  # of 2025-10 to 2026-09; January's 8 stands in February's 24 too
    dt.date(2025, 10, 1): 1, dt.date(2025, 11, 1): 2, dt.date(2025, 12, 1): 4, dt.date(2026, 1, 1): 8,
    dt.date(2026, 2, 1): 24, **{dt.date(2026, month, 1): 32 for month in range(3, 10)},
}  # fmt: skip


def bureau_tables(con, kind: str, exports: dict[dt.date, int], combined: int) -> None:
    """A table a month of one unit or firm without cumulatives; the February of that year is of two months."""
    periods = list(exports)
    months = [2 if period == dt.date(combined, 2, 1) else 1 for period in periods]
    who = {"uscc": FIRMS[1], "firm_name": "乙公司"} if kind == "firm_month" else {"unit": "431124"}
    figures = {name: [0] * len(periods) for name in ("month_import", "ytd_import")}
    figures |= {"month_export": list(exports.values()), "ytd_export": list(exports.values())}
    add(
        con,
        kind,
        1,
        period=periods,
        months=months,
        **{name: [text] * len(periods) for name, text in who.items()},
        **figures,
    )
    for period, span in zip(periods, months, strict=True):
        con.execute("insert into coverage values (1, ?, ?, 'both', ?)", [kind, period, span])
    build_marts(con)


def twelve_months_to(con, kind: str, period: dt.date) -> int | None:
    mart, who = ("firm", f"uscc = '{FIRMS[1]}'") if kind == "firm_month" else ("unit", "unit = '431124'")
    query = f"select ttm_export from mart_{mart}_month where {who} and period = ?"
    return con.execute(query, [period]).fetchall()[0][0]


@pytest.mark.parametrize("kind", ["county_month", "firm_month"])
def test_twelve_months_count_january_once_where_february_holds_it(con, kind):
    bureau_tables(con, kind, EXPORTS, combined=2026)
    assert twelve_months_to(con, kind, dt.date(2026, 9, 1)) == 255  # 1 + 2 + 4 + 24 + 7 × 32


@pytest.mark.parametrize("kind", ["county_month", "firm_month"])
def test_january_counted_twice_does_not_stand_for_a_month_that_is_missing(con, kind):
    months = {period: value for period, value in EXPORTS.items() if period != dt.date(2025, 11, 1)}
    bureau_tables(con, kind, months, combined=2026)
    assert twelve_months_to(con, kind, dt.date(2026, 9, 1)) is None


@pytest.mark.parametrize("kind", ["county_month", "firm_month"])
def test_the_twelve_months_to_a_january_hold_none_of_the_january_before(con, kind):
    year = {dt.date(2025, month, 1): 1 for month in range(2, 12)}  # December is missing
    bureau_tables(con, kind, year | {dt.date(2026, 1, 1): 1}, combined=2025)
    assert twelve_months_to(con, kind, dt.date(2026, 1, 1)) is None
