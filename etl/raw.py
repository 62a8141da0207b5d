"""The bytes of what came in, kept under their sha256, so that every number can be traced for good."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from etl import snapshot
from etl.paths import raw_folder

Kept = tuple[Path, Path]  # a file, and where its bytes belong


def unkept(data: Path, files: Iterable[tuple[Path, str]]) -> list[Kept]:
    """Of files and their sha256 those whose bytes are not kept yet, each with where they belong."""
    pairs = (
        (file, raw_folder(data) / sha256[:2] / f"{sha256}{file.suffix.lower()}") for file, sha256 in files
    )
    return [(file, kept) for file, kept in pairs if not kept.exists()]


def keep(fresh: Sequence[Kept]) -> None:
    """Keep the bytes of each; never half of them."""
    for file, kept in fresh:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, _half(kept))
        os.replace(_half(kept), kept)


def drop_unpublished(data: Path, id: str, fresh: Sequence[Kept]) -> None:
    """Keep nothing of a load whose snapshot was not published."""
    if snapshot.pointed(data) != id:
        for _, kept in fresh:
            _half(kept).unlink(missing_ok=True)
            kept.unlink(missing_ok=True)


def _half(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}.new")
