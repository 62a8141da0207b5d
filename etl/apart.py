"""A piece of work in a process of its own, within limits: whatever becomes of it, this process goes on.

A file can make a reader exhaust memory, never end, or crash in native code; a limit that the system
holds is the only one that stands against all three. The work is a function of bytes to bytes.
"""

import importlib
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Literal

from etl.policy import ROOT

NO_MEMORY = 3  # exit code of a process that ran out of memory and could still say so
OUT_OF_MEMORY = (  # as libraries, Python, and the loader of libraries say it, in small letters
    b"memory allocation of", b"memoryerror", b"outofmemory", b"out of memory", b"bad_alloc",
    b"cannot allocate memory", b"can't start new thread", b"failed to map segment",
)  # fmt: skip
MARK = "TRADE_KPI_APART"
TOLD_BYTES = 4096
log = logging.getLogger(__name__)

How = Literal["memory", "time", "crash"]


@dataclass(frozen=True)
class Limits:
    """memory_bytes: of writable memory, whether used or not. seconds: from start to end."""

    memory_bytes: int
    seconds: int


class Died(Exception):
    """The process ended without an answer; how: for want of memory or of time, or it crashed."""

    def __init__(self, how: How) -> None:
        super().__init__(how)
        self.how: How = how


def run(work: str, job: bytes, limits: Limits) -> bytes:
    """What ``work`` (``module:function``) makes of the job. Raises Died where it does not come to an end."""
    command = [sys.executable, "-P", "-m", "etl.apart", work, str(limits.memory_bytes), str(limits.seconds)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), MARK: "1"}
    with tempfile.TemporaryFile() as told:
        # A group of its own, so that it ends with its own children; within one already, it stays there.
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            env=environment,
            start_new_session=MARK not in os.environ,
        )
        try:
            answer, _ = process.communicate(job, limits.seconds)
        except subprocess.TimeoutExpired:
            raise Died("time") from None
        finally:
            _end(process)
        if process.returncode == 0:
            return answer
        told.seek(max(0, told.seek(0, os.SEEK_END) - TOLD_BYTES))
        raise Died(_cause(process.returncode, told.read()))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process, and what it started, where it still runs."""
    if process.poll() is not None:
        return
    if os.getpgid(process.pid) == process.pid:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _cause(code: int, told: bytes) -> How:
    log.warning("a process apart ended with %s: %s", code, told.decode("utf-8", "replace"))
    if code == -signal.SIGALRM:
        return "time"
    # Native code aborts when it gets no memory; the system kills when it has none.
    if code in (NO_MEMORY, -signal.SIGKILL) or any(words in told.lower() for words in OUT_OF_MEMORY):
        return "memory"
    return "crash"


def memory_allowed() -> int | None:
    """How many bytes this process may write to, None for all there are."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return None if allowed == resource.RLIM_INFINITY else allowed


def main() -> None:
    """What the process apart does: hold itself to its limits, take the job, answer."""
    work, memory, seconds = sys.argv[1:]
    _confine(Limits(int(memory), int(seconds)))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints does not get into the answer
    module, _, function = work.partition(":")
    try:
        answer.write(getattr(importlib.import_module(module), function)(sys.stdin.buffer.read()))
        answer.close()
    except MemoryError:
        os._exit(NO_MEMORY)


def _confine(limits: Limits) -> None:
    """Limit writable memory rather than addresses, of which allocators and threads reserve gigabytes unused.

    The alarm ends this process even where nobody is left to wait for it.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(limits.seconds)


if __name__ == "__main__":
    main()
