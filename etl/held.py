"""Files that were held, noted beside the snapshots, so that a page can say what waits and why.

One line of JSON a file in ``held.jsonl`` of the data folder, only ever appended to. What is published does not change.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Held:
    """A file that waits for somebody to confirm it. covers: its months, each with the direction, as LOADED has them."""

    name: str
    sha256: str
    kind: str
    label: str
    covers: tuple[str, ...]
    reasons: tuple[str, ...]
    at: datetime

    @property
    def months(self) -> tuple[str, ...]:
        """The months that it speaks for; none of a ledger."""
        return tuple(sorted({cover[:7] for cover in self.covers}))


@dataclass(frozen=True)
class Loaded:
    """A month, with the direction, that a loaded file speaks for; None for a ledger's."""

    sha256: str
    kind: str
    cover: str | None
    at: datetime


# strings that tell a month and direction, of a file's coverage
COVERS = "select distinct strftime(period, '%Y-%m') || ' ' || flow from coverage where file_id = ? order by 1"
LOADED = """
    select files.sha256, coalesce(coverage.kind, files.kind),
        strftime(coverage.period, '%Y-%m') || ' ' || coverage.flow, files.loaded_at
    from files left join coverage on coverage.file_id = files.file_id
"""


def note(data: Path, held: Iterable[Held]) -> None:
    """Add files to the list, durably; call it under the loader's lock."""
    lines = "".join(f"\n{json.dumps(asdict(item), ensure_ascii=False, default=str)}\n" for item in held)
    if not lines:
        return
    handle = os.open(_path(data), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def noted(data: Path) -> tuple[Held, ...]:
    """Every file that was ever held, the newest first, each once by its bytes; a torn line is left out."""
    try:
        lines = _path(data).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found = {item.sha256: item for item in map(_read, lines) if item}
    return tuple(sorted(found.values(), key=lambda item: item.at, reverse=True))


def waiting(held: Iterable[Held], loaded: Iterable[Loaded]) -> tuple[Held, ...]:
    """Those that neither came in since nor were replaced by another file of their kind and month."""
    since = tuple(loaded)
    return tuple(item for item in held if not any(_settles(item, row) for row in since))


def _settles(item: Held, row: Loaded) -> bool:
    if row.at <= item.at:
        return False
    return row.sha256 == item.sha256 or (
        row.kind == item.kind and (row.cover in item.covers if item.covers else row.cover is None)
    )


def _read(line: str) -> Held | None:
    try:
        row = json.loads(line)
        at = datetime.fromisoformat(row.pop("at"))
        return Held(**row | {"covers": tuple(row["covers"]), "reasons": tuple(row["reasons"])}, at=at)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _path(data: Path) -> Path:
    return data / "held.jsonl"
