"""Lights in words: what a card, a hover text and the sentence at the top say. Plain text, no HTML."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from dashboard import format
from dashboard.board import (
    MOST_NAMED,
    Board,
    Laggard,
    Light,
    Part,
    Summary,
    Tone,
    before,
    just_turned,
    level_of,
    parts_of,
    run_of,
    shortfall,
)
from etl.diff import Change
from etl.policy import Indicator, Level, Policy
from etl.reconcile import Agreement
from etl.status import COLOUR
from etl.support.rules import Item, Rules

STATUS = {"met": "已达标", "on_pace": "序时达标", "behind": "滞后", "no_data": "暂无数据", "monitor": "监测"}
SHAPE = {"met": "●", "on_pace": "◐", "behind": "▼", "no_data": "○", "monitor": ""}
COLUMNS = {"total": "进出口", "export": "出口", "import": "进口"}
SPANS = {"month": "当月", "ytd": "累计", "ttm": "近12个月"}


@dataclass(frozen=True)
class Span:
    """A stretch of the sentence: its text, its colour, and whether it is bold."""

    text: str
    tone: Tone = ""
    strong: bool = False


def value(policy: Policy, light: Light) -> format.Figure:
    """The light's value with its unit; 「9/12 个园区」 where the target is a number of parts."""
    indicator, level = level_of(policy, light)
    if level.target == "measure" and light.value is not None and light.target is not None:
        return format.Figure(f"{light.value:.0f}/{light.target:.0f}", level.unit)
    return format.figure(level.kind, light.value, level.unit, indicator.direction, (light.target, light.pace))


def pace(policy: Policy, light: Light) -> format.Figure:
    """The pace beside the light's value, with the digits that tell them apart."""
    indicator, level = level_of(policy, light)
    if light.pace is None:
        return format.Figure(format.DASH, "")
    return format.bound(level.kind, light.pace, level.unit, indicator.direction, light.value)


def standing(policy: Policy, light: Light) -> str:
    """Where the value stands against pace and target: 「序时 9.54%，差 0.74 个百分点」."""
    indicator, level = level_of(policy, light)
    if light.status == "monitor":
        return ""
    if light.gap is None or light.value is None:
        return light.note or STATUS[light.status]
    if light.status == "met":
        return _ahead(indicator, level, light)
    gap = shortfall(light) or 0.0
    words = _behind(indicator, level, gap) if light.status == "behind" else _on_pace(level, gap)
    if light.pace is None or light.pace == light.target:
        return words
    return f"序时 {pace(policy, light)}，{words}"


def _behind(indicator: Indicator, level: Level, gap: float) -> str:
    verb = "差" if indicator.direction == ">=" else "慢" if level.kind == "days" else "超出"
    return f"{verb} {format.difference(level.kind, gap, level.unit)}"


def _on_pace(level: Level, gap: float) -> str:
    if level.pace == "parts":
        return "各园区均到序时"
    return f"领先 {format.difference(level.kind, gap, level.unit)}" if gap else "与序时持平"


def _ahead(indicator: Indicator, level: Level, light: Light) -> str:
    assert light.gap is not None
    if not light.gap:
        return "没有超出" if not light.target else "正好达到目标"
    verb = "高出" if indicator.direction == ">=" else "快" if level.kind == "days" else "低于上限"
    return f"{verb} {format.difference(level.kind, light.gap, level.unit)}"


def run(board: Board, policy: Policy, light: Light) -> str:
    """How long it has been red: 「连续4个月滞后」; 「本月转为滞后」 only where last month's light is known."""
    months = run_of(policy, light)
    if months > 1:
        return f"连续{months}个月滞后"
    return "本月转为滞后" if just_turned(board, light) else "本月滞后"


def whose(board: Board, policy: Policy, light: Light) -> str:
    """The units that make up most of the city's gap: 「主要在道县、宁远县」; empty where no unit has a part in it."""
    parts = parts_of(board, policy, light)[:MOST_NAMED]
    return "主要在" + "、".join(policy.unit(part.unit).short for part in parts) if parts else ""


def lacking(policy: Policy, light: Light, part: Part) -> str:
    """What one unit adds to the gap of the city's light: 「少1.26亿元」, 「500件平均慢 5.0 个工作日」."""
    indicator, level = level_of(policy, light)
    if level.kind in ("share", "growth"):
        return f"少{format.money(float(part.lack))}"
    if level.kind == "days":
        cases = format.decimal(float(part.base), 0)
        return f"{cases}件平均{_behind(indicator, level, float(part.lack / part.base))}"
    return _behind(indicator, policy.level(indicator, part.unit), float(part.lack))


def footnote(board: Board, policy: Policy, light: Light) -> str:
    """A card's last line: how long and whose for a red of the city, else the indicator's detail."""
    indicator, _ = level_of(policy, light)
    detail = format.detail(indicator.detail, light.facts)
    if light.status != "behind":
        return detail or (light.note if light.status != "no_data" else "")
    blame = whose(board, policy, light) if light.unit == policy.city.code else ""
    return " · ".join(part for part in (run(board, policy, light), blame or detail) if part)


def a_year_ago(board: Board, policy: Policy, light: Light) -> str:
    """The same month of last year: 「去年 8.18%」; empty where it is not known."""
    then = board.light(light.indicator, light.unit, before(light.period, 12))
    if then is None or then.value is None or light.value is None:
        return ""
    return f"去年 {value(policy, then).number}{'%' if value(policy, then).unit == '%' else ''}"


def why(policy: Policy, light: Light) -> str:
    """One light explained, for hover texts and screen readers."""
    indicator, level = level_of(policy, light)
    place = policy.unit(light.unit).short
    parts = [f"{place}{indicator.name}：{STATUS[light.status]}"]
    if light.value is not None:
        parts.append(f"{indicator.basis}{value(policy, light)}")
    if light.target is not None:
        parts += filter(
            None, (format.target(indicator, level, light.target, light.value), standing(policy, light))
        )
    elif light.status == "monitor":
        parts.append("不设目标，只监测")
    return "，".join(parts + [light.note] * (bool(light.note) and light.status != "no_data"))


def headline(policy: Policy, summary: Summary) -> list[Span]:
    """The first line: how many of each colour; the worst reds, how long, by how much, and where."""
    green, red, grey = summary.count("green"), summary.count("red"), summary.count("grey")
    spans = [
        Span(f"{len(summary.lights)}项目标中"),
        Span(f"{green}项达标或序时达标", "green", True),
        Span("，"),
        Span(f"{red}项滞后" if red else "没有滞后", "red" if red else "", True),
    ]
    spans += [Span("，"), Span(f"{grey}项暂无数据", "grey", True)] if grey else []
    for index, laggard in enumerate(summary.worst):
        spans += [Span("；" if index else "："), *_laggard(policy, laggard)]
    return [*spans, Span("。")]


def _laggard(policy: Policy, laggard: Laggard) -> list[Span]:
    light = laggard.light
    indicator, _ = level_of(policy, light)
    against = "低于序时进度" if light.pace is not None else "未达标"
    months = run_of(policy, light)
    since = f"连续{months}个月{against}" if months > 1 else f"本月{against}"
    gap = "" if shortfall(light) is None else "，" + apart(policy, light).replace(" ", "")
    where = f"，主要在{'、'.join(laggard.units)}" if laggard.units else ""
    return [Span(indicator.name, "", True), Span(f"{since}{gap}{where}")]


def apart(policy: Policy, light: Light) -> str:
    """How far a red light is off: 「差 0.74 个百分点」, 「慢 0.5 个工作日」."""
    indicator, level = level_of(policy, light)
    gap = shortfall(light)
    return STATUS[light.status] if gap is None else _behind(indicator, level, gap)


def changes(summary: Summary) -> list[Span]:
    """The second line: what turned green and what turned red since last month."""
    if not summary.compared:
        return [Span("没有上月数据可比。")]
    green = _turned(summary.turned_green, "green", "转绿")
    red = _turned(summary.turned_red, "red", "转红")
    between = [Span("，")] if green and red else []
    return [Span("与上月相比："), *([*green, *between, *red] or [Span("没有转红或转绿的目标")]), Span("。")]


def arrivals(changes: Iterable[Change]) -> list[str]:
    """Each month that is new as a whole, in a line: 「新增 2026-10：14 个单位 × 13 项指标，● 已达标 20处、○ 暂无数据 162处」."""
    added = [change for change in changes if change.added]
    return [
        _arrival(month, [change for change in added if change.period == month])
        for month in sorted({change.period for change in added}, reverse=True)
    ]


def _arrival(month: str, rows: Sequence[Change]) -> str:
    units, indicators = ({getattr(row, name) for row in rows} for name in ("unit", "indicator"))
    counted = Counter(row.status_after for row in rows)
    lights = "、".join(
        f"{SHAPE[status]} {name} {counted[status]}处".lstrip()
        for status, name in STATUS.items()
        if counted[status]
    )
    return f"新增 {month}：{len(units)} 个单位 × {len(indicators)} 项指标，{lights}"


def revision(policy: Policy, change: Change) -> list[Span]:
    """One revised value: 「2026-10 道县 进口占比 2.40% → 2.51%」, and its lights where they turned."""
    indicator = policy.indicator(change.indicator)
    level = policy.level(indicator, change.unit)
    values = format.change(level.kind, change.value_before, change.value_after, level.unit)
    if change.value_before is None and change.value_after is None and not change.turned:
        values = "有变化，数值不显示"  # kept back from the viewer: else nothing would differ
    said = Span(f"{change.period} {policy.unit(change.unit).short} {indicator.name} {values}")
    if not change.turned:
        return [said]
    return [said, Span("，"), _lamp(change.status_before), Span(" → "), _lamp(change.status_after)]


def _lamp(status: str | None) -> Span:
    if status is None:
        return Span("无")
    return Span(f"{SHAPE[status]} {STATUS[status]}".lstrip(), cast(Tone, COLOUR[status]), True)


def agreement(found: Sequence[Agreement]) -> str:
    """How far a month's sources agree, in one line."""
    off = [f"{check.name} {check.beyond}处" for check in found if check.beyond]
    return f"{len(found)} 项核对，" + (f"差异超过0.5%的：{'、'.join(off)}" if off else "差异都在0.5%以内")


def _turned(names: tuple[str, ...], tone: Tone, word: str) -> list[Span]:
    return [Span(f"{len(names)}项{word}", tone, True), Span(f"（{'、'.join(names)}）")] if names else []


# verdict on a payment → shape and word; what is beyond a limit is red, what must first be looked into is grey
VERDICTS: dict[str, tuple[Tone, str, str]] = {
    "over_total": ("red", "▼", "超总额"),
    "over_ceiling": ("red", "▼", "超上限"),
    "over_rate": ("red", "▼", "超比例"),
    "over_count": ("red", "▼", "超家数"),
    "outside_period": ("red", "▼", "不在有效期"),
    "possible_double_claim": ("grey", "○", "疑似重复"),
    "unknown_item": ("grey", "○", "事项不明"),
    "no_base": ("grey", "○", "缺申报基数"),
    "ok": ("green", "●", "符合"),
}


NO_ITEM = "文件以外的事项"
TOGETHER = "不分列的事项"
UNITS_TOGETHER = "不分列的县市区"
NOT_APART = "不分列"
WHOLE_YEARS = "为不推算出单笔拨付，其他地区的资金只按已结束的年度列示，企业少的合并列示"
PER = {
    "truck": "每台", "firm": "每家企业", "firm_total": "每家企业累计", "firm_year": "每家企业每年", "applicant_once": "一次性",
    "incubator_once": "一次性", "county_evaluation": "每县市区每次评价", "firm_evaluation": "每家企业每次评价", "none": "",
}  # fmt: skip


def unscreened(rules: Rules) -> str:
    """Which items no data can point at candidates for, in a sentence."""
    names = "、".join(item.short for item in rules.items if item.sign is None)
    return f"数据筛查不了、只能由企业自己申报的有：{names}。" if names else ""


def few_winners(item: Item, year: str, winners: int) -> str:
    """An evaluation that paid fewer than the document says, in a sentence."""
    each = "个县市区" if item.per == "county_evaluation" else "家企业"
    most = f"至{item.winners.most}" if item.winners.most is not None else "以上"
    return (
        f"{item.name}：{year}年度只付了{winners}{each}，少于文件规定的{item.winners.least}{most}{each[0]}，"
        "请核对是否还有没拨付或没登记的。"
    )
