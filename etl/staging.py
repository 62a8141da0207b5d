"""Uploaded bytes as files: in a private folder for as long as they are read, under names that can do no harm."""

import contextlib
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from etl.paths import uploads_folder
from etl.space import writable

LONGEST_NAME = 200  # bytes; file systems take 255, ending included
LONGEST_SUFFIX = 8


@contextlib.contextmanager
def staged(data: Path, uploads: Iterable[tuple[str, bytes | memoryview]]) -> Iterator[list[Path]]:
    """The uploads, each by its name and bytes, as files that are gone afterwards.

    Each lies in a folder of its own, so that equal names do not meet; what a killed process left is swept.
    """
    folder = uploads_folder(data)
    with contextlib.ExitStack() as until:
        with writable():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in left_behind(data):
                shutil.rmtree(left, ignore_errors=True)
            private = until.enter_context(tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=folder))
            paths = [
                _written(Path(private) / str(number), *upload) for number, upload in enumerate(uploads, 1)
            ]
        yield paths


def harmless(name: str) -> str:
    """A name from somebody else as one that only names: no folders, no hidden file, nothing that cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " "
    )
    stem, dot, suffix = visible.strip(" .").rpartition(".")
    if not stem or len(suffix) > LONGEST_SUFFIX:
        stem, dot, suffix = stem + dot + suffix, "", ""
    short = stem.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{short or '未命名'}{dot}{suffix}"


def _written(folder: Path, name: str, content: bytes | memoryview) -> Path:
    folder.mkdir(mode=0o700)
    path = folder / harmless(name)
    path.write_bytes(content)
    return path


def left_behind(data: Path) -> list[Path]:
    """Folders of uploads whose processes are no more."""
    return [path for path in uploads_folder(data).glob("*-*") if not runs(int(path.name.partition("-")[0]))]


def runs(process: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, and is somebody else's
        pass
    return True
