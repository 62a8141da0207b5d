"""What a supervisor may know without signing in: whether there are data to show, of which snapshot and month."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard import opened, store
from etl.errors import SnapshotError
from etl.snapshot import Snapshot, current


@dataclass(frozen=True)
class Pulse:
    """ok: the published snapshot is whole and this program reads it. month: ``YYYY-MM``; empty where unknown."""

    ok: bool
    snapshot: str = ""
    month: str = ""


def pulse(data: Path) -> Pulse:
    """As things stand now; cheap enough for a question every second."""
    try:
        now = current(data)
        if now is None or not opened.whole(now):
            return Pulse(False, now.id if now else "")
        return Pulse(True, now.id, _month(now))
    except SnapshotError:
        return Pulse(False)


@lru_cache(maxsize=4)
def _month(snapshot: Snapshot) -> str:
    return str(store.glance(snapshot, "select value from meta where key = 'latest_period'")[0][0])
