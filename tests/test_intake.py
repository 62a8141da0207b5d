"""Files that are sent in: rehearsed and published apart, as the same bytes, and never at the cost of what stands."""

import hashlib
import os
import stat
from pathlib import Path

import duckdb
import pytest
from builders import DECLARED_HEADER, SMALL_FIRM, code, firm_table, registry, small_table, trade, write_csv

from etl import apart, intake, snapshot
from etl.apply import Options
from etl.errors import UserError
from etl.intake import Sent
from etl.layout import Hints
from etl.load import load
from etl.staging import harmless, staged

CHECK = Options(publish=False)


def sent(path: Path, **hints: str) -> Sent:
    return Sent(path, snapshot.digest(path), Hints(**hints))


def published(data: Path) -> dict[str, str]:
    """Every snapshot and the pointer with its checksum; what a process left that died is no part of that."""
    folder = data / "snapshots"
    return {path.name: snapshot.digest(path) for path in (*folder.glob("snapshot-*"), folder / "CURRENT")}


def base(data: Path) -> str:
    now = snapshot.current(data)
    return now.id if now else ""


def test_a_check_tells_what_a_load_would_do_and_publishes_nothing(small_data, tmp_path):
    before = published(small_data)
    found = intake.check(small_data, [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))], CHECK)
    assert found.base == base(small_data)
    (file,) = found.report.files
    assert (file.kind, file.periods, file.rows_read, file.accepted) == ("firm_month", "2025-10", 1, 1)
    assert found.period == "2025-10"
    assert {change.period for change in found.changes or ()} == {"2025-10"}
    assert published(small_data) == before


def test_what_was_checked_is_what_is_published(small_data, tmp_path):
    files = [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))]
    checked = intake.check(small_data, files, CHECK)
    report = intake.publish(small_data, files, Options(), checked.base)
    assert report.snapshot and report.snapshot.id == base(small_data)
    assert report.files == checked.report.files


def test_the_first_files_of_all_can_be_sent_in(near, tmp_path):
    files = [sent(small_table(tmp_path / "first.xlsx"))]
    found = intake.check(tmp_path / "data", files, CHECK)
    assert found.base == "" and found.changes is None
    assert intake.publish(tmp_path / "data", files, Options(), found.base).snapshot


def test_other_bytes_than_those_checked_are_not_published(near, small_data, tmp_path):
    files = [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))]
    small_table(tmp_path / "next.xlsx", 1.2, "2025年10月")
    before = published(small_data)
    with pytest.raises(UserError, match="与检查时不同"):
        intake.publish(small_data, files, Options(), base(small_data))
    assert published(small_data) == before


def test_nothing_is_published_on_another_snapshot_than_the_one_checked_against(near, small_data, tmp_path):
    files = [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))]
    checked = intake.check(small_data, files, CHECK)
    load(small_data, [(small_table(tmp_path / "other.xlsx", 1.1, "2025年11月"), Hints())], Options())
    before = published(small_data)
    with pytest.raises(UserError, match="检查之后数据已有更新，请重新检查再发布。"):
        intake.publish(small_data, files, Options(), checked.base)
    assert published(small_data) == before


def test_a_file_that_lacks_something_says_what_would_help(near, small_data, tmp_path):
    no_unit = firm_table(tmp_path / "无单位.xlsx", "2025年10月", [(*SMALL_FIRM, trade(1, 9, 0, 0))], unit="")
    (refused,) = intake.check(small_data, [sent(no_unit)], CHECK).report.files
    assert refused.lacks == "unit"
    (accepted,) = intake.check(
        small_data, [sent(no_unit, unit="万元")], Options(confirm="核对过")
    ).report.files
    assert not accepted.refused and accepted.accepted == 1


def test_a_held_file_says_why_and_comes_in_once_confirmed(near, small_data, tmp_path):
    slip = [sent(small_table(tmp_path / "next.xlsx", 10_000, "2025年10月"))]
    (held,) = intake.check(small_data, slip, CHECK).report.files
    assert held.held and held.refused
    confirmed = Options(confirm="已电话核实")
    found = intake.check(small_data, slip, confirmed)
    assert not found.report.files[0].refused
    assert intake.publish(small_data, slip, confirmed, found.base).snapshot
    with duckdb.connect(str(snapshot.current(small_data).path), read_only=True) as con:
        assert con.execute("select distinct reason from confirmation").fetchall() == [("已电话核实",)]


def test_a_check_lists_the_cells_that_would_be_quarantined_and_by_which_rule(near, small_data, tmp_path):
    rows = [
        [code("431102", n), f"企业{n}", "零陵区", "", "机电", "", "一", "否", "2025-01-01"] for n in (1, 2)
    ]
    rows[1][-1] = "2025-02-30"
    found = intake.check(small_data, [sent(registry(tmp_path / "名录.csv", rows))], CHECK)
    (fault,) = found.faults
    assert (fault.file, fault.row, fault.column, fault.value) == ("名录.csv", 3, "生效日期", "2025-02-30")
    assert found.rules == (("unreadable", 1),)


@pytest.mark.parametrize("how", ["memory", "time"])
def test_work_beyond_its_limits_is_one_sentence_and_changes_nothing(small_data, tmp_path, monkeypatch, how):
    limits = {"memory": apart.Limits(1 << 28, 60), "time": apart.Limits(4 << 30, 1)}[how]
    monkeypatch.setattr(intake, "LIMITS", limits)
    row = ["202509", "出口", code("431103", 1), "甲", "08051000", "110", "0110", "100", "14"]
    rows = [DECLARED_HEADER, *[row] * 1_000_000] if how == "time" else [["a", "b"]]
    before = published(small_data)
    with pytest.raises(UserError) as refusal:
        intake.check(small_data, [sent(write_csv(tmp_path / "x.csv", rows))], CHECK)
    assert str(refusal.value) == intake.DEATHS[how]
    assert intake.DEATHS[how].count("。") == 1
    assert published(small_data) == before


def test_a_busy_data_folder_is_a_sentence(near, small_data, tmp_path, monkeypatch):
    files = [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))]
    with snapshot.lock(small_data):
        monkeypatch.setattr(snapshot.time, "monotonic", iter(range(0, 10_000, 20)).__next__)
        with pytest.raises(UserError, match="另一个加载正在进行"):
            intake.check(small_data, files, CHECK)


def test_a_full_disk_is_a_sentence_and_no_blame_on_the_file(near, small_data, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot.shutil, "copyfile", full)
    before = published(small_data)
    with pytest.raises(UserError, match="磁盘已满"):
        intake.check(small_data, [sent(small_table(tmp_path / "next.xlsx"))], CHECK)
    assert published(small_data) == before


def test_a_death_after_the_publishing_is_told_from_one_before(small_data, tmp_path, monkeypatch):
    files = [sent(small_table(tmp_path / "next.xlsx", 1.1, "2025年10月"))]

    def publish_and_die(work: str, job: bytes, limits: apart.Limits) -> bytes:
        intake.answer(job)
        raise apart.Died("time")

    monkeypatch.setattr(apart, "run", publish_and_die)
    with pytest.raises(UserError, match="处理中断，但已有新快照"):
        intake.publish(small_data, files, Options(), base(small_data))


def test_uploads_lie_in_a_private_folder_and_are_gone_afterwards(tmp_path):
    with staged(tmp_path, [("表.csv", b"one"), ("表.csv", memoryview(b"two"))]) as paths:
        assert [path.read_bytes() for path in paths] == [b"one", b"two"]
        assert [path.name for path in paths] == ["表.csv", "表.csv"]
        private = paths[0].parent.parent
        for folder in (tmp_path / "uploads", private, paths[0].parent):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((tmp_path / "uploads").iterdir()) == []


def test_uploads_are_gone_when_reading_them_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), staged(tmp_path, [("表.csv", b"one")]):
        raise ZeroDivisionError
    assert list((tmp_path / "uploads").iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_reads_is_not(tmp_path):
    dead, living = (tmp_path / "uploads" / f"{process}-x" for process in (2**22 + 1, os.getpid()))
    for folder in (dead, living):
        folder.mkdir(parents=True)
    with staged(tmp_path, []):
        assert not dead.exists() and living.exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2025年9月 企业表.xlsx", "2025年9月 企业表.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\收件箱\\表.csv", "表.csv"),
        ("..", "未命名"),
        ("", "未命名"),
        (".bashrc", "bashrc"),
        ("表\u202egpj.csv", "表gpj.csv"),
        ("a\n\x00b\x1b[31m.csv", "ab[31m.csv"),
        ("表.csv\u2028", "表.csv"),
        ("长" * 500 + ".xlsx", "长" * 66 + ".xlsx"),
        ("a." + "b" * 500, ("a." + "b" * 500)[:200]),
    ],
)
def test_a_name_from_somebody_else_only_names(name, expected, tmp_path):
    assert harmless(name) == expected
    with staged(tmp_path, [(name, b"x")]) as (path,):
        assert path.exists() and (tmp_path / "uploads") in path.parents


def test_equal_bytes_have_equal_checksums_whatever_holds_them(tmp_path):
    with staged(tmp_path, [("表.csv", memoryview(b"abc"))]) as (path,):
        assert snapshot.digest(path) == hashlib.sha256(b"abc").hexdigest()
