"""Immutable files, one pointer, nothing torn."""

import errno
import os
import subprocess
import sys

import pytest

from etl import snapshot
from etl.errors import Busy, SnapshotError, UserError


def build(data, content: bytes, keep: int = snapshot.KEEP) -> snapshot.Snapshot:
    with snapshot.lock(data), snapshot.building(data) as path:
        path.write_bytes(content)
        return snapshot.publish(data, path, snapshot.new_id(data), keep)


def test_before_the_first_load_there_is_no_current_snapshot(tmp_path):
    assert snapshot.current(tmp_path) is None


def test_publishing_moves_the_pointer_and_leaves_the_old_file_as_it_was(tmp_path):
    first = build(tmp_path, b"one")
    second = build(tmp_path, b"two")
    assert snapshot.current(tmp_path) == second
    assert first.path.read_bytes() == b"one"
    assert [item.id for item in snapshot.history(tmp_path)] == [second.id, first.id]


def test_the_snapshot_before_one_is_found_within_one_second_too(tmp_path):
    first, *_, last = builds = [build(tmp_path, bytes([number])) for number in range(11)]
    assert snapshot.previous(first) is None
    assert snapshot.previous(last) == builds[-2]


def test_the_next_snapshot_is_built_on_a_copy_of_the_current_one(tmp_path):
    build(tmp_path, b"one")
    with snapshot.lock(tmp_path), snapshot.building(tmp_path) as path:
        assert path.read_bytes() == b"one"


def test_rollback_points_at_an_older_snapshot(tmp_path):
    first = build(tmp_path, b"one")
    build(tmp_path, b"two")
    snapshot.rollback(tmp_path, first.id)
    assert snapshot.current(tmp_path) == first


def test_rollback_to_an_unknown_snapshot_is_one_sentence(tmp_path):
    with pytest.raises(SnapshotError, match="找不到快照「nonsense」"):
        snapshot.rollback(tmp_path, "nonsense")


def test_a_changed_byte_is_noticed(tmp_path):
    published = build(tmp_path, b"one")
    published.path.chmod(0o640)
    published.path.write_bytes(b"onE")
    with pytest.raises(SnapshotError, match="校验和不符"):
        snapshot.verify(published)


def test_a_snapshot_with_a_write_ahead_log_beside_it_is_not_published(tmp_path):
    with snapshot.lock(tmp_path), snapshot.building(tmp_path) as path:
        path.parent.joinpath(path.name + ".wal").write_bytes(b"unfinished")
        path.write_bytes(b"one")
        with pytest.raises(SnapshotError, match="没有写完"):
            snapshot.publish(tmp_path, path, "20260101-000000")
    assert snapshot.current(tmp_path) is None


def test_what_a_killed_loader_left_is_swept_by_the_next(tmp_path):
    orphan = tmp_path / "snapshots" / "building-1.duckdb"
    orphan.parent.mkdir()
    orphan.write_bytes(b"half")
    spilled = orphan.with_name("building-1.duckdb.tmp")
    spilled.mkdir()
    (spilled / "duckdb_temp_storage-0.tmp").write_bytes(b"rows")
    build(tmp_path, b"one")
    assert not orphan.exists()
    assert not spilled.exists()


def test_old_snapshots_are_pruned_but_never_the_current_or_a_pinned_one(tmp_path):
    first, second = build(tmp_path, b"one"), build(tmp_path, b"two")
    snapshot.pin(tmp_path, first.id)
    for content in (b"three", b"four"):
        last = build(tmp_path, content, keep=2)
    kept = {item.id for item in snapshot.history(tmp_path)}
    assert first.id in kept
    assert last.id in kept
    assert second.id not in kept


HOLD = """
import sys
from pathlib import Path
from etl import snapshot

with snapshot.lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_loader_waits_and_then_says_busy(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="另一个加载正在进行"), snapshot.lock(tmp_path, wait_seconds=0.3):
            pass
        holder.stdin.close()
    with snapshot.lock(tmp_path, wait_seconds=0.3):
        pass


def test_the_published_file_is_read_only(tmp_path):
    published = build(tmp_path, b"one")
    assert not os.stat(published.path).st_mode & 0o222


@pytest.mark.parametrize("id", ["../../x", "20260101-000000/../../x", "20260101-000000\n", ""])
def test_an_id_never_leads_out_of_the_folder(tmp_path, id):
    (tmp_path / "x.duckdb").write_bytes(b"")
    (tmp_path / "x.sha256").write_text("0  x")
    with pytest.raises(SnapshotError, match="找不到快照"):
        snapshot.find(tmp_path / "a" / "b", id)


def test_a_checksum_that_cannot_be_read_hides_no_other_snapshot(tmp_path):
    first, second = build(tmp_path, b"one"), build(tmp_path, b"two")
    first.path.with_suffix(".sha256").write_bytes(b"\xff")
    assert snapshot.history(tmp_path) == [second]
    assert snapshot.previous(second) is None
    with pytest.raises(SnapshotError, match="校验和文件已损坏"):
        snapshot.find(tmp_path, first.id)


def test_a_checksum_of_another_snapshot_is_noticed(tmp_path):
    first, second = build(tmp_path, b"one"), build(tmp_path, b"two")
    for suffix in (".duckdb", ".sha256"):
        second.path.with_suffix(suffix).unlink()
        second.path.with_suffix(suffix).write_bytes(first.path.with_suffix(suffix).read_bytes())
    with pytest.raises(SnapshotError, match="校验和文件已损坏"):
        snapshot.current(tmp_path)


def test_a_pointer_that_cannot_be_moved_publishes_nothing(tmp_path, monkeypatch):
    first = build(tmp_path, b"one")

    def full(data, id):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(snapshot, "_point", full)
    with pytest.raises(UserError, match="磁盘已满"):
        build(tmp_path, b"two")
    assert snapshot.current(tmp_path) == first
    assert snapshot.history(tmp_path) == [first]
    assert {path.name for path in (tmp_path / "snapshots").glob("*.*")} == {
        ".lock", ".pins", first.path.name, first.path.with_suffix(".sha256").name,
    }  # fmt: skip


def test_half_a_publishing_is_swept_by_the_next(tmp_path):
    folder = tmp_path / "snapshots"
    folder.mkdir()
    for name in ("CURRENT.new", "snapshot-20200101-000000.sha256", "snapshot-20200101-000000.sha256.new"):
        (folder / name).write_text("")
    build(tmp_path, b"one")
    assert len(list(folder.glob("*.sha256*"))) == 1
    assert not list(folder.glob("*.new"))
