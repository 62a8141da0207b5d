"""What a unit still has to do: the gap, and the average that each remaining month must bring. Pure."""

from collections.abc import Mapping
from typing import Any

from dashboard import format, words
from dashboard.board import Board, Light, before, level_of
from dashboard.html import panel, table
from dashboard.trade import imports_needed
from etl.policy import Level, Policy
from etl.status import months_between


def needed(policy: Policy, light: Light, trade: Mapping[str, Any] | None) -> str:
    """What reaching the target takes from here, in words; empty where nothing sensible can be said."""
    indicator, level = level_of(policy, light)
    if light.value is None or light.gap is None or light.gap <= 0 or light.target is None:
        return ""
    if indicator.measure == "import_share":
        missing = imports_needed(trade, light.target)
        return f"出口不变，本年进口还需{format.money(missing)}" if missing else ""
    if indicator.measure == "cbec_growth":
        return _growth(light, int(indicator.parameters["base_year"]))
    return _each_month(level, light) if level.kind == "count" and indicator.direction == ">=" else ""


def _growth(light: Light, base_year: int) -> str:
    """Yuan of cross-border trade missing this year for the growth, from value and YTD alone."""
    ytd, years = light.facts.get("ytd_cny"), int(light.period[:4]) - base_year
    if ytd is None or years < 1 or light.value is None or light.target is None or light.value <= -1:
        return ""
    missing = float(ytd) * (((1 + light.target) / (1 + light.value)) ** years - 1)
    return f"同月累计还需{format.money(missing)}"


def _each_month(level: Level, light: Light) -> str:
    left = months_left(level, light.period)
    if not left or light.gap is None:
        return ""
    return f"剩余{left}个月，平均每月{format.decimal(light.gap / left, 2)}{level.unit}"


def months_left(level: Level, period: str) -> int:
    """Whole months from the period to the deadline; 0 once it is over or where there is none."""
    if level.deadline == "always":
        return 0
    end = f"{period[:4]}-12" if level.deadline.startswith("each") else level.deadline
    return max(0, months_between(period, end))


def needs_table(board: Board, policy: Policy, lights: list[Light], trade: Mapping[str, Any] | None) -> str:
    """A unit's coloured lights with gap, what it takes, and rank against last month."""
    rows = [_row(board, policy, light, trade) for light in lights if light.tone]
    header = ("指标", "数值", "目标", "状态", "对照", "还需", "位次", "上月位次")
    return panel("缺口与位次", table("", header, rows), "tk-need")


def _row(board: Board, policy: Policy, light: Light, trade: Mapping[str, Any] | None) -> tuple[str, ...]:
    indicator, level = level_of(policy, light)
    then = board.light(light.indicator, light.unit, before(light.period))
    ranks = (str(item.rank) if item and item.rank else format.DASH for item in (light, then))
    status = f"{words.SHAPE[light.status]} {words.STATUS[light.status]}"
    goal = format.target(indicator, level, light.target).removeprefix("目标 ")
    return (
        indicator.name,
        str(words.value(policy, light)),
        goal,
        status,
        words.standing(policy, light),
        needed(policy, light, trade) or format.DASH,
        *ranks,
    )


def place(board: Board, policy: Policy, unit: str, period: str) -> list[words.Span]:
    """A unit in one sentence: its place, how it moved, its reds by name."""
    now, then = board.rank(unit, period), board.rank(unit, before(period))
    name = words.Span(policy.unit(unit).name, "", True)
    if now is None or now.rank is None:
        return [name, words.Span("没有目标，只列监测值。")]
    lights = [board.light(indicator.id, unit, period) for indicator in policy.indicators]
    red = [policy.indicator(light.indicator).name for light in lights if light and light.tone == "red"]
    behind = [words.Span(f"{len(red)}项滞后", "red", True), words.Span(f"（{'、'.join(red)}）。")]
    moved = _moved(now.rank, then.rank if then else None)
    return [
        name,
        words.Span("综合位次"),
        words.Span(f"第{now.rank}", "", True),
        words.Span(f"{moved}，"),
        words.Span(f"亮灯{now.coloured}项中"),
        words.Span(f"{now.green}项绿灯", "green", True),
        words.Span("，"),
        *(behind if red else [words.Span("没有滞后。")]),
    ]


def _moved(now: int, then: int | None) -> str:
    if then is None:
        return ""
    if now == then:
        return "（与上月持平）"
    return f"（上月第{then}，{'上升' if now < then else '下降'}{abs(now - then)}位）"
