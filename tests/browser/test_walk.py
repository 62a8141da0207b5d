"""Every page and every way down, walked in one Chromium over one server: what is shown is what the snapshot says.

The snapshot is read past the dashboard's code and formatted by other means (``truth``). A way starts at an address,
so that each also shows that the address reproduces its view, and goes on by clicks.
"""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from truth import CITY, GREEN, SIGN, WORD, Truth, fixed, money, percent

from benchmarks.served import CHROMIUM, serving, settle, visit

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium：apt install chromium")
UNIT, SHARE, OVER = "431124", "import_share", "firms_over_100m"
PAST = "20261101-090000"


@dataclass
class Walk:
    """The one page that walks, and what must be found on the way."""

    page: Any
    server: str
    truth: Truth

    def open(self, address: str) -> None:
        visit(self.page, self.server + address)
        self.page.wait_for_selector(".tk-source", timeout=60_000)
        settle(self.page)

    def click(self, found: Any, arrived: str) -> None:
        """Follow a link and wait for what its page alone has."""
        (self.page.locator(found) if isinstance(found, str) else found).first.click()
        self.page.wait_for_selector(arrived)
        self.page.wait_for_function(
            "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        )

    def choose(self, part: str, option: str) -> None:
        settle(self.page)
        box = self.page.locator(f".st-key-pick_{part} [role=combobox]")
        box.click()
        box.fill(option)  # what is far down the list is drawn only once it is looked for
        self.page.get_by_role("option", name=option, exact=True).click()
        self.page.wait_for_function(
            f"document.querySelector('.st-key-pick_{part} input').value.includes({option!r})"
        )
        settle(self.page)

    def said(self, selector: str) -> str:
        """A part's text with all blanks as one."""
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def all_said(self, selector: str) -> list[str]:
        return [" ".join(words.split()) for words in self.page.locator(selector).all_inner_texts()]

    def table(self, selector: str) -> list[list[str]]:
        """The cells of a table's body, by rows."""
        cells = "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
        return self.page.locator(f"{selector} tbody tr").evaluate_all(cells)

    def name(self, indicator: str) -> str:
        return str(self.truth.rules[indicator]["name"])


def card_of(indicator: str) -> str:
    """The card of one indicator, and of none whose name only begins alike."""
    return f".tk-card:is([href$='indicator={indicator}'], [href*='indicator={indicator}&'])"


@pytest.fixture(scope="module")
def data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in a folder of its own, and before it a snapshot that knew less: another share, and no red light on it."""
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(demo_data / "snapshots", folder / "snapshots")
    newest = (folder / "snapshots" / "CURRENT").read_text("ascii").strip()
    past = folder / "snapshots" / f"snapshot-{PAST}.duckdb"
    shutil.copyfile(folder / "snapshots" / f"snapshot-{newest}.duckdb", past)
    with duckdb.connect(str(past)) as con:
        con.execute("update meta set value = ? where key = 'snapshot'", [PAST])
        known = "update scoreboard set value = 0.0961, gap = 0, status = 'on_pace'"
        con.execute(f"{known} where indicator = ? and unit = ? and period = '2026-10'", [SHARE, CITY])
    digest = hashlib.sha256(past.read_bytes()).hexdigest()
    past.with_suffix(".sha256").write_text(f"{digest}  {past.name}\n", "ascii")
    return folder


def overview(walk: Walk) -> None:
    """Sentence, cards, totals and turned lights."""
    truth = walk.truth
    walk.open(f"/?period={truth.period}")
    lights = truth.scores("unit = ? and period = ? and status <> 'monitor'", CITY, truth.period)
    green, red = sum(item.status in GREEN for item in lights), sum(item.status == "behind" for item in lights)
    assert walk.said(".tk-sentence").startswith(
        f"{len(lights)}项目标中{green}项达标或序时达标，{red}项滞后："
    )
    assert walk.page.locator(".tk-card").count() == len(lights) == len(truth.rules)
    for light in lights:
        card = card_of(light.indicator)
        number, unit = truth.figure(light)
        assert walk.said(f"{card} h3") == walk.name(light.indicator)
        assert walk.said(f"{card} .tk-value") == f"{number} {unit} {SIGN[light.status]}{WORD[light.status]}"
    share = truth.score(SHARE)
    assert walk.said(f"{card_of(SHARE)} .tk-standing") == (
        f"序时 {percent(share.pace)}，差 {fixed((share.pace - share.value) * 100, 2)} 个百分点"
    )
    for column, shown in zip(
        ("total", "export", "import"), walk.all_said(".tk-totals .tk-total"), strict=True
    ):
        ytd, yoy, month, year = (
            truth.trade(CITY, f"{what}_{column}") for what in ("ytd", "yoy", "month", "ttm")
        )
        growth = percent(yoy, 1, plus=True)
        assert shown.endswith(f"{money(ytd)} 同比 {growth}当月 {money(month)}近12个月 {money(year)}")
    turned = (
        "select now.unit from scoreboard now join scoreboard before using (indicator, unit) where now.period = ? "
        "and before.period = '2026-09' and now.unit <> '4311' and now.status {} and before.status {}"
    )
    for word, now, then in (
        ("转红", "= 'behind'", "in ('met', 'on_pace')"),
        ("转绿", "in ('met', 'on_pace')", "= 'behind'"),
    ):
        named = truth.rows(turned.format(now, then), truth.period)
        listed = [words for words in walk.all_said(".tk-turns li") if word in words]
        assert sum(truth.short(unit) in words for (unit,) in named for words in listed) == len(named)
    missing = {
        unit: share.pace * float(truth.trade(unit, "ytd_total")) - float(truth.trade(unit, "ytd_import"))
        for unit in truth.counties
    }
    worst = max(missing, key=missing.__getitem__)
    gaps = next(words for words in walk.all_said(".tk-where li") if walk.name(SHARE) in words)
    assert f"{truth.short(worst)}（少{money(missing[worst])}）" in gaps


def from_the_overview_down_to_the_source_rows(walk: Walk) -> None:
    """Card → indicator → unit → near-line firm → its rows."""
    truth, page = walk.truth, walk.page
    walk.open("/")
    page.locator(card_of(OVER)).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tk-ranking")
    city = truth.score(OVER)
    assert walk.said(".tk-one h1") == f"{truth.units[CITY]['name']} · {walk.name(OVER)}"
    assert walk.said(".tk-one .tk-value b") + walk.said(".tk-one .tk-value > span") == truth.value(city)
    walk.click(f".tk-place[href*='unit={UNIT}']", f".tk-one h1:has-text('{truth.short(UNIT)}')")
    light = truth.score(OVER, UNIT)
    assert walk.said(".tk-one").startswith(
        f"一 {truth.short(UNIT)} · {walk.name(OVER)} {SIGN[light.status]}{WORD[light.status]}"
    )
    walk.click(".tk-back a", ".tk-need")
    assert f"unit={UNIT}" in page.url
    rows = truth.rows(
        "select rank, coloured, green from unit_rank where unit = ? and period = ?", UNIT, truth.period
    )
    rank, coloured, green = rows[0]
    assert f"综合位次第{rank}（" in walk.said(
        ".tk-sentence"
    ) and f"亮灯{coloured}项中{green}项绿灯" in walk.said(".tk-sentence")
    near = truth.rows(
        "select firm_name, ttm_total, next_cny, next_cny - ttm_total, uscc from mart_firm_tier "
        "where unit = ? and strftime(period, '%Y-%m') = ? and near order by 4",
        UNIT,
        truth.period,
    )
    listed = walk.table(".tk-firmlist")[: len(near)]
    assert [(row[0], row[2], row[4]) for row in listed] == [
        (name, money(ttm), money(left)) for name, ttm, _, left, _ in near
    ]
    name, ttm, _, _, uscc = near[0]
    walk.click(page.locator(".tk-firmlist tbody th a").first, ".tk-firm")
    assert f"firm={uscc}" in page.url and walk.said(".tk-one h1") == name
    assert f"近12个月 {money(ttm)}" in walk.said(".tk-totals")
    files = truth.rows(
        "select files.name, source.row_count, source.first_row, source.month_cny from mart_firm_source source "
        "join files using (file_id) where uscc = ? and strftime(source.period, '%Y-%m') = ? order by files.name",
        uscc,
        truth.period,
    )
    shown = {row[0]: row for row in walk.table(".tk-firm .tk-panel:last-child")}
    assert sorted(shown) == [file for file, *_ in files]
    for file, count, first, cny in files:
        assert (
            shown[file][3] == money(cny)
            and shown[file][2].startswith(f"第{first}")
            and (count == 1 or f"{count}行" in shown[file][2])
        )


def matrix(walk: Walk) -> None:
    """Every cell's colour and every place; a cell leads to its indicator, a name to its unit, a head to the city's."""
    truth, page = walk.truth, walk.page
    walk.open("/")
    rows = walk.table(".tk-matrix")[: len(truth.counties)]
    order = sorted(truth.rules, key=lambda id: truth.rules[id]["order"])
    ranks = dict(truth.rows("select unit, rank from unit_rank where period = ?", truth.period))
    for unit, (name, *cells, rank) in zip(truth.counties, rows, strict=True):
        assert name == truth.short(unit) and rank == str(ranks[unit])
        for indicator, cell in zip(order, cells, strict=True):
            light = truth.score(indicator, unit)
            assert cell == (SIGN[light.status] if light.status != "monitor" else fixed(light.value, 0)), (
                unit,
                indicator,
            )
    red = truth.scores(
        "indicator = ? and period = ? and status = 'behind' and unit <> ? order by value",
        SHARE,
        truth.period,
        CITY,
    )
    row = page.locator(".tk-matrix tbody tr", has_text=truth.short(red[0].unit))
    walk.click(row.locator(f"a[href*='indicator={SHARE}&'], a[href$='indicator={SHARE}']"), ".tk-trace")
    assert f"unit={red[0].unit}" in page.url and walk.said(".tk-one .tk-value b") == truth.figure(red[0])[0]
    before = walk.said(".tk-one")
    page.reload()
    page.wait_for_selector(".tk-trace")
    assert walk.said(".tk-one") == before
    walk.open("/?period=2026-03")
    walk.click(page.locator(".tk-matrix tbody th a", has_text=truth.short("431126")), ".tk-need")
    assert "unit=431126" in page.url and "period=2026-03" in page.url
    march = truth.score(SHARE, "431126", "2026-03")
    assert walk.said(f"{card_of(SHARE)} .tk-value b") == truth.figure(march)[0]


def chosen_map(walk: Walk) -> None:
    """The map of another indicator has its lights, and leads to it."""
    truth, page = walk.truth, walk.page
    walk.open("/")
    walk.choose("indicator", walk.name("rebate_days"))
    page.wait_for_selector(f".tk-map svg[aria-label^='{walk.name('rebate_days')}']")
    assert "indicator=rebate_days" in page.url
    drawn = page.locator(".tk-map svg a").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.querySelector('path').getAttribute('class')])"
    )
    assert len(drawn) == 11
    for address, classes in drawn:
        unit = re.search(r"unit=(\d+)", address)[1]
        assert classes.split()[1] == f"tk-area-{truth.score('rebate_days', unit).status}"
    page.locator(".tk-map svg a[href*='unit=431125']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tk-trace")
    assert walk.said(".tk-one .tk-value b") == truth.figure(truth.score("rebate_days", "431125"))[0]


def indicator(walk: Walk) -> None:
    """The ranking, the months' table, what moved the city, the other spans, the source rows."""
    truth, page = walk.truth, walk.page
    walk.open(f"/indicator?indicator={SHARE}&unit={CITY}&period={truth.period}")
    placed = truth.scores(
        "indicator = ? and period = ? and rank is not null order by rank, unit", SHARE, truth.period
    )
    assert walk.all_said(".tk-place") == [
        f"{item.rank} {truth.short(item.unit)} {truth.value(item)} {SIGN[item.status]} {WORD[item.status]}"
        for item in placed
    ]
    months = truth.scores("indicator = ? and unit = ? order by period desc", SHARE, CITY)
    listed = next(
        rows for rows in map(walk.table, (".tk-folded table:has(caption:text-is('逐月数据'))",)) if rows
    )
    assert [(row[0], row[1]) for row in listed] == [(item.period, truth.value(item)) for item in months]
    then, now = truth.score(SHARE, CITY, "2025-10"), truth.score(SHARE)
    assert f"{truth.value(then)} → {truth.value(now)}" in walk.said(".tk-moves, .tk-falls, body")
    walk.click(page.locator(".tk-fall a.tk-step", has_text="零陵区"), ".tk-one h1:has-text('零陵区')")
    assert walk.said(".tk-one .tk-value b") == truth.figure(truth.score(SHARE, "431102"))[0]
    walk.click(".tk-tabs a:has-text('近12个月')", ".tk-tabs a.tk-here:has-text('近12个月')")
    share = truth.trade("431102", "ttm_import") / truth.trade("431102", "ttm_total")
    assert "span=ttm" in page.url and f"下面按近12个月显示（{percent(share)}）" in walk.said(
        ".tk-one + .tk-tabs + .tk-note"
    )
    page.reload()
    walk.page.wait_for_selector(".tk-tabs a.tk-here:has-text('近12个月')")
    walk.click(".tk-tabs a:has-text('亮灯口径')", ".tk-tabs a.tk-here:has-text('亮灯口径')")
    assert "span=" not in page.url
    walk.click(".tk-trace a:has-text('列出来源文件和行')", ".tk-rows tbody tr")
    rows = truth.rows(
        "select files.name, fact.sheet, cast(fact.row as varchar) from fact_county_month fact join files using (file_id) "
        "where unit = '431102' and strftime(period, '%Y-%m') = ?",
        truth.period,
    )
    assert [tuple(row[:3]) for row in walk.table(".tk-rows")] == rows and "trace=rows" in page.url
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载来源行").click()
    assert taken.value.suggested_filename == f"来源行_零陵区进口占比_{truth.period}_演示数据.xlsx"


def unit(walk: Walk) -> None:
    """Lights and rank, the gaps, the totals, and others beside it."""
    truth, page = walk.truth, walk.page
    walk.open(f"/unit?unit={UNIT}&period={truth.period}")
    for score in truth.scores("unit = ? and period = ?", UNIT, truth.period):
        card = card_of(score.indicator)
        assert (
            walk.said(f"{card} .tk-value")
            == " ".join([*truth.figure(score), SIGN.get(score.status, "") + WORD[score.status]]).strip()
        )
        assert walk.said(f"{card} .tk-target em") == f"第{score.rank}位"
    assert f"近12个月 {money(truth.trade(UNIT, 'ttm_total'))}" in walk.said(".tk-totals")
    share = truth.score(SHARE, UNIT)
    row = next(row for row in walk.table(".tk-need") if row[0] == walk.name(SHARE))
    assert row[2:5] == [truth.value(share), "≥10%（2026-12）", f"{fixed(share.gap * 100, 2)} 个百分点"]
    year_end = (share.target / (1 - share.target)) * float(truth.trade(UNIT, "ytd_export")) / 10 * 12
    each = (year_end - float(truth.trade(UNIT, "ytd_import"))) / 2
    assert row[6] == f"进口{money(each)}"
    for name in ("零陵区", "东安县", "蓝山县"):
        walk.click(page.locator(".tk-chips a", has_text=name), f".tk-chips a.tk-here:has-text('{name}')")
    assert walk.all_said(".tk-compare thead th") == ["项目", "道县", "零陵区", "东安县", "蓝山县", "全市"]
    assert page.locator(".tk-chips .tk-off").count() == len(truth.counties) - 4
    beside = next(row for row in walk.table(".tk-compare") if row[0] == "进出口累计")
    for code, cell in zip((UNIT, "431102", "431122", "431127", CITY), beside[1:], strict=True):
        assert cell == money(truth.trade(code, "ytd_total")) + percent(
            truth.trade(code, "yoy_total"), 1, plus=True
        )
    page.reload()
    page.wait_for_selector(".tk-compare thead")
    walk.click(
        page.locator(".tk-chips a.tk-here", has_text="东安县"), ".tk-chips a:not(.tk-here):has-text('东安县')"
    )
    assert page.locator(".tk-compare thead th").count() == 5


def ranking(walk: Walk) -> None:
    """All 12 on a light and on money; a row chooses its unit, a head sorts, a light leads to its indicator."""
    truth, page = walk.truth, walk.page
    walk.open(f"/ranking?measure={SHARE}&period={truth.period}")
    now = {
        item.unit: item
        for item in truth.scores("indicator = ? and period = ? and rank is not null", SHARE, truth.period)
    }
    then = {item.unit: item.rank for item in truth.scores("indicator = ? and period = '2026-09'", SHARE)}
    shown = {row[1]: row for row in walk.table(".tk-standings")}
    for unit, item in now.items():
        moved = then[unit] - item.rank
        row = shown[truth.short(unit)]
        assert (row[0], row[2]) == (str(item.rank), truth.value(item))
        assert row[3] == (
            "持平"
            if not moved
            else f"{'▲' if moved > 0 else '▼'}{abs(moved)}{'上升' if moved > 0 else '下降'}{abs(moved)}位"
        )
    # The link in the row's head lies over the whole row, so that any of it can be clicked.
    page.locator(".tk-standings tbody tr", has_text="宁远县").locator(".tk-amount").click(force=True)
    page.wait_for_selector(".tk-standings tr.tk-here")
    rank = now["431126"].rank
    assert "unit=431126" in page.url and walk.said(".tk-ends a.tk-here") == f"{rank} 宁远县"
    assert f"第{rank}位" in walk.said(".tk-sentence")
    page.locator(".tk-standings thead a", has_text="数值").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort]:has-text('数值')")
    page.reload()
    page.wait_for_selector("th[aria-sort]:has-text('数值')")
    lowest = min(now.values(), key=lambda item: item.value)
    assert "sort=value" in page.url and walk.table(".tk-standings")[0][1] == truth.short(lowest.unit)
    walk.click(".tk-standings tr.tk-here .tk-lit a", ".tk-one")
    assert "/indicator?" in page.url and "unit=431126" in page.url
    walk.open(f"/ranking?period={truth.period}")
    walk.choose("measure", "进出口累计")
    first = walk.table(".tk-standings")[0]
    totals = {truth.trade(unit, "ytd_total"): truth.short(unit) for unit in truth.counties}
    assert (first[1], first[2]) == (totals[max(totals)], money(max(totals)))


def firms(walk: Walk) -> None:
    """Tiers by number; a firm is found by part of its name, and leads to its page and back."""
    truth, page = walk.truth, walk.page
    walk.open(f"/firms?period={truth.period}")
    for line, name in (
        (50_000_000, "5000万元以上"),
        (100_000_000, "1亿元以上"),
        (1_000_000_000, "10亿元以上"),
    ):
        count = truth.rows(
            "select count(*) from mart_firm_month where ttm_total >= ? and strftime(period, '%Y-%m') = ?",
            line,
            truth.period,
        )
        card = page.locator(".tk-tier", has=page.locator(f"h3:text-is('{name}')"))
        assert card.locator(".tk-value b").inner_text() == str(count[0][0])
    page.get_by_label("企业名称或信用代码").fill("企业0317")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('查找「企业0317」')")
    found = truth.rows(
        "select uscc, ttm_total from mart_firm_month where firm_name like '%企业0317%' and strftime(period, '%Y-%m') = ?",
        truth.period,
    )
    assert [row[2:] for row in walk.table(".tk-firmlist")] == [[uscc, money(ttm)] for uscc, ttm in found]
    walk.click(".tk-firmlist tbody th a", ".tk-firm")
    assert "find=" not in page.url and f"firm={found[0][0]}" in page.url
    page.reload()
    page.wait_for_selector(".tk-firm")
    walk.click(".tk-back a", ".tk-tiers")
    assert "firm=" not in page.url


def markets(walk: Walk) -> None:
    """Direction and span are chosen; partners, groups and the sentence are what the declarations say."""
    truth, page = walk.truth, walk.page
    walk.open(f"/markets?unit={UNIT}&period={truth.period}")
    walk.choose("flow", "进口")
    walk.choose("span", "当月")
    page.wait_for_selector(".tk-sentence:has-text('2026年10月道县进口')")
    assert "flow=import" in page.url and "span=month" in page.url
    asked = (
        "select import_cny from mart_market_month where unit = ? and dimension = ? "
        "and strftime(period, '%Y-%m') = ? and import_cny <> 0 order by 1 desc"
    )
    for dimension, title in (("partner", "贸易伙伴"), ("chapter", "商品（章）"), ("mode", "贸易方式")):
        parts = [cny for (cny,) in truth.rows(asked, UNIT, dimension, truth.period)]
        whole, most = sum(parts), 10 if dimension == "mode" else 20
        shown = walk.table(f".tk-panel:has(h2:text-is('{title}'))")
        expected = [[money(cny), percent(cny / whole)] for cny in parts[:most]]
        assert [row[2:4] for row in shown[: len(expected)]] == expected
    assert walk.said(".tk-sentence").startswith(f"2026年10月道县进口{money(whole)}，")
    before = walk.said(".tk-market")
    page.reload()
    page.wait_for_selector(".tk-market")
    assert walk.said(".tk-market") == before


def timeline_and_past(walk: Walk) -> None:
    """Lights over the months; a month leads to its overview; an older snapshot shows what it knew, until one leaves it."""
    truth, page = walk.truth, walk.page
    walk.open(f"/timeline?unit={UNIT}&period={truth.period}")
    months = [
        period for (period,) in truth.rows("select distinct period from scoreboard order by 1 desc limit 24")
    ][::-1]
    row = next(row for row in walk.table(".tk-strip") if row[0] == truth.rules[SHARE]["short"])
    assert row[1:] == [SIGN[truth.score(SHARE, UNIT, month).status] for month in months]
    page.locator(".tk-strip tbody tr", has_text=truth.rules[SHARE]["short"]).locator("td.tk-here a").click()
    page.wait_for_selector(".tk-trace")
    assert f"unit={UNIT}" in page.url and f"period={truth.period}" in page.url
    page.go_back()
    walk.click(page.get_by_role("link", name="看2026年3月的总览"), ".tk-board")
    march = truth.score(SHARE, CITY, "2026-03")
    assert (
        "period=2026-03" in page.url and walk.said(f"{card_of(SHARE)} .tk-value b") == truth.figure(march)[0]
    )
    walk.open("/timeline")
    walk.click(page.get_by_role("link", name="看2026-11-01 09:00:00生成的快照"), ".tk-past")
    assert f"snapshot={PAST}" in page.url and walk.said(".tk-past") == f"当时所见 {PAST}"
    card = f"{card_of(SHARE)} .tk-value"
    assert walk.said(card) == "9.61 % ◐序时达标"
    walk.click(".tk-matrix thead a[title='进口占比']", ".tk-trace")
    assert f"snapshot={PAST}" in page.url and walk.said(".tk-one .tk-value b") == "9.61"
    walk.open(f"/?snapshot={PAST}&period={truth.period}")
    assert walk.said(card) == "9.61 % ◐序时达标" and f"快照 {PAST}" in walk.said(".tk-source")
    page.get_by_role("button", name="回到最新").click()
    page.wait_for_selector(".tk-past", state="detached")
    page.wait_for_selector(f"{card}:has-text('{truth.figure(truth.score(SHARE))[0]}')")
    assert "snapshot=" not in page.url
    visit(page, f"{walk.server}/?snapshot=19990101-000000")
    page.wait_for_selector(".tk-blank")
    assert "找不到快照「19990101-000000」" in walk.said(".tk-blank")


def whatif(walk: Walk) -> None:
    """What is now is the scoreboard's; a firm that crosses adds one, under the badge."""
    truth, page = walk.truth, walk.page
    walk.open(f"/whatif?scenario=targets&unit={CITY}&period={truth.period}")
    for row in walk.table(".tk-whatif"):
        id = next(id for id in truth.rules if walk.name(id) == row[0])
        light = truth.score(id)
        assert row[1] == f"{truth.value(light)} {SIGN[light.status]}{WORD[light.status]}"
    walk.open(f"/whatif?scenario=crossing&unit={CITY}&period={truth.period}")
    assert "还没有选过线企业" in walk.said(".tk-sentence")
    page.get_by_label("过线企业").click()
    page.get_by_role("option").filter(has_text="过1亿元").first.click()
    page.wait_for_selector(".tk-figures")
    light = truth.score(OVER)
    row = next(row for row in walk.table(".tk-whatif") if row[0] == walk.name(OVER))
    assert row[2].startswith(f"{light.value + 1:.0f}家") and "crossing=" in page.url
    before = walk.said(".tk-whatif")
    page.reload()
    page.wait_for_selector(".tk-figures")
    assert walk.said(".tk-whatif") == before
    assert walk.said(".tk-if") == "假设" and page.locator(".tk-panel:not(.tk-assumed)").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".tk-onpaper").is_visible() and page.locator(".tk-if").is_visible()
    page.emulate_media(media="screen")


def quality(walk: Walk) -> None:
    """What waits, by file; a file leads to its rows and back."""
    truth, page = walk.truth, walk.page
    walk.open("/")
    waiting = truth.rows("select count(*) from quarantine_row")[0][0]
    walk.click(page.locator(".tk-source a", has_text=f"待核数据{waiting}行"), ".tk-quality")
    kinds = truth.rows(
        "select label, latest_period, files from freshness order by latest_period desc nulls last, kind"
    )
    assert [(row[0], row[2], row[4]) for row in walk.table(".tk-fresh")] == [
        (label, period or "—", str(files)) for label, period, files in kinds
    ]
    files = dict(truth.rows("select file_name, count(*) from quarantine_row group by 1"))
    assert {
        words.rsplit(" ", 1)[0]: int(words.rsplit(" ", 1)[1][:-1]) for words in walk.all_said("a.tk-tally")
    } == files
    walk.click(page.locator("a.tk-tally", has_text="出口退税办理台账"), ".tk-tally.tk-here")
    page.reload()
    page.wait_for_selector(".tk-tally.tk-here")
    faults = truth.rows(
        "select sheet, \"row\", column_name from quarantine where file_name = '出口退税办理台账.xlsx' order by 2, 3"
    )
    assert sorted((row[1], int(row[2]), row[3]) for row in walk.table(".tk-faults")) == sorted(
        (sheet, row, column) for sheet, row, column in faults
    )
    assert "file=" in page.url
    page.locator(".tk-all").click()
    page.wait_for_selector("a.tk-tally:not(.tk-here)")
    page.wait_for_selector(".tk-all", state="detached")
    assert (
        len(walk.table(".tk-faults")) == truth.rows("select count(*) from quarantine")[0][0]
        and "file=" not in page.url
    )


def notes(walk: Walk) -> None:
    """Written beside an indicator, an annotation is a mark on its cell, card and chart, and each mark leads to it."""
    page = walk.page
    walk.open(f"/indicator?indicator={SHARE}&unit={UNIT}&period=2026-10")
    page.get_by_role("link", name="写批注").click()
    page.get_by_label("原因（必填）").fill("<b>大宗进口</b>延后")
    page.get_by_label("暂不定完成时限").check(force=True)
    page.get_by_role("button", name="保存批注").click()
    page.wait_for_selector(".tk-noted")
    assert "note=1" in page.url and "<b>大宗进口</b>延后" in walk.said(".tk-noted")
    walk.click(".tk-noted h3 a", ".tk-marks")
    assert walk.said(".tk-marks").startswith("① 2026年10月 <b>大宗进口</b>延后")
    page.wait_for_selector(".tk-flag:has-text('①')")
    walk.click(".tk-marks a", ".tk-history")
    assert "note=1" in page.url and walk.table(".tk-history")[0][4] == "<b>大宗进口</b>延后"
    walk.open("/?period=2026-10")
    cell = page.locator(".tk-matrix tbody tr", has_text="道县").locator("a[aria-label$='，有批注']")
    assert cell.count() == 1
    walk.click(cell, ".tk-marks")
    walk.open(f"/unit?unit={UNIT}&period=2026-10")
    assert walk.said(".tk-marks").startswith(f"① 2026年10月 {walk.name(SHARE)} <b>大宗进口</b>延后")


WAYS: tuple[Callable[[Walk], None], ...] = (
    overview, from_the_overview_down_to_the_source_rows, matrix, chosen_map, indicator, unit, ranking, firms, markets,
    timeline_and_past, whatif, quality, notes,
)  # fmt: skip
WATCHED = """() => {
    window.seen = new Map();
    window.high = new Map();
    const look = () => {
        const dial = document.querySelector(".tk-dial b")?.getAttribute("aria-label");
        if (!dial) return;
        window.seen.set(dial, document.querySelector(".tk-wall").innerText);
        setTimeout(() => {
            if (document.querySelector(".tk-dial b")?.getAttribute("aria-label") !== dial) return;
            window.high.set(dial, document.querySelector("[data-testid=stMain]").scrollHeight);
        }, 500);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
}"""


def test_every_page_and_every_way_down_shows_what_the_snapshot_says(data, browser, subtests):
    truth = Truth(data)
    with serving(data) as server:
        context = browser.new_context(
            viewport={"width": 1366, "height": 900}, locale="zh-CN", bypass_csp=True
        )
        wall = context.new_page()
        wall.set_viewport_size({"width": 1920, "height": 1080})
        visit(wall, f"{server}/wall")
        wall.wait_for_selector(".tk-dial")
        wall.evaluate(WATCHED)
        page = context.new_page()
        page.set_default_timeout(30_000)
        for way in WAYS:
            with subtests.test(way.__name__):
                way(Walk(page, server, truth))
        with subtests.test("the wall turns its screens"):
            wall.wait_for_function("window.seen.size >= 2", timeout=40_000)
            seen = "\n".join(wall.evaluate("[...window.seen.values()]"))
            red = truth.scores("unit = ? and period = ? and status = 'behind'", CITY, truth.period)
            assert f"13项目标中8项达标或序时达标，{len(red)}项滞后" in seen and "数据截至2026年10月" in seen
            controls = wall.locator("[role=combobox], button, input").locator("visible=true")
            assert controls.evaluate_all("all => all.map(one => one.outerHTML)") == []
        with subtests.test("every screen of the wall fits its height"):
            wall.wait_for_function("window.high.size >= 4", timeout=80_000)
            assert set(wall.evaluate("[...window.high.values()]")) == {1080}
        context.close()
