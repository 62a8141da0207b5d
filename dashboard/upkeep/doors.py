"""Checks of who could come in: private files, the address that is listened on, the audit log, the accounts."""

import os
import sqlite3
import tomllib
from pathlib import Path

from dashboard.access import accounts, audit
from dashboard.access.listening import LOOPBACK, addresses, reached
from dashboard.access.vault import access_folder
from dashboard.upkeep.finding import Finding, found
from etl.errors import UserError
from etl.paths import uploads_folder
from etl.policy import ROOT

OTHERS = 0o077
CONFIG = ROOT / ".streamlit" / "config.toml"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
PROTECTIONS = ("enableXsrfProtection", "enableCORS")


def private(data: Path) -> Finding:
    """Whether nobody but the owner may read accounts, audit log, secrets and uploads."""
    folder = access_folder(data)
    places = [folder, *sorted(folder.glob("*")), uploads_folder(data), SECRETS]
    open_ones = [path for path in places if path.exists() and path.stat().st_mode & OTHERS]
    names = "、".join(str(path) for path in open_ones)
    todo = f"运行 chmod go-rwx {' '.join(str(path) for path in open_ones)}"
    return found("权限", names and f"别的用户能访问 {names}", "账号、审计、密钥只有本用户能读", todo)


def exposed(data: Path, config: Path = CONFIG) -> Finding:
    """Whether dashboards listen on this machine alone, now and by default, with Streamlit's own protections on."""
    server = tomllib.loads(config.read_text(encoding="utf-8")).get("server", {})
    address = os.environ.get("STREAMLIT_SERVER_ADDRESS") or server.get("address", "")
    faults = [] if address in LOOPBACK else [f"默认监听 {address or '所有地址'}"]
    now = addresses(data)
    faults += [f"正在监听 {item}，别的机器能直接访问" for item in now if reached(item)]
    faults += [f"{name} 没有打开" for name in PROTECTIONS if server.get(name) is not True]
    todo = f"改正 {config}（或环境变量 STREAMLIT_SERVER_ADDRESS、serve 的 --address），对外只经 TLS 代理"
    runs = f"正在监听 {'、'.join(now)}，" if now else ""
    return found("监听地址", "，".join(faults), f"{runs}默认只监听 {address}，防跨站保护已打开", todo)


def chain(data: Path) -> Finding:
    """Whether the audit log's chain holds."""
    try:
        verdict = audit.verify(data)
    except (UserError, sqlite3.Error, ValueError) as error:
        return Finding("审计记录", False, f"无法读取（{error}）", "保留原件，从备份恢复 audit.sqlite")
    broken = f"从第{verdict.broken}条起与校验值不符或缺失" if verdict.broken is not None else ""
    return found(
        "审计记录", broken, f"共{verdict.entries}条，校验链完好", "保留原件，与备份核对，查明是谁改动"
    )


def people(data: Path) -> Finding:
    """Whether somebody can administrate, and nobody still has the first password."""
    try:
        open_ones = [item for item in accounts.accounts(data) if not item.disabled]
    except UserError as error:
        return Finding("账号", False, str(error).rstrip("。"), "从备份恢复 accounts.sqlite")
    if not any(item.role == "admin" for item in open_ones):
        todo = "运行 trade-kpi user add 账号 --role admin，或第一次运行 trade-kpi serve"
        return Finding("账号", False, "没有能用的系统管理员", todo)
    first = "、".join(item.name for item in open_ones if item.must_change)
    todo = "请其登录修改，不用的停用：trade-kpi user disable 账号"
    return found("账号", first and f"还没有改初始密码：{first}", f"{len(open_ones)} 个能用", todo)
