"""Immutable snapshots and the pointer that names the published one.

``snapshots/snapshot-<id>.duckdb`` never changes after it has its name; ``CURRENT`` holds the id of
the published one. Publishing is: build in a temporary file, checksum, fsync, rename, then replace
CURRENT atomically. Whoever reads meanwhile goes on with the file it has open.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl import seen
from etl.errors import Busy, SnapshotError
from etl.paths import snapshots_folder
from etl.space import writable

KEEP = 24
ID = re.compile(r"[0-9]{8}-[0-9]{6}(-[0-9]{1,3})?")
CHECKSUM = re.compile(r"([0-9a-f]{64})  (snapshot-[0-9-]+\.duckdb)\n")
AWAY = "请用 trade-kpi rollback 换回上一个快照，或从备份恢复。"


@dataclass(frozen=True)
class Snapshot:
    """One published file. id: ``YYYYMMDD-HHMMSS`` (local time), with ``-2`` … within one second."""

    id: str
    path: Path
    sha256: str


def current(data: Path) -> Snapshot | None:
    """The published snapshot, or None before the first load. A dangling pointer is a SnapshotError."""
    id = pointed(data)
    return None if id is None else find(data, id)


def pointed(data: Path) -> str | None:
    """What CURRENT says, be it there or not; None before the first load."""
    try:
        return seen.text(snapshots_folder(data) / "CURRENT").strip()
    except FileNotFoundError:
        return None


def find(data: Path, id: str) -> Snapshot:
    """The snapshot of that id; an unknown one is a SnapshotError that lists what to type instead."""
    path = snapshots_folder(data) / f"snapshot-{id}.duckdb"
    try:
        if not ID.fullmatch(id):  # an id may come from an address, and must not lead out of the folder
            raise FileNotFoundError
        said = CHECKSUM.fullmatch(seen.text(_checksum_file(path)))
    except FileNotFoundError:
        raise SnapshotError(
            f"找不到快照「{id}」，请用 trade-kpi snapshots 查看现有快照，再用 trade-kpi rollback 换一个。"
        ) from None
    if said is None or said[2] != path.name:
        raise SnapshotError(f"快照「{id}」的校验和文件已损坏，{AWAY}")
    return Snapshot(id, path, said[1])


def history(data: Path) -> list[Snapshot]:
    """All snapshots that have a checksum, newest first."""
    paths = sorted(snapshots_folder(data).glob("snapshot-*.duckdb"), key=_order, reverse=True)
    found = (_found(data, path.stem.removeprefix("snapshot-")) for path in paths)
    return [snapshot for snapshot in found if snapshot]


def _found(data: Path, id: str) -> Snapshot | None:
    """One whose checksum cannot be read must not keep the others from being found."""
    try:
        return find(data, id)
    except SnapshotError:
        return None


def previous(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot published before that one; None for the first."""
    return next(before(snapshot.path.parents[1], snapshot.id), None)


def before(data: Path, id: str) -> Iterator[Snapshot]:
    """The snapshots older than that id, newest first; all where it is no id."""
    known = ID.fullmatch(id)
    return (item for item in history(data) if not known or age(item.id) < age(id))


def verify(snapshot: Snapshot) -> None:
    """Raise SnapshotError unless the file is byte for byte what was published."""
    try:
        whole = digest(snapshot.path) == snapshot.sha256
    except OSError:
        raise SnapshotError(f"快照「{snapshot.id}」的文件不在或读不出来，{AWAY}") from None
    if not whole:
        raise SnapshotError(f"快照「{snapshot.id}」的文件与发布时不一致（校验和不符），{AWAY}")


def rollback(data: Path, id: str) -> Snapshot:
    """Point CURRENT at an older snapshot, after checking that its file is whole."""
    with lock(data):
        snapshot = find(data, id)
        verify(snapshot)
        _point(data, id)
    return snapshot


@contextlib.contextmanager
def lock(data: Path, wait_seconds: float = 30) -> Iterator[None]:
    """Hold the data folder for one loader; raises Busy when another keeps it longer than the wait.

    Whatever in it cannot be written meanwhile becomes one sentence.
    """
    folder = snapshots_folder(data)
    with writable(), contextlib.ExitStack() as until:
        folder.mkdir(parents=True, exist_ok=True)
        handle = until.enter_context(open(folder / ".lock", "w", encoding="ascii"))
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("另一个加载正在进行（数据目录被占用），请等它结束后再试。") from None
                time.sleep(0.1)
        yield


@contextlib.contextmanager
def building(data: Path) -> Iterator[Path]:
    """A temporary copy of the current snapshot to build the next one in; call it under ``lock``.

    It is a copy, so that a load never reads old raw files again; what a killed loader left is swept.
    """
    folder = snapshots_folder(data)
    _sweep(folder)
    path = folder / f"building-{os.getpid()}.duckdb"
    base = current(data)
    try:
        if base:
            _copy(base, path)
        yield path
    finally:
        _sweep(folder)


def _copy(snapshot: Snapshot, path: Path) -> None:
    """Copy what was published, byte for byte; SnapshotError where it is not that any more.

    The copy goes to the disk while others work on: what is written to it later then has less to wait for.
    """
    with ThreadPoolExecutor(1) as pool:
        copying = pool.submit(shutil.copyfile, snapshot.path, path)
        verify(snapshot)
        copying.result()
    threading.Thread(target=_flush, args=[os.open(path, os.O_RDONLY)], daemon=True).start()


def _flush(handle: int) -> None:
    """Begin to write a file to the disk; a failure shows when it is published, where it is flushed for good."""
    with contextlib.suppress(OSError):
        os.fsync(handle)
    os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what builds left: a database, its log, the folder of what did not fit into memory, and half a publishing."""
    for left in (*folder.glob("building-*"), *folder.glob("[sC]*.new"), *_lone(folder)):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _lone(folder: Path) -> list[Path]:
    """Checksums of what never got its name, or was being pruned; never that of the published one."""
    published = f"snapshot-{pointed(folder.parent)}"
    lone = (path for path in folder.glob("snapshot-*.sha256") if path.stem != published)
    return [path for path in lone if not path.with_suffix(".duckdb").exists()]


def new_id(data: Path) -> str:
    """An id nobody has yet, from the clock."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    taken = {snapshot.id for snapshot in history(data)}
    names = (stamp if n == 1 else f"{stamp}-{n}" for n in range(1, 1000))
    return next(name for name in names if name not in taken)


def publish(data: Path, built: Path, id: str, keep: int = KEEP) -> Snapshot:
    """Give the built file its name and make it the published one; prune beyond ``keep``."""
    if built.with_name(built.name + ".wal").exists():
        raise SnapshotError("新快照没有写完（仍有 .wal 文件），没有发布；请重新加载。")
    path = snapshots_folder(data) / f"snapshot-{id}.duckdb"
    with ThreadPoolExecutor(1) as pool:
        flushing = pool.submit(_fsync, built)
        checksum = digest(built)
        flushing.result()
    _write_durably(_checksum_file(path), f"{checksum}  {path.name}\n")
    try:
        os.replace(built, path)
        os.chmod(path, 0o440)
        _point(data, id)
    except OSError:
        if pointed(data) != id:
            path.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # it is published, whatever becomes of the old ones
        _prune(data, keep)
    return Snapshot(id, path, checksum)


def pin(data: Path, id: str) -> None:
    """Keep a snapshot for good, because a brief names it; SnapshotError where it is gone already."""
    with _pins(data) as (path, names):
        find(data, id)
        if id not in names:
            _write_durably(path, "\n".join(sorted(names | {id})) + "\n")


def pinned(data: Path) -> set[str]:
    """The ids that briefs name, and that are kept for good."""
    path = snapshots_folder(data) / "PINNED"
    return set(path.read_text(encoding="ascii").split()) if path.exists() else set()


def age(id: str) -> tuple[str, int]:
    """What orders snapshots by the time they were made, from their ids."""
    return id[:15], int(id[16:] or 1)


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextlib.contextmanager
def _pins(data: Path) -> Iterator[tuple[Path, set[str]]]:
    """The file of pins and what it names, while nobody else pins or prunes."""
    path = snapshots_folder(data) / "PINNED"
    with open(path.with_name(".pins"), "w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path, pinned(data)


def _prune(data: Path, keep: int) -> None:
    with _pins(data) as (_, spared):
        if now := current(data):
            spared.add(now.id)
        for old in history(data)[keep:]:
            if old.id not in spared:
                old.path.unlink()
                _checksum_file(old.path).unlink()


def _point(data: Path, id: str) -> None:
    _write_durably(snapshots_folder(data) / "CURRENT", id + "\n")


def _checksum_file(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _order(path: Path) -> tuple[str, int]:
    return age(path.stem.removeprefix("snapshot-"))


def _write_durably(path: Path, text: str) -> None:
    """Replace a small file so that a crash leaves the old one or the new one, never a torn one."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="ascii")
    _fsync(temporary)
    os.replace(temporary, path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
