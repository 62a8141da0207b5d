"""The pages' HTML: shapes and words beside colours, real links, and no text that comes through unescaped."""

import dataclasses
import re
from datetime import date, datetime

import pytest
from frontend import PERIOD, POLICY, amounts, board, light

from dashboard import map, matrix, spark, widgets, words
from dashboard.address import View, href, parse
from dashboard.board import Rank, is_stale, summarise
from dashboard.html import table
from dashboard.parts import compare
from dashboard.store import Meta, Source

VIEW = View(PERIOD, "4311", "import_share")
NASTY = '<img src=x onerror="alert(1)">'


def source(label: str, latest_period: str | None) -> Source:
    return Source("kind", label, latest_period, datetime(2026, 11, 20), 1, True)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("status", "shape", "word"),
    [
        ("met", "●", "已达标"),
        ("on_pace", "◐", "序时达标"),
        ("behind", "▼", "滞后"),
        ("no_data", "○", "暂无数据"),
    ],
)
def test_a_card_says_its_status_by_shape_and_word(status, shape, word):
    item = light(status=status, value=None if status == "no_data" else 0.09)
    html = widgets.card(board(item), POLICY, VIEW, item, stale=False)
    assert shape in html and word in html


def test_a_card_holds_clause_name_value_target_standing_and_whose():
    imports = amounts("import_share", u431124=(2, 100))
    html = widgets.card(board(light(), ratios=imports), POLICY, VIEW, light(), stale=False)
    for part in (
        "六",
        "进口占比",
        "8.80",
        "目标 ≥10%（2026-12）",
        "序时 9.54%，差 0.74 个百分点",
        "连续4个月滞后 · 主要在道县",
    ):
        assert part in html


def test_a_stale_card_says_so():
    assert "数据已过期" in widgets.card(board(light()), POLICY, VIEW, light(), stale=True)
    assert "数据已过期" in widgets.headcard(board(light()), POLICY, VIEW, light(), stale=True)


def test_what_is_not_there_is_not_called_out_of_date():
    none = light(value=None, gap=None, status="no_data")
    assert "数据已过期" not in widgets.card(board(none), POLICY, VIEW, none, stale=True)


def test_the_bar_of_every_page_says_that_the_data_are_out_of_date():
    assert "数据已过期" in widgets.bar(POLICY, demo=False, stale=True)
    assert "数据已过期" not in widgets.bar(POLICY, demo=True)


def test_data_is_stale_sixty_one_days_after_the_period_ended():
    assert not is_stale("2026-10", date(2026, 12, 30))
    assert is_stale("2026-10", date(2026, 12, 31))


def test_red_cards_come_first():
    green = light(indicator="firms_over_1b", status="met", value=6.0, target=5.0, gap=-1.0, pace=None)
    html = widgets.cards(board(light(), green), POLICY, VIEW, [light(), green], stale=False)
    assert (
        html.index("tk-cards-red")
        < html.index("进口占比")
        < html.index("tk-cards-rest")
        < html.index("过10亿元")
    )


def test_text_from_data_is_escaped_everywhere():
    unit = dataclasses.replace(POLICY.units[1], short=NASTY, name=NASTY)
    policy = dataclasses.replace(POLICY, units=(POLICY.units[0], unit, *POLICY.units[2:]))
    item = light(unit=unit.code, note=NASTY, rank=1, status="no_data", value=None, gap=None)
    here = board(item, ranks={(unit.code, PERIOD): Rank(1, 0, 0, 1)})
    view = View(PERIOD, unit.code, "import_share")
    pages = (
        widgets.card(here, policy, view, item, stale=False),
        widgets.ranking(here, policy, view),
        widgets.headcard(here, policy, view, item, stale=False),
        widgets.history_table(policy, [item]),
        widgets.foot(policy, Meta(NASTY, "", PERIOD, False), view, [source(NASTY, PERIOD)], 1, ""),
        matrix.matrix(here, policy, view),
        matrix.unit_list(here, policy, view),
        map.draw(here, policy, view),
        compare.section(here, policy, View(PERIOD, "431124", "import_share", beside=unit.code), {}),
    )
    for html in pages:
        assert "&lt;img" in html and "<img" not in html


def test_the_matrix_has_a_row_per_unit_and_a_cell_per_indicator():
    lights = [
        light(unit=unit.code, indicator=item.id) for unit in POLICY.counties for item in POLICY.indicators
    ]
    html = matrix.matrix(board(*lights), POLICY, VIEW)
    assert html.count('<tr><th scope="row">') == 12
    assert html.count('<td class="tk-red">') == 12 * 13
    assert 'href="/indicator?period=2026-10&amp;unit=431124&amp;indicator=import_share"' in html


def test_a_matrix_cell_explains_itself():
    html = matrix.matrix(board(light(unit="431124")), POLICY, VIEW)
    assert 'title="道县进口占比：滞后，累计8.80%，目标 ≥10%（2026-12），序时 9.54%，差 0.74 个百分点"' in html


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        (("no_data", "no_data"), "○ 暂无数据"),
        (("no_data", "met"), "无滞后"),
        (("met", "behind"), "▼ 退税天数"),
    ],
)
def test_on_a_phone_a_unit_without_any_data_is_grey_and_never_without_lag(statuses, shown):
    lights = [
        light(unit="431124", indicator=indicator, status=status)
        for indicator, status in zip(("import_share", "rebate_days"), statuses, strict=True)
    ]
    line = next(
        item for item in matrix.unit_list(board(*lights), POLICY, VIEW).split("<li>") if "道县" in item
    )
    assert plain(line).startswith(f"道县—{shown}")


def test_zones_show_numbers_without_lights():
    html = matrix.matrix(board(light(unit="431172", status="monitor", target=None, gap=None)), POLICY, VIEW)
    assert "金洞管理区" in html and ">8.8%<" in html


def test_the_map_draws_eleven_counties_and_the_zone_without_polygon_as_a_card():
    lights = [light(unit=unit.code) for unit in POLICY.counties]
    html = map.draw(board(*lights), POLICY, VIEW)
    assert html.count('class="tk-area ') == 11
    assert "江华县" in html and "永州经开区 ▼ 8.80%" in plain(html.split("</svg>")[1])


def test_the_map_is_true_to_scale_and_inside_its_frame():
    sheet = map.atlas(POLICY.folder)
    numbers = [float(n) for outline in sheet.outlines.values() for n in re.findall(r"[\d.]+", outline.path)]
    assert min(numbers) >= 0 and max(numbers[::2]) <= map.WIDTH and max(numbers[1::2]) <= sheet.height
    assert sheet.height > map.WIDTH


def test_ranking_bars_start_at_zero_and_fill_the_unit_in_question():
    lights = [light(unit="431124", value=0.05, rank=2), light(unit="431103", value=0.10, rank=1)]
    html = widgets.ranking(board(*lights), POLICY, View(PERIOD, "431124", "import_share"))
    assert html.index("冷水滩区") < html.index("道县")
    assert "width:100.0%" in html and "width:50.0%" in html
    assert html.count("tk-place tk-here") == 1


def test_a_sparkline_leaves_a_gap_where_a_month_is_missing():
    assert spark.path([1.0, None, 3.0], 1.0, 3.0).count("M") == 2
    assert spark.path([1.0, 2.0, 3.0], 1.0, 3.0).count("M") == 1


def test_a_sparkline_without_values_is_empty():
    assert "<svg" not in spark.spark([light(value=None), light(value=None)])


def test_totals_name_combined_months_and_missing_sums():
    row = {f"{span}_{flow}": None for span in ("ytd", "month", "ttm", "yoy") for flow in words.COLUMNS}
    html = widgets.totals({**row, "ytd_total": 15_000_000_000, "months": 2}, "2026-02", "全市进出口")
    assert "150.00亿元" in html and "1—2月累计" in html and "1—2月 —" in html and "同比 —" in html


def test_the_sentence_counts_and_names_the_longest_red():
    earlier = light(period="2026-09", status="met")
    imports = amounts("import_share", u431124=(2, 100))
    summary = summarise(board(light(), earlier, ratios=imports), POLICY, PERIOD)
    said = plain(widgets.sentence(POLICY, summary))
    assert (
        "1项目标中0项达标或序时达标，1项滞后：进口占比连续4个月低于序时进度，差0.74个百分点，主要在道县。"
        in said
    )
    assert "与上月相比：1项转红（进口占比）。" in said


def test_grey_is_neither_red_nor_green_in_the_sentence():
    summary = summarise(board(light(status="no_data", value=None, gap=None)), POLICY, PERIOD)
    assert "0项达标或序时达标，没有滞后，1项暂无数据。" in plain(widgets.sentence(POLICY, summary))


def test_the_foots_snapshot_is_a_link_that_lasts_and_says_so():
    html = widgets.foot(POLICY, Meta("20261121-093200", "", PERIOD, False), VIEW, [], 0, "ranking")
    address = re.search('data-lasting="20261121-093200" href="([^"]*)"', html)[1].replace("&amp;", "&")
    assert parse(address) == ("ranking", {"period": "2026-10", "snapshot": "20261121-093200"})
    assert (
        "快照 20261121-093200（固定链接）" in plain(html)
        and 'aria-label="快照 20261121-093200 的固定链接' in html
    )


def test_the_foot_stays_as_it_is_when_another_unit_or_indicator_is_looked_at():
    meta, other = (
        Meta("20261121-093200", "", PERIOD, False),
        dataclasses.replace(VIEW, unit="431124", indicator="growth"),
    )
    one, two = (widgets.foot(POLICY, meta, view, [], 0, "indicator") for view in (VIEW, other))
    assert one == two


def test_the_foot_says_how_fresh_each_source_is_and_where_numbers_come_from():
    sources = [source("海关明细", "2026-10"), source("大事记", "2026-07"), source("企业名录", None)]
    html = widgets.foot(POLICY, Meta("20261121-093200", "", PERIOD, True), VIEW, sources, 16, None)
    for part in (
        "数据截至2026年10月",
        "2026-07：大事记",
        '<a data-go href="/quality?period=2026-10">待核数据16行</a>',
        "20261121-093200",
        "永政办发〔2024〕8号",
        "2027-06-13",
        "虚构",
    ):
        assert part in html


def test_an_address_comes_back_as_it_was_written():
    assert parse(href("indicator", VIEW, unit="431124")) == (
        "indicator", {"period": PERIOD, "unit": "431124", "indicator": "import_share"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "address", ["https://example.org/unit", "//example.org/", "/admin", "javascript:alert(1)"]
)
def test_a_foreign_address_goes_nowhere(address):
    assert parse(address) is None


def test_a_table_that_stacks_on_a_phone_names_each_figure_and_marks_what_is_nothing():
    stacked = table("", ("企业", "已付", "还可支持"), [("甲", "1.00万元", "—")], stacks=True)
    assert '<td data-name="已付">1.00万元</td><td data-name="还可支持" class="tk-nothing">—</td>' in stacked
    assert "<td>1.00万元</td><td>—</td>" in table("", ("企业", "已付", "还可支持"), [("甲", "1.00万元", "—")])
