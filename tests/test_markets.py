"""市场与商品: its numbers against the raw files, dated groups, what is missing, and that it names no firm."""

import csv
import io
import re
from collections import defaultdict
from decimal import Decimal

import openpyxl
import pytest
from builders import code, declared, firm_table, registry, trade, write_csv
from frontend import POLICY
from test_pages import html, run

from dashboard import download, store
from dashboard.address import View
from dashboard.identity import Viewer
from dashboard.parts import market as parts
from dashboard.parts import market_table as table
from dashboard.parts.public import beside
from dashboard.questions import market, public
from dashboard.store import Meta
from etl.apply import Options
from etl.demo.faults import NAME as FAULTY
from etl.layout import Hints
from etl.load import load
from etl.reference import load_reference

PAGE = "dashboard/pages/markets.py"
PERIOD, CITY, ZONE = "2026-10", "4311", "431171"
REFERENCE = load_reference()
FLOWS = {"出口": "export", "进口": "import"}
ASEAN = {"105", "106", "107", "112", "119", "122", "129", "132", "136", "141"}
EU = {
    "108", "301", "302", *(str(number) for number in range(304, 313)), "315", "316", "318", "321", "324", "327",
    "328", "330", "334", "335", "336", "350", "351", "352", "353",
}  # fmt: skip
MADE_OF = {
    "中国香港": lambda partner: partner == "110",
    "美国": lambda partner: partner == "502",
    "东盟": lambda partner: partner in ASEAN,
    "RCEP成员": lambda partner: partner in ASEAN | {"116", "133", "601", "609"},
    "欧盟": lambda partner: partner in EU,
    "非洲": lambda partner: partner.startswith("2"),
}
FIRM = code("431102", 1)


def gate(data, role="leader", unit=None):
    return store.open_gate(Viewer("某", role, unit), data)


def loaded(tmp_path, *files, flow=None):
    report = load(tmp_path / "data", [(path, Hints(flow=flow)) for path in files], Options())
    assert report.snapshot and all(file.accepted for file in report.files), report
    return tmp_path / "data"


def row(month, flag, partner, yuan, hs="07032010", mode="0110"):
    return (month, flag, FIRM, "甲公司", hs, partner, mode, str(yuan), "1")


def values(found, dimension):
    return {part.code: (part.value, part.before) for part in found.splits[dimension].parts}


# --- the demo's raw files, added up by hand ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def raw(demo_data):
    """Every good declaration of the demo: month, direction, unit of its firm then, partner, mode, chapter, yuan."""
    folder = demo_data / "demo"
    places = defaultdict(list)
    with (folder / "演示企业名录.csv").open(encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            if line["企业名称"] != FAULTY:
                year, month, *_ = (int(part) for part in re.findall(r"\d+", line["生效日期"] or "1900-1"))
                places[line["统一社会信用代码"]].append((year, month, line["县市区"]))
    names = {name: unit.code for unit in POLICY.units for name in (unit.name, unit.short, *unit.aliases)}
    found = []
    for path in sorted(folder.glob("演示海关明细*.csv")):
        with path.open(encoding="gb18030") as file:
            for line in csv.DictReader(file):
                if line["企业名称"] == FAULTY:
                    continue
                month, firm = line["统计年月"], line["统一社会信用代码"]
                at = (int(month[:4]), int(month[4:]))
                stood = [place for *since, place in sorted(places[firm]) if tuple(since) <= at]
                found.append((
                    f"{month[:4]}-{month[4:]}", FLOWS[line["进出口标志"]],
                    names.get(stood[-1]) if stood else None, line["贸易伙伴编码"], line["监管方式编码"],
                    line["商品编码"][:2], Decimal(line["人民币值"].replace(",", "")),
                ))  # fmt: skip
    return found


def added_up(raw, unit, flow, months, key):
    """Yuan by key in those months; only what is not zero."""
    sums = defaultdict(Decimal)
    for month, direction, place, partner, mode, chapter, yuan in raw:
        if month in months and flow in (direction, "total") and unit in (CITY, place):
            sums[key(partner, mode, chapter)] += yuan
    return {item: yuan for item, yuan in sums.items() if yuan}


SPANS = {
    "month": (["2026-10"], ["2025-10"]),
    "ytd": ([f"2026-{m:02d}" for m in range(1, 11)], [f"2025-{m:02d}" for m in range(1, 11)]),
    "ttm": (
        ["2025-11", "2025-12", *(f"2026-{m:02d}" for m in range(1, 11))],
        ["2024-11", "2024-12", *(f"2025-{m:02d}" for m in range(1, 11))],
    ),
}
KEYS = {
    "partner": lambda partner, mode, chapter: partner,
    "mode": lambda partner, mode, chapter: mode,
    "chapter": lambda partner, mode, chapter: chapter,
}


@pytest.mark.parametrize("unit", [CITY, ZONE])
@pytest.mark.parametrize(("span", "flow"), [("month", "import"), ("ytd", "total"), ("ttm", "export")])
def test_partners_modes_and_chapters_are_those_of_the_raw_files(demo_data, raw, unit, span, flow):
    found = market.market(gate(demo_data), unit, PERIOD, flow, span)
    for dimension, key in KEYS.items():
        now, then = (added_up(raw, unit, flow, months, key) for months in SPANS[span])
        expected = {item: (now.get(item, 0), then.get(item, 0)) for item in now | then}
        assert values(found, dimension) == expected, dimension
    whole = found.whole
    assert whole.value == sum(now.values()) and whole.before == sum(then.values())
    shares = [
        float(yuan / whole.value)
        for yuan in added_up(raw, unit, flow, SPANS[span][0], KEYS["partner"]).values()
    ]
    assert found.splits["partner"].concentration() == pytest.approx(sum(share**2 for share in shares))


@pytest.mark.parametrize("unit", [CITY, ZONE])
def test_groups_are_those_of_the_raw_files_and_overlap(demo_data, raw, unit):
    split = market.market(gate(demo_data), unit, PERIOD, "export", "ytd").splits["group"]
    found = {part.code: part.value for part in split.parts}
    partners = added_up(raw, unit, "export", SPANS["ytd"][0], KEYS["partner"])
    for name, member in MADE_OF.items():
        assert found[name] == sum(yuan for partner, yuan in partners.items() if member(partner)), name
    assert sum(found.values()) > split.whole.value


def test_the_page_shows_the_raw_files_figures(demo_data, raw, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD, unit=CITY, flow="export", span="ytd"))
    now, then = (added_up(raw, CITY, "export", months, KEYS["partner"]) for months in SPANS["ytd"])
    growth = (sum(now.values()) / sum(then.values()) - 1) * 100
    assert f"同比{growth:+.1f}%；" in shown
    top = max(now, key=now.get)
    assert f"{now[top] / 10**8:,.2f}亿元" in shown and f"{now[top] / sum(now.values()) * 100:.2f}%" in shown
    for title in (
        "按市场分组",
        "市场集中度",
        "主导产业",
        "贸易方式",
        "贸易伙伴",
        "商品（章）",
        "与全省全国对照",
    ):
        assert f"<h2>{title}</h2>" in shown


def test_industries_are_the_cumulatives_of_the_bureaus_table(demo_data):
    folder = demo_data / "demo"
    with (folder / "演示企业名录.csv").open(encoding="utf-8-sig") as file:
        industry = {line["统一社会信用代码"]: line["产业"] for line in csv.DictReader(file)}
    sums = defaultdict(float)
    for line in openpyxl.load_workbook(folder / "2026年10月企业进出口情况表.xlsx").active.values:
        if line[1] and re.fullmatch(r"\w{18}", str(line[1])):
            sums[industry.get(line[1], "")] += line[7] * 10_000  # 出口累计
    found = market.industries(gate(demo_data), CITY, PERIOD, "export", "ytd")
    assert not found.two_months and len(sums) == 5
    for part in found.split.parts:
        assert float(part.value) == pytest.approx(sums[part.code], abs=1), part.code


def test_a_sum_of_units_is_the_city(demo_data):
    viewed = gate(demo_data)
    city = market.market(viewed, CITY, PERIOD, "total", "month").whole.value
    units = [
        market.market(viewed, unit.code, PERIOD, "total", "month")
        for unit in POLICY.units
        if unit.code != CITY
    ]
    assert city == sum(found.whole.value for found in units)


def test_province_and_nation_grow_as_the_raw_query_says(demo_data, monkeypatch):
    sums = defaultdict(int)
    for folder, flow in FLOWS.items():
        (path,) = (demo_data / "demo" / folder).glob("*.csv")
        with path.open(encoding="gb18030", newline="") as file:
            for line in csv.DictReader(file):
                for area in {"全国", line["注册地名称"]}:
                    sums[flow, area, line["数据年月"]] += int(line["人民币"].replace(",", ""))
    found = public.beside(gate(demo_data), POLICY, CITY, PERIOD)
    growth = {area.name: area for area in (*found.here, *found.public.areas)}
    for flow in FLOWS.values():
        for area in ("湖南省", "全国"):
            month = sums[flow, area, "202610"] / sums[flow, area, "202510"] - 1
            ytd = [sum(sums[flow, area, f"{year}{m:02d}"] for m in range(1, 11)) for year in (2026, 2025)]
            assert growth[area].month[flow] == pytest.approx(month)
            assert growth[area].ytd[flow] == pytest.approx(ytd[0] / ytd[1] - 1)
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD))
    assert "湖南省" in shown and f"{growth['湖南省'].ytd['export'] * 100:+.1f}%" in shown


# --- dated groups -----------------------------------------------------------------------------------------------


def test_a_member_counts_from_the_month_it_joined(tmp_path):
    months = ("202508", "202509", "202510", "202511")
    data = loaded(
        tmp_path,
        declared(
            tmp_path / "a.csv",
            [row(month, "出口", "144", 7) for month in months]
            + [row(month, "进口", "141", 1) for month in months],
        ),
    )
    viewed = gate(data)

    def asean(period):
        return values(market.market(viewed, CITY, period, "total", "month"), "group")["东盟"][0]

    assert [asean(f"2025-{m:02d}") for m in (8, 9, 10, 11)] == [1, 1, 8, 8]


def test_a_span_over_the_date_counts_the_months_from_it_on(tmp_path):
    months = [f"2025{m:02d}" for m in range(1, 13)]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", [row(month, "出口", "144", 7) for month in months]))
    found = market.market(gate(data), CITY, "2025-12", "export", "ytd")
    assert values(found, "partner")["144"][0] == 84
    assert values(found, "group")["东盟"][0] == 21


def test_the_eu_has_cyprus_and_not_britain_and_rcep_has_no_timor(tmp_path):
    rows = [
        row("202601", "出口", partner, yuan)
        for partner, yuan in (
            ("108", 1),
            ("303", 10),
            ("304", 100),
            ("144", 1000),
            ("116", 10_000),
            ("201", 100_000),
        )
    ]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", rows))
    found = values(market.market(gate(data), CITY, "2026-01", "export", "month"), "group")
    assert (found["欧盟"][0], found["RCEP成员"][0], found["东盟"][0], found["非洲"][0]) == (
        101,
        10_000,
        1000,
        100_000,
    )


def test_overlap_and_dates_are_said_in_words(demo_data, monkeypatch):
    shown = html(run(demo_data, monkeypatch, PAGE, period=PERIOD))
    assert "分组有重叠，占比相加会超过100%，如越南同时计入东盟、RCEP成员和共建“一带一路”国家。" in shown
    assert "东盟自2025年10月起含东帝汶" in shown and "欧盟不含英国" in shown


# --- what is missing --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_month(tmp_path_factory):
    """January 2026 and nothing else, both directions with Hong Kong."""
    folder = tmp_path_factory.mktemp("one month")
    return loaded(folder, declared(folder / "a.csv", [row("202601", flag, "110", 5) for flag in FLOWS]))


def test_a_month_that_no_file_covers_makes_the_span_unknown_and_is_named(tmp_path, monkeypatch):
    rows = [row(month, flag, "110", 5) for month in ("202601", "202603") for flag in FLOWS]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", rows))
    found = market.market(gate(data), CITY, "2026-03", "total", "ytd")
    assert found.missing == ("2026-02",) and found.whole is None and not found.splits
    shown = html(run(data, monkeypatch, PAGE, period="2026-03", span="ytd"))
    assert "海关明细缺2026年2月，不能按市场和商品拆分" in shown and "<h2>贸易伙伴</h2>" not in shown
    assert market.market(gate(data), CITY, "2026-03", "total", "month").whole.value == 10


def test_a_direction_that_was_not_loaded_is_missing_and_not_zero(tmp_path):
    data = loaded(tmp_path, declared(tmp_path / "a.csv", [row("202601", "出口", "110", 5)]))
    assert market.market(gate(data), CITY, "2026-01", "export", "month").whole.value == 5
    assert market.market(gate(data), CITY, "2026-01", "import", "month").missing == ("2026-01",)
    assert market.market(gate(data), CITY, "2026-01", "total", "month").whole is None


def test_growth_without_the_year_before_is_a_dash_and_the_page_says_why(one_month, monkeypatch):
    shown = html(run(one_month, monkeypatch, PAGE, period="2026-01", span="month"))
    assert "同比暂无数据" in shown and "去年同期的海关明细缺2025年1月" in shown
    assert '<td class="tk-rest">—</td>' in shown and "基期为零" not in shown and "+0.0%" not in shown


def test_a_base_of_zero_is_said(tmp_path, monkeypatch):
    rows = [row(month, flag, "110", 5) for month in ("202501", "202601") for flag in FLOWS]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", [*rows, row("202601", "出口", "502", 5)]))
    (new,) = [
        part
        for part in market.market(gate(data), CITY, "2026-01", "export", "month").splits["partner"].parts
        if part.code == "502"
    ]
    assert new.before == 0 and new.growth is None
    assert "<td>基期为零</td>" in html(
        run(data, monkeypatch, PAGE, period="2026-01", span="month", flow="export")
    )


def test_what_was_lost_since_last_year_stays_and_what_never_was_does_not(tmp_path):
    rows = [row("202501", "出口", "502", 5), row("202601", "出口", "110", 5), row("202601", "进口", "116", 5)]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", rows))
    found = values(market.market(gate(data), CITY, "2026-01", "export", "month"), "partner")
    assert found == {"110": (5, 0), "502": (0, 5)}


def test_a_place_without_trade_says_so(one_month, monkeypatch):
    shown = html(run(one_month, monkeypatch, PAGE, period="2026-01", unit="431128", span="month"))
    assert "没有进出口报关记录" in shown and "没有可以计算的市场" in shown


# --- January and February in one --------------------------------------------------------------------------------


def bureau(tmp_path, title, month, ytd):
    firms = [("甲公司", FIRM, "零陵区", trade(month, ytd, 0, 0))]
    return firm_table(tmp_path / f"{title}.xlsx", f"{title}企业进出口情况表", firms)


def of_agriculture(data, period, span):
    found = market.industries(gate(data), CITY, period, "export", span)
    return found and [(part.value, part.before) for part in found.split.parts if part.code == "农产品"], found


@pytest.fixture(scope="module")
def combined(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("combined")
    listed = registry(
        tmp_path / "名录.csv", [(FIRM, "甲公司", "零陵区", "", "农产品", "", "二类", "否", "2023-01-01")]
    )
    tables = [
        bureau(tmp_path, f"{year}年{name}", month * factor, ytd * factor)
        for year, factor in ((2025, 1), (2026, 2))
        for name, month, ytd in (("1—2月", 10, 10), ("3月", 5, 16))
    ]
    return loaded(tmp_path, listed, *tables)


def test_a_month_that_is_two_months_says_so_and_is_compared_with_two(combined, monkeypatch):
    figures, found = of_agriculture(combined, "2026-02", "month")
    assert found.two_months and figures == [(200_000, 100_000)]
    assert "金额取企业数据，1—2月合计" in html(
        run(combined, monkeypatch, PAGE, period="2026-02", span="month")
    )


def test_a_cumulative_through_the_combined_months_is_whole(combined):
    figures, found = of_agriculture(combined, "2026-03", "ytd")
    assert not found.two_months and figures == [(320_000, 160_000)]  # the cumulative, not the months' 30
    assert of_agriculture(combined, "2026-03", "ttm")[1] is None  # 2025-04 to 2025-12 are not there


def test_two_months_are_not_compared_with_one(demo_data):
    viewed = gate(demo_data)
    march, february = (
        market.industries(viewed, CITY, period, "export", "month") for period in ("2026-03", "2026-02")
    )
    assert february.two_months and not march.two_months
    assert march.split.whole.growth is not None and february.split.whole.growth is not None
    # From January 2026 back, the twelve months begin with a February that has a January of its own before it.
    assert market.industries(viewed, CITY, "2026-01", "export", "ttm") is not None


def test_the_month_beside_the_nation_is_two_months_where_the_table_here_is(demo_data):
    found = public.beside(gate(demo_data), POLICY, CITY, "2026-02")
    assert found.months == 2 and "出口 1—2月" in beside(found, "2026-02")
    (nation,) = [area for area in found.public.areas if area.name == "全国"]
    assert nation.month == nation.ytd


# --- the public statistics --------------------------------------------------------------------------------------


PUBLIC_HEADER = (
    "数据年月",
    "商品编码",
    "商品名称",
    "注册地编码",
    "注册地名称",
    "第一数量",
    "第一计量单位",
    "第二数量",
    "第二计量单位",
    "人民币",
    "",
)


def query(tmp_path, months, provinces):
    rows = [
        (month, "07032010", "蒜头", place, name, "1", "千克", "0", "?", str(yuan), "")
        for month, yuan in months
        for place, name in provinces
    ]
    return write_csv(tmp_path / "查询.csv", [PUBLIC_HEADER, *rows], "gb18030")


def test_without_the_public_statistics_the_page_says_how_to_load_them(one_month, monkeypatch):
    shown = html(run(one_month, monkeypatch, PAGE, period="2026-01", span="month"))
    assert "没有加载海关公开数据" in shown and "--flow" in shown and "湖南省" not in shown


def test_a_query_of_some_provinces_makes_no_nation(tmp_path):
    data = loaded(tmp_path, declared(tmp_path / "a.csv", [row("202601", "出口", "110", 5)]))
    some = query(tmp_path, [("202501", 10), ("202601", 15)], [("43", "湖南省"), ("44", "广东省")])
    load(data, [(some, Hints(flow="出口"))], Options())
    found = public.beside(gate(data), POLICY, CITY, "2026-01")
    (hunan,) = found.public.areas
    assert hunan.name == "湖南省" and hunan.month["export"] == pytest.approx(0.5)
    assert hunan.month["import"] is None
    said = beside(found, "2026-01")
    assert "只含2个省份，不能代表全国" in said and "—为暂无数据" in said


# --- who sees what, and the table to take along -----------------------------------------------------------------


@pytest.mark.parametrize(("role", "unit"), [("leader", None), ("county", "431124"), ("task_force", None)])
def test_no_firm_is_named_to_anyone(demo_data, monkeypatch, role, unit):
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: Viewer("某", role, unit))
    app = run(demo_data, monkeypatch, PAGE, period=PERIOD)
    shown = html(app)
    assert app.selectbox(key="pick_unit").value == (unit or CITY)
    assert not re.search(r"演示\w+企业\d|MADEM|有限公司", shown)


def taken_along(data, unit=CITY, flow="export", span="ytd"):
    asked = (gate(data), unit, PERIOD, flow, span)
    view = View(PERIOD, unit, "import_share", flow=flow, span=span)
    return table.rows(
        POLICY, REFERENCE, view, market.market(*asked), market.industries(*asked), Meta("S", "", PERIOD, True)
    )


def test_the_table_to_take_along_has_every_part_unrounded(demo_data, raw):
    rows = taken_along(demo_data)
    assert all(len(line) == len(table.HEADER) for line in rows)
    text = download.as_csv(table.HEADER, rows).decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(text)))
    partners = {line["代码"]: line for line in listed if line["拆分"] == "贸易伙伴"}
    now, then = (added_up(raw, CITY, "export", months, KEYS["partner"]) for months in SPANS["ytd"])
    assert partners.keys() == (now | then).keys()
    for partner, yuan in now.items():
        assert Decimal(partners[partner]["金额（元）"]) == yuan
        assert float(partners[partner]["占比（%）"]) == pytest.approx(float(yuan / sum(now.values()) * 100))
    assert {line["拆分"] for line in listed} == {"市场分组", "贸易伙伴", "监管方式", "商品（章）", "主导产业"}
    assert all("不可相加" in line["说明"] for line in listed if line["拆分"] == "市场分组")
    assert "有限公司" not in text and all(line["数据性质"] == "演示数据" for line in listed)


def test_the_page_offers_the_table_only_where_there_is_one(demo_data, monkeypatch):
    offered = [
        button.label for button in run(demo_data, monkeypatch, PAGE, period=PERIOD).get("download_button")
    ]
    assert offered == ["下载 CSV", "下载 Excel"]
    assert not run(demo_data, monkeypatch, PAGE, period="2023-06", span="ttm").get("download_button")


@pytest.mark.parametrize(
    ("period", "span", "said"),
    [("2026-10", "month", "2026年10月"), ("2026-10", "ytd", "2026年1—10月"), ("2026-10", "ttm", "2025年11月—2026年10月"),
     ("2026-01", "ytd", "2026年1月"), ("2026-12", "ttm", "2026年1—12月")],
)  # fmt: skip
def test_spans_are_named_as_people_say_them(period, span, said):
    assert parts.span_name(market.window(period, span)) == said


def test_a_code_that_nobody_named_shows_itself_escaped(tmp_path, monkeypatch):
    rows = [row("202601", flag, "999", 5, mode="9999", hs="77000000") for flag in FLOWS]
    data = loaded(tmp_path, declared(tmp_path / "a.csv", rows))
    shown = html(run(data, monkeypatch, PAGE, period="2026-01", span="month"))
    for text in ("999", "9999", "77"):
        assert f'<th scope="row">{text}</th>' in shown
