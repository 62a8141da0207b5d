"""A small file is read again after each write, and only then."""

import os
from pathlib import Path

import pytest

from etl import seen


def settled(path):
    """As if the file had been written a while ago."""
    os.utime(path, (0, path.stat().st_mtime - 5))


@pytest.fixture
def read(monkeypatch):
    """What was really read, a path each time."""
    paths, once = [], Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda path, **how: (paths.append(path), once(path, **how))[1])
    return paths


def test_a_file_that_nobody_writes_to_is_read_once(tmp_path, read):
    file = tmp_path / "CURRENT"
    file.write_text("one", encoding="ascii")
    settled(file)
    assert [seen.text(file) for _ in range(3)] == ["one"] * 3
    assert read == [file]


def test_a_file_is_read_after_each_write_within_one_tick_of_the_clock_too(tmp_path, read):
    file = tmp_path / "CURRENT"
    for said in ("one", "two"):
        file.write_text(said, encoding="ascii")
        assert seen.text(file) == said  # written just now
        settled(file)
        assert seen.text(file) == said
    assert len(read) == 4


def test_a_file_that_is_replaced_by_one_of_its_size_and_time_is_read_anew(tmp_path, read):
    file, other = tmp_path / "CURRENT", tmp_path / "other"
    for path, said in ((file, "one"), (other, "two")):
        path.write_text(said, encoding="ascii")
        os.utime(path, (0, 1_000_000_000))
    assert seen.text(file) == "one"
    other.replace(file)
    assert seen.text(file) == "two"


def test_a_file_that_is_gone_is_not_remembered(tmp_path, read):
    file = tmp_path / "CURRENT"
    file.write_text("one", encoding="ascii")
    settled(file)
    seen.text(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        seen.text(file)


def test_what_lies_beside_a_file_is_part_of_its_print(tmp_path):
    file, beside = tmp_path / "book.sqlite", tmp_path / "book.sqlite-wal"
    file.write_text("one", encoding="ascii")
    settled(file)
    alone = seen.stamp(file, beside)
    beside.write_text("two", encoding="ascii")
    assert alone is not None and seen.stamp(file, beside) is None  # written just now
    settled(beside)
    assert seen.stamp(file, beside) not in (None, alone)
