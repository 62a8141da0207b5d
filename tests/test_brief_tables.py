"""Every number in the tables of document, slides and workbook is the snapshot's, read back from the files."""

import io
from decimal import Decimal
from fractions import Fraction

import docx
import openpyxl
import pytest
from briefs import GREEN, PAID, SUPPORT, Truth, equal, month_before, year_before
from docx.oxml.ns import qn
from pptx import Presentation
from reworked import numbers, worth
from test_brief import PERIOD, facts_of, request

from dashboard import words
from dashboard.brief.compose import compose
from dashboard.brief.document import Table
from dashboard.brief.write import slides, word, workbook
from etl.policy import load_policy

POLICY = load_policy()
CODES = {unit.short: unit.code for unit in POLICY.units}
DAO = "431124"
DAY = f"{PERIOD}-01"
LINES = {"10亿元": 10**9, "5亿元": 5 * 10**8, "1亿元": 10**8, "5000万元": 5 * 10**7}


def tables(data, variant: str, **asked: str) -> dict[str, list[list[str]]]:
    """The rows of each table of a written document by its title; under the key with 注 what stands below it."""
    body = docx.Document(
        io.BytesIO(word.write(compose(facts_of(data, request(variant, **asked)))))
    ).element.body
    said = [["".join(t.text for t in p.iter(qn("w:t"))), p] for p in body]
    found = {}
    for (title, _), (_, table), (note, _) in zip(said, said[1:], said[2:], strict=False):
        if table.tag == qn("w:tbl"):
            name = title.partition("　")[2].partition("（20")[0]
            found[name] = [
                ["".join(t.text for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
                for row in table.iter(qn("w:tr"))
            ][1:]
            found[f"{name}注"] = note
    return found


@pytest.fixture(scope="module")
def truth(demo_data):
    return Truth(demo_data)


@pytest.fixture(scope="module")
def written(demo_data):
    """The tables of the task force's brief and of one unit's."""
    return {"4311": tables(demo_data, "task_force"), DAO: tables(demo_data, "unit")}


def all_of(truth: Truth, query: str, unit: str, *values: object) -> list[tuple]:
    rows = truth.con.execute(query.format(truth.where(unit)), [*values, *truth.of_unit(unit)])
    return rows.fetchall()


@pytest.mark.parametrize("unit", ["4311", DAO])
def test_tiers(written, truth, unit):
    rows = written[unit][f"{'全市' if unit == '4311' else '道县'}企业梯队（家）"]
    assert [row[0] for row in rows] == [f"{line}以上" for line in LINES]
    for line, row in zip(LINES.values(), rows, strict=True):
        for cell, month in zip(row[1:4], (PERIOD, month_before(PERIOD), "2025-12"), strict=True):
            query = f"select count(*) from mart_firm_tier where period = ? and ttm_total >= {line} and {{}}"
            assert int(cell) == all_of(truth, query, unit, f"{month}-01")[0][0]
        query = (
            f"select count(*) from mart_firm_tier where period = ? and near and next_cny = {line} and {{}}"
        )
        assert int(row[4]) == all_of(truth, query, unit, DAY)[0][0]


@pytest.mark.parametrize("unit", ["4311", DAO])
def test_firms_near_a_line_and_those_that_moved(written, truth, unit):
    query = """select firm_name, unit, ttm_total, next_cny, next_cny - ttm_total from mart_firm_tier
        where period = ? and near and {} order by 5, uscc"""
    found = all_of(truth, query, unit, DAY)
    rows = written[unit]["近线企业（按差额由小到大）"]
    assert len(rows) == min(15, len(found))
    for row, (name, place, ttm, line, short) in zip(rows, found, strict=False):
        assert (row[0], CODES[row[1]], LINES[row[3]]) == (name, place, line)
        assert equal(row[2], ttm) and equal(row[4], short)
    assert written[unit]["近线企业（按差额由小到大）注"] == (
        f"注：共{len(found)}家，列出前15家。" if len(found) > 15 else ""
    )
    query = "select firm_name, ttm_total, tier > tier_month from mart_firm_tier where period = ? and tier <> tier_month and {}"
    moved = {name: (ttm, up) for name, ttm, up in all_of(truth, query, unit, DAY)}
    rows = written[unit]["与上月相比升降档的企业"]
    assert {row[0] for row in rows} == set(moved)
    for row in rows:
        ttm, up = moved[row[0]]
        assert equal(row[3], ttm) and ("升至" if up else "降至") in row[2]


@pytest.mark.parametrize("unit", ["4311", DAO])
def test_firms_that_came_and_that_went(written, truth, unit):
    query = """select firm_name, unit, ttm_total > 0, if(ttm_total > 0, ttm_total, ttm_year) from mart_firm_tier
        where period = ? and (ttm_total > 0) <> (ttm_year > 0) and {} order by 4 desc, uscc"""
    found = all_of(truth, query, unit, DAY)
    rows = written[unit]["新增和退出的企业（按金额由大到小）"]
    assert found and len(rows) == min(15, len(found))
    for row, (name, place, came, value) in zip(rows, found, strict=False):
        assert (row[0], CODES[row[1]], row[2]) == (name, place, "新增" if came else "退出")
        assert equal(row[3], value)


def test_firms_over_the_cap(written, truth):
    query = """select any_value(firm_name), sum(amount_cny) from fact_support where uscc not like '1%'
        and paid between '2024-06-14' and last_day(cast(? as date)) group by uscc having sum(amount_cny) > 1000000"""
    found = truth.con.execute(query, [DAY]).fetchall()
    rows = written["4311"]["超出支持上限的企业"]
    assert found and {row[0] for row in rows} == {name for name, _ in found}
    for row in rows:
        paid = dict(found)[row[0]]
        assert equal(row[2], paid) and equal(row[3], paid - 1_000_000)


@pytest.mark.parametrize("unit", ["4311", DAO])
def test_rebates_by_class(written, truth, unit):
    query = """select if(state = '正常', coalesce(rebate_class, ''), '函调、疑点'), count(*), sum(workdays), max(workdays)
        from mart_rebate_case where year(completed) = 2026 and completed <= last_day(cast(? as date)) and {} group by 1"""
    found = {name: row for name, *row in all_of(truth, query, unit, DAY)}
    rows = written[unit][f"{'全市' if unit == '4311' else '道县'}出口退税办理（1—10月）"]
    assert len(rows) == len(found) == 5
    for name, cases, average, slowest in rows:
        count, days, longest = found[name.removesuffix("类企业")]
        assert int(cases) == count and int(slowest) == longest and equal(average, Fraction(int(days), count))


def test_support_by_unit_and_by_item(written, truth):
    by_unit = written["4311"]["市级支持资金（按县市区）"]
    for name, *cells in by_unit:
        for cell, topic in zip(cells, ("firms", "payments", "total", "year"), strict=True):
            query = PAID.format(SUPPORT[f"support_{topic}"], "unit = ?")
            assert equal(cell, truth.one(query, DAY, CODES[name])), (name, topic)
    by_item = written["4311"]["全市市级支持资金（按事项）"]
    for rows in (by_unit, by_item):  # each payment once
        assert sum(int(row[2]) for row in rows) == truth.of("support_payments", "4311", PERIOD)
        for at, topic in ((3, "support_total"), (4, "support_year")):
            total = sum(Decimal(row[at].removesuffix("万元").replace(",", "")) for row in rows)
            assert abs(total * 10_000 - truth.of(topic, "4311", PERIOD)) <= 50 * len(rows)


def test_ranking_and_what_each_unit_is_behind_on(written, truth):
    rows = written["4311"]["县市区综合位次"]
    assert len(rows) == 12
    for place, name, lit, green, met, red, moved in rows:
        unit = CODES[name]
        found = [row[3] for (_, at, month), row in truth.board.items() if (at, month) == (unit, PERIOD)]
        assert truth.ranks[unit, PERIOD] == (int(place), int(lit), int(green))
        assert int(met) == found.count("met") and int(red) == found.count("behind")
        assert int(green) == sum(status in GREEN for status in found)
        steps = truth.ranks[unit, month_before(PERIOD)][0] - int(place)
        assert moved == ("持平" if not steps else f"{'上升' if steps > 0 else '下降'}{abs(steps)}位")
    behind = {name: int(number) for name, number, _ in written["4311"]["县市区滞后目标"]}
    assert behind == {row[1]: int(row[5]) for row in rows if row[5] != "0"}
    for name, number, gaps in written["4311"]["县市区滞后目标"]:
        assert len(gaps.split("；")) == int(number), name


@pytest.mark.parametrize("unit", ["4311", DAO])
def test_trade_of_the_annex(written, truth, unit):
    rows = written[unit]["县市区进出口"]
    assert len(rows) == (16 if unit == "4311" else 2)
    for name, *cells in rows:
        for at, flow in enumerate(("total", "export", "import")):
            now, then = (
                truth.trade[CODES[name], month][f"ytd_{flow}"] for month in (PERIOD, year_before(PERIOD))
            )
            assert equal(cells[2 * at] + "亿元", now)
            growth = cells[2 * at + 1]
            assert (growth == "基期为零") == (then == 0) and (not then or equal(growth, now / then - 1))


@pytest.mark.parametrize("indicator", ["import_share", "cbec_growth", "firms_over_100m", "park_projects"])
def test_months_units_and_needs_of_one_indicator(demo_data, truth, indicator):
    found, name = tables(demo_data, "indicator", indicator=indicator), POLICY.indicator(indicator).name
    for month, shown, pace, _, _ in found[f"全市{name}逐月情况"]:
        at = f"{month[:4]}-{int(month[5:].removesuffix('月')):02d}"
        value, _, due, _ = truth.board[indicator, "4311", at]
        assert equal(shown.partition("/")[0], value) and (pace == "—" if due is None else equal(pace, due))
    units = found[f"县市区{name}"]
    assert len(units) == 12
    for place, unit, shown, pace, _, _ in units:
        value, _, due, _ = truth.board[indicator, CODES[unit], PERIOD]
        assert shown == "—" if value is None else equal(shown, value)
        assert pace == "—" if due is None else equal(pace, due)
        assert (place == "—") == (value is None)
    needs = found[f"未达标县市区{name}缺口和月均需"]
    assert needs
    for unit, _, _, each in needs:
        if each != "—":
            values = worth(truth, f"need:{indicator}", CODES[unit], PERIOD)
            assert [equal(said, value) for said, value in zip(numbers(each), values, strict=True)] == [True]


@pytest.mark.parametrize("variant", ["task_force", "unit", "indicator"])
def test_the_tables_of_the_slides_are_those_of_the_document(demo_data, variant):
    model = compose(facts_of(demo_data, request(variant)))
    known = {
        tuple(column.title for column in block.columns): [[cell.text for cell in row] for row in block.rows]
        for block in model.blocks()
        if isinstance(block, Table)
    }
    show, seen = Presentation(io.BytesIO(slides.write(model))), 0
    for grid in (shape.table for slide in show.slides for shape in slide.shapes if shape.has_table):
        head, *rows = [[cell.text for cell in row.cells] for row in grid.rows]
        assert rows == known[tuple(head)][: len(rows)] and rows
        seen += 1
    assert seen >= 3


def test_the_workbook_holds_every_month_and_every_firm_near_a_line(demo_data, truth):
    facts = facts_of(demo_data, request("task_force"))
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, compose(facts))))
    months = 0
    for item in POLICY.indicators:
        for row in book[item.short.strip("「」")].iter_rows(min_row=20, values_only=True):
            if row[0] and row[0] != "月份":
                value, target, pace, status = truth.board[item.id, "4311", row[0]]
                assert row[1:4] == pytest.approx((value, pace, target)) and row[4] == words.STATUS[status]
                months += 1
    assert months == 24 * len(POLICY.indicators)
    for unit in (POLICY.city, *POLICY.counties):
        for row in book[unit.short].iter_rows(min_row=20, values_only=True):
            if row[0] and row[0][:2] == "20":
                trade = truth.trade[unit.code, row[0]]
                alone = (
                    truth.one(
                        "select months from unit_trade where unit = ? and period = ?", unit.code, row[0]
                    )
                    == 1
                )
                amounts = [
                    trade[f"{span}_{flow}"]
                    for span in ("month", "ytd")
                    for flow in ("total", "export", "import")
                ]
                expected = [
                    float(amount) / 1e4 if alone or at > 2 else None for at, amount in enumerate(amounts)
                ]
                assert row[1:7] == pytest.approx(expected) and row[8] == pytest.approx(
                    float(trade["ttm_total"]) / 1e4
                )
    query = "select uscc, ttm_total, next_cny from mart_firm_tier where period = ? and near"
    near = {uscc: (ttm, line) for uscc, ttm, line in truth.con.execute(query, [DAY]).fetchall()}
    rows = [row for row in book["近线企业"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert len(rows) == len(near) == 71
    for _, uscc, _, *amounts in rows:
        ttm, line = near[uscc]
        assert amounts == pytest.approx([float(n) / 1e4 for n in (ttm, line, line - ttm)])
