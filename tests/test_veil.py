"""What a county sees of other places' splits: parts that add up, and no cell that few firms make up."""

import itertools
import shutil
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from random import Random

import duckdb
import numpy as np
import pytest
from builders import code, firm_table, registry, small_table, trade, write_csv
from test_pages import html, run
from test_support import asked, book, loaded
from test_upload import dropped
from test_widgets import plain as plain_text

from dashboard import store, words
from dashboard.address import View
from dashboard.identity import Viewer
from dashboard.parts import market as market_parts
from dashboard.parts import market_table
from dashboard.questions import board as boards
from dashboard.questions import market, measures, places, quality, support, veil, whatif
from dashboard.questions.measured import measured, own_of_unit
from dashboard.questions.split import TOGETHER
from dashboard.scenario import choices
from dashboard.small import is_small
from etl.monitors import load_monitors
from etl.policy import load_policy
from etl.reference import load_reference
from etl.snapshot import current
from etl.spans import Ratio

POLICY = load_policy()
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


CELLS = """
    select dimension, code, strftime(period, '%Y-%m') as at, flow, unit, value, firms, top from (
        select *, 'export' as flow, export_cny as value, export_firms as firms, export_top as top from mart_market_month
        union all
        select *, 'import', import_cny, import_firms, import_top from mart_market_month)
    where dimension <> 'group' and value <> 0 and unit <> $1
"""


def restored(cells, shown_alone, city):
    """The hidden cells of one month and direction that sums of units and codes fix: in the row space of these.

    cells: (unit, code) → value; the city is the sum of its units, and whatever is hidden of a place is shown in one sum.
    """
    unknown = sorted(cell for cell in cells if cell not in shown_alone)
    at = {cell: place for place, cell in enumerate(unknown)}
    sums = {(True, unit) for unit, _ in unknown} | {(False, code) for _, code in unknown}
    matrix = np.zeros((len(sums), len(unknown)))
    for number, (is_row, name) in enumerate(sorted(sums)):
        for cell, place in at.items():
            if cell[0 if is_row else 1] == name:
                matrix[number, place] = -1 if not is_row and cell[0] == city else 1
    if not unknown:
        return set()
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    space = rows[sizes > 1e-9]
    return {cell for cell, place in at.items() if abs(1 - (space[:, place] ** 2).sum()) < 1e-9}


def test_no_month_and_no_sum_of_places_restores_what_few_firms_trade(demo_data):
    """Worked out from the mart by linear algebra, for every month, direction and unit of the demo at once."""
    split, months = {}, {}
    for unit in POLICY.units:
        gate = gate_of(demo_data, "county", OWN)
        for span, at in (("ttm", "2024-10"), ("ttm", "2025-10"), ("ttm", PERIOD)):
            for flow in ("export", "import"):
                for name, each in market.market(gate, unit.code, at, flow, span).splits.items():
                    split.setdefault((name, unit.code), set()).update(part.code for part in each.parts)
    for dimension, code_, at, flow, unit, value, firms, top in asked(
        demo_data, CELLS.replace("$1", f"'{OWN}'")
    ):
        months.setdefault((dimension, at, flow), {})[unit, code_] = (value, firms, top)
    few, leaks = 0, []
    for (dimension, at, flow), cells in months.items():
        if not "2023-11" <= at <= PERIOD:
            continue
        alone = {cell for cell in cells if cell[1] in split.get((dimension, cell[0]), ())}
        small = {
            cell
            for cell, (value, firms, top) in cells.items()
            if cell[0] != CITY and is_small(firms, top, value)
        }
        few += len(small)
        assert not small & alone
        told = restored(cells, set(), CITY)  # with everything hidden, such as the only mode of a unit
        leaks += [(dimension, at, flow, cell) for cell in small & restored(cells, alone, CITY) - told]
    assert few > 10_000 and leaks == []


def test_an_older_snapshot_hides_nothing_that_a_newer_one_shows(demo_data):
    """Without the last months as it was before they came: what was hidden then is hidden now."""
    gate = gate_of(demo_data, "county", OWN)
    for source in veil.QUERIES:
        now = veil._hidden(gate, source)
        for last in ("2024-06-01", "2026-02-01"):
            then = veil.QUERIES[source].replace(
                "where unit <> $1", f"where period <= date '{last}' and unit <> $1"
            )
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(veil.QUERIES, source, then)
                older = veil._hidden(gate, source)
            assert all(older[name] and older[name] <= now[name] for name in older)


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


def sentence(gate, unit, span="ytd"):
    found = market.market(gate, unit, PERIOD, "total", span)
    view = View(PERIOD, unit, "", flow="total", span=span)
    return plain_text(market_parts.sentence(POLICY, load_reference(), view, found))


def test_what_is_not_told_apart_is_never_called_the_largest_market(demo_data):
    gate = gate_of(demo_data, "county", OWN)
    seen = set()
    for unit in POLICY.units:
        split, said = shown(gate, unit.code)["partner"], sentence(gate, unit.code)
        assert TOGETHER not in said and "合并列示" not in said
        if not split.veiled:
            assert "最大市场" in said and "不逐项列示" not in said
            continue
        rest = (
            f"其他企业少的市场合计占{float(split.together.value / split.whole.value) * 100:.2f}%，不逐项列示"
        )
        if not split.told:
            seen.add("none")
            assert said.endswith("；各市场企业少，不逐项列示。")
        elif split.told[0].value < split.together.value:
            seen.add("some")
            assert (
                "；逐项列示的市场中" in said
                and rest in said
                and "最大市场" not in said
                and "前5位" not in said
            )
        else:
            seen.add("most")
            assert "；最大市场" in said and rest in said
    assert seen == {"none", "some", "most"}


def test_what_is_not_told_apart_at_all_is_named_in_one_panel_instead_of_one_bar_each(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer("某", "county", OWN))
    page = html(run(demo_data, monkeypatch, "dashboard/pages/markets.py", period=PERIOD, unit=OTHER))
    assert TOGETHER not in page and "共1个" not in page
    assert page.count(market_parts.FEW) == 1
    assert "<h2>按市场分组、市场集中度、贸易伙伴、贸易方式、商品（章）</h2>" in page


def test_what_is_not_told_apart_has_no_code_in_the_table_to_take_along(demo_data):
    gate = gate_of(demo_data, "county", OWN)
    found = market.market(gate, OTHER, PERIOD, "total", "ytd")
    view = View(PERIOD, OTHER, "", flow="total", span="ytd")
    rows = market_table.rows(POLICY, load_reference(), view, found, None, store.meta(gate))
    assert [(row[4], row[5]) for row in rows if row[3] == "贸易伙伴"] == [(None, TOGETHER)]


def test_who_may_see_the_firms_sees_every_code(demo_data):
    full = shown(gate_of(demo_data, "leader"), OWN)
    assert shown(gate_of(demo_data, "county", OWN), OWN) == full
    assert not any(split.veiled for split in full.values())


def test_the_value_of_a_cluster_of_few_firms_is_for_who_may_see_them(demo_data):
    gate, full = gate_of(demo_data, "county", OWN), gate_of(demo_data, "leader")
    kept = []
    for unit in ("431102", "431103", OTHER, "431122"):
        rows = store.read(full, places.CLUSTERS, unit, f"{PERIOD}-01")
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
        support.spent(gate, policy, unit, period)[1]
        for gate, unit in (
            (gate_of(demo_data, "leader"), "4311"), (county, "4311"), (county, "431103"), (county, "431124"),
        )
    )  # fmt: skip
    assert {one.item_id for one in of_other} == {support.TOGETHER}
    assert {one.item_id for one in own} == {one.item_id for one in everything if one.unit == "431124"}
    ((outside,),) = asked(
        demo_data,
        f"select sum(amount_cny) from support_check where paid < '{policy.document.issued}' or paid > '2025-12-31'",
    )
    assert outside > 0 and support.summed(of_city) == support.summed(everything) - outside
    told = {one.item_id for one in of_city} - {support.TOGETHER}
    payees = defaultdict(lambda: defaultdict(Decimal))
    of_others = "unit <> '431124' and amount_cny <> 0 and paid between '2024-06-14' and '2025-12-31'"
    for *key, uscc, amount in asked(
        demo_data, f"select item_id, year(paid), uscc, amount_cny from support_check where {of_others}"
    ):
        payees[tuple(key)][uscc] += amount
    sums = {key: list(of.values()) for key, of in payees.items()}
    small = {key[0] for key, each in sums.items() if len(each) < 3 or max(each) > Decimal("0.85") * sum(each)}
    assert told and small and not told & small
    assert len({item for item, _ in sums} - told) != 1


# --- what stands beside a light ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few_firms(tmp_path_factory):
    """双牌 has a cluster of one firm with 3,000万元 and one firm 2,000万 below 1亿; 道县 has nothing of the sort."""
    folder = tmp_path_factory.mktemp("few")
    firms = {
        code(OTHER, 1): ("单家公司", 3_000),
        code(OTHER, 2): ("近线公司", 8_000),
        code(OWN, 3): ("本地公司", 500),
    }
    one = (code(OTHER, 1), "单家公司", "双牌县", "", "其他", "双牌集群", "一类", "", "2024-01-01")
    files = [registry(folder / "名录.csv", [one])]
    for year in (2024, 2025):
        rows = [(name, uscc, "", trade(1, value, 0, 0)) for uscc, (name, value) in firms.items()]
        title = f"{year}年12月企业进出口情况表"
        files.append(firm_table(folder / f"{title}.xlsx", title, rows))
    paid = ("2025-06-01", code(OTHER, 1), "单家公司", "双牌县", "供港直通车", "一号", "4000000", "1200000")
    files.append(book(folder / "资金.csv", paid))
    return loaded(folder / "data", *files)


@pytest.mark.parametrize(("role", "unit"), [("county", OWN), ("loader", None)])
def test_what_stands_beside_a_light_tells_no_single_firm_to_who_may_not_see_it(few_firms, role, unit):
    at, board = "2025-12", boards.board(gate_of(few_firms, role, unit))
    for place in (OTHER, CITY):
        assert board.light("firms_over_100m", place, at).facts["near"] == {"count": 1}
        assert (
            board.light("support_cap", place, at).facts == {}
            and board.light("support_cap", place, at).value == 1
        )
    cluster = board.light("county_clusters", OTHER, at)
    assert (cluster.value, cluster.gap, cluster.status, cluster.facts) == (None, None, "behind", {"firms": 1})
    assert "完成度不显示" in words.why(POLICY, cluster) and words.apart(POLICY, cluster) == "滞后"
    gate = gate_of(few_firms, role, unit)
    assert measured(gate, "county_clusters")["own"][at][OTHER] == Ratio(None, None)
    assert own_of_unit(gate, OTHER)["county_clusters"][at] == Ratio(None, None)


@pytest.mark.parametrize(("role", "unit"), [("county", OTHER), ("leader", None)])
def test_who_sees_a_units_firms_sees_the_amounts_beside_its_lights(few_firms, role, unit):
    at, gate = "2025-12", gate_of(few_firms, role, unit)
    board = boards.board(gate)
    assert board.light("firms_over_100m", OTHER, at).facts["near"] == {
        "count": 1,
        "least_short_cny": 20_000_000,
    }
    assert board.light("support_cap", OTHER, at).facts == {"over_cny": 200_000}
    assert board.light("county_clusters", OTHER, at).facts == {"firms": 1, "ttm_cny": 30_000_000}
    assert board.light("county_clusters", OTHER, at).value == 0.15  # 3,000万 of 2亿 is less than 1 firm of 5
    assert measured(gate, "county_clusters")["own"][at][OTHER].value == Fraction(3, 20)


@pytest.mark.parametrize("role", ["loader", "task_force"])
def test_a_check_of_an_upload_tells_no_value_of_a_cluster_to_who_may_not_see_its_firms(
    few_firms, near, tmp_path, monkeypatch, role
):
    """双牌's cluster of one firm is corrected from 3,000万元 of 2亿, which is 15 %, to 3,600万, which is 18 %."""
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer("某", role, None))
    title = "2025年12月企业进出口情况表"
    firms = (
        (code(OTHER, 1), "单家公司", 3_600),
        (code(OTHER, 2), "近线公司", 8_000),
        (code(OWN, 3), "本地公司", 500),
    )
    rows = [(name, uscc, "", trade(1, value, 0, 0)) for uscc, name, value in firms]
    shown = html(dropped(few_firms, monkeypatch, firm_table(tmp_path / f"{title}.xlsx", title, rows)))
    said = "15.00% → 18.00%" if role == "task_force" else "有变化，数值不显示"
    assert f"2025-12 双牌县 达标产业集群县市区 {said}" in shown
    assert ("15.00%" in shown) == (role == "task_force")


def test_a_cluster_of_many_firms_is_open_to_all(demo_data):
    board, whole = (boards.board(gate_of(demo_data, *who)) for who in (("county", "431102"), ("leader",)))
    shown = board.light("county_clusters", OTHER, PERIOD)
    assert shown == whole.light("county_clusters", OTHER, PERIOD)
    assert shown.value == 0.885 and shown.facts == {"firms": 5, "ttm_cny": 177_000_000}
    reached = board.light("county_clusters", OWN, PERIOD)  # one firm has over 85 % of it
    assert (reached.value, reached.facts) == (1, {"firms": 6})


def test_no_pace_tells_the_completion_that_it_starts_from_where_that_is_kept_back(demo_data):
    board, whole = (boards.board(gate_of(demo_data, *who)) for who in (("county", OWN), ("leader",)))
    seen, full = (one.light("county_clusters", "431103", PERIOD) for one in (board, whole))
    assert board.light("county_clusters", "431103", "2023-12").kept_back
    # 0.8 in 2023-12, 1 in 2027-06: 34 of 42 months on
    assert full.pace == pytest.approx(0.8 + 0.2 * 34 / 42) and seen.pace is None
    assert (seen.value, seen.status) == (full.value, full.status)
    for unit in POLICY.counties:
        lights = board.series["county_clusters", unit.code]
        if lights["2023-12"].kept_back:
            assert {light.pace for light in lights.values()} <= {None, 1.0}


def test_a_projection_tells_no_amount_of_few_firms_and_judges_as_for_who_sees_them(demo_data):
    found, told = {}, 0
    for who in (("county", OWN), ("leader",)):
        gate = gate_of(demo_data, *who)
        known = whatif.facts(gate, POLICY, boards.board(gate), PERIOD, with_firms=True)
        study = [
            choices.study(choices.SCENARIOS["growth"], known, unit.code, choices.Chosen()).found
            for unit in POLICY.counties
        ]
        found[who[0]] = [item for items in study for item in items if item.now.indicator == "county_clusters"]
    for seen, full in zip(found["county"], found["leader"], strict=True):
        told += seen.touched
        if seen.touched:
            assert (seen.then.value, seen.then.status) == (full.then.value, full.then.status)
            assert seen.then.pace in (None, 1.0, full.then.pace)
        else:
            assert seen.then.value == seen.now.value
    assert told


def test_a_county_reads_no_amount_beside_a_number_of_things_of_others(demo_data):
    trucks = next(item for item in load_monitors(POLICY) if item.id == "hong_kong_trucks")
    for unit in (OTHER, CITY):
        seen = measures.parts(gate_of(demo_data, "county", OWN), trucks, unit, PERIOD)
        assert seen and not any({"paid_cny", "supported"} & part.facts.keys() for part in seen)
        whole = measures.parts(gate_of(demo_data, "leader"), trucks, unit, PERIOD)
        assert [part.value for part in seen] == [part.value for part in whole]
        assert all("paid_cny" in part.facts for part in whole)


def test_the_days_of_a_class_of_rebates_are_for_who_may_see_the_firms(tmp_path):
    """Three firms of a class by September, a fourth in October: one month less the other would be its one case."""
    header = ("案件编号", "统一社会信用代码", "出口退税管理类别", "受理日期", "办结日期", "退税额", "状态")
    rows = [
        (f"案{number}", code(OTHER, number), "二类", "2025-09-01", f"2025-09-0{number + 1}", "100", "正常")
        for number in (1, 2, 3)
    ]
    rows.append(("案4", code(OTHER, 4), "二类", "2025-10-09", "2025-10-15", "100", "正常"))
    files = small_table(tmp_path / "九月.xlsx"), write_csv(tmp_path / "退税.csv", [header, *rows])
    data = loaded(tmp_path / "data", *files, small_table(tmp_path / "十月.xlsx", month="2025年10月"))
    months = ("2025-09", "2025-10")
    seen, own = (
        [places.rebates(gate_of(data, "county", unit), OTHER, month) for month in months]
        for unit in (OWN, OTHER)
    )
    assert [[(item.cases, item.average, item.slowest) for item in each] for each in seen] == [
        [(3, None, None)], [(4, None, None)],
    ]  # fmt: skip
    # 1, 2 and 3 working days; 9 to 15 October 2025 is 5, with Saturday the 11th worked
    assert [[(item.cases, item.workdays, item.slowest) for item in each] for each in own] == [
        [(3, 6, 3)], [(4, 11, 5)],
    ]  # fmt: skip


# --- support ------------------------------------------------------------------------------------------------------------

TRUCK, FEE = "供港直通车", "AEO高级认证费用"


def ledger(folder, *payments):
    """A ledger of payments as (day, division, number of the firm, item, yuan)."""
    rows = [
        (day, code(unit, number), f"企业{number}", "", item, f"项目{place}", "10000000", amount)
        for place, (day, unit, number, item, amount) in enumerate(payments)
    ]
    return loaded(folder / "data", small_table(folder / "九月.xlsx"), book(folder / "资金.csv", *rows))


def told(data, unit, period, role="county", own=OWN):
    """What the viewer is told: (item, unit, first and last year) → yuan."""
    found = {}
    for one in support.spent(gate_of(data, role, own), POLICY, unit, period)[1]:
        key = (one.item_id, one.unit, one.years)
        found[key] = found.get(key, 0) + one.amount_cny
    return found


def paid(data, unit, period, role="county", own=OWN):
    return measures.paid(gate_of(data, role, own), POLICY, unit, period)


def many(day, unit="431102", numbers=(1, 2, 3), item=TRUCK, amount="1000"):
    return [(day, unit, number, item, amount) for number in numbers]


def test_the_only_payee_of_a_unit_is_told_neither_on_its_page_nor_in_the_citys_table(tmp_path):
    others = many("2025-03-01") + many("2025-03-01", "431103")
    data = ledger(tmp_path, ("2025-03-01", OTHER, 9, TRUCK, "777"), *others)
    assert support.spent(gate_of(data, "county", OWN), POLICY, OTHER, "2025-12") == ("", ())
    city = told(data, CITY, "2025-12")  # 双牌's 777 with the 3,000 of the first of two units alike
    whole = (2025, 2025)
    assert city == {("truck", support.TOGETHER, whole): 3777, ("truck", "431103", whole): 3000}
    assert paid(data, OTHER, "2025-12") == ("", {})
    assert told(data, OTHER, "2025-09", own=OTHER) == {("truck", OTHER, whole): 777}


def test_a_year_is_told_once_it_is_over_and_so_from_then_on(tmp_path):
    """Four firms' 1,000 each in 2025, one firm's 77 before the document and another's 55 in 2026: a month tells neither."""
    odd = [("2024-06-01", OTHER, 8, TRUCK, "77"), ("2026-01-09", OTHER, 9, TRUCK, "55")]
    data = ledger(tmp_path, *many("2025-03-01", numbers=(1, 2, 3, 4)), *odd)
    gate = gate_of(data, "county", OWN)
    for period in ("2024-12", "2025-03", "2025-08"):
        assert support.spent(gate, POLICY, CITY, period) == ("2024-12-31", ())
    for period in ("2025-12", "2026-01", "2026-11"):
        assert told(data, CITY, period) == {("truck", "431102", (2025, 2025)): 4000}
        day, items = paid(data, CITY, period)
        assert (day, items["truck"]) == ("2025-12-31", 4000)
    assert sum(told(data, CITY, "2025-09", "leader", None).values()) == 4132
    assert paid(data, CITY, "2025-09", "leader", None)[1]["truck"] == 4000


def test_what_was_put_together_once_stays_so_and_years_of_few_payees_are_told_with_the_next(tmp_path):
    """By 2024 one had trucks and two fees; three had trucks in 2025, one in 2026, three more in 2027."""
    first = [("2024-11-01", "431102", 4, TRUCK, "555"), *many("2024-11-01", "431103", (1, 2), FEE, "500")]
    later = many("2025-08-01", numbers=(5, 6, 7)) + many("2025-08-01", "431103", (1, 2, 3), FEE)
    rest = [("2026-03-01", "431102", 8, TRUCK, "99"), *many("2027-03-01", numbers=(1, 5, 9))]
    data = ledger(tmp_path, *first, *later, *rest)
    both = (support.TOGETHER, support.TOGETHER)
    assert told(data, CITY, "2024-12") == {(*both, (2024, 2024)): 1555}
    assert told(data, CITY, "2025-12") == {(*both, (2024, 2024)): 1555, (*both, (2025, 2025)): 6000}
    assert told(data, CITY, "2026-12") == told(data, CITY, "2025-12")
    assert support.spent(gate_of(data, "county", OWN), POLICY, CITY, "2026-12")[0] == "2025-12-31"
    assert told(data, CITY, "2027-12") == told(data, CITY, "2025-12") | {(*both, (2026, 2027)): 3099}
    assert "truck" not in paid(data, CITY, "2027-12")[1]
    assert ("truck", "431102", (2024, 2024)) in told(data, CITY, "2025-03", "leader", None)


def test_a_ledger_of_few_payees_is_told_not_at_all(tmp_path):
    data = ledger(
        tmp_path, ("2024-11-01", "431102", 1, TRUCK, "100"), ("2025-03-01", "431102", 2, TRUCK, "100")
    )
    for period in ("2024-12", "2025-12"):
        assert support.spent(gate_of(data, "loader"), POLICY, CITY, period) == ("", ())
        assert paid(data, CITY, period, "loader", None) == ("", {})


def test_money_that_came_back_whole_makes_nobody_a_payee(tmp_path):
    back = [("2025-03-01", "431103", 3, TRUCK, "1000"), ("2025-04-01", "431103", 3, FEE, "-1000")]
    data = ledger(tmp_path, *many("2025-03-01", numbers=(1, 2)), *back)
    assert told(data, CITY, "2025-12") == {}


@pytest.mark.parametrize("seed", range(6))
def test_no_two_sums_of_support_of_any_months_places_and_items_tell_of_few_payees_by_their_difference(
    tmp_path, seed
):
    """All that a county is told in 36 months, subtracted from one another."""
    random = Random(seed)
    units, items = ("431102", "431103", OTHER, OWN), (TRUCK, FEE, "展位费补贴")
    rows = [
        (f"{random.choice((2024, 2025, 2026))}-{random.randint(7, 12):02}-01", random.choice(units),
         random.randint(1, 9), random.choice(items), str(random.choice((10, 100, 120, 150))))
        for _ in range(random.choice((12, 30, 60)))
    ]  # fmt: skip
    data = ledger(tmp_path, *rows)
    payments = asked(data, "select item_id, unit, paid, uscc, amount_cny from support_check")
    sums = {frozenset[int]()}
    for year, month, place in itertools.product(
        (2024, 2025, 2026), range(1, 13), (CITY, "431102", "431103", OTHER)
    ):
        day, found = support.spent(gate_of(data, "county", OWN), POLICY, place, f"{year}-{month:02}")
        reached = {
            n: row for n, row in enumerate(payments)
            if row[1] != OWN and place in (CITY, row[1]) and str(row[2]) <= day
        }  # fmt: skip
        for at, known in enumerate(({one.item_id for one in found}, {one.unit for one in found})):
            for one, (first, last) in itertools.product(known, {one.years for one in found}):
                sums.add(frozenset(
                    n for n, row in reached.items()
                    if first <= row[2].year <= last and (row[at] if row[at] in known else support.TOGETHER) == one
                ))  # fmt: skip
    for more, less in itertools.permutations(sums, 2):
        if less < more:
            payees = defaultdict(int)
            for number in more - less:
                payees[payments[number][3]] += payments[number][4]
            had = [amount for amount in payees.values() if amount]
            assert not had or not is_small(len(had), max(had), sum(had)), (more, less)


def test_the_page_says_that_a_sum_of_few_is_kept_back(tmp_path, monkeypatch):
    data = ledger(tmp_path, ("2024-11-01", OTHER, 9, TRUCK, "777"))
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer("某", "county", OWN))
    shown = html(run(data, monkeypatch, "dashboard/pages/support.py", unit=OTHER, period="2025-09"))
    assert "还没有可以列示的合计" in shown and "0.08" not in shown and "没有加载" not in shown


def test_a_revised_value_that_is_kept_back_is_not_told_by_the_revision(few_firms, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(few_firms, data)
    title = "2025年12月企业进出口情况表"
    rows = [
        (name, code(OTHER, n), "", trade(1, value, 0, 0))
        for n, name, value in ((1, "单家公司", 3_100), (2, "近线公司", 8_000))
    ]
    loaded(data, firm_table(tmp_path / f"{title}.xlsx", title, rows), replace=True, confirm="测试")
    values = {}
    for who in (("county", OWN), ("leader",)):
        changes = quality.revisions(gate_of(data, *who)).changes
        values[who[0]] = {
            (item.value_before, item.value_after)
            for item in changes
            if (item.indicator, item.unit) == ("county_clusters", OTHER)
        }
    assert values == {"county": {(None, None)}, "leader": {(0.15, 0.155)}}
