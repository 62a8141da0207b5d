"""What becomes of memory that was freed: kept for the next block, or given back to the system."""

import ctypes
import functools
from collections.abc import Mapping
from contextlib import suppress

ARENAS, MMAP_FROM, TRIM_FROM = -8, -3, -1  # of glibc's malloc.h


def tune(options: Mapping[int, int]) -> None:
    """Set options of glibc's malloc for this process; other C libraries lack them."""
    with suppress(AttributeError, OSError, TypeError):
        for option, value in options.items():
            ctypes.CDLL(None).mallopt(option, value)


@functools.cache
def keep_freed() -> None:
    """Keep freed memory for the next block of a file, in one heap for all threads: call it in a process that loads.

    A load takes and frees blocks of megabytes in several threads. Each that goes back to the system stops the
    others for a moment, and comes again as pages that must be cleared first.
    """
    tune({ARENAS: 1, MMAP_FROM: 1 << 30, TRIM_FROM: (1 << 31) - 1})


def give_back() -> None:
    """Give the system what is kept freed: when the last block of a file is read, and others need the memory."""
    import pyarrow  # type: ignore[import-untyped]  # a server tunes its heap too, and starts without it

    pyarrow.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
