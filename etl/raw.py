"""The bytes of what came in, kept under their sha256, so that every number can be traced for good."""

import contextlib
import mmap
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from etl import snapshot
from etl.parallel import yield_to_others
from etl.paths import raw_folder

PIECE = 4 << 20


class Keeper:
    """Copies files beside those who read them; of what is not published nothing stays."""

    def __init__(self, data: Path, pool: ThreadPoolExecutor) -> None:
        self._data, self._pool = data, pool
        self._copies: dict[Path, tuple[Path, Future[None]]] = {}
        self._kept: list[Path] = []
        self._id = ""

    def begin(self, file: Path) -> None:
        """Begin to copy a file that may come in."""
        half = raw_folder(self._data) / f"building-{os.getpid()}.{len(self._copies)}.new"
        half.parent.mkdir(parents=True, exist_ok=True)
        self._copies[file] = half, self._pool.submit(_copy, file, half)

    def keep(self, id: str, came: Iterable[tuple[Path, str]]) -> None:
        """Keep the bytes of files that came in, given with their sha256, for the snapshot of that id."""
        self._id = id
        for file, sha256 in came:
            half, copying = self._copies[file]
            copying.result()
            kept = raw_folder(self._data) / sha256[:2] / f"{sha256}{file.suffix.lower()}"
            if not kept.exists():
                kept.parent.mkdir(exist_ok=True)
                self._kept.append(kept)
                os.replace(half, kept)

    def end(self) -> None:
        """Leave nothing of files that did not come in, nor of a load whose snapshot was not published."""
        self._pool.shutdown(cancel_futures=True)
        _sweep(self._data)
        if self._kept and snapshot.pointed(self._data) != self._id:
            for kept in self._kept:
                kept.unlink(missing_ok=True)


@contextlib.contextmanager
def keeping(data: Path) -> Iterator[Keeper]:
    """A keeper for one load; call it under ``snapshot.lock``. What a killed loader left is swept."""
    _sweep(data)
    keeper = Keeper(data, ThreadPoolExecutor(1, initializer=yield_to_others))
    try:
        yield keeper
    finally:
        keeper.end()


def _sweep(data: Path) -> None:
    for half in raw_folder(data).glob("*.new"):
        half.unlink()


def _copy(file: Path, half: Path) -> None:
    try:
        _copy_past_cache(file, half)
    except (OSError, AttributeError):  # not every system can
        shutil.copyfile(file, half)


def _copy_past_cache(file: Path, half: Path) -> None:
    """Copy without the system's cache, which others need more: nobody reads the copy soon. OSError where it cannot."""
    with open(file, "rb", buffering=0) as source, mmap.mmap(-1, PIECE) as piece:
        target = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT, 0o644)
        try:
            while read := source.readinto(piece):
                pages = -(-read // mmap.PAGESIZE) * mmap.PAGESIZE  # nothing else can be written so
                if os.write(target, memoryview(piece)[:pages]) != pages:
                    raise OSError("cut short")
            os.ftruncate(target, source.tell())
        finally:
            os.close(target)
