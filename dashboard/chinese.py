"""The command line's own words in Chinese: panel titles, usage line, help option, usage mistakes."""

from typing import Any

from typer import rich_utils
from typer._click import exceptions as click_errors
from typer.core import TyperCommand, TyperGroup

rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.REQUIRED_LONG_STRING = "[必填]"
rich_utils.DEFAULT_STRING = "[默认：{}]"

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
