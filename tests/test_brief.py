"""The meeting brief: its numbers are the snapshot's in every format, its bytes depend on its content alone."""

import hashlib
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from briefs import Truth, commented, equal, part, word_text
from lxml import etree
from openxml_audit import OpenXmlValidator
from pptx import Presentation
from reworked import numbers, worth
from test_cli import trade_kpi
from test_pages import html, run

from dashboard import store
from dashboard.brief import make, record
from dashboard.brief.compose import compose
from dashboard.brief.document import Figure, Key, Paragraph, Table, plain
from dashboard.brief.evidence import evidence
from dashboard.brief.facts import Facts
from dashboard.brief.gather import gather
from dashboard.brief.request import VARIANTS, BriefRefused, Request
from dashboard.brief.write import preview, slides, word, workbook
from dashboard.brief.write.xml import text as escaped
from dashboard.identity import Viewer
from dashboard.needs import TOO_LATE, needed
from dashboard.notes import book
from dashboard.notes.record import Draft
from dashboard.questions.firms import NearFirm
from dashboard.questions.measured import own_of_unit
from etl import snapshot
from etl.policy import load_policy

POLICY = load_policy()
PERIOD = "2026-10"
MADE_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TASK_FORCE = Viewer("测试", "task_force", None)
PLACES = {"unit": "431124"}
NAMES = "|".join(re.escape(item.name) for item in POLICY.indicators)
NO_FIGURES = (
    rf"{NAMES}|「[^」]*」|口径：.*|永政办发〔2024〕8号|（20\d\d年\d+月）|\d+年|\d+(—\d+)?月|\d+日|近?12个月|"
    r"\d+(万|亿)元以上的(企业)?|100万元的"
)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def request(variant: str = "city", **changed: object) -> Request:
    indicator = "import_share" if variant == "indicator" else ""
    asked = Request(variant, PLACES.get(variant, POLICY.city.code), indicator, PERIOD)
    return replace(asked, **changed)


def facts_of(data: Path, asked: Request, viewer: Viewer = TASK_FORCE) -> Facts:
    gate = store.open_gate(viewer, data)
    assert gate
    return gather(gate, POLICY, asked, MADE_AT, viewer.name, None)


@pytest.fixture(scope="module")
def briefs(demo_data):
    """Facts and model of every variant, made once."""
    facts = {name: facts_of(demo_data, request(name)) for name in VARIANTS}
    return {name: (found, compose(found)) for name, found in facts.items()}


@pytest.fixture(scope="module")
def truth(demo_data):
    return Truth(demo_data)


@pytest.fixture(scope="module")
def cited(demo_data, briefs):
    """The city's model with evidence, and its Word document."""
    gate = store.open_gate(TASK_FORCE, demo_data)
    _, document = briefs["city"]
    keys = [figure.key for figure in document.figures()]
    document = replace(document, evidence=evidence(gate, POLICY, keys, named=False))
    return document, word.write(document)


def test_every_figure_of_the_text_bears_its_comment(cited):
    document, written = cited
    figures, comments = list(document.figures()), commented(written)
    assert [text for text, _ in comments] == [figure.text for figure in figures]
    assert all("公式：" in said for _, said in comments)


def checked(document, truth: Truth) -> int:
    """How many figures of the text were found to be the snapshot's; every one must be."""
    number = 0
    for figure in document.figures():
        key, parts = figure.key, numbers(figure.text)
        values = worth(truth, key.topic, key.unit, key.period)
        assert len(values) == len(parts), (figure, values)
        for said, value in zip(parts, values, strict=True):
            assert equal(said, value), (figure, value)
            number += 1
    return number


@pytest.mark.parametrize("period", ["2026-10", "2026-02", "2026-01", "2025-12", "2024-06"])
def test_every_figure_of_the_text_is_the_snapshots_number(demo_data, truth, period):
    """Of the city, the task force and each of the 12."""
    asked = [request(name, period=period) for name in ("city", "task_force")]
    asked += [request("unit", unit=unit.code, period=period) for unit in POLICY.counties]
    assert sum(checked(compose(facts_of(demo_data, one)), truth) for one in asked) >= 900


def test_every_figure_of_a_brief_on_one_indicator_is_the_snapshots_number(demo_data, truth):
    asked = [request("indicator", indicator=item.id) for item in POLICY.indicators]
    assert sum(checked(compose(facts_of(demo_data, one)), truth) for one in asked) >= 105


def test_no_number_of_the_text_is_without_its_evidence(briefs):
    """Beside figures the text has dates, names, quoted clauses, lines of tiers and the year-end rule alone."""
    for name in ("city", "unit", "indicator"):
        _, document = briefs[name]
        for section in document.sections:
            if section.id in ("since", "problems", "measures", "annex"):
                continue
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    bare = "|".join(run for run in block.runs if isinstance(run, str))
                    left = re.sub(NO_FIGURES, "", bare)
                    assert not re.search(r"\d", left), (section.id, left)


def test_a_comment_says_clause_formula_and_source_rows_and_names_no_firm_of_a_city_brief(cited, truth):
    said = dict(commented(cited[1]))
    share = said["8.80%"]
    assert "第六条" in share and "公式：" in share and "sha256" in share and "第5行" in share
    names = [name for (name,) in truth.con.execute("select distinct firm_name from mart_registry").fetchall()]
    written = "".join(said.values()) + word_text(cited[1])
    assert not [name for name in names if name and name in written]


def test_the_evidence_of_a_growth_has_the_rows_of_both_years(cited):
    said = cited[0].evidence[Key("growth:ytd_total", "4311", PERIOD)]
    now, then = said.split("上年同期来源：")
    assert "同比＝本期÷上年同期－1" in now and "来源：2026年10月各县市区进出口情况表.xlsx" in now
    assert then.startswith("2025年10月各县市区进出口情况表.xlsx")


@pytest.mark.parametrize(
    ("variant", "topic"),
    [
        *(
            (variant, topic)
            for variant in ("city", "unit")
            for topic in ("support_payments", "aeo", "cases:rebate_days", "cases:rebate_days_class12")
        ),
        ("city", "tier_50000000"),
        ("city", "tier_1000000000"),
        ("unit", "firms_trading"),
    ],
)
def test_the_evidence_of_a_count_has_as_many_rows(demo_data, truth, variant, topic):
    """A row a payment, firm of the registry or case; of a count of firms those of the month's own table."""
    key = Key(topic, PLACES.get(variant, POLICY.city.code), PERIOD)
    (number,) = worth(truth, topic, key.unit, PERIOD)
    said = evidence(store.open_gate(TASK_FORCE, demo_data), POLICY, [key], named=True)[key]
    rows = dict(re.findall(r"([^、：]+)（(\d+)行", said.partition("来源：")[2].partition("\n")[0]))
    assert int(rows.get("2026年10月企业进出口情况表.xlsx") or sum(map(int, rows.values()))) == number > 0


@pytest.mark.parametrize(
    ("topic", "files"),
    [
        ("ttm_total", ["2026年10月", "2025年12月", "2025年10月"]),
        ("year_end_total", ["2026年10月", "2025年12月", "2025年10月"]),
        ("year_end:import_share", ["2026年10月", "2025年12月", "2025年10月"]),
        ("ytd_total", ["2026年10月"]),
    ],
)
def test_the_evidence_has_the_rows_of_each_month_that_a_number_is_made_of(demo_data, topic, files):
    key = Key(topic, "431124", PERIOD)
    said = evidence(store.open_gate(TASK_FORCE, demo_data), POLICY, [key], named=False)[key]
    assert re.findall(r"^(\d+年\d+月)各县市区进出口情况表.xlsx「Sheet1」第\d+行　道县", said, re.M) == files


def test_the_evidence_of_cross_border_trade_has_no_rows_of_other_years(demo_data):
    gate = store.open_gate(TASK_FORCE, demo_data)
    key = Key("growth:cbec_ytd", "4311", PERIOD)
    now, then = evidence(gate, POLICY, [key], named=False)[key].split("上年同期来源：")
    for said, year in ((now, 2026), (then, 2025)):
        assert "（120行" in said and set(re.findall(r"　\S+ (\d{4})-\d\d　", said)) == {str(year)}


def test_evidence_stands_in_the_notes_of_slides_and_on_a_sheet_of_the_workbook_too(cited, briefs, tmp_path):
    document, _ = cited
    said = document.evidence[Key("import_share", "4311", PERIOD)]
    written = slides.write(document)
    show = Presentation(io.BytesIO(written))
    notes = [slide.notes_slide.notes_text_frame.text for slide in show.slides if slide.has_notes_slide]
    assert len(notes) >= 7 and any(said in note for note in notes)
    (tmp_path / "brief.pptx").write_bytes(written)
    assert OpenXmlValidator().validate(str(tmp_path / "brief.pptx")).is_valid
    assert slides.write(document) == written
    (tmp_path / "brief.xlsx").write_bytes(workbook.write(briefs["city"][0], document))
    assert OpenXmlValidator().validate(str(tmp_path / "brief.xlsx")).is_valid
    sheet = openpyxl.load_workbook(tmp_path / "brief.xlsx")["依据"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len(rows) == len({figure.key for figure in document.figures()})
    assert ("目标进度", "8.80%", said) in rows
    assert escaped(said) in preview.page(document).decode()


def test_the_tables_of_the_word_document_are_the_scoreboards(cited, truth):
    tables = docx.Document(io.BytesIO(cited[1])).tables
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    goals = tables[heads.index(["条", "指标", "目标", "期限", "完成", "序时", "比序时或目标", "状态"])]
    by_name = {item.name: item.id for item in POLICY.indicators}
    seen = []
    for row in goals.rows[1:]:
        cells = [cell.text for cell in row.cells]
        id = by_name[cells[1].partition("（")[0]]
        value, target, pace, status = truth.board[id, "4311", PERIOD]
        seen.append(status)
        assert cells[7][1:] == {"met": "已达标", "on_pace": "序时达标", "behind": "滞后"}[status]
        assert equal(cells[4].partition("/")[0], value)
        assert cells[5] == "—" if pace is None else equal(cells[5], pace)
        assert target == 0 or "/" in cells[4] or equal(cells[2], target)
    assert len(seen) == 13 and seen == sorted(seen, key=lambda status: status != "behind")


def test_the_annex_has_every_light_of_every_unit(cited, truth):
    tables = docx.Document(io.BytesIO(cited[1])).tables
    codes = {unit.short.removeprefix("永州"): unit.code for unit in POLICY.units}
    by_short = {item.short: item.id for item in POLICY.indicators}
    checked = 0
    for table in tables:
        head = [cell.text for cell in table.rows[0].cells]
        if head[:2] != ["指标", "全市"]:
            continue
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            for place, text in zip(head[1:], cells[1:], strict=True):
                light = truth.board.get((by_short[cells[0].partition("（")[0]], codes[place], PERIOD))
                checked += 1
                if light is None or light[0] is None:
                    assert text.strip("▼◐●○") == "—"
                else:
                    assert equal(text.strip("▼◐●○").partition("/")[0], light[0])
    assert checked == 13 * (12 + 2)


def chart_values(parts: list[bytes]) -> list[list[float]]:
    """The numbers of each first series of the charts."""
    found = []
    for content in parts:
        series = etree.fromstring(content).find(f".//{C}ser")
        found.append([float(value.text) for value in series.findall(f"{C}val//{C}v")])
    return found


def test_the_charts_of_word_and_slides_hold_the_scoreboards_values(briefs, truth):
    _facts, document = briefs["city"]
    run = [
        at
        for (id, unit, at) in sorted(truth.board)
        if (id, unit) == ("import_share", "4311") and at <= PERIOD
    ]
    share = [truth.board["import_share", "4311", at][0] for at in run[-24:]]
    totals = sorted(
        (float(truth.trade[u.code, PERIOD]["ytd_total"]) / 1e8 for u in POLICY.counties), reverse=True
    )
    for content, pattern in (
        (word.write(document), r"word/charts/chart\d+.xml"),
        (slides.write(document), r"ppt/charts/chart\d+.xml"),
    ):
        values = chart_values(part(content, pattern))
        assert share in values
        assert any(numbers == pytest.approx(totals) for numbers in values)


def test_the_slides_say_the_same_numbers_and_are_between_eight_and_twelve(briefs, truth):
    _, document = briefs["city"]
    show = Presentation(io.BytesIO(slides.write(document)))
    assert 8 <= len(show.slides) <= 12 and show.slide_width / show.slide_height == pytest.approx(
        16 / 9, abs=0.01
    )
    text = "\n".join(s.text_frame.text for slide in show.slides for s in slide.shapes if s.has_text_frame)
    checked = 0
    for section in document.sections:
        points = () if section.id == "units" else section.points[:6]  # those are in its table and chart
        for figure in (item for runs in points for item in runs if isinstance(item, Figure)):
            value = truth.of(figure.key.topic, figure.key.unit, figure.key.period)
            assert figure.text in text, figure
            if value is not None and "/" not in figure.text:
                assert equal(figure.text, value), (figure, value)
                checked += 1
    assert checked >= 70
    grids = [s.table for slide in show.slides for s in slide.shapes if s.has_table]
    goals = next(grid for grid in grids if grid.cell(0, 1).text == "指标")
    by_name = {item.name: item.id for item in POLICY.indicators}
    for row in list(goals.rows)[1:]:
        id, text = by_name[row.cells[1].text.partition("（")[0]], row.cells[4].text
        assert equal(text.partition("/")[0], truth.board[id, "4311", PERIOD][0])


@pytest.mark.parametrize("indicator", [item.id for item in POLICY.indicators])
def test_the_slides_on_one_indicator_are_between_eight_and_twelve(demo_data, indicator):
    document = compose(facts_of(demo_data, request("indicator", indicator=indicator)))
    show = Presentation(io.BytesIO(slides.write(document)))
    assert 8 <= len(show.slides) <= 11  # one more where a brief came before
    for slide in show.slides:
        assert len(slide.shapes) > 1


@pytest.mark.parametrize(("variant", "section"), [("indicator", "topic"), ("city", "goals")])
def test_a_target_out_of_reach_is_said_to_be_so_and_needs_nothing_a_month(briefs, variant, section):
    facts = replace(briefs[variant][0], needs={"import_share": TOO_LATE})
    document = compose(facts)
    told = {item.id: item for item in document.sections}
    said = "".join(plain(block.runs) for block in told[section].blocks if isinstance(block, Paragraph))
    assert "按现有进度，本年内已无法回到目标。" in said and "需本年" not in said and "需：" not in said


def test_what_each_unit_must_still_bring_is_that_of_its_page(briefs, demo_data):
    facts, document = briefs["indicator"]
    table = next(block for block in document.blocks() if isinstance(block, Table) and "月均需" in block.title)
    told = {row[0].text: row[3].text for row in table.rows}
    codes = {unit.short: unit.code for unit in POLICY.counties}
    gate = store.open_gate(TASK_FORCE, demo_data)
    for name, each in told.items():
        light = facts.light("import_share", codes[name])
        need = needed(POLICY, light, own_of_unit(gate, codes[name])["import_share"])
        assert each == need.each.replace(" ", "") and light.status != "met"
    assert len(told) == 5 and told["道县"] == "进口1.27亿元"


def test_the_workbook_has_a_sheet_an_indicator_and_a_unit_with_the_scoreboards_numbers(briefs, truth):
    facts, document = briefs["city"]
    read = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, document)))
    codes, checked = {unit.short: unit.code for unit in POLICY.units}, 0
    for item in POLICY.indicators:
        sheet = read[item.short.strip("「」")]
        for row in sheet.iter_rows(min_row=5, max_row=17, values_only=True):
            value, target, pace, _ = truth.board[item.id, codes[row[0]], PERIOD]
            for shown, true in zip((row[1], row[3], row[4]), (target, value, pace), strict=True):
                assert shown == ("—" if true is None else pytest.approx(true, rel=1e-14))
            if target is not None and value is not None:
                gap = target - value if item.direction == ">=" else value - target
                assert row[5] == pytest.approx(gap, abs=1e-9)
            checked += 1
    names = {item.name: item.id for item in POLICY.indicators}
    for unit in (POLICY.city, *POLICY.counties):
        for row in read[unit.short].iter_rows(min_row=5, max_row=17, values_only=True):
            value = truth.board[names[row[0].rpartition("（")[0]], unit.code, PERIOD][0]
            assert row[3] == ("—" if value is None else pytest.approx(value, rel=1e-14))
            checked += 1
        rows = [r for r in read[unit.short].iter_rows(values_only=True) if r[0] == PERIOD]
        now, then = (truth.trade[unit.code, at]["ytd_total"] for at in (PERIOD, "2025-10"))
        assert rows[0][4] == pytest.approx(float(now) / 1e4, abs=1e-6)
        assert rows[0][7] == pytest.approx(float(now / then) - 1, abs=1e-9)
    assert checked == 2 * 13 * 13 and "口径和来源" in read.sheetnames
    assert read["进口占比"].conditional_formatting and read["进口占比"]._charts
    assert read["进口占比"]["D5"].number_format == "0.00%"


def test_rows_of_long_texts_are_as_high_as_their_lines(briefs):
    facts, document = briefs["city"]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, document)))["口径和来源"]
    heights = {
        row[1].value: sheet.row_dimensions[row[0].row].height
        for row in sheet.iter_rows(min_row=5, max_row=17)
    }
    # Its caveat 「取数顺序：县市区月表、企业月表、海关明细」 is 40 wide and 18 fit in a line of its column: three lines.
    assert heights["进口占比"] == 45 and heights["达标产业集群县市区"] >= 45 and min(heights.values()) >= 15


def test_all_three_files_pass_the_audit(briefs, tmp_path):
    facts, document = briefs["task_force"]
    for name, content in (
        ("brief.docx", word.write(document)),
        ("brief.pptx", slides.write(document)),
        ("brief.xlsx", workbook.write(facts, document)),
    ):
        (tmp_path / name).write_bytes(content)
        found = OpenXmlValidator().validate(str(tmp_path / name))
        assert found.is_valid, (name, found.errors[:3])


def test_a_document_with_evidence_passes_the_audit(cited, tmp_path):
    (tmp_path / "brief.docx").write_bytes(cited[1])
    found = OpenXmlValidator().validate(str(tmp_path / "brief.docx"))
    assert found.is_valid, found.errors[:3]


needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="needs LibreOffice (soffice) and poppler-utils (pdftotext)",
)


def office(folder, *files):
    """The pages of each file as LibreOffice prints it, as text."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = (
        subprocess.run(
            ["pdftotext", "-layout", file.with_suffix(".pdf"), "-"],
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout.decode()
        for file in files
    )
    return [text.split("\f")[:-1] for text in printed]


@needs_office
def test_libre_office_opens_document_and_slides_and_prints_every_page(briefs, tmp_path):
    _, document = briefs["indicator"]
    for name, content, pages in (
        ("brief.docx", word.write(document), 4),
        ("brief.pptx", slides.write(document), len(Presentation(io.BytesIO(slides.write(document))).slides)),
    ):
        (tmp_path / name).write_bytes(content)
        (printed,) = office(tmp_path, tmp_path / name)
        assert document.title in re.sub(r"\s", "", "".join(printed))
        assert len(printed) == pages if name.endswith("pptx") else len(printed) >= pages


def test_the_closing_words_are_tied_to_five_lines_of_text(briefs):
    for variant in ("city", "task_force", "unit"):
        _, document = briefs[variant]
        paragraphs = docx.Document(io.BytesIO(word.write(document))).paragraphs
        last = max(at for at, one in enumerate(paragraphs) if one.text == plain(document.closing[-1].runs))
        tied = [last]
        while paragraphs[tied[0] - 1].paragraph_format.keep_with_next:
            tied.insert(0, tied[0] - 1)
        assert sum(-(-len(paragraphs[at].text) // 28) for at in tied) >= 5
        assert all(paragraphs[at].paragraph_format.keep_together for at in tied)
        assert not paragraphs[last].paragraph_format.keep_with_next  # the annex opens a page of its own


@needs_office
def test_no_page_holds_the_closing_words_alone_wherever_the_text_ends(briefs, tmp_path):
    _, document = briefs["city"]
    files = []
    for more in range(0, 24, 3):  # a page has 22 lines
        opening = (*document.opening, *(Paragraph(("补充一行。",)) for _ in range(more)))
        files.append(tmp_path / f"{more}.docx")
        files[-1].write_bytes(word.write(replace(document, opening=opening)))
    for pages in office(tmp_path, *files):
        words = next(page for page in pages if "以上情况，请审阅。" in page)
        lines = [line for line in words.splitlines() if line.strip() and not line.strip().startswith("—")]
        assert len([line for line in lines if "不得作为工作依据" not in line]) >= 5


@pytest.mark.parametrize("variant", ["city", "task_force"])
def test_writing_the_same_twice_gives_the_same_bytes(briefs, variant):
    facts, document = briefs[variant]
    for write in (word.write, slides.write, preview.page, lambda model: workbook.write(facts, model)):
        assert write(document) == write(document)


def test_no_row_of_a_table_stands_alone_under_its_header_or_over_its_note(cited):
    document, written = cited
    tables = docx.Document(io.BytesIO(written)).tables
    for table, model in zip(tables, (b for b in document.blocks() if isinstance(b, Table)), strict=True):
        kept = [
            all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in r.cells) for r in table.rows
        ]
        rows = len(model.rows)
        assert kept[0] and kept[-1] == bool(model.note)
        assert all(kept[:-1]) if rows <= 8 else kept[1] and kept[-2] and not any(kept[2:-2])


def test_the_page_is_that_of_the_standard(cited):
    document = docx.Document(io.BytesIO(cited[1]))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    styles = part(cited[1], "word/styles.xml")[0].decode()
    for font in ("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", 'w:eastAsia="zh-CN"'):
        assert font in styles
    body = document.styles["简报正文"].paragraph_format
    assert body.line_spacing.pt == 28
    footers = [section.footer.paragraphs[0].text, section.even_page_footer.paragraphs[0].text]
    assert footers == ["—  —", "—  —"] or all("—" in text for text in footers)
    assert "演 示 数 据" in section.header.paragraphs[-1].text


def test_the_files_say_the_time_of_their_making_in_universal_time(briefs):
    """Made in Beijing at 09:30, which is 01:30 in UTC; a reader of the file turns it back."""
    facts, document = briefs["indicator"]
    document = replace(document, made_at="2026-11-25T09:30:00+08:00")
    for written in (word.write(document), slides.write(document), workbook.write(facts, document)):
        assert b"2026-11-25T01:30:00Z" in part(written, r"docProps/core\.xml")[0]


def test_a_comment_bears_the_local_time_without_a_zone_as_word_reads_it(cited):
    document = replace(cited[0], made_at="2026-11-25T09:30:00+08:00")
    comments = part(word.write(document), r"word/comments\.xml")[0]
    assert b'w:date="2026-11-25T09:30:00"' in comments and b"09:30:00Z" not in comments


def test_the_end_names_snapshot_month_time_and_maker(briefs, demo_data):
    _, document = briefs["city"]
    said = "".join(document.colophon)
    assert snapshot.current(demo_data).id in said and "2026年10月" in said
    assert "2026-11-25 09:30" in said and "测试" in said and "演示数据" in said


def test_the_place_of_a_unit_is_its_own_and_the_task_forces_brief_names_firms(briefs, truth):
    facts, document = briefs["unit"]
    units = {figure.key.unit for figure in document.figures()}
    assert units == {"431124"}
    assert {firm.unit for firm in facts.firms.near} == {"431124"}
    task_force = briefs["task_force"][1]
    tables = [
        block for block in task_force.blocks() if isinstance(block, Table) and "近线企业" in block.title
    ]
    assert tables and briefs["city"][0].firms is None


def test_names_from_data_stay_text_in_every_file(briefs):
    facts, _ = briefs["task_force"]
    evil = '=HYPERLINK("http://x")\x00\x0b<b>&'
    near = (replace(facts.firms.near[0], name=evil), *facts.firms.near[1:])
    facts = replace(facts, firms=replace(facts.firms, near=near), maker=evil)
    document = compose(facts)
    assert isinstance(near[0], NearFirm)
    cell = openpyxl.load_workbook(io.BytesIO(workbook.write(facts, document)))["近线企业"]["A5"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")<b>&')
    assert '=HYPERLINK("http://x")<b>&' in word_text(word.write(document))
    assert "<b>&" not in preview.page(document).decode() and "&lt;b&gt;" in preview.page(document).decode()
    assert slides.write(document)


def annotate(data: Path, cause: str, measure: str = "") -> None:
    draft = Draft("import_share", "4311", PERIOD, cause, measure, None, "市商务局")
    book.write(TASK_FORCE, draft, data)


def test_a_brief_is_recorded_and_made_again_byte_for_byte(demo_copy):
    gate = store.open_gate(TASK_FORCE, demo_copy)
    first = make.make(gate, POLICY, request(opening="开头\n第二段"), ["docx", "xlsx"])
    again = make.make(gate, POLICY, request(opening="开头\n第二段"), ["docx"])
    assert (again.making.id, again.files["docx"]) == (1, first.files["docx"])
    sums = record.sums(demo_copy, 1)
    assert sums["docx"] == hashlib.sha256(first.files["docx"]).hexdigest() and set(sums) == {"docx", "xlsx"}
    annotate(demo_copy, "大宗商品进口下滑", "引进粮食进口企业")
    newer = make.make(gate, POLICY, request(opening="开头\n第二段"), ["docx"])
    assert newer.making.id == 2 and "大宗商品进口下滑" in word_text(newer.files["docx"])
    assert "引进粮食进口企业" in word_text(newer.files["docx"])
    old = make.repeat(gate, POLICY, record.find(demo_copy, 1), ["docx"])
    assert old.files["docx"] == first.files["docx"]
    asked = make.make(gate, POLICY, request(opening="开头\n第二段"), ["docx"], again=True)
    assert asked.files["docx"] == newer.files["docx"]


def test_the_next_brief_says_what_changed_since_the_last_one(demo_copy):
    gate = store.open_gate(TASK_FORCE, demo_copy)
    before = make.make(gate, POLICY, request(period="2026-09"), ["html"])
    assert "与上次简报相比" not in before.files["html"].decode()
    now = make.make(gate, POLICY, request(), ["html"])
    text = now.files["html"].decode()
    assert now.making.compared == before.making.id
    assert "与上次简报相比" in text and "转为滞后的有全市资金上限" in text
    other = make.make(gate, POLICY, request("unit"), ["html"])
    assert other.making.compared is None
    assert make.make(gate, POLICY, request(), ["html"], again=True).files == now.files


def test_a_snapshot_that_a_brief_names_is_never_pruned(small_data):
    gate = store.open_gate(TASK_FORCE, small_data)
    asked = Request("city", POLICY.city.code, "", store.meta(gate).latest_period)
    made = make.make(gate, POLICY, asked, ["docx", "pptx", "xlsx"])
    assert "暂无数据" in word_text(made.files["docx"])
    with snapshot.building(small_data) as built:
        snapshot.publish(small_data, built, "20991231-000000", keep=1)
    assert snapshot.find(small_data, gate.snapshot.id).path.exists()


def template(folder: Path, source: bytes, drop: str = "") -> None:
    document = docx.Document(io.BytesIO(source))
    document.sections[0].header.paragraphs[-1].add_run("永州市商务局文件")
    document.styles["简报标题"].font.name = "红头字体"
    if drop:
        style = document.styles[drop]
        style.element.getparent().remove(style.element)
    folder.mkdir(parents=True, exist_ok=True)
    document.save(str(folder / "红头.docx"))


def test_the_offices_template_replaces_styles_and_brings_its_letterhead(briefs, tmp_path):
    _facts, document = briefs["indicator"]
    template(tmp_path, word.write(document))
    written = word.write(document, tmp_path / "红头.docx")
    read = docx.Document(io.BytesIO(written))
    assert read.styles["简报标题"].font.name == "红头字体"
    assert "永州市商务局文件" in "".join(item.text for item in read.sections[0].header.paragraphs)
    assert sum(item.text == document.title for item in read.paragraphs) == 1


def test_a_template_without_a_style_is_refused_by_its_name(briefs, tmp_path):
    _, document = briefs["indicator"]
    template(tmp_path, word.write(document), drop="简报正文")
    with pytest.raises(BriefRefused, match=r"红头\.docx 缺少样式「简报正文」"):
        word.write(document, tmp_path / "红头.docx")


@pytest.mark.parametrize(
    ("viewer", "asked"),
    [
        (Viewer("装", "loader", None), request()),
        (Viewer("县", "county", "431124"), request()),
        (Viewer("县", "county", "431124"), request("task_force")),
        (Viewer("县", "county", "431126"), request("unit")),
        (Viewer("县", "county", None), request("unit")),
    ],
)
def test_who_may_not_have_a_brief_gets_none(demo_data, viewer, asked):
    with pytest.raises(store.Forbidden):
        make.preview(store.open_gate(viewer, demo_data), POLICY, asked)


def test_a_county_gets_its_own_brief_without_other_units_firms(demo_data, truth):
    viewer = Viewer("道县商务局", "county", "431124")
    document = make.preview(store.open_gate(viewer, demo_data), POLICY, request("unit"))
    shown = "".join(
        cell.text
        for block in document.blocks()
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    )
    query = "select distinct firm_name from mart_registry where uscc not in (select uscc from mart_registry where unit = ?)"
    others = [name for (name,) in truth.con.execute(query, ["431124"]).fetchall() if name]
    assert others and not [name for name in others if name in shown]


def test_an_account_of_a_zone_gets_one_sentence_on_the_page(demo_data, monkeypatch):
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer("金洞", "county", "431172"))
    app = run(demo_data, monkeypatch, "dashboard/pages/brief.py", period=PERIOD)
    assert "没有单独的目标，不制作单独的简报" in html(app)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (request(period="1999-01"), "没有 1999-01 的数据"),
        (request(variant="unit", unit="4311"), "要指明 12 个县市区之一，请用 --unit 写明，如 --unit 零陵区"),
        (request(opening="长" * 1001), "最多1000字"),
    ],
)
def test_a_brief_that_makes_no_sense_is_refused_in_one_sentence(demo_data, asked, said):
    with pytest.raises(BriefRefused, match=said):
        make.preview(store.open_gate(TASK_FORCE, demo_data), POLICY, asked)


def test_only_the_wanted_sections_are_written(demo_data):
    document = make.preview(
        store.open_gate(TASK_FORCE, demo_data), POLICY, request(sections=("goals", "annex"), closing="")
    )
    assert [section.id for section in document.sections] == ["goals", "annex"] and not document.closing


def test_no_paragraph_is_empty_and_no_word_is_left_open(briefs):
    for _, document in briefs.values():
        for block in document.blocks():
            if isinstance(block, Paragraph):
                text = plain(block.runs)
                assert text.endswith(("。", "：", "」")) and "None" not in text and "。。" not in text, text


def test_the_command_makes_lists_and_repeats_a_brief(small_data, tmp_path):
    first, second = tmp_path / "一.docx", tmp_path / "二.docx"
    done = trade_kpi("brief", "-o", first, data=small_data)
    assert (done.returncode, "第1号简报" in done.stdout) == (0, True)
    assert trade_kpi("brief", "--again", "1", "-o", second, data=small_data).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    more = ("--indicator", "进口占比", "--sections", "topic,annex", "--evidence", "-o", tmp_path / "三.docx")
    assert trade_kpi("brief", *more, data=small_data).returncode == 0
    listed = trade_kpi("brief", "--list", data=small_data).stdout
    assert "单项指标　进口占比　部分 topic,annex　附依据　2025-09" in listed
    assert "第1号" in listed and hashlib.sha256(first.read_bytes()).hexdigest()[:12] in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "doc"), "没有「doc」这种格式"),
        (("--again", "7"), "没有编号为 7 的简报"),
        (("--sections", "x"), "没有「x」这部分"),
        (("--variant", "x"), "没有「x」这种简报"),
        (("--unit", "长沙"), "没有代码为「长沙」的县市区"),
        (("--unit", "道县", "--sections", "units"), "没有「units」这部分"),
        (("--unit", "道县", "--indicator", "进口占比"), "「单项指标」简报写的是全市，不能又指明道县"),
        (("--unit", "道县", "--variant", "city"), "「全市」简报写的是全市，不能又指明道县"),
        (("--unit", "道县", "--variant", "unit", "--indicator", "进口占比"), "「县市区」简报写的是全部指标"),
        (("--variant", "indicator"), "单项指标简报要指明指标"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence(small_data, words, said):
    done = trade_kpi("brief", *words, data=small_data)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_the_page_makes_the_brief_that_it_shows_and_says_its_number(demo_copy, monkeypatch):
    app = run(
        demo_copy, monkeypatch, "dashboard/pages/brief.py", period=PERIOD, variant="unit", unit="431124"
    )
    assert "道县外贸指标监测简报" in html(app)
    app.text_area[0].set_value("本月会议用").run()
    app.button(key="brief_make").click().run()
    assert "第1号简报" in html(app) and "本月会议用" in html(app)
    made = record.find(demo_copy, 1)
    assert (made.request.unit, made.request.opening, made.request.closing) == ("431124", "本月会议用", None)
    assert set(record.sums(demo_copy, 1)) == {"docx", "pptx", "xlsx"}


def test_january_says_its_month_once(demo_data):
    document = compose(facts_of(demo_data, request(period="2026-01")))
    told = next(section for section in document.sections if section.id == "cbec")
    said = "".join(plain(block.runs) for block in told.blocks if isinstance(block, Paragraph))
    assert said.startswith("1月，全市跨境电商进出口1.81亿元，同比增长68.2%。") and "当月" not in said
