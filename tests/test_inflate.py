"""Parts of an archive unpacked, and every lie of a directory found."""

import contextlib
import os
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import inflate

TEXT = "永州".encode() * 50_000


def archive(path, content=TEXT, how=zipfile.ZIP_DEFLATED, before=b""):
    with open(path, "wb") as file:
        file.write(before)
        with zipfile.ZipFile(file, "w", how) as made:
            made.writestr("a.xml", b"<a/>")
            made.writestr("xl/工作表.xml", content)
    return path


def unpacked(path, name="xl/工作表.xml"):
    with zipfile.ZipFile(path) as opened:
        return inflate.part(opened, path.read_bytes(), name)


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("content", [b"", b"x", TEXT, os.urandom(100_000)])
@pytest.mark.parametrize("before", [b"", b"something before the archive"])
def test_a_part_has_its_bytes_however_it_is_packed(tmp_path, how, content, before):
    path = archive(tmp_path / "a.zip", content, how, before)
    assert unpacked(path) == content
    assert unpacked(path, "a.xml") == b"<a/>"


def changed(path, offset, value):
    """An archive whose directory says something else of its last part."""
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\1\2") + offset
    content[at : at + 4] = struct.pack("<I", value)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 10, len(TEXT) - 1, len(TEXT) + 1, 1 << 31])
def test_a_part_that_is_longer_or_shorter_than_its_directory_says_is_refused(tmp_path, size):
    with pytest.raises(zipfile.BadZipFile):
        unpacked(changed(archive(tmp_path / "a.zip"), 24, size))


@pytest.mark.parametrize(("offset", "value"), [(16, 1), (20, 5), (42, 3), (42, 1 << 30)])
def test_a_wrong_checksum_length_or_place_is_refused(tmp_path, offset, value):
    with pytest.raises(zipfile.BadZipFile):
        unpacked(changed(archive(tmp_path / "a.zip"), offset, value))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_damaged_byte_is_refused_or_changes_nothing(tmp_path_factory, at, byte):
    path = archive(tmp_path_factory.mktemp("a") / "a.zip", b"<a>1</a>" * 9)
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    refused = (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, RuntimeError, UnicodeError)
    with contextlib.suppress(*refused):
        assert unpacked(path) == b"<a>1</a>" * 9
