"""Who is looking: the identity that goes with every question to the store."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["leader", "task_force", "county", "loader", "admin", "auditor"]


@dataclass(frozen=True)
class Viewer:
    """One signed-in person. unit: the code of a county role's own unit, else None."""

    name: str
    role: Role
    unit: str | None


def current_viewer() -> Viewer:
    """The viewer of this session: on a loopback address without accounts, the local task force."""
    return Viewer("本机", "task_force", None)
