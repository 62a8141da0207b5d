"""排名: places with ties, any order of the table, ribbons, and the table to take along."""

import csv
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from frontend import POLICY, board, light
from test_pages import html, run

from dashboard import download, figures, ranking, store
from dashboard.address import View
from dashboard.board import Rank
from dashboard.identity import Viewer
from dashboard.parts import ranking as parts
from dashboard.parts.ribbons import ribbons
from dashboard.questions import board as asked
from dashboard.questions.ranking import standings
from dashboard.ranking import Standing
from dashboard.store import Meta

PAGE = "dashboard/pages/ranking.py"
PERIOD, CITY = "2026-10", "4311"
UNITS = [unit.code for unit in POLICY.counties]
MEASURES = ranking.measures(POLICY)
TOTAL, SHARE = MEASURES["ytd_total"], MEASURES["import_share"]
VIEW = View(PERIOD, CITY, "import_share", measure="ytd_total")


def of(**months):
    """Standings from values by unit, one keyword a month (``m10`` for 2026-10)."""
    values = {
        (f"2026-{month[1:]}", unit): value
        for month, given in months.items()
        for unit, value in zip(UNITS, given, strict=False)
    }
    return ranking.of_values(values, UNITS)


def test_ties_share_the_better_place_and_no_data_has_none():
    month = of(m10=[Decimal(5), Decimal(9), Decimal(5), None, Decimal(1)])[PERIOD]
    assert [month[unit].rank for unit in UNITS[:5]] == [2, 1, 2, None, 4]


def test_places_are_made_from_exact_amounts():
    month = of(m10=[Decimal("100000000000.000001"), Decimal("100000000000.000002")])[PERIOD]
    assert [month[unit].rank for unit in UNITS[:2]] == [2, 1]


def test_the_city_and_the_zones_take_no_place():
    month = ranking.of_values({(PERIOD, CITY): 99, (PERIOD, "431172"): 98, (PERIOD, UNITS[0]): 1}, UNITS)[
        PERIOD
    ]
    assert (month[UNITS[0]].rank, month[CITY].rank, month["431172"].rank) == (1, None, None)


def test_places_gained_are_positive_and_unknown_without_a_place():
    assert ranking.moved(Standing("a", 1, 2), Standing("a", 1, 5)) == 3
    assert ranking.moved(Standing("a", 1, 5), Standing("a", 1, 2)) == -3
    assert ranking.moved(Standing("a", None), Standing("a", 1, 2)) is None
    assert ranking.moved(Standing("a", 1, 2), None) is None


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", UNITS[1]), ("rank", UNITS[1]), ("-rank", UNITS[2]), ("unit", UNITS[0]), ("-unit", UNITS[11]),
     ("value", UNITS[2]), ("-value", UNITS[1]), ("-moved", UNITS[1]), ("moved", UNITS[0])],
)  # fmt: skip
def test_any_column_orders_the_table_and_what_is_missing_stays_last(sort, first):
    found = of(m09=[9, 5, 1], m10=[5, 9, 1])
    rows = ranking.ordered(POLICY, found[PERIOD], found["2026-09"], sort)
    assert rows[0].unit == first and len(rows) == 12
    if "unit" not in sort:
        assert all(item.value is None for item in rows[3:])


def test_a_change_of_place_is_an_arrow_for_the_eye_and_words_for_the_ear():
    assert parts.change(2) == '<span aria-hidden="true">▲2</span><span class="tk-sr">上升2位</span>'
    assert "▼1" in parts.change(-1) and "下降1位" in parts.change(-1)
    assert (parts.change(0), parts.change(None)) == ("持平", "—")
    assert not any(word in parts.change(2) for word in ("green", "red"))


def test_the_sentence_tells_the_unit_or_who_is_first_last_and_moved():
    found = of(m09=[Decimal(2), Decimal(3)], m10=[Decimal(2), Decimal(1)])
    whole = parts.sentence(POLICY, VIEW, TOTAL, found)
    assert "第1位" in whole and "零陵区上升1位、冷水滩区下降1位" in whole
    own = parts.sentence(POLICY, View(PERIOD, UNITS[1], "x"), TOTAL, found)
    assert "冷水滩区" in own and "（上月第1，下降1位）" in own and "第1位是零陵区" in own
    shared = parts.sentence(POLICY, VIEW, TOTAL, of(m10=[Decimal(1), Decimal(2), Decimal(2)]))
    assert "<b>冷水滩区等2个</b>" in shared and "第3位<b>零陵区</b>" in shared
    assert "排不出位次" in parts.sentence(POLICY, VIEW, TOTAL, {})
    assert "没有上月位次可比" in parts.sentence(POLICY, VIEW, TOTAL, of(m10=[Decimal(2)]))
    assert "位次没有变化" in parts.sentence(POLICY, VIEW, TOTAL, of(m09=[1, 2], m10=[1, 2]))


def test_a_head_sorts_and_a_second_press_turns_the_order_round():
    found = of(m10=[1, 2])
    shown = parts.ranking(POLICY, VIEW, TOTAL, found, found)
    assert (
        '<th scope="col" aria-sort="ascending"><a data-go href="/ranking?' in shown and "sort=-rank" in shown
    )
    turned = parts.ranking(POLICY, View(PERIOD, CITY, "x", sort="-value"), TOTAL, found, found)
    assert 'aria-sort="descending"' in turned and "sort=value" in turned and "sort=rank" in turned


def test_lights_stand_in_the_table_where_the_measure_has_them():
    lit = ranking.of_lights(board(light(unit=UNITS[0], rank=1)), POLICY, "import_share")
    shown = parts.ranking(POLICY, VIEW, SHARE, lit, lit)
    assert "▼</span>滞后" in shown and 'title="零陵区进口占比：滞后，累计8.80%，' in shown
    plain = of(m10=[1])
    assert "状态" not in parts.ranking(POLICY, VIEW, TOTAL, plain, plain)


def test_overall_standings_show_how_many_are_green():
    scored = ranking.of_scores(board(light(), ranks={(UNITS[0], PERIOD): Rank(9, 8, 4, 1)}))
    item = scored[PERIOD][UNITS[0]]
    assert ranking.shown(POLICY, MEASURES["overall"], item) == "绿灯8/9项，达标4项" and item.rank == 1


def test_ribbons_name_every_unit_with_a_place_and_break_where_a_month_is_missing():
    found = of(m07=[3, 1, 2], m08=[3, 2, 1], m10=[3, 2, 2])
    view = View(PERIOD, UNITS[1], "x", measure="ytd_total")
    shown = ribbons(POLICY, view, TOTAL, found)
    assert shown.count("<li") == 3 and shown.count("tk-ribbon tk-here") == 1
    line = shown.split('tk-ribbon tk-here"><path class="tk-reach" d="')[1].split('"')[0]
    assert line.count("M") == 2 and shown.count("tk-leader") == 3
    assert "冷水滩区：2026-07第3位，2026-10第2位" in shown
    # Two share the second place: their names stand one below the other, both with a 2.
    assert shown.count("<span>2</span>") == 2
    assert "这两年没有位次" in ribbons(POLICY, view, TOTAL, {})


def test_ribbons_begin_where_the_places_begin_and_need_two_months():
    view = View(PERIOD, CITY, "x", measure="ytd_total")
    shown = ribbons(POLICY, view, TOTAL, of(m08=[3, 2, 1], m10=[3, 2, 2]))
    assert "2026-08" in shown and "2026-07" not in shown and "2024" not in shown
    assert "只有一个月的位次，还看不出变化。" in ribbons(POLICY, view, TOTAL, of(m10=[3, 2, 2]))


def test_the_chart_of_all_units_begins_with_the_first_value_and_needs_two_months():
    months = ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert figures.drawn(POLICY, of(m08=[3], m10=[2]), months) == months[1:]
    assert figures.drawn(POLICY, of(m10=[2]), months) == figures.drawn(POLICY, {}, months) == []


def test_a_chart_that_no_two_months_make_says_so_instead_of_empty_axes(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, period="2023-01"))
    assert "有数据的月份不足两个，还画不出走势。" in shown and "只有一个月的位次" in shown


@pytest.mark.parametrize("id", list(MEASURES))
def test_every_measure_ranks_the_demo_and_its_table_can_be_taken_along(demo_data, id):
    gate = store.open_gate(Viewer("某", "task_force", None), demo_data)
    lights = asked.board(gate)
    found = standings(gate, lights, POLICY, MEASURES[id])
    now = found[PERIOD]
    assert sum(now[unit].rank is not None for unit in UNITS) >= 10
    assert min(item.rank for item in now.values() if item.rank) == 1
    taken = parts.rows(POLICY, VIEW, MEASURES[id], found, Meta("s", "", "", True))
    assert len(taken) % 12 == 0 and all(len(row) == len(parts.HEADER) for row in taken)
    assert {row[0] for row in taken[:12]} == {PERIOD} and {row[0] for row in taken[12:24]} == {"2026-09"}
    assert {row[-1] for row in taken} == {"演示数据"}


def test_trade_places_agree_with_the_amounts_of_the_store(demo_data):
    gate = store.open_gate(Viewer("某", "task_force", None), demo_data)
    found = standings(gate, board(light()), POLICY, TOTAL)[PERIOD]
    rows = {row["unit"]: row for row in store.trade(gate).iter_rows(named=True) if row["period"] == PERIOD}
    best = sorted(UNITS, key=lambda unit: -rows[unit]["ytd_total"])
    assert [found[unit].rank for unit in best] == list(range(1, 13))
    growth = standings(gate, board(light()), POLICY, MEASURES["cbec_yoy"])
    assert growth["2023-10"][UNITS[0]].value is None and growth[PERIOD][UNITS[0]].value > 0


def test_figures_to_take_along_are_unrounded_in_the_unit_named():
    lit = ranking.of_lights(board(light(unit=UNITS[0], value=0.1, rank=1)), POLICY, "import_share")
    row = dict(
        zip(parts.HEADER, parts.rows(POLICY, VIEW, SHARE, lit, Meta("s", "", "", False))[0], strict=True)
    )
    assert (row["数值"], row["单位"], row["位次"], row["状态"], row["数据性质"]) == (
        10.0,
        "%",
        1,
        "滞后",
        "正式数据",
    )
    trade = parts.rows(POLICY, VIEW, TOTAL, of(m10=[Decimal("1234.56")]), Meta("s", "", "", False))
    assert trade[0][5:7] == (1234.56, "元") and trade[1][3:7] == (None, "冷水滩区", None, "元")


def test_a_csv_has_a_byte_order_mark_and_texts_that_look_like_formulas_are_inert():
    taken = download.as_csv(("名称", "数值"), [("=1+1", -5.0), ("@甲", None), ("乙", 3)])
    assert taken.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(taken.decode("utf-8-sig"))))
    assert rows == [["名称", "数值"], ["'=1+1", "-5.0"], ["'@甲", ""], ["乙", "3"]]


def test_a_workbook_keeps_texts_as_texts_and_numbers_as_numbers():
    taken = download.as_xlsx("排名", ("名称", "数值"), [("=1+1", -5.0), ("{=A1}", 3)])
    sheet = openpyxl.load_workbook(io.BytesIO(taken))["排名"]
    with zipfile.ZipFile(io.BytesIO(taken)) as parts_of_it:
        assert b"<f>" not in parts_of_it.read("xl/worksheets/sheet1.xml")
    assert [cell.value for cell in sheet["A"][1:]] == ["=1+1", "{=A1}"]
    assert [cell.value for cell in sheet["B"][1:]] == [-5, 3]


def test_the_address_names_measure_unit_and_order(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, PAGE, period=PERIOD, measure="cbec_ytd", unit="431124", sort="-value")
    shown = html(app)
    assert (
        app.selectbox(key="pick_measure").value == "cbec_ytd"
        and app.selectbox(key="pick_unit").value == "431124"
    )
    assert (
        "<h2>跨境电商累计</h2>" in shown
        and 'aria-sort="descending"' in shown
        and "tk-ribbon tk-here" in shown
    )
    assert {item.label for item in app.get("download_button")} == {"下载 CSV", "下载 Excel"}


def test_an_unknown_measure_or_order_falls_back(demo_data, monkeypatch):
    app = run(demo_data, monkeypatch, PAGE, period=PERIOD, measure="<b>", sort="drop")
    assert app.selectbox(key="pick_measure").value == "ytd_total" and 'aria-sort="ascending"' in html(app)
