"""A process apart ends within its limits, with its own children, and says how."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etl import apart
from etl.apart import Died, Limits

ROOT = Path(__file__).resolve().parent.parent
AMPLE = Limits(memory_bytes=2 << 30, seconds=60)


def died(work: str, limits: Limits, job: bytes = b"") -> str:
    with pytest.raises(Died) as death:
        apart.run(f"tests.works:{work}", job, limits)
    return death.value.how


def alive(pid: int) -> bool:
    """Whether a process still does something; one that waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_the_answer_is_what_the_work_returns_and_nothing_that_it_prints():
    assert apart.run("tests.works:echo", b"abc", AMPLE) == b"cba"


def test_work_that_never_ends_is_ended():
    start = time.monotonic()
    assert died("hang", Limits(2 << 30, 1)) == "time"
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("work", ["hang_in_a_child", "hang_apart"])
def test_what_the_work_started_ends_with_it(tmp_path, work):
    told = tmp_path / "pid"
    assert died(work, Limits(2 << 30, 4), os.fsencode(told)) == "time"
    assert gone(int(told.read_text()))


def test_a_process_that_nobody_waits_for_ends_by_itself():
    command = [sys.executable, "-P", "-m", "etl.apart", "tests.works:hang", str(2 << 30), "1"]
    process = subprocess.run(
        command, stdin=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=30, check=False
    )
    assert process.returncode < 0


@pytest.mark.parametrize("work", ["gorge", "gorge_natively"])
def test_work_that_takes_too_much_memory_is_told_from_a_crash(work):
    assert died(work, AMPLE) == "memory"


@pytest.mark.parametrize("work", ["abort", "raise_fault"])
def test_work_that_crashes_leaves_this_process_as_it_was(work):
    before = resource.getrlimit(resource.RLIMIT_DATA)
    assert died(work, AMPLE) == "crash"
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize(
    ("code", "told", "how"),
    [
        (127, b"cannot allocate memory for thread-local data: ABORT", "memory"),
        (1, b"ImportError: libx.so: failed to map segment from shared object", "memory"),
        (-6, b"terminate called after throwing an instance of 'std::bad_alloc'", "memory"),
        (-9, b"", "memory"),
        (-14, b"", "time"),
        (-11, b"Segmentation fault", "crash"),
    ],
)
def test_the_end_of_a_process_tells_want_of_memory_from_a_crash(code, told, how):
    assert apart._cause(code, told) == how
