"""What a small file says, read again only after somebody wrote to it."""

import time
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path

SETTLED_NS = 1_000_000_000  # since the last write: by then its time is another than that of any later one


def stamp(path: Path, *beside: Path) -> Hashable | None:
    """A print of a file, by which to keep what was read of it: the same as long as nobody writes to it.

    None where it was written to just now, or is not there. Two writes within one tick of the file system's clock leave
    the same print, so a fresh one says nothing. beside: files that are part of it where they are there.
    """
    found = []
    for part in (path, *beside):
        try:
            found.append(part.stat())
        except FileNotFoundError:
            if part is path:
                return None  # whoever reads it says why it cannot be read
        except OSError:
            return None
    if any(time.time_ns() - part.st_mtime_ns < SETTLED_NS for part in found):
        return None
    return path, *((part.st_ino, part.st_size, part.st_mtime_ns) for part in found)


def text(path: Path) -> str:
    """The file in ASCII, what is none replaced. Raises OSError as reading does."""
    seen = stamp(path)
    return _read(path) if seen is None else _read_then(path, seen)


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace")


@lru_cache(maxsize=64)
def _read_then(path: Path, seen: Hashable) -> str:
    return _read(path)
