"""What a run of a page says reaches the browser in one go, and a long run is seen as it goes on."""

import asyncio
import time

import pytest

from benchmarks.reader import Reader
from benchmarks.served import serving
from dashboard.access import together

SERVER = """
from streamlit.starlette import App
from dashboard.access import promptly
promptly.send()
app = App("{page}")
"""
PAGE = """
import time
import streamlit as st
for part in range(3):
    st.text(part)
    time.sleep({pause})
"""


class Timed(Reader):
    """A reader that knows when each message came, on the monotonic clock."""

    def __init__(self, address: str) -> None:
        super().__init__(address, {})
        self.came: list[float] = []

    def _take(self, received, shown):
        self.came.append(time.monotonic())
        return super()._take(received, shown)


@pytest.fixture
def served(tmp_path):
    """A context of the address of a server with a page of three parts and that pause after each, in seconds."""

    def begun(pause: float):
        page, script = tmp_path / "page.py", tmp_path / "served.py"
        page.write_text(PAGE.format(pause=pause), encoding="utf-8")
        script.write_text(SERVER.format(page=page), encoding="utf-8")
        return serving(tmp_path, script=script)

    return begun


def apart(address: str, opened: int) -> list[float]:
    """Seconds from the first to the last message of a run, for each time that the page is opened."""

    async def once() -> float:
        async with Timed(address) as reader:
            run = await reader.open()
            assert not run.errors
            return reader.came[-1] - reader.came[0]

    return [asyncio.run(once()) for _ in range(opened)]


def test_what_a_short_run_says_comes_all_at_once(served):
    with served(pause=0.02) as address:
        assert min(apart(address, 5)) < 0.02  # the run takes 0.06 s


def test_a_long_run_is_seen_as_it_goes_on(served):
    with served(pause=2 * together.HELD) as address:
        assert min(apart(address, 2)) > 2 * together.HELD  # the first part is there before the last is begun


class Recorded(asyncio.Transport):
    """What is sent through a connection, and whether it is closed."""

    def __init__(self) -> None:
        super().__init__({"peername": ("10.0.0.1", 5000)})
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data):
        assert not self.closed
        self.sent.append(data)

    def close(self):
        self.closed = True


def test_what_is_written_in_one_turn_is_one_packet():
    async def written() -> list[bytes]:
        below = Recorded()
        joined = together.Joined(below)
        for data in (b"a", b"b", b"c"):
            joined.write(data)
        await asyncio.sleep(0)
        joined.write(b"d")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return below.sent

    assert asyncio.run(written()) == [b"abc", b"d"]


def test_a_connection_is_closed_after_what_was_written():
    async def closed() -> Recorded:
        below = Recorded()
        joined = together.Joined(below)
        joined.write(b"last")
        joined.close()
        await asyncio.sleep(0)
        return below

    below = asyncio.run(closed())
    assert (below.sent, below.closed) == ([b"last"], True)


def test_a_connection_is_asked_for_all_else_as_ever():
    assert together.Joined(Recorded()).get_extra_info("peername") == ("10.0.0.1", 5000)
