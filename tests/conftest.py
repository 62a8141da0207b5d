"""Fixtures shared by all tests: builders of real files, and the demo snapshot, built once a run."""

import fcntl
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import small_table

from dashboard import identity, opened, store
from dashboard.identity import Viewer
from etl import apart, intake
from etl.apply import Options
from etl.demo import CUSTOMS_PUBLIC, write_demo
from etl.layout import Hints
from etl.load import load

# Many tests start processes; where this is set, each of them would compile all its libraries anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parent.parent
AN_HOUR = 3600


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A data folder with the published demo snapshot; read it, never change it.

    It is built once for all processes of a run, and kept for later runs until anything it is made from changes.
    """
    kept = pytestconfig.cache.mkdir("demo-data")
    data = kept / _made_from()
    with open(kept / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            for outdated in kept.glob("demo-*"):
                if (
                    time.time() - outdated.stat().st_mtime > AN_HOUR
                ):  # a run that began earlier may still read it
                    shutil.rmtree(outdated)
            _build_demo(kept / "building").rename(data)
    return data


def _made_from() -> str:
    """A name that stands for the code and the policy that the demo snapshot comes from."""
    digest = hashlib.sha256()
    folders = (ROOT / name for name in ("etl", "data/policy", "data/reference"))
    for path in sorted(path for folder in folders for path in folder.rglob("*.*")):
        if path.suffix in (".py", ".sql", ".toml", ".geojson", ".txt"):
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return f"demo-{digest.hexdigest()[:16]}"


def _build_demo(data: Path) -> Path:
    shutil.rmtree(data, ignore_errors=True)
    raw = data / "demo"
    files = [(path, Hints()) for path in write_demo(raw)]
    files += [(raw / path, Hints(flow=flow)) for path, flow in CUSTOMS_PUBLIC]
    report = load(data, files, Options(demo=True))
    assert report.snapshot is not None
    return data


@pytest.fixture
def demo_copy(demo_data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with the demo snapshot in it, to load into and to break."""
    shutil.copytree(demo_data / "snapshots", tmp_path / "data" / "snapshots")
    return tmp_path / "data"


@pytest.fixture
def small_data(tmp_path: Path) -> Path:
    """A data folder of one's own with a snapshot of one row."""
    data = tmp_path / "data"
    assert load(data, [(small_table(tmp_path / "first.xlsx"), Hints())], Options()).snapshot
    return data


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be done in a process apart is done in this one, which is faster and without limits."""
    monkeypatch.setattr(apart, "run", lambda work, job, limits: intake.answer(job))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A developer's own data folder never leaks into a test; accounts and audit log lie where each test begins anew."""
    for name in [name for name in os.environ if name.startswith("TRADE_KPI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRADE_KPI_ACCESS", str(tmp_path_factory.getbasetemp() / uuid.uuid4().hex))


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """What a server keeps open is closed after the test that ran one: others could not open it in their way."""
    yield
    if opened._staying.is_set():
        store.forget()
        opened._staying.clear()


@pytest.fixture(autouse=True)
def task_force_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser nobody signs in: the task force looks, unless a test says who."""
    monkeypatch.setattr(identity, "signed_in", lambda: Viewer("本机", "task_force", None))
