"""trade-kpi user: accounts, for whoever sits at this machine's command line."""

import datetime as dt
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dashboard import chinese, console
from dashboard.access import accounts, passwords
from dashboard.access.standing import standing
from dashboard.commands.logged import operated
from dashboard.commands.options import Data, unit_code
from dashboard.identity import ROLES
from etl.paths import data_folder
from etl.policy import load_policy

app = typer.Typer(name="user", help="账号：新建、重设密码、停用、启用、解锁、列出。", cls=chinese.Group)

Name = Annotated[str, typer.Argument(help="账号名", metavar="账号")]


@app.command(cls=chinese.Command)
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help=f"角色：{'、'.join(ROLES)}", metavar="角色")],
    unit: Annotated[
        str | None, typer.Option("--unit", help="县市区代码或名称，只用于 county", metavar="县市区")
    ] = None,
    outside: Annotated[bool, typer.Option("--outside", help="由统一身份认证登录，没有本地密码")] = False,
    data: Data = None,
) -> None:
    """新建账号；初始密码随机生成，首次登录必须修改。"""
    folder, place = data_folder(data), unit_code(load_policy(), unit) if unit else None
    password = None if outside else passwords.generated()
    accounts.add(folder, name, role, place, password)
    operated(folder, "新建账号", {"账号": name, "角色": role, "县市区": place or ""})
    said = "由统一身份认证登录。" if outside else f"初始密码 {password}　（只显示这一次，首次登录必须修改）"
    console.out.print(f"已新建账号「{escape(name)}」（{role}），{said}", soft_wrap=True)


@app.command(cls=chinese.Command)
def passwd(name: Name, data: Data = None) -> None:
    """重设密码：随机生成，首次登录必须修改；该账号已登录的全部退出。"""
    folder, password = data_folder(data), passwords.generated()
    accounts.set_password(folder, name, password, first=True)
    operated(folder, "重设密码", {"账号": name})
    console.out.print(
        f"账号「{escape(name)}」的新密码 {password}　（只显示这一次，首次登录必须修改）", soft_wrap=True
    )


@app.command(cls=chinese.Command)
def disable(name: Name, data: Data = None) -> None:
    """停用账号；已登录的立即退出。"""
    folder = data_folder(data)
    accounts.disable(folder, name, disabled=True)
    operated(folder, "停用账号", {"账号": name})
    console.out.print(f"账号「{escape(name)}」已停用。")


@app.command(cls=chinese.Command)
def enable(name: Name, data: Data = None) -> None:
    """重新启用账号。"""
    folder = data_folder(data)
    accounts.disable(folder, name, disabled=False)
    operated(folder, "启用账号", {"账号": name})
    console.out.print(f"账号「{escape(name)}」已启用。")


@app.command(cls=chinese.Command)
def unlock(name: Name, data: Data = None) -> None:
    """解锁密码多次不对而锁定的账号。"""
    folder = data_folder(data)
    accounts.unlock(folder, name)
    operated(folder, "解锁账号", {"账号": name})
    console.out.print(f"账号「{escape(name)}」已解锁。")


@app.command("list", cls=chinese.Command)
def list_(data: Data = None) -> None:
    """列出账号。"""
    found, policy = accounts.accounts(data_folder(data)), load_policy()
    if not found:
        console.out.print("还没有账号，请新建：trade-kpi user add 账号 --role 角色")
        return
    table = Table("账号", "角色", "县市区", "状态", "新建日期", box=None)
    for item in found:
        place = policy.unit(item.unit).name if item.unit else ""
        made = f"{dt.datetime.fromtimestamp(item.created_at):%Y-%m-%d}"
        table.add_row(escape(item.name), f"{ROLES[item.role]} {item.role}", place, standing(item), made)
    console.out.print(table)
