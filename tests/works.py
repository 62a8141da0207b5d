"""What the tests of ``etl.apart`` have done in a process apart: each goes wrong, or right, in its own way."""

import os
import subprocess
import sys
import time

from etl import apart


def echo(job: bytes) -> bytes:
    print("this is no part of the answer")
    return job[::-1]


def hang(job: bytes) -> bytes:
    time.sleep(60)
    return b""


def hang_in_a_child(job: bytes) -> bytes:
    """Write the child's number to the file that the job names, and wait for it in vain."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with open(job, "w") as file:
        file.write(str(child.pid))
    child.wait()
    return b""


def hang_apart(job: bytes) -> bytes:
    """The same, one process further down and in the ordinary way."""
    return apart.run("tests.works:write_and_hang", job, apart.Limits(1 << 30, 50))


def write_and_hang(job: bytes) -> bytes:
    with open(job, "w") as file:
        file.write(str(os.getpid()))
    time.sleep(60)
    return b""


def gorge(job: bytes) -> bytes:
    """Take memory as Python does."""
    return bytes(8 << 30)


def gorge_natively(job: bytes) -> bytes:
    """Take memory as polars does, which aborts where it gets none."""
    import polars as pl

    return str(pl.int_range(0, 1 << 32, eager=True).sum()).encode()


def abort(job: bytes) -> bytes:
    os.abort()


def raise_fault(job: bytes) -> bytes:
    raise ValueError("no ordinary fault")
