"""The pages in a real Chromium: what is seen, the click path, accessibility, and no word to the outside."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import registry, small_table

from etl import snapshot

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium：apt install chromium")
PAGES = {
    "overview": "/?period=2026-10",
    "unit": "/unit?unit=431124&period=2026-10",
    "compared": "/unit?unit=431124&period=2026-10&beside=similar",
    "indicator": "/indicator?indicator=import_share&unit=431124&period=2026-10",
    "traced": "/indicator?indicator=firms_over_100m&unit=431124&period=2026-10&trace=rows",
    "month": "/indicator?indicator=rebate_days&unit=4311&period=2026-10&span=month",
    "ranking": "/ranking?measure=import_share&unit=431124&period=2026-10",
    "firms": "/firms?period=2026-10",
    "firm": "/firms?firm=91431102MADEM0001N&period=2026-10",
    "markets": "/markets?period=2026-10",
    "measures": "/measures?clause=三&period=2026-10",
    "quality": "/quality?period=2026-10",
    "timeline": "/timeline?period=2026-10",
    "whatif": "/whatif?scenario=growth&period=2026-10",
    "crossing": "/whatif?scenario=crossing&period=2026-10",
    "notes": "/notes?period=2026-10",
    "upload": "/upload",
}
# Streamlit's own, not ours to mend: on a deep link it first asks below the page's path and gets a 404.
STREAMLITS_404 = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
# Latin letters that come from the files themselves: their endings, sheets and faulty codes.
FROM_FILES = {
    "quality": {"csv", "xlsx", "Sheet", "MAFAUL"},
    "ranking": {"CSV", "Excel"},
    "whatif": {"CSV", "Excel"},
    "crossing": {"CSV", "Excel"},
    "indicator": {"CSV", "Excel"},
    "month": {"CSV", "Excel"},
    "traced": {"CSV", "Excel", "csv", "xlsx", "Sheet"},
    "firms": {"HHI"},
    "upload": {"CSV", "Excel"},
    "markets": {"CSV", "Excel", "HHI", "RCEP"},
    "firm": {"csv", "xlsx", "Sheet", "MADEM"},
}
# Streamlit's own findings by axe rule: none of serious or critical impact is known on these pages.
STREAMLITS_FINDINGS: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def server(demo_data: Path) -> Iterator[str]:
    with serving(demo_data) as address:
        yield address


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The dashboard over that data folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "TRADE_KPI_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(address: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()


def opened(page: Any, address: str) -> Any:
    page.goto(address)
    page.wait_for_selector(".tk-source", timeout=60_000)
    page.wait_for_load_state("networkidle")
    return page


def test_the_overview_shows_sentence_badge_and_thirteen_cards(page, server):
    opened(page, server)
    assert re.search(r"13项目标中\d+项达标或序时达标，\d+项滞后", page.inner_text(".tk-sentence"))
    assert page.locator(".tk-card").count() == 13
    assert page.locator(".tk-demo").inner_text() == "演示数据"


def test_a_matrix_cell_leads_to_its_indicator_and_the_address_reproduces_it(page, server):
    opened(page, server)
    page.locator(".tk-matrix tbody tr", has_text="道县").locator("td.tk-red a").first.click()
    page.wait_for_selector(".tk-one")
    assert "/indicator?" in page.url and "unit=431124" in page.url and "indicator=import_share" in page.url
    before = page.inner_text(".tk-one")
    assert "道县" in before and "进口占比" in before
    page.reload()
    page.wait_for_selector(".tk-source")
    assert page.inner_text(".tk-one") == before


def test_a_row_name_leads_to_the_unit_and_back_to_its_indicator(page, server):
    opened(page, server)
    page.locator(".tk-matrix tbody th a", has_text="宁远县").click()
    page.wait_for_selector(".tk-need")
    assert "unit=431126" in page.url
    page.locator(".tk-card").first.click()
    page.wait_for_selector(".tk-one")
    assert "unit=431126" in page.url


def test_the_month_chosen_stays_when_the_page_changes(page, server):
    opened(page, f"{server}/?period=2026-03")
    page.locator(".tk-card").first.click()
    page.wait_for_selector(".tk-one")
    assert "period=2026-03" in page.url


def test_a_card_can_be_opened_by_keyboard(page, server):
    opened(page, server)
    page.locator(".tk-card").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tk-one")


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_machine_and_the_console_is_clean(page, server, name):
    outside, errors, missing = [], [], []
    page.on(
        "request", lambda request: outside.append(request.url) if not local(request.url, server) else None
    )
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, server + PAGES[name])
    page.wait_for_timeout(500)
    assert outside == []
    assert [url for url in missing if not STREAMLITS_404.search(url)] == []
    assert [text for text in errors if "404" not in text] == []


def local(url: str, server: str) -> bool:
    return url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(browser, server, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        viewport={"width": 1366, "height": 900}, locale="zh-CN", color_scheme=scheme
    )
    found = axe.run(opened(context.new_page(), server + PAGES[name])).response["violations"]
    context.close()
    serious = [item for item in found if item["impact"] in ("serious", "critical")]
    told = [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in serious]
    assert [item for item in told if item[0] not in STREAMLITS_FINDINGS] == []


@pytest.mark.parametrize("width", [390, 1366, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(browser, server, name, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = opened(context.new_page(), server + PAGES[name])
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    context.close()
    assert wide <= width


def test_a_phone_shows_red_cards_then_one_list_of_units(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = opened(context.new_page(), server)
    tops = [
        page.locator(part).bounding_box()["y"]
        for part in (".tk-sentence", ".tk-cards-red", ".tk-units", ".tk-cards-rest")
    ]
    assert tops == sorted(tops)
    assert not page.locator(".tk-matrix").is_visible()
    context.close()


def readable(page: Any) -> str:
    """The page's text without the names of Streamlit's icons, which are drawn as pictures."""
    icons = "document.querySelectorAll('[data-testid=stIconMaterial]')"
    page.evaluate(f"for (const icon of {icons}) icon.style.display = 'none'")
    return str(page.inner_text("body"))


@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_for_the_user_to_read(page, server, name):
    seen = readable(opened(page, server + PAGES[name]))
    words = set(re.findall(r"[A-Za-z]{3,}", seen))
    assert words <= {"AEO"} | FROM_FILES.get(name, set()), words


def test_a_file_leads_to_its_rows_and_back_and_the_address_reproduces_it(page, server):
    opened(page, server)
    page.locator(".tk-source a", has_text="待核数据").click()
    page.wait_for_selector(".tk-quality")
    page.locator("a.tk-tally", has_text="出口退税办理台账").click()
    page.wait_for_selector(".tk-tally.tk-here")
    assert "/quality?" in page.url and "file=" in page.url and "period=2026-10" in page.url
    page.reload()
    page.wait_for_selector(".tk-tally.tk-here")
    assert page.locator(".tk-faults tbody tr").count() == 3
    page.locator(".tk-all").click()
    page.wait_for_selector("a.tk-tally:not(.tk-here)")
    page.wait_for_function("document.querySelectorAll('.tk-faults tbody tr').length === 16")
    assert "file=" not in page.url


def test_the_span_is_switched_by_a_click_and_the_address_reproduces_it(page, server):
    opened(page, server + PAGES["indicator"])
    page.locator(".tk-tabs a", has_text="近12个月").click()
    page.wait_for_selector(".tk-tabs a.tk-here:has-text('近12个月')")
    assert "span=ttm" in page.url
    page.reload()
    page.wait_for_selector(".tk-tabs a.tk-here:has-text('近12个月')")
    page.locator(".tk-tabs a", has_text="亮灯口径").click()
    page.wait_for_selector(".tk-tabs a.tk-here:has-text('亮灯口径')")
    assert "span=" not in page.url


def test_the_source_rows_are_listed_on_a_click_and_can_be_taken_along(page, server):
    opened(page, server + PAGES["indicator"])
    page.locator(".tk-trace a", has_text="列出来源文件和行").click()
    page.wait_for_selector(".tk-rows tbody tr")
    assert "trace=rows" in page.url
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载来源行").click()
    assert taken.value.suggested_filename == "来源行_道县进口占比_2026-10_演示数据.xlsx"
    with open(taken.value.path(), "rb") as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == [
        "2026年10月各县市区进出口情况表.xlsx",
        "Sheet1",
        11,
        "道县",
    ]


def test_a_waterfall_bar_leads_to_its_unit(page, server):
    opened(page, server + PAGES["indicator"])
    page.locator(".tk-fall a.tk-step", has_text="零陵区").first.click()
    page.wait_for_selector(".tk-one h1:has-text('零陵区')")
    assert "unit=431102" in page.url


def test_chips_put_units_beside_and_take_them_away(page, server):
    opened(page, server + "/unit?unit=431124&period=2026-10")
    for name in ("零陵区", "东安县", "蓝山县"):
        page.locator(".tk-chips a", has_text=name).click()
        page.wait_for_selector(f".tk-chips a.tk-here:has-text('{name}')")
    assert page.locator(".tk-compare thead th").all_inner_texts() == [
        "项目",
        "道县",
        "零陵区",
        "东安县",
        "蓝山县",
        "全市",
    ]
    assert page.locator(".tk-chips .tk-off").count() == 8
    page.reload()
    page.wait_for_selector(".tk-compare thead")
    page.locator(".tk-chips a.tk-here", has_text="东安县").click()
    page.wait_for_selector(".tk-chips a:not(.tk-here):has-text('东安县')")
    assert page.locator(".tk-compare thead th").count() == 5


@pytest.mark.parametrize("width", [1366, 1920])
def test_on_paper_a_chart_is_as_wide_as_its_frame_and_keeps_its_shape(browser, server, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = opened(context.new_page(), server + PAGES["indicator"])
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_timeout(500)
    page.emulate_media(media="print")
    # Measured at once, before a script could draw anew: a printer gives it no time either.
    svg, frame, ratio = page.evaluate("""() => {
        document.querySelector(".stMainBlockContainer").style.width = "703px";
        document.querySelector(".stMainBlockContainer").style.minWidth = "0";
        const svg = document.querySelector(".js-plotly-plot .main-svg");
        const drawn = svg.getBoundingClientRect();
        const frame = document.querySelector("[class*='st-key-chart_']").getBoundingClientRect();
        const shape = svg.getAttribute("width") / svg.getAttribute("height");
        return [drawn.right - frame.left, frame.width, drawn.width / drawn.height / shape];
    }""")
    context.close()
    assert svg <= frame <= 703
    assert ratio == pytest.approx(1, abs=0.02)


def test_on_paper_the_sentence_and_the_matrix_come_before_cards_and_map(page, server):
    opened(page, server)
    page.emulate_media(media="print")
    tops = [
        page.locator(part).bounding_box()["y"]
        for part in (".tk-sentence", ".tk-matrix", ".tk-cards-red .tk-card >> nth=0", ".tk-map", ".tk-source")
    ]
    assert tops == sorted(tops) and len(set(tops)) == 5


def test_a_row_of_the_ranking_chooses_its_unit_and_a_head_sorts_and_the_address_reproduces_both(page, server):
    opened(page, server + "/ranking?measure=import_share&period=2026-10")
    # The link in the row's head lies over the whole row, so that any of it can be clicked.
    page.locator(".tk-standings tbody tr", has_text="宁远县").locator(".tk-amount").click(force=True)
    page.wait_for_selector(".tk-standings tr.tk-here")
    assert "unit=431126" in page.url and page.locator(".tk-ends a.tk-here").inner_text().split() == [
        "11",
        "宁远县",
    ]
    page.locator(".tk-standings thead a", has_text="数值").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort]:has-text('数值')")
    assert "sort=value" in page.url and "unit=431126" in page.url
    page.reload()
    page.wait_for_selector("th[aria-sort]:has-text('数值')")
    assert "道县" in page.locator(".tk-standings tbody tr").first.inner_text()
    page.locator(".tk-standings tr.tk-here .tk-lit a").click()
    page.wait_for_selector(".tk-one")
    assert "/indicator?" in page.url and "unit=431126" in page.url


def test_the_ranking_can_be_taken_along_as_csv_and_workbook(page, server):
    opened(page, server + "/ranking?measure=import_share&period=2026-10")
    for label, start in (("下载 CSV", b"\xef\xbb\xbf"), ("下载 Excel", b"PK")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=label).click()
        assert taken.value.suggested_filename.startswith("排名_进口占比_2026-10_演示数据.")
        assert Path(taken.value.path()).read_bytes().startswith(start)


def test_the_repair_workbook_of_the_chosen_file_can_be_taken_along(page, server):
    opened(page, server + "/quality?period=2026-10")
    page.locator(".tk-tallies a", has_text="演示企业名录.csv").click()
    page.wait_for_selector(".tk-all")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载更正表").click()
    assert taken.value.suggested_filename == "更正表_演示数据.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert book.sheetnames == ["企业名录"] and book.worksheets[0].max_row == 6


def test_a_near_line_firm_leads_to_its_page_and_back(page, server):
    opened(page, server + "/firms?unit=431124&period=2026-10")
    first = page.locator(".tk-firmlist tbody th a").first
    name = first.inner_text()
    first.click()
    page.wait_for_selector(".tk-firm")
    assert "firm=" in page.url and page.locator(".tk-one h1").inner_text() == name
    page.reload()
    page.wait_for_selector(".tk-firm")
    page.locator(".tk-back a").click()
    page.wait_for_selector(".tk-tiers")
    assert "firm=" not in page.url and "unit=431124" in page.url


def test_a_firm_is_found_by_part_of_its_name(page, server):
    opened(page, server + "/firms?period=2026-10")
    page.get_by_label("企业名称或信用代码").fill("企业0317")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('查找「企业0317」')")
    assert page.locator(".tk-firmlist tbody tr").count() == 1 and "find=" in page.url
    page.locator(".tk-firmlist tbody th a").click()
    page.wait_for_selector(".tk-firm")
    assert "find=" not in page.url and "firm=91431121MADEM0317U" in page.url


def checked(page: Any, address: str, *files: Path) -> None:
    """Drop files on the upload page and have them checked."""
    opened(page, f"{address}/upload")
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(file) for file in files])
    page.locator(".st-key-check button").click(timeout=30_000)
    page.wait_for_selector(".tk-checked, .tk-refusal", timeout=120_000)


def test_a_dropped_file_is_checked_and_two_clicks_publish_it_once(page, small_data, tmp_path):
    with serving(small_data) as address:
        checked(page, address, small_table(tmp_path / "10月.xlsx", 1.1, "2025年10月"))
        assert "读取 1 = 接受 1 + 隔离 0 + 跳过 0" in page.inner_text(".tk-checked")
        assert len(snapshot.history(small_data)) == 1
        page.locator(".st-key-publish button").dblclick()
        page.wait_for_selector(".tk-onward", timeout=120_000)
        page.wait_for_timeout(2_000)
        newest, *older = snapshot.history(small_data)
        assert len(older) == 1 and f"已发布快照{newest.id}" in page.inner_text(".tk-sentence")
        page.locator(".tk-onward a", has_text="看数据质量").click()
        page.wait_for_selector("h2:has-text('修订')")
        assert f"快照 {newest.id}" in page.inner_text(".tk-source")
    assert list((small_data / "uploads").iterdir()) == []


def test_a_held_file_asks_for_a_reason_and_no_english_word_is_shown_on_the_way(page, small_data, tmp_path):
    slip = small_table(tmp_path / "10月.xlsx", 10_000, "2025年10月")
    with serving(small_data) as address:
        checked(page, address, slip, registry(tmp_path / "名录.csv", []))
        seen = readable(page)
        assert "扣留" in seen and "拒收" in seen and not page.locator(".st-key-publish").count()
        words = set(re.findall(r"[A-Za-z]{3,}", seen))
        assert words <= {"CSV", "Excel", "xlsx", "csv"}, words
        page.locator(".stForm input").fill("已电话核实")
        page.locator(".st-key-again button").click()
        page.wait_for_selector(".st-key-publish button", timeout=120_000)
        assert "已确认（已电话核实）" in page.inner_text(".tk-checked")


def test_an_annotation_written_on_its_page_is_a_mark_on_cell_and_chart(page, demo_copy):
    with serving(demo_copy) as server:
        opened(page, server + "/indicator?indicator=import_share&unit=431124&period=2026-10")
        page.get_by_role("link", name="写批注").click()
        page.get_by_label("原因（必填）").fill("<b>大宗进口</b>延后")
        page.get_by_label("暂不定完成时限").check(force=True)
        page.get_by_role("button", name="保存批注").click()
        page.wait_for_selector(".tk-noted")
        assert "note=1" in page.url and "<b>大宗进口</b>延后" in page.inner_text(".tk-noted")
        page.locator(".tk-noted h3 a").click()
        page.wait_for_selector(".tk-marks")
        assert page.inner_text(".tk-marks").startswith("①") and page.locator("text=①").count() > 1
        opened(page, f"{server}/?period=2026-10")
        cell = page.locator(".tk-matrix tbody tr", has_text="道县").locator("a[aria-label$='，有批注']")
        assert cell.count() == 1


def test_a_month_of_the_timeline_leads_to_its_overview_and_a_light_to_its_indicator(page, server):
    opened(page, server + "/timeline?unit=431124&period=2026-10")
    page.locator(".tk-strip tbody tr", has_text="进口占比").locator("td.tk-here a").click()
    page.wait_for_selector(".tk-one")
    assert "/indicator?" in page.url and "unit=431124" in page.url and "period=2026-10" in page.url
    opened(page, server + "/timeline?unit=431124&period=2026-10")
    page.get_by_role("link", name="看2026年3月的总览").click()
    page.wait_for_selector(".tk-board")
    assert "period=2026-03" in page.url


def test_a_chosen_firm_crosses_under_the_badge_and_the_address_reproduces_it(page, server):
    opened(page, server + "/whatif?scenario=crossing&unit=4311&period=2026-10")
    assert "还没有选过线企业" in page.inner_text(".tk-sentence")
    page.get_by_label("过线企业").click()
    page.get_by_role("option").first.click()
    page.wait_for_selector(".tk-figures")
    assert "crossing=" in page.url
    before = page.inner_text(".tk-whatif")
    page.reload()
    page.wait_for_selector(".tk-figures")
    assert page.inner_text(".tk-whatif") == before and "1家过线" in before
    assert page.inner_text(".tk-if") == "假设" and page.locator(".tk-panel:not(.tk-assumed)").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".tk-onpaper").is_visible() and page.locator(".tk-if").is_visible()


def test_the_what_if_table_that_is_taken_along_says_so_in_its_name_sheet_and_rows(page, server):
    opened(page, server + "/whatif?scenario=targets&unit=4311&period=2026-10")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载 Excel").click()
    name = taken.value.suggested_filename
    assert name == "假设_各县市区都完成本地目标_永州市_2026-10_演示数据.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).active
    assert sheet.title.startswith("假设") and sheet.max_row > 14
    assert all(str(cell.value).startswith("假设") for cell in sheet["A"])


def test_direction_and_span_are_chosen_and_the_address_reproduces_them(page, server):
    opened(page, server + PAGES["markets"])
    assert page.inner_text(".tk-sentence").startswith("2026年1—10月永州市进出口")
    for part, choice, said in (("flow", "进口", "永州市进口"), ("span", "当月", "2026年10月永州市进口")):
        page.locator(f".st-key-pick_{part} [role=combobox]").click()
        page.get_by_role("option", name=choice, exact=True).click()
        page.wait_for_selector(f".tk-sentence:has-text('{said}')")
    assert "flow=import" in page.url and "span=month" in page.url
    before = page.inner_text(".tk-market")
    page.reload()
    page.wait_for_selector(".tk-source")
    assert page.inner_text(".tk-market") == before


def test_the_markets_can_be_taken_along_as_csv_and_workbook(page, server):
    opened(page, server + "/markets?unit=431124&flow=export&span=ttm&period=2026-10")
    for label, start in (("下载 CSV", b"\xef\xbb\xbf"), ("下载 Excel", b"PK")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=label).click()
        name = taken.value.suggested_filename
        assert name.startswith("市场与商品_道县_出口_近12个月_2026-10_演示数据.")
        assert Path(taken.value.path()).read_bytes().startswith(start)


def test_on_paper_the_foot_of_the_markets_comes_after_all_panels(page, server):
    opened(page, server + PAGES["markets"])
    page.emulate_media(media="print")
    ends = [panel.bounding_box() for panel in page.locator(".tk-market .tk-panel").all()]
    foot = page.locator(".tk-source").bounding_box()
    assert len(ends) == 7 and max(box["y"] + box["height"] for box in ends) <= foot["y"]
    assert len({box["x"] for box in ends}) == 1
