"""All checks of the installation, in the order in which they are said."""

from collections.abc import Callable
from pathlib import Path

from dashboard.upkeep import data as folder
from dashboard.upkeep import doors, raw
from dashboard.upkeep.finding import Finding

CHECKS: tuple[Callable[[Path], Finding], ...] = (
    folder.pointer,
    folder.version,
    folder.rules,
    folder.room,
    folder.freshness,
    raw.there,
    folder.orphans,
    doors.private,
    doors.exposed,
    doors.chain,
    doors.people,
)


def examine(data: Path, every_snapshot: bool = False) -> tuple[Finding, ...]:
    """What each check found; every_snapshot: the checksums of all kept ones and of all raw files too. Changes nothing."""
    if not data.is_dir():
        todo = "核对 --data 或环境变量 TRADE_KPI_DATA；第一次使用先加载文件：trade-kpi load 文件夹"
        return (Finding("数据目录", False, f"{data} 不存在", todo),)
    checks = (*CHECKS, folder.kept, raw.whole) if every_snapshot else CHECKS
    return tuple(check(data) for check in checks)
