"""The kept bytes of what came in, against the snapshots that name them and against their own names."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from dashboard import store
from dashboard.upkeep.finding import Finding, found, some
from etl.errors import SnapshotError
from etl.paths import raw_folder
from etl.snapshot import Snapshot, digest, history

NAMED = "select distinct sha256, name from files"
TODO = "从备份取回，或把原文件重新加载一次"


def sha256_of(path: PurePath) -> str:
    """What the name of a kept file says its sha256 is."""
    return path.name[:64]


def missing(snapshots: Iterable[Snapshot], there: Iterable[PurePath]) -> list[str]:
    """The files that snapshots name and that are not there, as they were called; snapshots that cannot be asked say none."""
    known = {sha256_of(path) for path in there}
    lost: dict[str, str] = {}
    for item in snapshots:
        try:
            lost |= {sha256: name for sha256, name in store.glance(item, NAMED) if sha256 not in known}
        except SnapshotError:
            continue
    return sorted(lost.values())


def kept(data: Path) -> list[Path]:
    """All kept files."""
    return sorted(path for path in raw_folder(data).glob("*/*") if path.suffix != ".new")


def there(data: Path) -> Finding:
    """Whether every file that a snapshot names is kept."""
    files = kept(data)
    lost = missing(history(data), files)
    return found("原始文件", some(lost, "个缺失"), f"{len(files)} 个，快照引用的都在", TODO)


def whole(data: Path) -> Finding:
    """Whether every kept file is byte for byte what came in."""
    files = kept(data)
    damaged = [str(path.relative_to(data)) for path in files if digest(path) != sha256_of(path)]
    return found("原始文件内容", some(damaged, "个已损坏"), f"{len(files)} 个，校验和全部相符", TODO)
