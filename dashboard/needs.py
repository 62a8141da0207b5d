"""What a unit still has to do: the gap, and the average that each remaining month must bring. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard import format, words
from dashboard.board import Board, Light, before, exact, level_of
from etl.policy import Level, Policy
from etl.required import Window, for_average, for_gap, for_growth, for_share, window
from etl.spans import Ratio
from etl.status import months_between

Own = Mapping[str, Ratio]  # a unit's exact inputs on an indicator's own basis, by month
RULE = (
    "缺口按最终目标算；卡片上的差距，有序时进度的按序时进度算。月均需：期限前每个月平均要完成多少，才正好达到目标。累计类指标按期限当年计；"
    "进口按出口保持本年月均推算，退税按每月件数与本年相同推算。"
)
TOO_LATE = "本年内已无法回到目标"
MOST_TASKS = 3  # named in the sentence; the table has all


@dataclass(frozen=True)
class Need:
    """What reaching the target takes: how many months remain, and what each of them must bring, in words."""

    months: int
    each: str


@dataclass(frozen=True)
class Case:
    """One light with all that its need follows from; target exact."""

    policy: Policy
    light: Light
    level: Level
    target: Fraction
    gap: Fraction
    own: Own
    parameters: Mapping[str, int]


def needed(policy: Policy, light: Light, own: Own) -> Need | None:
    """What reaching the target takes from here; None where it is reached, or nothing sensible can be said."""
    indicator, level = level_of(policy, light)
    if light.value is None or light.gap is None or light.gap <= 0 or light.target is None:
        return None
    if months_left(level, light.period) == 0:
        return None
    case = Case(policy, light, level, exact(light.target), exact(light.gap), own, indicator.parameters)
    if ask := ASKS.get(indicator.measure):
        return ask(case)
    return _count(case) if indicator.direction == ">=" else None


def _imports(case: Case) -> Need | None:
    """Yuan of imports a month, exports at this year's monthly average."""
    now = case.own.get(case.light.period)
    if now is None or now.numerator is None or now.denominator is None:
        return None
    span = window(case.light.period, case.level.deadline)
    exports = Fraction(now.denominator) - Fraction(now.numerator)
    each = for_share(case.target, now.numerator, exports, int(case.light.period[5:]), span)
    return _money(span, each, "进口")


def _growth(case: Case) -> Need | None:
    """Yuan of cross-border trade a month, for the growth over the years from the base to the deadline's."""
    base_year = int(case.parameters["base_year"])
    end = case.level.deadline
    now, base = case.own.get(case.light.period), case.own.get(f"{base_year}{end[4:]}")
    if now is None or base is None or now.numerator is None or base.numerator is None:
        return None
    span = window(case.light.period, end)
    each = for_growth(case.target, int(end[:4]) - base_year, base.numerator, now.numerator, span)
    return _money(span, each, "电商额")


def _money(span: Window, each: Fraction | None, what: str) -> Need | None:
    return None if each is None else Need(span.left, f"{what}{format.money(float(each))}")


def _days(case: Case) -> Need | None:
    """Working days of the cases that are still to be completed this year."""
    now = case.own.get(case.light.period)
    if now is None or now.numerator is None or now.denominator is None:
        return None
    span = window(case.light.period, case.level.deadline)
    most = for_average(case.target, now.numerator, now.denominator, span)
    if most is None:
        return None
    if most < 0:
        return Need(span.left, TOO_LATE)
    return Need(span.left, f"办结案件平均不超过 {format.decimal(float(most), 1)} 个工作日")


def _cluster(case: Case) -> Need | None:
    """Of a unit its best cluster's missing firms and value, None where that is kept back; of the city the missing units."""
    if case.level.kind == "count":
        return _count(case)
    facts, months = case.light.facts, months_left(case.level, case.light.period)
    if "ttm_cny" not in facts:
        return None
    firms = for_gap(case.parameters["firms_min"] - Fraction(facts["firms"]), months)
    value = for_gap(case.parameters["value_min_cny"] - exact(facts["ttm_cny"]), months)
    parts = [f"增企业{_few(firms, months, '家')}"] if firms else []
    parts += [f"近12个月额增{format.money(float(value))}"] if value else []
    return Need(months, "，".join(parts)) if parts else None


def _projects(case: Case) -> Need | None:
    """Projects that the parks are short of; of the city those of all parks."""
    months = months_left(case.level, case.light.period)
    each = for_gap(Fraction(case.light.facts["missing_projects"]), months)
    return Need(months, f"引进项目{_few(each, months, '个')}") if each else None


def _count(case: Case) -> Need | None:
    months = months_left(case.level, case.light.period)
    each = for_gap(case.gap, months)
    return Need(months, f"增{_few(each, months, case.level.unit)}") if each else None


def _few(each: Fraction, months: int, unit: str) -> str:
    """A monthly average of things that come one by one: 「2家」, 「0.25家（共2家）」."""
    if each.denominator == 1:
        return f"{each}{unit}"
    return f"{format.decimal(float(each), 2)}{unit}（共{format.decimal(float(each * months), 0)}{unit}）"


ASKS: dict[str, Callable[[Case], Need | None]] = {
    "import_share": _imports,
    "cbec_growth": _growth,
    "rebate_days": _days,
    "county_clusters": _cluster,
    "park_projects": _projects,
}


def months_left(level: Level, period: str) -> int:
    """Whole months from the period to the deadline, to the year's end where there is none; 0 once it is over."""
    end = level.deadline if level.deadline[:1].isdigit() else f"{period[:4]}-12"
    return max(0, months_between(period, end))


def tasks(policy: Policy, lights: Iterable[Light], own: Callable[[str], Own]) -> list[words.Span]:
    """What each remaining month must bring for the reds to reach their targets, in one sentence; empty without any.

    own: a unit's inputs on an indicator's own basis.
    """
    red = ((light, needed(policy, light, own(light.indicator))) for light in lights if light.tone == "red")
    known = [(policy.indicator(light.indicator).name, need) for light, need in red if need]
    if not known:
        return []
    said = [words.Span("按期达标每月还需：")]
    for at, (name, need) in enumerate(known[:MOST_TASKS]):
        left = "" if need.each == TOO_LATE else f"（剩{need.months}个月）"
        said += [words.Span("；" * bool(at)), words.Span(name, "", True), words.Span(f"{need.each}{left}")]
    more = f"等{len(known)}项" if len(known) > MOST_TASKS else ""
    return [*said, words.Span(f"{more}。")]


def place(board: Board, policy: Policy, unit: str, period: str) -> list[words.Span]:
    """A unit in one sentence: its place, how it moved, its reds by name."""
    now, then = board.rank(unit, period), board.rank(unit, before(period))
    name = words.Span(policy.unit(unit).name, "", True)
    if now is None or now.rank is None:
        if policy.unit(unit).role == "unit":
            return [name, words.Span("本月各项目标暂无数据，没有综合位次。", "grey")]
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
