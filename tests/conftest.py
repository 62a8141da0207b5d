"""Fixtures shared by all tests: builders of real files, and the demo snapshot, built once a run."""

import os
import shutil
from pathlib import Path

import pytest

from etl.demo import CUSTOMS_PUBLIC, write_demo
from etl.layout import Hints
from etl.load import Options, load


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the published demo snapshot; read it, never change it."""
    data = tmp_path_factory.mktemp("demo-data")
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


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own data folder never leaks into a test."""
    for name in [name for name in os.environ if name.startswith("TRADE_KPI_")]:
        monkeypatch.delenv(name)
