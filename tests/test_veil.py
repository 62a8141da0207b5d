"""What a county sees of other places' splits: parts that add up, and no cell that few firms make up."""

from decimal import Decimal

import duckdb
import pytest
from test_support import asked

from dashboard import store
from dashboard.identity import Viewer
from dashboard.questions import market, places, support
from dashboard.questions.veil import TOGETHER
from dashboard.small import is_small
from etl.policy import load_policy
from etl.snapshot import current

OWN, OTHER, CITY, PERIOD = "431124", "431123", "4311", "2026-10"


def gate_of(data, role, unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def few(data, unit):
    """The cells of that unit, by dimension and code, that few firms make up in any month, straight from the mart."""
    query = """
        select distinct dimension, code from mart_market_month where unit = ? and (
            export_firms in (1, 2) or export_top > 0.85 * export_cny
            or import_firms in (1, 2) or import_top > 0.85 * import_cny)
    """
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        return set(con.execute(query, [unit]).fetchall())


def shown(gate, unit, span="ytd", flow="total"):
    return market.market(gate, unit, PERIOD, flow, span).splits


@pytest.mark.parametrize("flow", ["total", "export", "import"])
@pytest.mark.parametrize("span", ["month", "ytd", "ttm"])
def test_no_small_cell_of_another_unit_is_shown_by_itself(demo_data, span, flow):
    small = few(demo_data, OTHER)
    assert small
    for gate in (gate_of(demo_data, "county", OWN), gate_of(demo_data, "loader")):
        splits = shown(gate, OTHER, span, flow)
        for dimension, split in splits.items():
            assert not {(dimension, part.code) for part in split.parts} & small, dimension
        assert splits["group"].parts == () and splits["partner"].concentration() is None


def test_the_same_codes_are_hidden_in_every_span_and_direction(demo_data):
    gate, full = gate_of(demo_data, "county", OWN), gate_of(demo_data, "leader")
    hidden, seen = set(), set()
    for span in ("month", "ytd", "ttm"):
        for flow in ("total", "export", "import"):
            all_codes = {part.code for part in shown(full, OTHER, span, flow)["partner"].parts}
            codes = {part.code for part in shown(gate, OTHER, span, flow)["partner"].parts} - {TOGETHER}
            hidden |= all_codes - codes
            seen |= codes
    assert hidden and not hidden & seen


def test_what_is_put_together_keeps_the_whole(demo_data):
    gate, full = gate_of(demo_data, "county", OWN), gate_of(demo_data, "leader")
    for unit in (OTHER, CITY):
        for name, split in shown(gate, unit).items():
            if name != "group":
                before = shown(full, unit)[name]
                assert sum(part.value for part in split.parts) == sum(part.value for part in before.parts)
                assert split.whole == before.whole
                assert sum(part.code == TOGETHER for part in split.parts) == split.veiled


def test_who_may_see_the_firms_sees_every_code(demo_data):
    full = shown(gate_of(demo_data, "leader"), OWN)
    assert shown(gate_of(demo_data, "county", OWN), OWN) == full
    assert not any(split.veiled for split in full.values())


def test_the_value_of_a_cluster_of_few_firms_is_for_who_may_see_them(demo_data):
    gate, full = gate_of(demo_data, "county", OWN), gate_of(demo_data, "leader")
    kept = []
    for unit in ("431102", "431103", OTHER, "431122"):
        rows = store.read(full, places.CLUSTERS, unit, PERIOD).rows()
        small = {name for name, firms, value, top in rows if is_small(firms, top, value)}
        kept += [
            (item.ttm_cny is None) == (item.name in small) for item in places.clusters(gate, unit, PERIOD)
        ]
        assert all(item.ttm_cny is not None for item in places.clusters(full, unit, PERIOD))
    assert kept and all(kept)


def test_what_few_payees_had_of_support_is_not_told_by_item_to_who_may_not_see_them(demo_data):
    policy, county = load_policy(), gate_of(demo_data, "county", "431124")
    period = store.meta(county).latest_period
    everything, of_city, of_other, own = (
        support.spent(gate, policy, unit, period)
        for gate, unit in (
            (gate_of(demo_data, "leader"), "4311"), (county, "4311"), (county, "431103"), (county, "431124"),
        )
    )  # fmt: skip
    assert {one.item_id for one in of_other} == {support.TOGETHER}
    assert {one.item_id for one in own} == {one.item_id for one in everything if one.unit == "431124"}
    assert support.summed(of_city) == support.summed(everything)
    told = {one.item_id for one in of_city} - {support.TOGETHER}
    payees = {}
    for item, uscc, amount in asked(
        demo_data,
        "select item_id, uscc, amount_cny from support_check where unit <> '431124' and amount_cny <> 0",
    ):
        payees.setdefault(item, {}).setdefault(uscc, []).append(amount)
    sums = {item: [sum(each) for each in of.values()] for item, of in payees.items()}
    small = {item for item, each in sums.items() if len(each) < 3 or max(each) > Decimal("0.85") * sum(each)}
    assert told and not told & small
    assert len(set(sums) - told) != 1
