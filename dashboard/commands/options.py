"""The options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from etl.policy import Policy

Data = Annotated[
    Path | None, typer.Option("--data", help="数据目录（也可用环境变量 TRADE_KPI_DATA）", metavar="目录")
]
Kind = Annotated[
    str | None, typer.Option("--kind", help="文件种类，认不出表头时指明，如 firm_month", metavar="种类")
]
Place = Annotated[str | None, typer.Option("--unit", help="县市区代码或名称，不写为全市", metavar="县市区")]
Period = Annotated[
    str | None, typer.Option("--period", help="统计月份，如 2025-09；不写为最新", metavar="月份")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Port = Annotated[int, typer.Option("--port", help="端口", metavar="端口")]


def unit_code(policy: Policy, text: str) -> str:
    """The code of a unit by any of its names; UserError where there is none."""
    for unit in policy.units:
        if text in (unit.code, unit.name, unit.short, *unit.aliases, *unit.former):
            return unit.code
    return policy.unit(text).code
