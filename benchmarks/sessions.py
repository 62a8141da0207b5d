"""Many readers at once: how long a click takes, whether each sees what is theirs, how memory grows.

`python -m benchmarks.sessions --data DIR` starts a server of its own and clicks on it over loopback:
  [--sessions 50] [--seconds 600] [--think 5]   readers of mixed roles who click every few seconds; 1 where a limit is missed
  --saturate [--seconds 60]                     ten readers who never think, in turns on our server and on the same app
                                                by plain `streamlit run`; 1 where ours is not 2.5 times as fast
  --soak MINUTES                                readers as in the first, and the memory every minute
"""

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crowd import Firms, Person, click, faults, firms, opened, own_firms, people, stroll, wrong
from benchmarks.reader import Lost, Reader, Run, signed_in
from benchmarks.served import ROOT, memory, serving

MEDIAN, GROWTH, FASTER = 1.0, 0.20, 2.5  # seconds, share of the memory at the start, times
BUSY, TURNS = 10, 6
MOST_SAID = 5
# Streamlit's own ways, on the same pages: no guard, and nothing that our server does about garbage, imports and open files.
PLAIN = """
from pathlib import Path

from dashboard import memory

memory.settle = lambda page: None
exec(compile(Path({app!r}).read_text("utf-8"), {app!r}, "exec"))
"""
PLAIN_OPTIONS = ("--runner.postScriptGC", "true")


@dataclass
class Tally:
    """What all readers together met with. seconds: of each click."""

    known: dict[str, Firms]
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, person: Person, run: Run, also: Sequence[str] = ()) -> Run:
        """Count a run, and look at what it showed."""
        self.seconds.append(run.seconds)
        self.errors += faults(run)
        self.wrong += [*wrong(person, run, self.known), *also]
        return run

    def __str__(self) -> str:
        times = sorted(self.seconds) or [float("nan")]
        median, late = statistics.median(times), times[int(0.95 * len(times))]
        return (
            f"{len(self.seconds)} reruns, median {median * 1000:.0f} ms, p95 {late * 1000:.0f} ms, "
            f"{len(self.errors)} errors, {len(self.wrong)} wrong identities"
        )


def main() -> int:
    """What was asked for; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--think", type=float, default=5)
    parser.add_argument("--saturate", action="store_true")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    chosen = parser.parse_args()
    if chosen.saturate:
        return asyncio.run(saturate(chosen.data, chosen.seconds or 60))
    seconds = chosen.soak * 60 if chosen.soak else chosen.seconds or 600
    asked = (chosen.data, chosen.sessions, seconds, chosen.think, 60 if chosen.soak else None)
    return judged(*asyncio.run(crowd(*asked)))


def judged(tally: Tally, first: int, last: int) -> int:
    """Print what a crowd met with, and the memory before and after; 1 where a limit is missed."""
    growth = last / first - 1
    print(tally)
    print(f"memory {first / 2**20:.0f} → {last / 2**20:.0f} MiB, growth {growth:.1%}")
    for said in (*tally.wrong[:MOST_SAID], *tally.errors[:MOST_SAID]):
        print(f"  {said[:300]}")
    good = (
        not tally.errors and not tally.wrong and growth < GROWTH and statistics.median(tally.seconds) < MEDIAN
    )
    return int(not good)


async def crowd(
    data: Path, count: int, seconds: float, think: float, every: float | None = None
) -> tuple[Tally, int, int]:
    """Readers of mixed roles who think between clicks: what they met with, and the server's bytes before and after.

    Before is when each has seen its first page. every: seconds after which the memory is printed, None for never.
    """
    tally = Tally(firms(data))
    with ours(data) as (address, access):
        persons = people(data, access, count)
        jars = [await asyncio.to_thread(signed_in, address, item.name, item.password) for item in persons]
        began = time.monotonic() + think
        readers = [
            asyncio.create_task(reading(address, item, jar, began + seconds, think, tally, number))
            for number, (item, jar) in enumerate(zip(persons, jars, strict=True))
        ]
        await asyncio.sleep(think + 1)  # by then each has opened its first page
        first = memory(address)
        for minute in itertools.count(1):
            left = began + seconds - time.monotonic()
            if left <= 0:
                break
            await asyncio.sleep(min(left, every or left))
            if every:
                print(
                    f"{minute * every / 60:.0f} min: {memory(address) / 2**20:.0f} MiB, {tally}", flush=True
                )
        await asyncio.gather(*readers)
        last = memory(address)
    return tally, first, last


async def reading(
    address: str, person: Person, jar: dict[str, str], until: float, think: float, tally: Tally, seed: int
) -> None:
    """One reader: opens the first page, a county then its firms, and clicks on until the time is over."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, think))
    try:
        async with Reader(address, jar) as reader:
            run = tally.add(person, await reader.open())
            run = tally.add(person, *await own_firms(reader, person, tally.known))
            while time.monotonic() < until:
                await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
                run = tally.add(person, await click(reader, run, chance))
    except Lost as error:
        tally.errors.append(f"{person.name} lost: {error}")


async def saturate(data: Path, seconds: float) -> int:
    """Ten readers on each of two servers, one server at a time: reruns a second, and how many times as many are ours."""
    async with AsyncExitStack() as stack:
        address, access = stack.enter_context(ours(data))
        theirs = stack.enter_context(plain(data, access))
        persons = people(data, access, BUSY)
        busy = [await _ready(stack, each, data, access, persons) for each in (address, theirs)]
        counted, lasted = [0, 0], [0.0, 0.0]
        for turn in range(-2, 2 * TURNS):  # the first of each to warm up
            which = turn % 2
            reruns, took = await _turn(busy[which], seconds / (2 * TURNS))
            if turn >= 0:
                counted[which] += reruns
                lasted[which] += took
    rates = [reruns / took for reruns, took in zip(counted, lasted, strict=True)]
    ratio = rates[0] / rates[1]
    print(
        f"{BUSY} saturating sessions: ours {rates[0]:.1f}, plain streamlit run {rates[1]:.1f} reruns a second; "
        f"ratio {ratio:.2f}"
    )
    return int(ratio < FASTER)


@dataclass
class _Busy:
    """A reader that clicks without thinking, and the page that it sees."""

    reader: Reader
    run: Run
    chance: random.Random

    async def until(self, end: float) -> int:
        """How many clicks it takes by that moment."""
        for count in itertools.count():
            if time.monotonic() >= end:
                return count
            self.run = await stroll(self.reader, self.run, self.chance)
            if faults(self.run):
                raise Lost(str(faults(self.run)))
        raise AssertionError


async def _ready(
    stack: AsyncExitStack, address: str, data: Path, access: Path, persons: Sequence[Person]
) -> list[_Busy]:
    """The same readers on each server, who will take the same ways."""
    readers = []
    for seed, person in enumerate(persons):
        reader = await stack.enter_async_context(Reader(address, opened(data, access, person)))
        readers.append(_Busy(reader, await reader.open(), random.Random(seed)))
    return readers


async def _turn(busy: Sequence[_Busy], seconds: float) -> tuple[int, float]:
    """Reruns while all click for so long, and how long it was until the last had its answer."""
    began = time.monotonic()
    counts = await asyncio.gather(*(item.until(began + seconds) for item in busy))
    return sum(counts), time.monotonic() - began


@contextmanager
def ours(data: Path) -> Iterator[tuple[str, Path]]:
    """The dashboard as `trade-kpi serve` runs it: its address, and the folder of its accounts."""
    with tempfile.TemporaryDirectory(prefix="trade-kpi-sessions-") as folder:
        access = Path(folder)
        with serving(data, access=access) as address:
            yield address, access


@contextmanager
def plain(data: Path, access: Path) -> Iterator[str]:
    """The same app by plain `streamlit run`, with the same accounts: nobody guards it, and it measures nobody."""
    with tempfile.TemporaryDirectory(prefix="trade-kpi-plain-") as folder, ExitStack() as stack:
        script = Path(folder) / "app.py"
        script.write_text(PLAIN.format(app=str(ROOT / "app.py")), encoding="utf-8")
        (Path(folder) / "dashboard").symlink_to(ROOT / "dashboard")  # pages are found beside the script
        yield stack.enter_context(serving(data, *PLAIN_OPTIONS, script=script, access=access))


if __name__ == "__main__":
    raise SystemExit(main())
