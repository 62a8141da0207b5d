"""trade-kpi doctor, backup and restore."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dashboard import console
from dashboard.commands.logged import operated
from dashboard.commands.options import Data
from dashboard.upkeep import archive, raw
from dashboard.upkeep.archive import Archived
from dashboard.upkeep.doctor import examine
from dashboard.upkeep.finding import some
from etl.errors import UserError
from etl.paths import data_folder

All = Annotated[bool, typer.Option("--all", help="所有保留的快照，不只当前的")]


def doctor(
    every: All = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    data: Data = None,
) -> None:
    """体检：快照、磁盘、时效、遗留文件、权限、监听地址、审计、账号。退出码：0 全部正常，1 有要处理的。"""
    findings = examine(data_folder(data), every)
    if as_json:
        print(json.dumps([asdict(item) for item in findings], ensure_ascii=False, indent=1))
    else:
        for item in findings:
            mark = "[green]●[/]" if item.good else "[red]▼[/]"
            todo = f"。请{item.todo.removeprefix('请')}。" if item.todo and not item.good else ""
            console.out.print(f"{mark} {item.name}　{escape(item.said + todo)}", soft_wrap=True)
    raise typer.Exit(0 if all(item.good for item in findings) else 1)


def backup(
    target: Annotated[Path, typer.Argument(help="写到哪个文件夹或文件（.tar）", metavar="位置")],
    every: All = False,
    data: Data = None,
) -> None:
    """备份成一个文件：快照、原始文件、批注、简报记录、账号、审计记录；看板可以照常使用。退出码：1 原始文件有损坏或缺失。"""
    folder = data_folder(data)
    made = archive.back_up(folder, target, every)
    try:
        operated(folder, "备份", {"位置": str(made.path)})
    except UserError:
        made.path.unlink()  # what cannot be logged does not happen
        raise
    _say(f"已备份到 {made.path}", made)


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件", metavar="文件")],
    data: Annotated[Path, typer.Option("--data", help="恢复到哪个空目录", metavar="目录")],
) -> None:
    """从备份恢复到一个空目录：先逐个核对校验和，与备份时相符才放入。退出码：1 原始文件有损坏或缺失。"""
    folder = data_folder(data)
    made = archive.restore(file, folder)
    operated(folder, "恢复", {"备份": file.name, "快照": made.snapshots[0]})
    _say(f"已恢复到 {folder}", made)


def _say(done: str, made: Archived) -> None:
    """What the archive holds; exit code 1 where raw files in it are not what came in, or are not there."""
    more = f"等 {len(made.snapshots)} 个快照" if len(made.snapshots) > 1 else ""
    held = f"快照 {made.snapshots[0]}{more}，{made.files} 个文件，{made.bytes / 1e6:.1f} MB"
    amiss = [part for part in (some(made.damaged, "个已损坏"), some(made.missing, "个缺失")) if part]
    if not amiss:
        console.out.print(escape(f"{done}：{held}，校验和全部相符。"), soft_wrap=True)
        return
    console.out.print(escape(f"{done}：{held}；但原始文件{'，'.join(amiss)}。请{raw.TODO}。"), soft_wrap=True)
    raise typer.Exit(1)
