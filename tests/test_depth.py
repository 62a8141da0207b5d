"""An indicator in depth, on the demo data: parts against the city, spans and estimates against the tables they come from."""

import itertools
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from frontend import POLICY

from dashboard import spans, store
from dashboard.identity import Viewer
from dashboard.parts import contributions, estimate
from dashboard.questions import lineage, places
from dashboard.questions.board import board
from dashboard.questions.measured import history, inputs, measured
from etl import snapshot
from etl.decompose import REST, WAY_OF, change
from etl.document import passage
from etl.spans import OWN, Ratio

INDICATORS = [indicator.id for indicator in POLICY.indicators]
NOW, CITY, DAO = "2026-10", "4311", "431124"


@pytest.fixture(scope="module")
def gate(demo_data):
    return store.open_gate(Viewer("", "task_force", None), demo_data)


@pytest.fixture
def tables(demo_data):
    """Rows straight from the snapshot; the connection closes at once, for the gate opens its own."""

    def rows(query, *values):
        with duckdb.connect(str(snapshot.current(demo_data).path), read_only=True) as con:
            return con.execute(query, values).fetchall()

    return rows


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_units_parts_alone_add_up_to_the_citys_change_in_every_span(gate, indicator):
    found = measured(gate, indicator)
    way = WAY_OF[POLICY.indicator(indicator).city.kind]
    for span in ("", *spans.offered(found)):
        ratios = spans.ratios(found, span)
        for then in ("2026-09", "2025-10"):
            pairs = {
                unit.code: tuple(ratios[at].get(unit.code, Ratio(None, None)) for at in (then, NOW))
                for unit in POLICY.units
                if unit.role != "city"
            }
            got = change(way, (ratios[then][CITY], ratios[NOW][CITY]), pairs)
            units = sum((item.total for item in got.contributions if item.part != REST), Fraction(0))
            assert units == got.after - got.before, (indicator, span, then)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_parts_behind_a_value_give_the_value_that_was_judged(gate, tables, indicator):
    own = measured(gate, indicator)[OWN]
    rows = tables(
        "select unit, period, value from scoreboard where indicator = ? and value is not null", indicator
    )
    assert rows
    for unit, period, value in rows:
        assert float(own[period][unit].value) == value


def test_the_month_and_the_twelve_months_of_the_import_share_are_those_of_the_trade(gate, tables):
    found = measured(gate, "import_share")
    for span in ("month", "ttm"):
        rows = tables(f"select unit, period, {span}_import, {span}_export from unit_trade")
        known = [row for row in rows if row[2] is not None and row[3] is not None and row[2] + row[3]]
        assert known
        for unit, period, imports, exports in known:
            assert found[span][str(period)[:7]][unit].value == Fraction(imports) / Fraction(imports + exports)


def test_the_years_end_follows_the_rule(gate, tables):
    rows = tables(f"select period, ytd_import, ytd_export from unit_trade where unit = '{CITY}'")
    by = {
        str(period)[:7]: (Fraction(imports), Fraction(exports))
        for period, imports, exports in rows
        if imports
    }
    ends = [by[NOW][flow] * by["2025-12"][flow] / by["2025-10"][flow] for flow in (0, 1)]
    lights = board(gate)
    own = history(inputs(gate, "import_share").own, CITY)
    ended = estimate.estimated(POLICY, lights.light("import_share", CITY, NOW), own)
    assert ended.value == pytest.approx(float(ends[0] / sum(ends)), abs=1e-15)
    assert ended.status == "monitor"
    december = lights.light("import_share", CITY, "2025-12")
    assert estimate.estimated(POLICY, december, own) is None


def test_the_source_rows_of_a_units_share_give_the_share(gate):
    found = lineage.trace(gate, POLICY.indicator("import_share"), DAO, NOW)
    assert found.total == 1 and found.hidden == 0
    (row,) = found.rows
    assert (row.file, row.sheet, row.row) == ("2026年10月各县市区进出口情况表.xlsx", "Sheet1", 11)
    own = inputs(gate, "import_share").own[NOW][DAO]
    assert f"{own.numerator:.2f}" in row.figures and f"{own.denominator - own.numerator:.2f}" in row.figures


@pytest.mark.parametrize(
    ("viewer", "unit", "seen"),
    [
        (Viewer("", "leader", None), CITY, True),
        (Viewer("", "county", DAO), DAO, True),
        (Viewer("", "county", DAO), CITY, False),
        (Viewer("", "county", DAO), "431102", False),
        (Viewer("", "loader", None), CITY, False),
    ],
)
def test_rows_that_name_firms_are_for_whom_the_gate_lets_see_them_and_counted_for_the_rest(
    demo_data, viewer, unit, seen
):
    gate = store.open_gate(viewer, demo_data)
    indicator = POLICY.indicator("firms_over_100m")
    found = lineage.trace(gate, indicator, unit, NOW)
    taken = lineage.taken(gate, indicator, unit, NOW)
    assert found.total > 0
    if seen:
        assert found.hidden == 0 and len(taken) == found.total
    else:
        assert found.hidden == found.total and found.rows == taken == ()


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_quote_stands_in_its_clause(indicator):
    item = POLICY.indicator(indicator)
    found = passage(POLICY, item.clause, item.quote)
    assert found.quote.replace(" ", "") == item.quote.replace(" ", "")
    assert "责任单位" not in found.before + found.after


def test_the_bars_of_a_waterfall_go_from_the_value_before_to_the_value_after():
    whole = (Ratio(Decimal(10), Decimal(100)), Ratio(Decimal(13), Decimal(100)))
    parts = {
        "431102": (Ratio(Decimal(4), Decimal(40)), Ratio(Decimal(8), Decimal(40))),
        DAO: (Ratio(Decimal(6), Decimal(60)), Ratio(Decimal(5), Decimal(60))),
    }
    bars = contributions.steps(change("ratio", whole, parts))
    assert bars[0].start == Fraction(1, 10) and bars[-1].end == Fraction(13, 100)
    assert all(one.end == two.start for one, two in itertools.pairwise(bars))
    assert [bar.end - bar.start for bar in bars] == [Fraction(1, 25), Fraction(-1, 100)]


def test_clusters_parks_and_rebates_of_a_unit_are_those_of_the_tables(gate, tables):
    (cluster,) = places.clusters(gate, DAO, NOW)
    assert (cluster.name, cluster.firms) == ("演示道县机电产品集群", 6)
    (park,) = places.parks(gate, DAO, NOW, 1_000_000)
    assert park.projects == 2
    cases = places.rebates(gate, DAO, NOW)
    normal = [item for item in cases if item.normal]
    own = inputs(gate, "rebate_days").own[NOW][DAO]
    assert sum(item.cases for item in normal) == own.denominator
    assert sum(item.workdays for item in normal) == own.numerator
    assert [item.rebate_class for item in cases] == ["一", "二", "三", "四", ""]
