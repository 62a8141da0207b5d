"""What browser tests and benchmarks stand on: a server of one's own, a Chromium, and knowing when a page is settled."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from dashboard.access.first import demo_accounts

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "dashboard" / "access" / "server.py"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Streamlit marks the app while its script runs; every page has a canvas, and nothing is half drawn between runs.
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute("data-test-script-state") === "notRunning" && !!document.querySelector(".tk");
}"""

PASSWORDS: dict[tuple[str, str], tuple[str, str]] = {}  # (server, role) → name and password
PROCESSES: dict[str, int] = {}  # server → the id of its process


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(data: Path, *options: str, script: Path = SERVER, access: Path | None = None) -> Iterator[str]:
    """The address of a Streamlit server over that data folder: the dashboard, or another script.

    options: more of Streamlit's. access: the folder of its accounts; without one it has a folder of its own.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *options]
    with tempfile.TemporaryDirectory(prefix="trade-kpi-access-") as own:
        environment = {"TRADE_KPI_DATA": str(data), "TRADE_KPI_ACCESS": str(access or own)}
        with mock.patch.dict(os.environ, environment):
            given = demo_accounts(data)
        with running(command, port, "/_stcore/health", **environment) as address:
            PASSWORDS.update({(address, item.role): (item.name, item.password) for item in given})
            yield address


def visit(page: Any, address: str, role: str = "task_force") -> None:
    """Open an address of a server of ours, signed in as that role where nobody is yet."""
    page.goto(address)
    if "/login" in page.url:
        sign_in(page, role)


def sign_in(page: Any, role: str) -> None:
    """Through the login page that is on show, which then goes on to the page that was wanted."""
    name, password = PASSWORDS[page.url.split("/login")[0], role]
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button")


@contextmanager
def running(command: Sequence[str], port: int, health: str = "/", **environment: str) -> Iterator[str]:
    """A server as a process of its own, from the moment it answers until it is no longer needed."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    PROCESSES[address] = process.pid
    try:
        _wait_for(f"{address}{health}", process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def memory(address: str) -> int:
    """Resident bytes of a server with all processes that it has started."""
    parents = {int(path.name): _status(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    family, grown = set(), {PROCESSES[address]}
    while grown:
        family |= grown
        grown = {pid for pid, (parent, _) in parents.items() if parent in grown}
    return sum(parents[pid][1] for pid in family if pid in parents)


def _status(process: Path) -> tuple[int, int]:
    """A process's parent and resident bytes; zeros where it has ended meanwhile."""
    try:
        said = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    except OSError:
        return 0, 0
    return int(said["PPid"]), 1024 * int(said.get("VmRSS", "0 kB").split()[0])


def _wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium under playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def settle(page: Any) -> Any:
    """The page once its script has run and what it loads has come."""
    page.wait_for_function(SETTLED, timeout=60_000)
    page.wait_for_load_state("networkidle")
    return page
