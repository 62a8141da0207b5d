"""trade-kpi serve: who may sign in, where the dashboard listens, and what it says at the start."""

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dashboard import console
from dashboard.access.accounts import accounts
from dashboard.access.first import Given, demo_accounts, first_admin
from dashboard.access.listening import LOCAL, LOOPBACK, listening
from dashboard.access.vault import private_file, private_folder
from dashboard.commands.options import Data, Port
from dashboard.identity import ROLES
from etl.errors import UserError
from etl.paths import data_folder
from etl.policy import ROOT, load_policy


def serve(
    port: Port = 8501,
    address: Annotated[
        str, typer.Option("--address", help="监听的地址；不是本机地址的，先要有账号", metavar="地址")
    ] = "127.0.0.1",
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="浏览器里用的域名或地址，可写多个；经代理访问时指明", metavar="域名"),
    ] = None,
    proxy: Annotated[bool, typer.Option("--proxy", help="信任本机代理传来的身份")] = False,
    data: Data = None,
) -> None:
    """启动看板，默认只在本机监听（127.0.0.1），须登录使用。"""
    raise typer.Exit(real(data_folder(data), port, address, host or [], proxy))


def demo(data: Path, port: int) -> int:
    """Serve the demo on this machine alone, with its accounts; the exit code."""
    _say(demo_accounts(data), "演示账号（密码随机生成，只用于这个演示数据目录）")
    return _run(data, port, LOCAL[0], (), {})


def real(data: Path, port: int, address: str, hosts: Sequence[str], proxy: bool) -> int:
    """Serve; UserError where strangers could come in, or nobody could."""
    if address not in LOOPBACK and not any(not item.disabled for item in accounts(data)):
        raise UserError(
            f"监听 {address} 之前先要有账号：在本机运行 trade-kpi serve 得到管理员账号，或用 trade-kpi user add 新建。"
        )
    if proxy and address not in LOOPBACK:
        raise UserError("--proxy 只能与本机地址（127.0.0.1）合用：别的机器能直接连上时，传来的身份不可信。")
    if first := first_admin(data):
        _say((first,), "第一个账号（密码只显示这一次，首次登录必须修改）")
    return _run(data, port, address, hosts, _proxy(data) if proxy else {})


def _proxy(data: Path) -> dict[str, str]:
    file = private_folder(data) / "proxy-secret"
    private_file(file)
    if not file.read_bytes().strip():
        file.write_text(f"{secrets.token_urlsafe(32)}\n", encoding="ascii")
    console.out.print(f"代理要在每个请求里带上的密钥在 {escape(str(file))}", soft_wrap=True)
    return {"TRADE_KPI_PROXY_SECRET_FILE": str(file)}


def _run(data: Path, port: int, address: str, hosts: Sequence[str], more: dict[str, str]) -> int:
    """Run Streamlit behind the guard with this data folder; its own output stays on the terminal."""
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "dashboard" / "access" / "server.py"),
        "--server.headless",
        "true",
    ]
    command += ["--server.port", str(port), "--server.address", address]
    for name in (*LOCAL, *hosts, *(() if address in LOOPBACK else (address,))):
        command += ["--server.allowedHosts", name]
    console.out.print(f"看板地址：http://{address}:{port}　（按 Ctrl+C 停止）")
    environment = {**os.environ, **more, "TRADE_KPI_DATA": str(data)}
    with listening(data, f"{address}:{port}"):
        try:
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 0


def _say(given: Sequence[Given], title: str) -> None:
    table = Table("账号", "密码", "角色", box=None, title=title, title_justify="left")
    for item in given:
        place = f"（{load_policy().unit(item.unit).name}）" if item.unit else ""
        table.add_row(item.name, item.password, f"{ROLES[item.role]}{place}")
    console.out.print(table)
