"""Two processes behind docs/nginx.conf over one data folder: sessions, snapshots and downloads are as with one."""

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import small_table

from benchmarks.crowd import Person, opened, people
from benchmarks.reader import Reader, got, signed_in, signed_out
from benchmarks.served import free_port, running, serving
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
AROUND = """
daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}
http {{
    log_format which '$trade_kpi_reader $upstream_addr $uri';
    access_log {folder}/log which;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    {inner}
}}
"""
SESSIONS = 12  # that all of them meet one process of two by chance happens once in 2,048 times


def month(data: Path, folder: Path, name: str, said: str) -> str:
    """Load a table of that month; the snapshot that is then published."""
    published = load(data, [(small_table(folder / name, month=said), Hints())], Options()).snapshot
    assert published is not None
    return published.id


def configured(folder: Path, port: int, servers: list[str]) -> str:
    """docs/nginx.conf as it stands, but for ports, TLS and names."""
    text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    before, _, rest = text.partition("server {\n    listen 80;")
    _, _, main = rest.partition("server {\n    listen 443 ssl;")
    kept = (line for line in main.splitlines() if not line.lstrip().startswith("ssl_"))
    places = "".join(f"server {server.removeprefix('http://')}; " for server in servers)
    before = before.replace("server 127.0.0.1:8501;", places)
    assert places in before and main and "server_name" in main
    inner = before + f"server {{ listen 127.0.0.1:{port};\n" + "\n".join(kept)
    return AROUND.format(folder=folder, inner=inner)


@dataclass(frozen=True)
class Place:
    """Two processes over one data folder, nginx before them with its log, and somebody of the task force."""

    data: Path
    access: Path
    servers: list[str]
    front: str
    log: Path
    person: Person

    def jar(self) -> dict[str, str]:
        """The cookie of a new session, without the login page."""
        return opened(self.data, self.access, self.person)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("processes")
    data, access = folder / "data", folder / "access"
    month(data, folder, "first.xlsx", "2025年9月")
    with contextlib.ExitStack() as until:
        servers = [until.enter_context(serving(data, access=access)) for _ in range(2)]
        port = free_port()
        (folder / "nginx.conf").write_text(configured(folder, port, servers), encoding="utf-8")
        command = [NGINX, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf")]
        front = until.enter_context(running(command, port, "/_stcore/health"))
        person = next(item for item in people(data, access, 2) if item.role == "task_force")
        yield Place(data, access, servers, front, folder / "log", person)


def test_who_signs_in_through_nginx_gets_in_and_stays_with_one_process(place):
    given = signed_in(place.front, place.person.name, place.person.password)
    jars = [given, *(place.jar() for _ in range(SESSIONS - 1))]

    async def looks(jar):
        async with Reader(place.front, dict(jar)) as reader:
            assert place.person.name in (await reader.open()).html["tk_who"]
            assert (await reader.menu("unit")).html["tk_who"]

    async def all_look():
        await asyncio.gather(*map(looks, jars))

    asyncio.run(all_look())
    asked = [line.split() for line in place.log.read_text().splitlines()]
    met = {token: {to for by, to, _ in asked if by == token} for jar in jars for token in jar.values()}
    assert len(met) == SESSIONS and all(len(addresses) == 1 for addresses in met.values())
    assert {f"http://{address}" for addresses in met.values() for address in addresses} == set(place.servers)
    assert any(path == "/_stcore/stream" for _, _, path in asked)


def test_a_session_holds_at_both_and_ends_at_both(place):
    jar = place.jar()

    async def looks():
        async with Reader(place.servers[1], dict(jar)) as reader:
            before = await reader.open()
            signed_out(place.servers[0], jar)
            return before, await reader.menu("unit")

    assert [got(server, "/session", jar)[0] for server in place.servers] == [204, 204]
    before, after = asyncio.run(looks())
    assert place.person.name in before.html["tk_who"]
    assert "请登录" in after.html["tk_blank"] and "tk_who" not in after.html
    assert [got(server, "/session", jar)[0] for server in place.servers] == [200, 200]


def test_both_show_a_new_snapshot_from_the_next_click_on(place, tmp_path):
    async def looks():
        async with Reader(place.servers[0], place.jar()) as one, Reader(place.servers[1], place.jar()) as two:
            before = [await reader.open() for reader in (one, two)]
            published = month(place.data, tmp_path, "next.xlsx", "2025年10月")
            return before, published, [await reader.menu("") for reader in (one, two)]

    before, published, after = asyncio.run(looks())
    assert [published in run.html["tk_foot"] for run in (*before, *after)] == [False, False, True, True]


def test_a_download_comes_through_nginx_from_the_process_that_offers_it(place):
    async def takes(jar):
        async with Reader(place.front, jar) as reader:
            await reader.open()
            offered = (await reader.menu("ranking")).files
            return await reader.take(next(file for name, file in offered.items() if name.endswith(".csv")))

    for jar in (place.jar() for _ in range(SESSIONS // 2)):
        path, content = asyncio.run(takes(jar))
        assert path.startswith("/media/") and "位次" in content.decode("utf-8-sig")
        assert got(place.front, path, {})[0] == 401
        others = place.jar()  # the same person's, but another session
        assert [got(server, path, others)[0] for server in place.servers] == [404, 404]
