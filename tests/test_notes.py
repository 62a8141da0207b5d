"""Annotations: who reads and writes, the history that nothing leaves, two writers at once, and inert texts."""

import sqlite3
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from frontend import PERIOD, POLICY

from dashboard.identity import Viewer
from dashboard.notes import book, record
from dashboard.notes.record import Draft, offices, visible
from dashboard.store import Forbidden
from etl.errors import UserError

TASK_FORCE = Viewer("甲", "task_force", None)
OTHER = Viewer("乙", "task_force", None)
LEADER = Viewer("丙", "leader", None)
DAOXIAN = Viewer("丁", "county", "431124")
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
