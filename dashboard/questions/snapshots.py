"""The snapshots that are kept: when each was made, up to which month it knew, and how the city stood then."""

from dataclasses import dataclass
from pathlib import Path

from dashboard import store
from dashboard.board import Board
from dashboard.questions.board import board
from dashboard.store import Gate
from etl.errors import SnapshotError
from etl.policy import Policy
from etl.snapshot import Snapshot, current, history
from etl.status import COLOUR
from etl.warehouse import SCHEMA_VERSION

META = "select key, value from meta"
LIGHTS = """
    select unit, status, count(*) from scoreboard
    where period = (select value from meta where key = 'latest_period') group by unit, status
"""


@dataclass(frozen=True)
class Told:
    """What a snapshot says of itself. latest_period: ``YYYY-MM``; colours: the city's lights by colour."""

    latest_period: str
    demo: bool
    colours: dict[str, int]


@dataclass(frozen=True)
class Past:
    """One snapshot. published: whether it is the newest view. told: None where this version cannot read it."""

    id: str
    published: bool
    told: Told | None


def kept(gate: Gate, policy: Policy) -> tuple[Past, ...]:
    """All snapshots, newest first; each is asked once."""
    data = gate.snapshot.path.parents[1]
    newest = _published(data)
    return tuple(Past(item.id, item == newest, _asked(gate, policy, item)) for item in history(data))


def newest_board(gate: Gate) -> Board | None:
    """The lights as the newest snapshot has them; None where that is the one on show, or cannot be read."""
    newest = _published(gate.snapshot.path.parents[1])
    if newest is None or newest == gate.snapshot:
        return None
    try:
        return board(Gate(newest, gate.viewer))
    except SnapshotError:
        return None


def _published(data: Path) -> Snapshot | None:
    """The one that CURRENT names; None where its checksum is damaged, which is said above every page."""
    try:
        return current(data)
    except SnapshotError:
        return None


def _asked(gate: Gate, policy: Policy, snapshot: Snapshot) -> Told | None:
    ask = Gate(snapshot, gate.viewer)
    return store.remember(ask, ("told", policy.document.city), lambda: _told(snapshot, policy.document.city))


def _told(snapshot: Snapshot, city: str) -> Told | None:
    try:
        meta: dict[str, str] = dict(store.glance(snapshot, META))
        if meta["schema_version"] != SCHEMA_VERSION:
            return None
        colours: dict[str, int] = {}
        for unit, status, lights in store.glance(snapshot, LIGHTS):
            if unit == city and COLOUR[status]:
                colours[COLOUR[status]] = colours.get(COLOUR[status], 0) + lights
    except (SnapshotError, KeyError):
        return None
    return Told(meta["latest_period"], meta["demo"] == "true", colours)
