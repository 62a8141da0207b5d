"""trade-kpi audit: the log of who did what, listed and verified."""

from typing import Annotated

import typer
from rich.markup import escape

from dashboard import chinese, console
from dashboard.access import audit
from dashboard.commands.options import Data
from etl.errors import UserError
from etl.paths import data_folder

app = typer.Typer(name="audit", help="审计记录：列出、校验。", cls=chinese.Group)


@app.command(cls=chinese.Command)
def verify(
    head: Annotated[
        str,
        typer.Option(
            "--head", help="以前校验时记下的「序号:校验值」，查末尾是否被截断", metavar="序号:校验值"
        ),
    ] = "",
    data: Data = None,
) -> None:
    """校验整条记录链：有改动、删除、插入、截断即报出。退出码：0 完好，1 不完好或无法核对。"""
    number, _, chained = head.partition(":")
    if head and not (number.isdecimal() and chained):
        raise UserError(f"--head「{head}」应写成「序号:校验值」，即以前校验时输出的末尾。")
    found = audit.verify(data_folder(data), (int(number), chained) if head else None)
    if found.broken is not None:
        console.out.print(f"[red]审计记录不完好：从第{found.broken}条起与校验值不符或缺失。[/red]")
        raise typer.Exit(1)
    if found.unknown:
        said = f"审计记录本身完好，但记下的第{number}条已过保存期限删除，无法核对，请改用较新的序号。"
        console.out.print(f"[red]{said}[/red]", soft_wrap=True)
        raise typer.Exit(1)
    last = f"{found.head[0]}:{found.head[1]}"
    console.out.print(
        f"审计记录完好，共{found.entries}条。末尾 {last}（请另处记下，供下次校验）", soft_wrap=True
    )


@app.command("list", cls=chinese.Command)
def list_(
    most: Annotated[int, typer.Option("--most", help="最多列出多少条", metavar="条数")] = 50,
    action: Annotated[str, typer.Option("--action", help="只列这种操作，如 登录失败", metavar="操作")] = "",
    name: Annotated[str, typer.Option("--name", help="只列这个账号的", metavar="账号")] = "",
    data: Data = None,
) -> None:
    """列出审计记录，最新的在前。"""
    for item in audit.entries(data_folder(data), most, action, name):
        detail = "　".join(f"{key} {value}" for key, value in item.detail.items() if value)
        line = f"{item.number}  {audit.local(item.at)}  {item.action}  {item.name}（{item.role}）  {detail}"
        console.out.print(escape(line), soft_wrap=True)
