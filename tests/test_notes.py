"""Annotations: who reads and writes, the history that nothing leaves, two writers at once, and inert texts."""

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from frontend import PERIOD, POLICY, board, light
from test_pages import PAGES, html, run

from dashboard import charts, marks, matrix, widgets
from dashboard.address import View
from dashboard.html import NOTED
from dashboard.identity import Viewer
from dashboard.notes import book, record
from dashboard.notes.record import Draft, offices, visible
from dashboard.parts import notes as parts
from dashboard.store import Forbidden
from etl.errors import UserError

TASK_FORCE = Viewer("甲", "task_force", None)
OTHER = Viewer("乙", "task_force", None)
LEADER = Viewer("丙", "leader", None)
DAOXIAN = Viewer("丁", "county", "431124")
NASTY = '<img src=x onerror="alert(1)">'
NOTED_IN_JSON = ">注<"
DRAFT = Draft("import_share", "431124", PERIOD, "大宗进口延后", "约谈企业", date(2026, 12, 20), "市商务局")


def draft(**changed: object) -> Draft:
    return Draft(**{**vars(DRAFT), **changed})  # type: ignore[arg-type]


def seen(viewer: Viewer, data: Path, period: str = PERIOD) -> set[str]:
    return {note.cause for note in book.annotations_for(viewer, period, data=data)}


def test_what_was_written_is_read_back_with_author_role_and_time(tmp_path):
    before = datetime.now(UTC)
    note = book.write(TASK_FORCE, DRAFT, tmp_path)
    (found,) = book.annotations_for(LEADER, PERIOD, data=tmp_path)
    assert found == note and found.draft == DRAFT
    assert (found.id, found.version, found.state, found.author, found.role) == (
        1,
        1,
        "open",
        "甲",
        "task_force",
    )
    assert before <= found.written_at <= datetime.now(UTC)


def test_before_the_first_annotation_there_is_neither_note_nor_file(tmp_path):
    assert book.annotations_for(TASK_FORCE, PERIOD, data=tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_every_edit_completion_and_withdrawal_is_a_version_of_its_own(tmp_path):
    note = book.write(TASK_FORCE, DRAFT, tmp_path)
    book.revise(OTHER, note.id, 1, draft(cause="改过"), tmp_path)
    book.mark(TASK_FORCE, note.id, 2, "done", tmp_path)
    book.mark(TASK_FORCE, note.id, 3, "withdrawn", tmp_path)
    told = [(item.version, item.cause, item.state, item.author) for item in book.history(LEADER, 1, tmp_path)]
    assert told == [
        (1, "大宗进口延后", "open", "甲"), (2, "改过", "open", "乙"), (3, "改过", "done", "甲"), (4, "改过", "withdrawn", "甲"),
    ]  # fmt: skip
    assert book.annotations_for(LEADER, PERIOD, data=tmp_path) == ()
    assert len(book.annotations_until(LEADER, PERIOD, withdrawn=True, data=tmp_path)) == 1


@pytest.mark.parametrize("change", ["update version set cause = ''", "delete from version"])
def test_the_file_itself_refuses_to_change_or_delete_a_version(tmp_path, change):
    book.write(TASK_FORCE, DRAFT, tmp_path)
    con = sqlite3.connect(tmp_path / "notes" / "annotations.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        con.execute(change)
    con.close()


def test_the_second_of_two_editors_is_told_and_sees_the_newer_version(tmp_path):
    book.write(TASK_FORCE, DRAFT, tmp_path)
    book.revise(OTHER, 1, 1, draft(cause="先改的"), tmp_path)
    with pytest.raises(book.Overtaken, match="批注1已由「乙」改成第2版，您这次没有保存") as told:
        book.revise(TASK_FORCE, 1, 1, draft(cause="后改的"), tmp_path)
    assert told.value.newest.cause == "先改的" and told.value.lost.cause == "后改的"
    with pytest.raises(book.Overtaken):
        book.mark(TASK_FORCE, 1, 1, "done", tmp_path)
    assert [note.cause for note in book.history(LEADER, 1, tmp_path)] == ["大宗进口延后", "先改的"]


def test_of_many_who_edit_the_same_version_exactly_one_is_kept(tmp_path):
    book.write(TASK_FORCE, DRAFT, tmp_path)
    outcomes: list[str] = []

    def edit(number: int) -> None:
        try:
            book.revise(TASK_FORCE, 1, 1, draft(cause=f"第{number}人"), tmp_path)
            outcomes.append("kept")
        except book.Overtaken:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] + ["overtaken"] * 7
    assert len(book.history(LEADER, 1, tmp_path)) == 2


def test_many_new_annotations_at_once_get_numbers_of_their_own(tmp_path):
    threads = [threading.Thread(target=book.write, args=(TASK_FORCE, DRAFT, tmp_path)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [note.id for note in book.annotations_for(LEADER, PERIOD, data=tmp_path)] == list(range(1, 9))


def test_a_county_reads_its_own_and_the_citys_and_nobody_elses(tmp_path):
    for unit in ("431124", "4311", "431126"):
        book.write(TASK_FORCE, draft(unit=unit, cause=unit), tmp_path)
    assert seen(DAOXIAN, tmp_path) == {"431124", "4311"}
    assert seen(LEADER, tmp_path) == seen(TASK_FORCE, tmp_path) == {"431124", "4311", "431126"}
    assert book.history(DAOXIAN, 3, tmp_path) == ()


@pytest.mark.parametrize("role", ["loader", "admin", "auditor"])
def test_other_roles_read_none(tmp_path, role):
    book.write(TASK_FORCE, draft(unit="4311"), tmp_path)
    assert seen(Viewer("戊", role, None), tmp_path) == set()
    assert book.history(Viewer("戊", role, None), 1, tmp_path) == ()


@pytest.mark.parametrize(
    "viewer", [LEADER, DAOXIAN, Viewer("戊", "loader", None), Viewer("己", "admin", None)]
)
def test_only_the_task_force_writes(tmp_path, viewer):
    for attempt in (
        lambda: book.write(viewer, DRAFT, tmp_path),
        lambda: book.revise(viewer, 1, 1, DRAFT, tmp_path),
        lambda: book.mark(viewer, 1, 1, "done", tmp_path),
    ):
        with pytest.raises(Forbidden, match="只有工作专班可以写批注"):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_a_month_has_its_own_annotations_and_earlier_ones_that_are_still_open(tmp_path):
    for period, cause in (
        ("2026-08", "早且未完"),
        ("2026-08", "早已完成"),
        (PERIOD, "当月"),
        ("2026-11", "以后"),
    ):
        book.write(TASK_FORCE, draft(period=period, cause=cause, due=None), tmp_path)
    book.mark(TASK_FORCE, 2, 1, "done", tmp_path)
    assert seen(LEADER, tmp_path) == {"早且未完", "当月"}
    assert [note.cause for note in book.annotations_until(LEADER, PERIOD, data=tmp_path)] == [
        "早且未完",
        "早已完成",
        "当月",
    ]


def test_as_of_a_moment_the_book_stands_as_it_stood_then(tmp_path):
    first = book.write(TASK_FORCE, DRAFT, tmp_path)
    book.revise(TASK_FORCE, 1, 1, draft(cause="后来"), tmp_path)
    book.write(TASK_FORCE, draft(cause="更晚"), tmp_path)
    (then,) = book.annotations_for(LEADER, PERIOD, as_of=first.written_at, data=tmp_path)
    assert then == first
    assert (
        book.annotations_for(LEADER, PERIOD, as_of=first.written_at - timedelta(seconds=1), data=tmp_path)
        == ()
    )


def test_an_annotation_outlives_a_rollback(demo_copy):
    book.write(TASK_FORCE, DRAFT, demo_copy)
    pointer = demo_copy / "snapshots" / "CURRENT"
    pointer.write_text("20200101-000000\n")
    assert seen(LEADER, demo_copy) == {"大宗进口延后"}


def test_what_another_process_writes_is_seen_at_the_next_question(tmp_path):
    book.write(TASK_FORCE, DRAFT, tmp_path)
    assert len(seen(LEADER, tmp_path)) == 1
    con = sqlite3.connect(tmp_path / "notes" / "annotations.sqlite")
    con.execute(f"insert into version ({book.COLUMNS}) select 2, 1, indicator, unit, period, '外来', measure, due, "
                "responsible, state, author, role, written_at from version")  # fmt: skip
    con.commit()
    assert seen(LEADER, tmp_path) == {"大宗进口延后", "外来"}
    con.close()


def test_a_damaged_file_is_one_sentence(tmp_path):
    path = tmp_path / "notes" / "annotations.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(UserError, match="无法读取，可能已损坏，请从备份恢复该文件"):
        book.annotations_for(LEADER, PERIOD, data=tmp_path)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cause": " \u200b\n"}, "没有写原因"),
        ({"cause": "长" * 501}, "「原因」有501字，最多500字，请删减1字后再保存。"),
        ({"measure": "长" * 600}, "「措施」有600字"),
        ({"responsible": "长" * 121}, "「责任单位」有121字"),
        ({"due": date(2026, 9, 30)}, "完成时限2026-09-30早于批注的统计月份2026-10"),
        ({"period": "2026-13"}, "不是 YYYY-MM"),
        ({"unit": "430000"}, "没有代码为「430000」的县市区"),
        ({"indicator": "x"}, "没有名为「x」的指标"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_change(tmp_path, changed, sentence):
    with pytest.raises(UserError, match=sentence):
        book.write(TASK_FORCE, draft(**changed), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_exactly_the_longest_text_is_kept(tmp_path):
    assert len(book.write(TASK_FORCE, draft(cause="长" * 500), tmp_path).cause) == 500


def test_a_text_keeps_its_lines_and_loses_what_shows_nothing():
    assert visible(" 一\x00二\x1b[31m\r\n\r\n\u202e三\u200b\t ") == "一二[31m\n三"


def test_quotes_and_markup_come_back_as_they_were_written(tmp_path):
    nasty = "'; drop table version; -- <script>alert(1)</script> =1+1 $1"
    book.write(TASK_FORCE, draft(cause=nasty, responsible=nasty), tmp_path)
    assert seen(LEADER, tmp_path) == {nasty}


@pytest.mark.parametrize(
    ("due", "state", "standing"),
    [
        (date(2026, 11, 25), "open", "open"),
        (date(2026, 11, 24), "open", "overdue"),
        (None, "open", "open"),
        (date(2026, 11, 24), "done", "done"),
        (date(2026, 11, 24), "withdrawn", "withdrawn"),
    ],
)  # fmt: skip
def test_an_open_annotation_is_overdue_from_the_day_after(tmp_path, due, state, standing):
    note = book.write(TASK_FORCE, draft(due=due), tmp_path)
    note = note if state == "open" else book.mark(TASK_FORCE, note.id, 1, state, tmp_path)
    assert note.standing(date(2026, 11, 25)) == standing
    assert record.STANDINGS[standing] and record.SHAPES[standing]


def test_the_responsible_units_are_those_that_the_document_names_one_by_one():
    assert offices(POLICY.document.clause("一")) == ("市商务局", "各县市区人民政府")
    assert offices(POLICY.document.clause("二")) == (
        "市商务局",
        "市发改委",
        "市工信局",
        "市财政局",
        "各县市区人民政府",
    )
    for clause in POLICY.document.clauses:
        assert all(name in clause.responsible and "等" not in name for name in offices(clause))


# On the pages


def note(**changed: object) -> record.Annotation:
    kept = {
        "id": 1,
        "version": 1,
        "state": "open",
        "author": "甲",
        "role": "task_force",
        "written_at": datetime.now(UTC),
    }
    return record.Annotation(**{**vars(DRAFT), **kept, **changed})  # type: ignore[arg-type]


def test_names_are_inert_in_the_list_the_history_under_a_chart_and_in_its_hover():
    hostile = note(cause=NASTY, measure=NASTY, responsible=NASTY, author=NASTY)
    today = date(2026, 11, 25)
    view = View(PERIOD, "431124", "import_share", note="1")
    shown = (
        parts.listing(POLICY, view, [hostile], today, True)
        + parts.history(POLICY, [hostile], today)
        + parts.beside(POLICY, view, "import_share", [hostile], today, True)
        + parts.message(NASTY, hostile)
    )
    assert "<img" not in shown and shown.count("&lt;img") >= 9
    lights = [light(unit="431124")]
    drawn = charts.trend(POLICY, lights, marks.of(lights, [hostile]))
    assert "<img" not in drawn and "&lt;img" in drawn


def test_a_chart_bears_a_numbered_mark_at_each_annotated_month_of_its_own_light():
    lights = [
        light(period=period, value=value)
        for period, value in (("2026-08", 0.08), ("2026-09", None), (PERIOD, 0.09))
    ]
    listed = [
        note(unit="4311", period="2026-08"), note(unit="4311", period="2026-08", indicator="rebate_days"),
        note(unit="4311", period="2026-09"), note(unit="4311"), note(unit="4311", cause="再一条"), note(unit="431124"),
    ]  # fmt: skip
    found = marks.of(lights, listed)
    numbers = {period: "".join(mark.number for mark in group) for period, group in found.items()}
    assert numbers == {"2026-08": "①", "2026-09": "③", PERIOD: "④⑤"}
    assert "再一条" in found[PERIOD][1].words


def test_a_long_annotation_is_cut_on_the_chart():
    (mark,) = marks.of([light()], [note(unit="4311", cause="长" * 500)])[PERIOD]
    assert len(mark.words) == marks.LONGEST + 1 and mark.words.endswith("…")


def test_cells_and_cards_of_annotated_lights_say_so_in_words_too():
    here = replace(board(light(unit="431124")), noted=frozenset({("import_share", "431124")}))
    view = View(PERIOD, "4311", "import_share")
    cell = matrix.matrix(here, POLICY, view)
    assert cell.count(NOTED) == 1 and cell.count("，有批注") == 2
    card = widgets.card(here, POLICY, view, light(unit="431124"), False)
    assert NOTED in card and "，有批注" in card
    assert NOTED not in widgets.card(here, POLICY, view, light(), False)


def test_overdue_stands_in_words_and_shape_not_in_colour_alone():
    late = parts.state(note(due=date(2026, 11, 20)), date(2026, 11, 25))
    assert "◆" in late and "已逾期 5天" in late


PAGE = "dashboard/pages/notes.py"


def as_viewer(monkeypatch, viewer: Viewer) -> None:
    monkeypatch.setattr("dashboard.shell.current_viewer", lambda: viewer)


def saved(app):
    return app.button(key=next(button.key for button in app.button if "保存" in button.label)).click().run()


def test_the_task_force_writes_edits_completes_and_sees_the_history(demo_copy, monkeypatch):
    app = run(demo_copy, monkeypatch, PAGE, place="431124", topic="import_share")
    app.text_area(key="note_new_cause").set_value("出口增加，占比被摊薄")
    app.multiselect(key="note_new_offices").set_value(["市商务局"])
    app.text_input(key="note_new_others").set_value("道县人民政府")
    saved(app)
    (kept,) = book.annotations_for(TASK_FORCE, PERIOD, data=demo_copy)
    assert (kept.indicator, kept.unit, kept.responsible) == (
        "import_share",
        "431124",
        "市商务局、道县人民政府",
    )
    assert kept.due is not None and "批注1已保存（第1版）" in html(app) and app.query_params["note"] == "1"
    app.text_area(key="note_1_1_measure").set_value("对接进口")
    saved(app)
    assert "批注1的历史" in html(app) and "第2版" in html(app)
    app.button(key="note_1_2_done").click().run()
    assert [item.state for item in book.history(TASK_FORCE, 1, demo_copy)] == ["open", "open", "done"]
    assert "已标记完成（第3版）" in html(app)


def test_the_second_of_two_sessions_gets_a_sentence_the_newer_version_and_its_own_words(
    demo_copy, monkeypatch
):
    book.write(TASK_FORCE, DRAFT, demo_copy)
    app = run(demo_copy, monkeypatch, PAGE, note="1")
    app.text_area(key="note_1_1_cause").set_value("我的改动")
    book.revise(OTHER, 1, 1, draft(cause="别人先改的"), demo_copy)
    saved(app)
    shown = html(app)
    assert "批注1已由「乙」改成第2版，您这次没有保存" in shown and "我的改动" in shown
    assert app.text_area(key="note_1_2_cause").value == "别人先改的"
    assert len(book.history(TASK_FORCE, 1, demo_copy)) == 2


def test_a_refused_form_says_why_and_keeps_what_was_typed(demo_copy, monkeypatch):
    app = run(demo_copy, monkeypatch, PAGE)
    app.text_area(key="note_new_measure").set_value("只有措施")
    saved(app)
    assert "没有写原因" in html(app)
    assert app.text_area(key="note_new_measure").value == "只有措施"


def test_a_leader_reads_all_and_writes_nothing(demo_copy, monkeypatch):
    book.write(TASK_FORCE, DRAFT, demo_copy)
    as_viewer(monkeypatch, LEADER)
    app = run(demo_copy, monkeypatch, PAGE, note="1")
    assert "大宗进口延后" in html(app) and "批注1的历史" in html(app)
    assert len(app.text_area) == 0 and len(app.button) == 0


@pytest.mark.parametrize(("viewer", "counts"), [(DAOXIAN, 1), (Viewer("戊", "loader", None), 0)])
def test_on_every_page_only_annotations_that_the_viewer_may_see(demo_copy, monkeypatch, viewer, counts):
    book.write(TASK_FORCE, draft(cause="金丝雀甲"), demo_copy)
    book.write(TASK_FORCE, draft(unit="431126", cause="金丝雀乙"), demo_copy)
    as_viewer(monkeypatch, viewer)
    shown = {page: html(run(demo_copy, monkeypatch, page, unit="431126")) for page in (*PAGES, PAGE)}
    assert "金丝雀乙" not in "".join(shown.values())
    assert shown[PAGES[0]].count(NOTED_IN_JSON) == counts
    own = html(run(demo_copy, monkeypatch, PAGES[2], unit="431124", indicator="import_share"))
    assert ("金丝雀甲" in own) == bool(counts)
    assert ("当前账号不能查看" in shown[PAGE]) == (not counts)


def test_a_damaged_book_is_said_on_its_page_and_hides_nothing_elsewhere(demo_copy, monkeypatch):
    (demo_copy / "notes").mkdir()
    (demo_copy / "notes" / "annotations.sqlite").write_bytes(b"no database at all" * 100)
    assert "无法读取，可能已损坏" in html(run(demo_copy, monkeypatch, PAGE))
    assert "tk-matrix" in html(run(demo_copy, monkeypatch))


def test_filters_take_unit_indicator_and_state_from_the_address(demo_copy, monkeypatch):
    book.write(TASK_FORCE, draft(cause="甲的"), demo_copy)
    book.write(TASK_FORCE, draft(unit="4311", indicator="rebate_days", cause="乙的"), demo_copy)
    book.mark(TASK_FORCE, 2, 1, "done", demo_copy)
    for query, there, gone in (
        ({"place": "431124"}, "甲的", "乙的"),
        ({"topic": "rebate_days"}, "乙的", "甲的"),
        ({"state": "done"}, "乙的", "甲的"),
        ({"state": "withdrawn"}, "没有符合条件的批注", "甲的"),
    ):
        shown = html(run(demo_copy, monkeypatch, PAGE, **query))
        assert there in shown and gone not in shown, query
