"""One archive with all that a data folder is worth, and back: a tar with a manifest of sha256 as its last member.

What is written to meanwhile is copied so that it is whole: databases of accounts, audit, notes and briefs by SQLite's
own backup, records of briefs before the snapshots that they pin; snapshots and raw files never change.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, cast

from dashboard import database
from dashboard.access.vault import access_folder
from dashboard.upkeep import raw
from etl.errors import SnapshotError, UserError
from etl.paths import snapshots_folder
from etl.snapshot import Snapshot, current, history, pinned, verify
from etl.space import writable

MANIFEST = "MANIFEST.json"
# The accounts, which know the newest entry of the log, before the log: it may be ahead of them, never behind.
DATABASES = ("accounts.sqlite", "audit.sqlite")
BESIDE = ("brief/made.sqlite", "notes/annotations.sqlite")
PRIVATE = ("audit-key", "demo-passwords.json", "proxy-secret")
FOLDERS = frozenset({"access", "brief", "notes", "raw", "snapshots"})
MODES = {"access": 0o600, "snapshots": 0o440}
CHUNK = 1 << 20


@dataclass(frozen=True)
class Archived:
    """What an archive holds. snapshots: their ids, the published one first; bytes: of the files in it.

    damaged, missing: raw files that are not what came in, and those that its snapshots name and it lacks.
    """

    path: Path
    snapshots: tuple[str, ...]
    files: int
    bytes: int
    damaged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def back_up(data: Path, target: Path, every_snapshot: bool = False) -> Archived:
    """Write the archive (mode 600), into a folder under a name with the time, or as the file named.

    The published snapshot and those that briefs name, or every one. UserError where there is none, where one is
    damaged, where the file is there already, or the disk is full; then no archive is left.
    """
    path = target / f"trade-kpi-{datetime.now():%Y%m%d-%H%M%S}.tar" if target.is_dir() else target
    if path.exists():
        raise UserError(f"{path} 已经有了，备份不覆盖旧文件，请换一个名字。")
    draft = path.with_name(f"{path.name}.new")
    with writable("备份没有写成：磁盘已满、没有权限或目录不存在，请换一个位置再试。"):
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                archived = _written(data, path, file, every_snapshot)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return archived


def _written(data: Path, path: Path, file: IO[bytes], every_snapshot: bool) -> Archived:
    noted: dict[str, str] = {}
    size = 0
    with tempfile.TemporaryDirectory(dir=path.parent) as apart, tarfile.open(fileobj=file, mode="w") as tar:
        copied = list(_databases(data, Path(apart)))
        chosen = _chosen(data, every_snapshot)
        for name, source in (*copied, *_plain(data), *_snapshots(chosen)):
            noted[name] = _added(tar, name, source)
            size += source.stat().st_size
        _require_as_published(chosen, noted)
        for name, text in _pointers(data, chosen):
            noted[name] = _added_text(tar, name, text)
        _added_text(tar, MANIFEST, json.dumps({"snapshot": chosen[0].id, "files": noted}, indent=1))
    return _told(Archived(path, tuple(item.id for item in chosen), len(noted), size), noted, chosen)


def _told(archived: Archived, noted: dict[str, str], chosen: list[Snapshot]) -> Archived:
    """The same with what is amiss with the raw files, which no snapshot needs to be read."""
    files = {PurePosixPath(name): sha256 for name, sha256 in noted.items() if name.startswith("raw/")}
    damaged = tuple(str(path) for path, sha256 in files.items() if raw.sha256_of(path) != sha256)
    return replace(archived, damaged=damaged, missing=tuple(raw.missing(chosen, files)))


def _chosen(data: Path, every_snapshot: bool) -> list[Snapshot]:
    now = current(data)
    if now is None:
        raise UserError(f"{data} 里还没有快照，没有可备份的。")
    named = pinned(data)
    rest = [item for item in history(data) if item != now and (every_snapshot or item.id in named)]
    return [now, *rest]


def _databases(data: Path, apart: Path) -> Iterator[tuple[str, Path]]:
    """Copies of the databases as they stand, made by SQLite while they are in use."""
    sources = [(f"access/{name}", access_folder(data) / name) for name in DATABASES]
    sources += [(name, data / name) for name in BESIDE]
    for name, source in sources:
        if source.exists():
            copy = apart / name.replace("/", "-")
            try:
                with database.reading(source) as old, contextlib.closing(sqlite3.connect(copy)) as new:
                    old.backup(new)
            except sqlite3.Error:
                raise UserError(f"备份没有写成：{source} 无法读取，可能已损坏，请先恢复该文件。") from None
            yield name, copy


def _plain(data: Path) -> Iterator[tuple[str, Path]]:
    for name in PRIVATE:
        if (access_folder(data) / name).exists():
            yield f"access/{name}", access_folder(data) / name
    for path in (*raw.kept(data), *sorted((data / "brief").glob("*.docx"))):
        yield path.relative_to(data).as_posix(), path


def _snapshots(chosen: list[Snapshot]) -> Iterator[tuple[str, Path]]:
    for item in chosen:
        yield f"snapshots/{item.path.name}", item.path


def _require_as_published(chosen: list[Snapshot], noted: dict[str, str]) -> None:
    for item in chosen:
        if noted[f"snapshots/{item.path.name}"] != item.sha256:
            raise SnapshotError(
                f"快照「{item.id}」已损坏，没有备份；请先用 trade-kpi rollback 换回完好的快照，再备份。"
            )


def _pointers(data: Path, chosen: list[Snapshot]) -> Iterator[tuple[str, str]]:
    kept = {item.id for item in chosen}
    for item in chosen:
        yield f"snapshots/{item.path.stem}.sha256", f"{item.sha256}  {item.path.name}\n"
    if named := sorted(pinned(data) & kept):
        yield "snapshots/PINNED", "\n".join(named) + "\n"
    yield "snapshots/CURRENT", f"{chosen[0].id}\n"


def _added(tar: tarfile.TarFile, name: str, source: Path) -> str:
    """The sha256 of the very bytes that went into the archive."""
    with open(source, "rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        reader = _Hashed(file)
        tar.addfile(entry, cast(IO[bytes], reader))
    return reader.sum.hexdigest()


def _added_text(tar: tarfile.TarFile, name: str, text: str) -> str:
    entry, content = tarfile.TarInfo(name), text.encode()
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


class _Hashed:
    """A file that is read once, and its sha256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sum = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._file.read(size)
        self.sum.update(chunk)
        return chunk


def restore(archive: Path, data: Path) -> Archived:
    """Put an archive into an empty data folder, after every byte of it was checked; UserError else, and nothing there."""
    access = access_folder(data)
    for folder in (data, access):
        if folder.exists() and any(folder.iterdir()):
            raise UserError(f"{folder} 不是空目录，恢复不覆盖已有数据；请用 --data 另选一个空目录。")
    with writable("恢复没有完成：磁盘已满、没有权限或备份文件读不出来，没有放入任何数据。"):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as apart:
            archived = _unpacked(archive, Path(apart))
            _placed(Path(apart), data, access)
    return archived


def _unpacked(archive: Path, apart: Path) -> Archived:
    noted: dict[str, str] = {}
    said: dict[str, str] = {}
    size = 0
    try:
        with tarfile.open(archive, "r:") as tar:
            for entry in tar:
                if entry.name == MANIFEST:
                    said = json.loads(tar.extractfile(entry).read())["files"]  # type: ignore[union-attr]
                    continue
                noted[entry.name], size = _extracted(tar, entry, apart), size + entry.size
    except (tarfile.TarError, ValueError, KeyError, EOFError):
        raise _damaged(archive) from None
    if not said or noted != said:
        raise _damaged(archive)
    now = current(apart)
    if now is None:
        raise _damaged(archive)
    for item in history(apart):
        verify(item)
    ids = (now.id, *(item.id for item in history(apart) if item != now))
    return _told(Archived(archive, ids, len(noted), size), noted, history(apart))


def _extracted(tar: tarfile.TarFile, entry: tarfile.TarInfo, apart: Path) -> str:
    parts = PurePosixPath(entry.name).parts
    source = tar.extractfile(entry) if entry.isreg() else None
    if source is None or ".." in parts or parts[0] not in FOLDERS or (apart / entry.name).exists():
        raise ValueError(entry.name)
    path = apart / entry.name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader = _Hashed(source)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while chunk := reader.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(MODES.get(parts[0], 0o640) if path.suffix != ".sqlite" else 0o600)
    return reader.sum.hexdigest()


def _placed(apart: Path, data: Path, access: Path) -> None:
    """Each folder as a whole, the snapshots last: before them there is nothing to open."""
    for folder in sorted(apart.iterdir(), key=lambda item: item.name == "snapshots"):
        target = access if folder.name == "access" else data / folder.name
        if target.exists():
            target.rmdir()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    for name in ("CURRENT", "PINNED"):
        path = snapshots_folder(data) / name
        if path.exists():
            path.chmod(0o640)


def _damaged(archive: Path) -> UserError:
    return UserError(f"备份文件 {archive} 不完整或已损坏，没有恢复；请换一份备份。")
