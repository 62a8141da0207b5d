"""The command line's own words in Chinese: panel titles, usage line, help option, usage mistakes."""

from typing import Any

from typer._click import exceptions as click_errors
from typer.core import TyperCommand, TyperGroup

HELP_WORDS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "REQUIRED_LONG_STRING": "[必填]",
    "DEFAULT_STRING": "[默认：{}]",
}
UsageMistake = click_errors.ClickException


class _Chinese:
    """Usage line and help option in Chinese, for commands and the group alike."""

    def get_usage(self, ctx: Any) -> str:
        """「用法：trade-kpi load [选项] 路径...」."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        for english, chinese in (
            ("Usage: ", "用法："),
            ("[OPTIONS]", "[选项]"),
            ("COMMAND [ARGS]...", "命令 [参数]..."),
        ):
            usage = usage.replace(english, chinese)
        return usage

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with its panels in Chinese; what draws them takes its time to import, and only help needs it."""
        from typer import rich_utils

        for name, word in HELP_WORDS.items():
            setattr(rich_utils, name, word)
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            if (param.display_type_rich(ctx) or "").startswith(
                "<"
            ):  # Python's name of a type, which tells a user nothing
                param.display_type_rich = _unsaid
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        """--help, described in Chinese."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示本说明"
        return option


class Command(_Chinese, TyperCommand):
    """A command whose help is Chinese throughout."""


class Group(_Chinese, TyperGroup):
    """The group of all commands, likewise."""


def _unsaid(ctx: Any) -> None:
    return None


def sentence(error: click_errors.ClickException) -> str:
    """A usage mistake as one Chinese sentence: what is wrong, and where the help is."""
    path = error.ctx.command_path if isinstance(error, click_errors.UsageError) and error.ctx else "trade-kpi"
    return f"{_what(error)}，用法见 {path} --help。"


def _what(error: click_errors.ClickException) -> str:
    if isinstance(error, click_errors.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click_errors.MissingParameter):
        return f"缺少参数 {getattr(error.param, 'metavar', None) or ''}".rstrip()
    if isinstance(error, click_errors.BadOptionUsage):
        return f"选项 {error.option_name} 后面要跟一个值"
    if isinstance(error, click_errors.BadParameter):
        name = error.param.opts[-1] if error.param is not None and error.param.opts else "参数"
        return f"{name} 的值不对"
    if error.message.startswith("No such command"):
        return f"没有命令 {error.message.split(chr(39))[1]}"
    if error.message.startswith("Missing command"):
        return "缺少命令"
    return f"命令写法不对（{error.message}）"
