"""What an installation must outlast: loaders killed, snapshots corrupted, the disk full, publishing under readers.

`python -m benchmarks.endurance [--full] [WHAT …]` prints one line each; tests/test_endurance.py runs the same at small
counts. Loaders are forked from a process that has everything imported, so that most of a load's time is the load.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from dashboard import store
from dashboard.identity import Viewer
from etl import snapshot
from etl.apply import Options
from etl.errors import SnapshotError, UserError
from etl.layout import Hints
from etl.load import load
from etl.paths import raw_folder
from etl.snapshot import Snapshot
from etl.space import NO_SPACE

LOADERS = multiprocessing.get_context("forkserver")
LOADERS.set_forkserver_preload(["etl.load", "dashboard.store", "xlsxwriter"])
VIEWER = Viewer("本机", "leader", None)
HEADS = ("县市区", "进出口当月", "进出口累计", "出口当月", "出口累计", "进口当月", "进口累计")


@dataclass(frozen=True)
class Outcome:
    """What a trial counted. good: whether it outlasted; said: the figures."""

    good: bool
    said: str


def table(path: Path, month: str, times: int = 1) -> Path:
    """A bureau's table of one unit for a month of 2025, its figures some times the usual."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [f"2025年{month}月各县市区进出口情况表"])
        sheet.write_row(1, 0, ["单位：万元"])
        sheet.write_row(2, 0, HEADS)
        sheet.write_row(
            3, 0, ["冷水滩区", 100 * times, 900 * times, 60 * times, 500 * times, 40 * times, 400 * times]
        )
    return path


def based(folder: Path) -> tuple[Path, Snapshot]:
    """A data folder with a first snapshot of one month."""
    data = folder / "data"
    published = load(data, [(table(folder / "first.xlsx", "8"), Hints())], Options()).snapshot
    assert published is not None
    return data, published


def kills(count: int) -> Outcome:
    """kill -9 at random moments of a load: always exactly the old snapshot or the new one, and nothing else."""
    generator, wrong, running, published = random.Random(8), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        data, old = based(Path(folder))
        second = table(Path(folder) / "second.xlsx", "9")
        whole = _timed(data, second, old)
        for _ in range(count):
            loader = _loader(data, second)
            loader.join(generator.uniform(0, 1.1) * whole)
            running += loader.is_alive()
            loader.kill()
            loader.join()
            new = _standing(data, old)
            wrong += new is None
            published += bool(new)
            _back(data, old)
        assert load(data, [(second, Hints())], Options()).exit_code == 0
        left = [path for path in (data / "snapshots").iterdir() if path.name.startswith("building-")]
        said = f"killed {count}, {running} of them while loading, {published} had published; {wrong} wrong, {len(left)} orphans"
        return Outcome(not wrong and not left and 2 * running >= count, said)


def _loader(data: Path, file: Path) -> Any:
    loader = LOADERS.Process(target=_load, args=(data, file))
    loader.start()
    return loader


def _load(data: Path, file: Path) -> None:
    load(data, [(file, Hints())], Options())


def _timed(data: Path, file: Path, old: Snapshot) -> float:
    """How long a load lasts that nobody kills, from its start: the second, as the first warms the server up."""
    for _ in range(2):
        began = time.monotonic()
        _loader(data, file).join()
        lasted = time.monotonic() - began
        _back(data, old)
    return lasted


def _standing(data: Path, old: Snapshot) -> bool | None:
    """Whether the new snapshot is published (True) or the old (False), each whole; None where it is neither."""
    try:
        now = snapshot.current(data)
        if now is None:
            return None
        snapshot.verify(now)
        months = 1 if now == old else 2
        return (now != old) if _months(now) == months else None
    except (SnapshotError, duckdb.Error):
        return None


def _months(published: Snapshot) -> int:
    with duckdb.connect(str(published.path), read_only=True) as con:
        return len(con.execute("select distinct period from fact_county_month").fetchall())


def _back(data: Path, old: Snapshot) -> None:
    """As before the load: the old snapshot published, the others gone."""
    with snapshot.lock(data):
        snapshot._point(data, old.id)
    for item in snapshot.history(data):
        if item != old:
            item.path.unlink()
            item.path.with_suffix(".sha256").unlink()


def publishing(publishes: int, reads: int) -> Outcome:
    """Publish while others read: no answer of two snapshots at once, none older than what was published before."""
    with tempfile.TemporaryDirectory() as folder:
        data, _ = based(Path(folder))
        ids = [snapshot.current(data)]
        mixed = stale = done = 0
        counting, ended = threading.Lock(), threading.Event()

        def publish() -> None:
            for _ in range(publishes):
                ids.append(_republished(data))
            ended.set()

        def read() -> None:
            nonlocal mixed, stale, done
            while done < reads or not ended.is_set():
                newest = len(ids) - 1
                gate = store.open_gate(VIEWER, data)
                assert gate is not None
                said = store.meta(gate).snapshot
                with counting:
                    done += 1
                    mixed += said != gate.snapshot.id
                    stale += snapshot.age(gate.snapshot.id) < snapshot.age(ids[newest].id)  # type: ignore[union-attr]

        with ThreadPoolExecutor(5) as pool:
            for future in [pool.submit(publish), *(pool.submit(read) for _ in range(4))]:
                future.result()
        store.forget()
        said = f"{publishes} publishes under {done} reads: {mixed} mixed, {stale} stale"
        return Outcome(not mixed and not stale and done >= reads, said)


def _republished(data: Path) -> Snapshot:
    """Publish the same facts under a new id, which the file itself says too."""
    with snapshot.lock(data), snapshot.building(data) as path:
        id = snapshot.new_id(data)
        with duckdb.connect(str(path)) as con:
            con.execute("update meta set value = ? where key = 'snapshot'", [id])
            con.execute("checkpoint")
        return snapshot.publish(data, path, id)


def corruptions(count: int) -> Outcome:
    """Flip a bit, cut off an end, swap files: each is noticed before anything is read from it."""
    generator, caught, kinds = random.Random(9), 0, list(HARMS)
    with tempfile.TemporaryDirectory() as folder:
        data, old = based(Path(folder))
        now = _republished(data)
        for number in range(count):
            harmed = HARMS[kinds[number % len(kinds)]](data, old, now, generator)
            caught += _noticed(data, now)
            for path, content in harmed.items():
                _rewritten(path, content)
        whole = not _noticed(data, now)
    return Outcome(caught == count and whole, f"{caught} of {count} corruptions caught")


def _noticed(data: Path, now: Snapshot) -> bool:
    """Whether a reader is told, and the command line, or another whole snapshot stands in."""
    store.forget()
    try:
        gate = store.open_gate(VIEWER, data)
        return gate is None or store.meta(gate).snapshot != now.id
    except SnapshotError:
        return True


def _rewritten(path: Path, content: bytes) -> bytes:
    """Write to a file that is read-only; what stood in it before."""
    before = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(content)
    return before


def _flipped(path: Path, generator: random.Random) -> dict[Path, bytes]:
    content = bytearray(path.read_bytes())
    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    return {path: _rewritten(path, bytes(content))}


def _cut(path: Path, generator: random.Random) -> dict[Path, bytes]:
    return {path: _rewritten(path, path.read_bytes()[: generator.randrange(path.stat().st_size)])}


def _swapped(path: Path, other: Path) -> dict[Path, bytes]:
    return {path: _rewritten(path, other.read_bytes())}


def _sum(item: Snapshot) -> Path:
    return item.path.with_suffix(".sha256")


HARMS: dict[str, Callable[[Path, Snapshot, Snapshot, random.Random], dict[Path, bytes]]] = {
    "a bit of the file": lambda data, old, now, generator: _flipped(now.path, generator),
    "the file's end": lambda data, old, now, generator: _cut(now.path, generator),
    "another's file": lambda data, old, now, generator: _swapped(now.path, old.path),
    "a bit of the checksum": lambda data, old, now, generator: _flipped(_sum(now), generator),
    "the checksum's end": lambda data, old, now, generator: _cut(_sum(now), generator),
    "another's checksum": lambda data, old, now, generator: _swapped(_sum(now), _sum(old)),
    "both another's": lambda data, old, now, generator: (
        _swapped(now.path, old.path) | _swapped(_sum(now), _sum(old))
    ),
}


def full_disk(count: int) -> Outcome:
    """No room at every step of a load: the old snapshot stands, one sentence says why, and nothing is left over.

    On a small file system of its own where root may mount one, else by the limit of a file's size.
    """
    wrong: list[str] = []
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        data, old = based(Path(folder))
        second = table(Path(folder) / "second.xlsx", "9")
        size, raw = old.path.stat().st_size, _files(raw_folder(data))
        for number in range(count):
            room = int(2.5 * size * (number + 1) / count)
            with _tight(Path(folder), data, room) as (place, limited):
                said = _told(place, second, limited)
                now = snapshot.current(place)
                refused += said != ""
                if said:
                    wrong += [f"{room}: {said}"] * (said != NO_SPACE)
                    wrong += [f"{room}: not the old snapshot"] * (now != snapshot.find(place, old.id))
                    wrong += [f"{room}: raw files left"] * (_files(raw_folder(place)) != raw)
                wrong += [f"{room}: neither whole"] * (_standing(place, snapshot.find(place, old.id)) is None)
                wrong += [f"{room}: orphans"] * bool(list((place / "snapshots").glob("building-*")))
    said = f"{count} sizes of room, {refused} of them too small: {len(wrong)} wrong {wrong[:3] or ''}"
    return Outcome(not wrong and 0 < refused < count, said)


def _files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def _told(data: Path, file: Path, limit: int | None) -> str:
    """What a load in a process of its own says of the disk; empty where it published."""
    ours, theirs = LOADERS.Pipe(duplex=False)
    loader = LOADERS.Process(target=_load_within, args=(data, file, limit, theirs))
    loader.start()
    theirs.close()
    try:
        said: str = ours.recv()
    except EOFError:
        said = "the loader died"
    loader.join()
    return said


def _load_within(data: Path, file: Path, limit: int | None, tell: Any) -> None:
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        _load(data, file)
        tell.send("")
    except UserError as error:
        tell.send(str(error))


@contextlib.contextmanager
def _tight(folder: Path, data: Path, room: int) -> Iterator[tuple[Path, int | None]]:
    """A copy of the data folder with that much room left, in bytes; or a limit of a file's size."""
    place = folder / "tight"
    place.mkdir()
    needed = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={needed + room + (1 << 18)}", "none", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        shutil.copytree(data, place / "data")
        yield place / "data", None if mounted else max(room, 4096)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)
        shutil.rmtree(place)


TRIALS: dict[str, tuple[Callable[..., Outcome], tuple[int, ...], tuple[int, ...]]] = {
    "kills": (kills, (6,), (1000,)),
    "publishing": (publishing, (5, 200), (500, 100_000)),
    "corruptions": (corruptions, (14,), (500,)),
    "full_disk": (full_disk, (6,), (100,)),
}


def main() -> None:
    """One line a trial; exit 1 where one was not outlasted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*TRIALS, []], help="which trials; all if none is named")
    parser.add_argument("--full", action="store_true", help="at the counts that must be reached")
    asked = parser.parse_args()
    bad = 0
    for name in asked.what or TRIALS:
        trial, *counts = TRIALS[name]
        began = time.monotonic()
        outcome = trial(*counts[asked.full])
        bad += not outcome.good
        mark = "ok " if outcome.good else "BAD"
        print(f"{mark} {name}: {outcome.said} ({time.monotonic() - began:.0f} s)", flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
