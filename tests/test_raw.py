"""The bytes of what came in: copied while they are read, and kept only where they are published."""

import mmap
import os

import pytest
from builders import code, firm_table, trade

from etl import raw, snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

A = code("431103", 1)


def table(folder, name="2025年9月企业.xlsx", title="2025年9月企业进出口情况表"):
    return firm_table(folder / name, title, [("甲公司", A, "冷水滩区", trade(90, 900, 10, 100))])


def run(data, *paths, **options):
    return load(data, [(path, Hints()) for path in paths], Options(**options))


def stored(data):
    return sorted(path for path in (data / "raw").rglob("*") if path.is_file())


@pytest.fixture
def copied(monkeypatch):
    """The files that were copied, by name."""
    found, copy = [], raw._copy
    monkeypatch.setattr(raw, "_copy", lambda file, half: found.append(file.name) or copy(file, half))
    return found


@pytest.mark.parametrize("size", [0, 1, mmap.PAGESIZE, raw.PIECE - 1, raw.PIECE, 2 * raw.PIECE + 4097])
def test_a_copy_has_every_byte_whatever_the_size(tmp_path, size):
    content = os.urandom(size)
    (tmp_path / "a").write_bytes(content)
    raw._copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == content


def test_a_file_is_copied_in_the_plain_way_where_the_system_keeps_its_cache(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no such way here")

    content = os.urandom(10_000)
    (tmp_path / "a").write_bytes(content)
    monkeypatch.setattr(raw, "_copy_past_cache", refuse)
    raw._copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == content


def test_of_several_files_those_that_came_in_are_kept_and_of_one_refused_nothing(tmp_path, copied):
    good, bad = table(tmp_path), tmp_path / "无.csv"
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    report = run(tmp_path / "data", good, bad)
    assert [bool(file.refused) for file in report.files] == [False, True]
    sha256 = snapshot.digest(good)
    assert stored(tmp_path / "data") == [tmp_path / "data" / "raw" / sha256[:2] / f"{sha256}.xlsx"]
    assert copied == [good.name, bad.name]


def test_a_file_that_is_loaded_already_is_not_copied_again(tmp_path, copied):
    path = table(tmp_path)
    run(tmp_path / "data", path)
    run(tmp_path / "data", path)
    assert copied == [path.name]


def test_what_is_not_to_be_published_is_not_copied(tmp_path, copied):
    run(tmp_path / "data", table(tmp_path), publish=False)
    assert copied == []


def test_nothing_is_kept_of_a_load_that_could_not_publish(tmp_path, monkeypatch):
    first, second = table(tmp_path), table(tmp_path, "2025年8月企业.xlsx", "2025年8月企业进出口情况表")
    run(tmp_path / "data", first)
    before = stored(tmp_path / "data")

    def broken(*_):
        raise RuntimeError("the machine went down")

    monkeypatch.setattr(snapshot, "publish", broken)
    with pytest.raises(RuntimeError):
        run(tmp_path / "data", second)
    assert stored(tmp_path / "data") == before


def test_what_a_killed_load_had_copied_is_swept_by_the_next(tmp_path):
    run(tmp_path / "data", table(tmp_path))
    left = tmp_path / "data" / "raw" / "building-4194305.0.new"
    left.write_bytes(b"half")
    run(tmp_path / "data", table(tmp_path, "2025年8月企业.xlsx", "2025年8月企业进出口情况表"))
    assert not left.exists()


def test_a_copy_that_failed_publishes_nothing(tmp_path, monkeypatch):
    def full(file, half):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw, "_copy", full)
    with pytest.raises(Exception, match="磁盘已满"):
        run(tmp_path / "data", table(tmp_path))
    assert snapshot.pointed(tmp_path / "data") is None
