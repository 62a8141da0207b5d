"""What a file says, read again only after somebody wrote to it."""

import time
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

Asked = TypeVarTuple("Asked")
T = TypeVar("T")
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


def kept(most: int) -> Callable[[Callable[[*Asked], T]], Callable[[Hashable | None, *Asked], T]]:
    """Keep what a function reads of a file by the file's print, which it is then asked with first; without one it reads.

    most: answers that are kept.
    """

    def keeping(read: Callable[[*Asked], T]) -> Callable[[Hashable | None, *Asked], T]:
        then: Any = lru_cache(most)(lambda seen, *asked: read(*asked))

        def found(seen: Hashable | None, *asked: *Asked) -> T:
            return read(*asked) if seen is None else then(seen, *asked)

        return found

    return keeping


def text(path: Path) -> str:
    """A small file in ASCII, what is none replaced. Raises OSError as reading does."""
    return _text(stamp(path), path)


@kept(64)
def _text(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace")
