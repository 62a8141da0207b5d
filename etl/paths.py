"""Where things lie: the data folder and what stands in it."""

import os
from pathlib import Path

from etl.policy import ROOT

REFERENCE = ROOT / "data" / "reference"


def data_folder(argument: Path | None = None) -> Path:
    """The data folder: the argument, else TRADE_KPI_DATA, else ``data/`` of the project."""
    return Path(os.path.abspath(argument or os.environ.get("TRADE_KPI_DATA") or ROOT / "data"))


def snapshots_folder(data: Path) -> Path:
    """Where the immutable snapshots and the CURRENT pointer lie."""
    return data / "snapshots"


def uploads_folder(data: Path) -> Path:
    """Where files that somebody uploaded lie while they are read, each lot in a private folder."""
    return data / "uploads"


def raw_folder(data: Path) -> Path:
    """Where loaded files are kept under their sha256."""
    return data / "raw"
