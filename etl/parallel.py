"""Work on the pieces of a file on several cores, in order and with few pieces in memory at once."""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 2
Item = TypeVar("Item")
Result = TypeVar("Result")


def yield_to_others() -> None:
    """Let this thread have what other threads leave of the cores: for work that nobody waits for yet."""
    with contextlib.suppress(OSError):  # elsewhere than on Linux a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], at_once: int = AT_ONCE
) -> Iterator[Result]:
    """What ``work`` makes of each item, in the items' order; the next ones are made while one is used.

    An error comes out where its item's turn is. The heavy work must be done outside the interpreter's lock.
    """
    with ThreadPoolExecutor(at_once) as pool:
        coming: deque[Future[Result]] = deque()
        for item in items:
            coming.append(pool.submit(work, item))
            if len(coming) > at_once:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
