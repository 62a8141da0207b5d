"""All checks of the installation, in the order in which they are said."""

from collections.abc import Callable
from pathlib import Path

from dashboard.upkeep import data as folder
from dashboard.upkeep import doors
from dashboard.upkeep.finding import Finding

CHECKS: tuple[Callable[[Path], Finding], ...] = (
    folder.pointer,
    folder.version,
    folder.room,
    folder.freshness,
    folder.orphans,
    doors.private,
    doors.exposed,
    doors.chain,
    doors.people,
)


def examine(data: Path, every_snapshot: bool = False) -> tuple[Finding, ...]:
    """What each check found; every_snapshot: the checksums of all kept ones too. Changes nothing."""
    checks = (*CHECKS, folder.kept) if every_snapshot else CHECKS
    return tuple(check(data) for check in checks)
