"""Checks of the data folder: the published snapshot, room for the next, freshness, and what nobody needs any more."""

import shutil
from datetime import date
from pathlib import Path

from dashboard import opened, store
from dashboard.upkeep import raw
from dashboard.upkeep.finding import Finding, found, some
from dashboard.upkeep.rhythm import newest_due
from etl.errors import SnapshotError
from etl.outdated import outdated
from etl.paths import raw_folder, snapshots_folder
from etl.policy import load_policy
from etl.snapshot import Snapshot, current, history, verify
from etl.staging import left_behind, runs

BUILDS = 2  # the next build begins as a copy and at most doubles while it loads
MONTHLY = (
    "select label, latest_period from freshness where kind in (select kind from coverage) order by label"
)


def pointer(data: Path) -> Finding:
    """Whether CURRENT names a snapshot that is byte for byte what was published."""
    try:
        now = current(data)
        if now is None:
            return Finding("快照", False, "还没有快照", "加载文件：trade-kpi load 文件夹")
        verify(now)
    except SnapshotError as error:
        return Finding("快照", False, *_split(error))
    newest = history(data)[0].id
    back = "" if newest == now.id else f"（已换回，最新的是 {newest}）"
    return Finding("快照", True, f"当前 {now.id}，校验和相符{back}")


def kept(data: Path) -> Finding:
    """Whether every kept snapshot is whole."""
    all_of_them = history(data)
    broken = [item.id for item in all_of_them if not opened.whole(item)]
    todo = "从备份恢复这些快照，或删除其文件"
    return found("历史快照", some(broken, "个已损坏"), f"{len(all_of_them)} 个，校验和全部相符", todo)


def version(data: Path) -> Finding:
    """Whether this program reads the published snapshot."""
    now = _published(data)
    if now is None:
        return Finding("结构版本", False, "没有可读的当前快照", "先处理「快照」一项")
    try:
        (said,) = store.glance(now, "select value from meta where key = 'schema_version'")[0]
    except SnapshotError as error:
        return Finding("结构版本", False, *_split(error))
    return Finding("结构版本", True, f"快照是第 {said} 版，与程序一致")


def rules(data: Path) -> Finding:
    """Whether the published snapshot follows from the rules as they stand in the policy folder."""
    now, todo = _published(data), "运行 trade-kpi recompute"
    if now is None:
        return Finding("规则", False, "没有可读的当前快照", "先处理「快照」一项")
    policy = load_policy()
    try:
        meta = dict(store.glance(now, "select key, value from meta"))
    except SnapshotError as error:
        return Finding("规则", False, *_split(error))
    edited = "规则改过，快照还是按以前的算的" if outdated(meta, policy) else ""
    return found("规则", edited, f"快照按政策目录 {policy.folder.name} 现在的规则算出", todo)


def room(data: Path) -> Finding:
    """Whether the next build has room on the disk."""
    now, free = _published(data), shutil.disk_usage(data).free
    needed = BUILDS * now.path.stat().st_size if now else 0
    short = f"剩余 {_size(free)}，下次加载约需 {_size(needed)}" if free < needed else ""
    todo = "清理磁盘，或把数据目录移到更大的盘"
    return found("磁盘", short, f"剩余 {_size(free)}，下次加载约需 {_size(needed)}", todo)


def freshness(data: Path, today: date | None = None) -> Finding:
    """Whether each monthly source has the month that must be out by now; invented data owe nothing."""
    now = _published(data)
    if now is None:
        return Finding("时效", False, "没有可读的当前快照", "先处理「快照」一项")
    try:
        demo = store.glance(now, "select value from meta where key = 'demo'")[0][0] == "true"
        rows = store.glance(now, MONTHLY)
    except SnapshotError as error:
        return Finding("时效", False, *_split(error))
    if demo:
        return Finding("时效", True, "演示数据，不核对")
    due = newest_due(today or date.today())
    late = "、".join(f"{label}（到 {period or '—'}）" for label, period in rows if (period or "") < due)
    return found("时效", late and f"应已有 {due}：{late}", f"按月来源都已到 {due}", "索取并加载缺的月份")


def orphans(data: Path) -> Finding:
    """Files that nobody needs any more."""
    folder = snapshots_folder(data)
    begun = (*folder.glob("building-*"), *raw_folder(data).rglob("*.new"))
    lost = [path for path in begun if not _in_use(path)]
    lost += [*folder.glob("snapshot-*.new"), *left_behind(data)]
    lost += _unpaired(folder, {item.path for item in history(data)}) + _unnamed(data)
    names = [str(path.relative_to(data)) for path in lost]
    todo = "核对后删除；快照、上传和原始文件目录里没有写完的，下次加载时自动清理"
    return found("遗留文件", some(names, "个没有用处"), "没有", todo)


def _unpaired(folder: Path, paired: set[Path]) -> list[Path]:
    known = {path.with_suffix(suffix) for path in paired for suffix in (".duckdb", ".sha256")}
    files = (*folder.glob("snapshot-*.duckdb"), *folder.glob("snapshot-*.sha256"))
    return sorted(path for path in files if path not in known)


def _unnamed(data: Path) -> list[Path]:
    """Raw files that no snapshot names; none where a snapshot cannot be asked."""
    try:
        named = {row[0] for item in history(data) for row in store.glance(item, "select sha256 from files")}
    except SnapshotError:
        return []
    return [path for path in raw.kept(data) if raw.sha256_of(path) not in named]


def _in_use(path: Path) -> bool:
    process = path.name.removeprefix("building-").partition(".")[0]
    return process.isdecimal() and runs(int(process))


def _published(data: Path) -> Snapshot | None:
    try:
        now = current(data)
    except SnapshotError:
        return None
    return now if now and opened.whole(now) else None


def _split(error: SnapshotError) -> tuple[str, str]:
    """What is wrong, and what to do, out of a sentence that says both."""
    said, asked, todo = str(error).rstrip("。").partition("请")
    return said.rstrip("，。；"), asked + todo


def _size(bytes: int) -> str:
    return f"{bytes / 1e9:.1f} GB" if bytes >= 1e9 else f"{bytes / 1e6:.1f} MB"
