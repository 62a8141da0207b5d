"""The doctor, the pulse, what stands in for a damaged snapshot, backup and restore."""

import os
import sqlite3
import stat
import tarfile
from datetime import date

import pytest
from asgi import ask
from builders import small_table
from test_cli import trade_kpi
from test_pages import html, run

from dashboard import store
from dashboard.access import accounts, audit
from dashboard.access.listening import listening
from dashboard.access.vault import access_folder
from dashboard.identity import Viewer
from dashboard.upkeep import archive, data, doors, raw
from dashboard.upkeep.doctor import examine
from dashboard.upkeep.rhythm import newest_due
from etl import snapshot
from etl.apply import Options
from etl.errors import SnapshotError, UserError
from etl.layout import Hints
from etl.load import load

LEADER = Viewer("甲", "leader", None)


def damage(published):
    published.path.chmod(0o640)
    content = bytearray(published.path.read_bytes())
    content[len(content) // 2] ^= 1
    published.path.write_bytes(content)


@pytest.fixture
def two(small_data, tmp_path):
    """The data folder, its first snapshot and its published one."""
    first = snapshot.current(small_data)
    second = load(small_data, [(small_table(tmp_path / "b.xlsx", 2), Hints())], Options()).snapshot
    return small_data, first, second


def test_what_a_killed_load_left_is_found_and_what_a_running_one_writes_is_not(two):
    folder = two[0]
    for place in ("snapshots/building-{}.duckdb", "raw/building-{}.0.new"):
        for process in (4_194_305, os.getpid()):
            (folder / place.format(process)).write_bytes(b"")
    said = data.orphans(folder).said
    assert said == "2 个没有用处：snapshots/building-4194305.duckdb、raw/building-4194305.0.new"


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 11, 25), "2026-10"),
        (date(2026, 11, 20), "2026-09"),
        (date(2026, 2, 25), "2025-12"),
        (date(2026, 3, 20), "2025-12"),
        (date(2026, 3, 21), "2026-02"),
        (date(2026, 1, 5), "2025-11"),
    ],
)
def test_a_month_is_due_after_the_twentieth_of_the_next_and_january_with_february(today, due):
    assert newest_due(today) == due


def test_the_doctor_finds_nothing_in_a_sound_installation(small_data, monkeypatch):
    accounts.add(small_data, "乙", "admin", None, "long enough 1", first=False)
    audit.record(small_data, audit.Entry("登录", "乙", "admin"))
    monkeypatch.setattr(data, "newest_due", lambda today: "2025-09")
    assert [item.name for item in examine(small_data, every_snapshot=True) if not item.good] == []


def test_the_doctor_says_what_is_wrong_and_what_to_do(two, monkeypatch):
    folder, first, second = two
    accounts.add(folder, "乙", "admin", None, "long enough 1")
    (access_folder(folder) / "accounts.sqlite").chmod(0o644)
    audit.record(folder, audit.Entry("登录", "乙", "admin"))
    with sqlite3.connect(access_folder(folder) / "audit.sqlite") as con:
        con.execute("drop trigger never_changed")
        con.execute("update entry set name = '丙'")
    orphan = folder / "raw" / "ab" / f"{'ab' * 32}.xlsx"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"")
    (folder / "snapshots" / "building-4194305.duckdb").write_bytes(b"")
    (folder / "uploads" / "4194305-x").mkdir(parents=True)
    (folder / "uploads").chmod(0o755)
    damage(first)
    found = {item.name: item for item in examine(folder, every_snapshot=True)}
    assert found["快照"].good
    assert first.id in found["历史快照"].said
    assert "应已有" in found["时效"].said
    for name in ("building-4194305.duckdb", "4194305-x", orphan.name):
        assert name in found["遗留文件"].said
    assert "accounts.sqlite" in found["权限"].said
    assert "uploads" in found["权限"].todo
    assert "第1条" in found["审计记录"].said
    assert "初始密码：乙" in found["账号"].said
    monkeypatch.setattr(data.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1})())
    assert not data.room(folder).good
    damage(second)
    assert "rollback" in data.pointer(folder).todo


def test_the_doctor_wants_somebody_who_can_administrate(small_data):
    accounts.add(small_data, "甲", "leader", None, "long enough 1", first=False)
    assert "没有能用的系统管理员" in doors.people(small_data).said


def test_the_doctor_sees_an_address_that_others_reach(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[server]\naddress = "0.0.0.0"\nenableCORS = true\n', encoding="utf-8")
    assert doors.exposed(tmp_path, config).said == "默认监听 0.0.0.0，enableXsrfProtection 没有打开"
    assert doors.exposed(tmp_path).good


def test_the_doctor_sees_where_dashboards_listen_while_they_run(tmp_path):
    access_folder(tmp_path).mkdir(mode=0o700)
    (access_folder(tmp_path) / "serving-4194305").write_text("0.0.0.0:1")  # of one that was killed
    with listening(tmp_path, "0.0.0.0:8501"):
        assert doors.exposed(tmp_path).said == "正在监听 0.0.0.0:8501，别的机器能直接访问"
        assert doors.private(tmp_path).good
    with listening(tmp_path, "::1:8501"):
        assert doors.exposed(tmp_path).said.startswith("正在监听 ::1:8501，默认只监听 127.0.0.1")
    assert not list(access_folder(tmp_path).iterdir())


def test_the_doctor_says_that_a_folder_is_not_there(tmp_path):
    (finding,) = examine(tmp_path / "nope")
    assert (finding.name, finding.good) == ("数据目录", False) and "不存在" in finding.said
    assert not (tmp_path / "nope").exists()
    said = trade_kpi("doctor", data=tmp_path / "nope")
    assert said.returncode == 1 and "不存在" in said.stdout


def test_raw_files_that_are_not_what_came_in_are_named_by_doctor_backup_and_restore(
    two, tmp_path, monkeypatch
):
    folder, _, _ = two
    first, second = raw.kept(folder)
    first.chmod(0o640)
    content = first.read_bytes()
    first.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert raw.there(folder).good and first.name in raw.whole(folder).said
    second.unlink()
    assert raw.there(folder).said.startswith("1 个缺失：") and "xlsx" in raw.there(folder).said
    said = trade_kpi("backup", tmp_path / "a.tar", data=folder)
    assert said.returncode == 1 and "全部相符" not in said.stdout
    assert "1 个已损坏" in said.stdout and "1 个缺失" in said.stdout
    monkeypatch.delenv("TRADE_KPI_ACCESS")
    again = trade_kpi("restore", tmp_path / "a.tar", data=tmp_path / "new")
    assert again.returncode == 1 and "1 个缺失" in again.stdout and data.pointer(tmp_path / "new").good


def test_a_backup_is_logged_once_it_is_made_and_one_that_cannot_be_logged_is_not_kept(
    two, tmp_path, monkeypatch
):
    folder, _, _ = two
    made = trade_kpi("backup", tmp_path / "a.tar", data=folder)
    assert made.returncode == 0 and "校验和全部相符" in made.stdout
    assert len(audit.entries(folder, 9, "备份")) == 1
    assert trade_kpi("backup", tmp_path / "a.tar", data=folder).returncode == 2
    assert len(audit.entries(folder, 9, "备份")) == 1

    def full(*_):
        raise UserError("审计记录无法写入")

    monkeypatch.setattr(audit, "record", full)
    assert trade_kpi("backup", tmp_path / "b.tar", data=folder).returncode == 2
    assert not (tmp_path / "b.tar").exists()


def test_the_newest_whole_snapshot_stands_in_for_a_damaged_one(two):
    folder, first, second = two
    assert store.open_gate(LEADER, folder, stand_in=True).snapshot == second
    damage(second)
    gate = store.open_gate(LEADER, folder, stand_in=True)
    assert (gate.snapshot, gate.instead_of) == (first, second.id)
    assert store.meta(gate).snapshot == first.id
    with pytest.raises(SnapshotError, match="校验和不符"):
        store.meta(store.open_gate(LEADER, folder))
    damage(first)
    with pytest.raises(SnapshotError, match="校验和不符"):
        store.open_gate(LEADER, folder, stand_in=True)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda folder, now: (folder / "snapshots" / "CURRENT").write_bytes(b"\xff\xfe"),
        lambda folder, now: now.path.with_suffix(".sha256").write_bytes(b"\xff"),
        lambda folder, now: now.path.unlink(),
        lambda folder, now: now.path.with_suffix(".sha256").unlink(),
    ],
    ids=["pointer", "checksum", "no file", "no checksum"],
)
def test_whatever_of_the_published_snapshot_is_damaged_another_stands_in(two, break_it):
    folder, _, second = two
    break_it(folder, second)
    gate = store.open_gate(LEADER, folder, stand_in=True)
    assert gate is not None
    assert gate.instead_of


def test_pages_say_that_an_older_snapshot_stands_in(two, monkeypatch):
    folder, first, second = two
    damage(second)
    shown = html(run(folder, monkeypatch))
    assert f"当前快照 {second.id} 已损坏" in shown
    assert first.id in shown


def test_the_pulse_is_for_everybody_and_says_no_more_than_snapshot_and_month(two, monkeypatch):
    from dashboard.access.server import app

    folder, _, second = two
    monkeypatch.setenv("TRADE_KPI_DATA", str(folder))
    answer = ask(app, "GET", "/health")
    assert answer.status == 200
    assert answer.body == f'{{"ok":true,"snapshot":"{second.id}","month":"2025-09"}}'
    damage(second)
    assert ask(app, "GET", "/health").status == 503


def test_a_backup_comes_back_byte_for_byte(two, tmp_path, monkeypatch):
    folder, first, second = two
    accounts.add(folder, "乙", "admin", None, "long enough 1")
    audit.record(folder, audit.Entry("登录", "乙", "admin"))
    snapshot.pin(folder, first.id)
    made = archive.back_up(folder, tmp_path)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.snapshots == (second.id, first.id)
    monkeypatch.delenv("TRADE_KPI_ACCESS")
    new = tmp_path / "new"
    archive.restore(made.path, new)
    for name in ("snapshots", "raw"):
        files = [path for path in (folder / name).rglob("*") if path.is_file() and path.stat().st_size]
        for path in files:
            assert (new / path.relative_to(folder)).read_bytes() == path.read_bytes()
    assert [item.name for item in accounts.accounts(new)] == ["乙"]
    assert audit.verify(new).entries == 1
    assert doors.private(new).good
    assert data.pointer(new).good
    assert not list(new.glob(".restoring-*"))


def test_nothing_is_restored_over_data_or_from_a_damaged_archive(small_data, tmp_path):
    made = archive.back_up(small_data, tmp_path / "a.tar")
    with pytest.raises(UserError, match="不是空目录"):
        archive.restore(made.path, small_data)
    with pytest.raises(UserError, match="不覆盖"):
        archive.back_up(small_data, made.path)
    content = made.path.read_bytes()
    with tarfile.open(made.path) as tar:
        inside = [(item.offset_data, item.size) for item in tar if item.size]
    flips = [offset + size // 2 for offset, size in inside]
    for number, broken in enumerate(
        [
            content[: len(content) // 2],
            b"",
            *(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in flips),
        ]
    ):
        bad = tmp_path / f"{number}.tar"
        bad.write_bytes(broken)
        with pytest.raises(UserError):
            archive.restore(bad, tmp_path / "none")
        assert not list((tmp_path / "none").iterdir())


def test_an_archive_never_writes_outside_the_folder(tmp_path):
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as tar:
        tar.addfile(tarfile.TarInfo("snapshots/../../evil"))
    with pytest.raises(UserError, match="已损坏"):
        archive.restore(bad, tmp_path / "a" / "b")
    assert not list(tmp_path.rglob("evil"))


def test_a_damaged_snapshot_is_not_backed_up(small_data, tmp_path):
    damage(snapshot.current(small_data))
    with pytest.raises(SnapshotError, match="没有备份"):
        archive.back_up(small_data, tmp_path / "a.tar")
    assert not list(tmp_path.glob("a.tar*"))
