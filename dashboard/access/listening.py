"""Where dashboards listen: each leaves its address beside the accounts while it runs, for whoever examines the machine."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from dashboard.access.vault import access_folder, private_file, private_folder
from etl.staging import runs

LOCAL = ("127.0.0.1", "localhost")
LOOPBACK = frozenset({*LOCAL, "::1"})
LEFT = "serving-"


@contextlib.contextmanager
def listening(data: Path, address: str) -> Iterator[None]:
    """Leave word of an address with its port meanwhile; what killed ones left is swept."""
    folder = private_folder(data)
    for file in folder.glob(f"{LEFT}*"):
        if not _in_use(file):
            file.unlink(missing_ok=True)
    own = folder / f"{LEFT}{os.getpid()}"
    private_file(own)
    own.write_text(address, encoding="ascii")
    try:
        yield
    finally:
        own.unlink(missing_ok=True)


def addresses(data: Path) -> tuple[str, ...]:
    """Where dashboards of that folder listen now, with their ports."""
    files = sorted(access_folder(data).glob(f"{LEFT}*"))
    return tuple(file.read_text(encoding="ascii") for file in files if _in_use(file))


def reached(address: str) -> bool:
    """Whether other machines reach an address with a port."""
    return address.rpartition(":")[0].strip("[]") not in LOOPBACK


def _in_use(file: Path) -> bool:
    process = file.name.removeprefix(LEFT)
    return process.isdecimal() and runs(int(process))
