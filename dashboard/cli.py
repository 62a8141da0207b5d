"""trade-kpi: one name for each command, and the module that holds it, which is imported when it is asked for.

A user's mistake is one Chinese sentence on standard error and exit code 2.
"""

import importlib
import sys
from typing import Any

import typer
from rich.markup import escape
from typer.main import get_command

from dashboard import chinese
from etl.errors import UserError

COMMANDS = {  # by name, in the order of the help: the module in dashboard/commands, as its own app or a function
    "user": "users", "audit": "audits",
    "load": "loading", "check": "loading", "recompute": "loading",
    "status": "looking", "explain": "looking",
    "demo": "loading", "serve": "serving",
    "snapshots": "looking", "rollback": "looking", "diff": "looking",
    "template": "loading", "quarantine": "loading",
    "support": "support", "eligible": "support",
    "brief": "brief",
    "doctor": "upkeep", "backup": "upkeep", "restore": "upkeep",
}  # fmt: skip


class Commands(chinese.Group):
    """All commands; one is imported when it is called, so that none waits for the libraries of the others."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command's name."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None for none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"dashboard.commands.{COMMANDS[cmd_name]}")
        own: typer.Typer | None = getattr(module, "app", None)
        if own is None:
            own = typer.Typer(add_completion=False)
            own.command(cmd_name, cls=chinese.Command)(getattr(module, cmd_name))
        return get_command(own)


app = typer.Typer(
    name="trade-kpi",
    cls=Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def about() -> None:
    """外贸指标监测：加载文件、查看指标、追溯数字、启动看板。"""


def main() -> None:
    """Run the command line; a fault that the user can mend is one sentence and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except chinese.UsageMistake as error:
        _say(chinese.sentence(error))
    except UserError as error:
        _say(str(error))
    sys.exit(2)


def _say(sentence: str) -> None:
    from dashboard.console import (
        err,  # it knows what all commands print, which a usage mistake need not wait for
    )

    err.print(f"[red]错误：[/red]{escape(sentence)}")


if __name__ == "__main__":
    main()
