"""The parts of 排名 as HTML: the sentence, the table that sorts, and the places over time as ribbons. Pure."""

from collections.abc import Mapping, Sequence

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import before, level_of
from dashboard.download import Cell
from dashboard.html import link, panel, pill, scrolled, spans, text
from dashboard.parts.months import by_month
from dashboard.ranking import Measure, Standing, Standings, moved, ordered, shown, trail_of
from dashboard.spark import curve, spark
from dashboard.store import Meta
from dashboard.words import Span
from etl.policy import Policy

SPARK_MONTHS = 24
MONTHS = 24  # in the table to take along
COLUMNS = (("rank", "位次"), ("unit", "县市区"), ("value", "数值"), ("moved", "比上月"))
HEADER = (
    "统计月份", "指标", "口径", "位次", "县市区", "数值", "单位", "上月位次", "位次变化", "状态", "快照", "数据性质",
)  # fmt: skip


def sentence(policy: Policy, view: View, measure: Measure, found: Standings) -> str:
    """The page in one line of words: the unit in question, or first, last and who moved."""
    now, then = found.get(view.period, {}), found.get(before(view.period), {})
    placed = sorted((item for item in now.values() if item.rank is not None), key=lambda item: item.rank or 0)
    if not placed:
        said = [Span(measure.name, "", True), Span("：本月没有数据，排不出位次。")]
    elif (mine := now.get(view.unit)) and view.unit != policy.city.code:
        said = _own(policy, measure, mine, then.get(view.unit), placed)
    else:
        said = _all(policy, measure, placed, now, then)
    return f'<div class="tk-sentence"><h1>{spans(said)}</h1></div>'


def _own(
    policy: Policy, measure: Measure, mine: Standing, then: Standing | None, placed: Sequence[Standing]
) -> list[Span]:
    name = Span(f"{policy.unit(mine.unit).name}", "", True)
    if mine.rank is None:
        return [name, Span(f"{measure.name}暂无数据，没有位次。")]
    change = moved(mine, then)
    was = "" if change is None or then is None else f"（上月第{then.rank}，{_in_words(change)}）"
    said = [
        name,
        Span(f"{measure.name}{shown(policy, measure, mine)}，"),
        Span(f"第{mine.rank}位", "", True),
        Span(was),
    ]
    if mine.rank > 1:
        first = placed[0]
        said.append(Span(f"；第1位是{_holders(policy, placed, first)}，{shown(policy, measure, first)}"))
    return [*said, Span("。")]


def _all(
    policy: Policy,
    measure: Measure,
    placed: Sequence[Standing],
    now: Mapping[str, Standing],
    then: Mapping[str, Standing],
) -> list[Span]:
    ends = {item.rank: item for item in (placed[-1], placed[0])}
    lead = [
        part
        for item in reversed(ends.values())
        for part in (
            Span(f"第{item.rank}位"),
            Span(_holders(policy, placed, item), "", True),
            Span(f"{shown(policy, measure, item)}，"),
        )
    ]
    changes = {unit: moved(item, then.get(unit)) for unit, item in now.items()}
    if all(change is None for change in changes.values()):
        return [Span(f"{measure.name}："), *lead, Span("没有上月位次可比。")]
    most = sorted(
        (unit for unit, change in changes.items() if change), key=lambda unit: -abs(changes[unit] or 0)
    )
    moves = "、".join(f"{policy.unit(unit).short}{_in_words(changes[unit] or 0)}" for unit in most[:3])
    tail = f"与上月相比{moves}{'等' if len(most) > 3 else ''}。" if moves else "与上月相比位次没有变化。"
    return [Span(f"{measure.name}："), *lead, Span(tail)]


def _holders(policy: Policy, placed: Sequence[Standing], item: Standing) -> str:
    """Who holds a place: 「道县」, or 「零陵区等3个」 where it is shared."""
    holders = [other for other in placed if other.rank == item.rank]
    name = policy.unit(holders[0].unit).short
    return name if len(holders) == 1 else f"{name}等{len(holders)}个"


def _in_words(change: int) -> str:
    return f"{'上升' if change > 0 else '下降'}{abs(change)}位" if change else "持平"


def ranking(policy: Policy, view: View, measure: Measure, found: Standings, trail: Standings) -> str:
    """The 12 in a table whose heads sort it and whose rows choose the unit; the city stands below.

    trail: the standings whose values the small curves show.
    """
    now, then = found.get(view.period, {}), found.get(before(view.period), {})
    rows = ordered(policy, now, then, view.sort)
    most = max((abs(float(item.value)) for item in rows if item.value is not None), default=0.0) or 1.0
    lit = any(item.light and item.light.tone for item in rows)
    heads = "".join(_head(view, name, title) for name, title in COLUMNS)
    curves = f"走势（{trail_of(measure).basis}）" if measure.trail else "走势"
    heads += f'<th scope="col">{curves}</th>' + ('<th scope="col">状态</th>' if lit else "")
    body = "".join(_row(policy, view, measure, item, then, trail, most, lit) for item in rows)
    city = now.get(policy.city.code)
    foot = _city(policy, view, measure, city, trail, lit) if city and measure.kind != "overall" else ""
    inner = scrolled(
        f"{measure.name}位次表",
        f'<table class="tk-table tk-standings"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table>',
    )
    note = '<p class="tk-note">点县市区看它的走势，点表头排序。数值相同的位次并列，没有数据的不排位次。</p>'
    return panel(
        measure.name, inner + note, "tk-rankpanel", f"{measure.basis} · {format.period(view.period)}"
    )


def _head(view: View, name: str, title: str) -> str:
    """A column's head: a link that sorts by it, or turns the order round where it already does."""
    sort = view.sort or "rank"
    here, down = sort.removeprefix("-") == name, sort.startswith("-")
    turned = f"-{name}" if here and not down else name
    state = f' aria-sort="{"descending" if down else "ascending"}"' if here else ""
    arrow = f'<span aria-hidden="true"> {"↓" if down else "↑"}</span>' if here else ""
    inner = f"{text(title)}{arrow}"
    return f'<th scope="col"{state}>{link(href("ranking", view, sort=turned), inner, title=f"按{title}排序")}</th>'


def _row(
    policy: Policy,
    view: View,
    measure: Measure,
    item: Standing,
    then: Mapping[str, Standing],
    trail: Standings,
    most: float,
    lit: bool,
) -> str:
    here = item.unit == view.unit
    share = 0.0 if item.value is None else abs(float(item.value)) / most * 100
    sign = ' class="tk-negative"' if (item.value or 0) < 0 else ""
    unit = policy.unit(item.unit)
    chosen = policy.city.code if here else item.unit
    name = link(
        href("ranking", view, unit=chosen),
        text(unit.short),
        title="不再突出" if here else f"看{unit.short}的走势",
    )
    cells = (
        f'<td class="tk-no">{item.rank or format.DASH}</td><th scope="row">{name}</th>'
        f'<td class="tk-amount"><span>{text(shown(policy, measure, item))}</span>'
        f'<span class="tk-track" aria-hidden="true"><i{sign} style="width:{share:.1f}%"></i></span></td>'
        f"<td>{change(moved(item, then.get(item.unit)))}</td><td>{_curve(policy, view, item, trail)}</td>"
    )
    return f"<tr{' class=tk-here' if here else ''}>{cells}{_light(policy, view, item) if lit else ''}</tr>"


def _city(policy: Policy, view: View, measure: Measure, city: Standing, trail: Standings, lit: bool) -> str:
    cells = (
        f'<td></td><th scope="row">{text(policy.city.short)}</th>'
        f'<td class="tk-amount"><span>{text(shown(policy, measure, city))}</span></td>'
        f"<td></td><td>{_curve(policy, view, city, trail)}</td>"
    )
    return f"<tfoot><tr>{cells}{_light(policy, view, city) if lit else ''}</tr></tfoot>"


def change(places: int | None) -> str:
    """Places gained or lost: an arrow for the eye, words for a screen reader; never in a status colour."""
    if places is None:
        return format.DASH
    if not places:
        return "持平"
    arrow = "▲" if places > 0 else "▼"
    return (
        f'<span aria-hidden="true">{arrow}{abs(places)}</span><span class="tk-sr">{_in_words(places)}</span>'
    )


def _curve(policy: Policy, view: View, item: Standing, trail: Standings) -> str:
    months = [before(view.period, back) for back in reversed(range(SPARK_MONTHS))]
    past = [trail.get(at, {}).get(item.unit) for at in months]
    lights = [standing.light for standing in past if standing and standing.light]
    if lights:
        return spark(lights, level_of(policy, lights[-1])[1].yearly)
    return curve([None if one is None or one.value is None else float(one.value) for one in past])


def _light(policy: Policy, view: View, item: Standing) -> str:
    if item.light is None or not item.light.tone:
        return "<td></td>"
    address = href("indicator", view, indicator=item.light.indicator, unit=item.unit)
    return f'<td class="tk-lit">{link(address, pill(item.light), title=words.why(policy, item.light))}</td>'


def no_line(title: str) -> str:
    """Where the chart of all units over time would stand, while no two months of it are known."""
    return panel(title, '<p class="tk-empty">有数据的月份不足两个，还画不出走势。</p>')


def monthly(policy: Policy, title: str, measure: Measure, found: Standings, months: Sequence[str]) -> str:
    """The values behind the chart of all units over time; money in 亿元, as its title says."""

    def cell(at: str, unit: str) -> str:
        item = found.get(at, {}).get(unit)
        if item is None or item.value is None:
            return format.DASH
        return format.yi(item.value) if measure.kind == "money" else shown(policy, measure, item)

    return by_month(policy, title, months, cell)


def rows(
    policy: Policy, view: View, measure: Measure, found: Standings, meta: Meta
) -> list[tuple[Cell, ...]]:
    """The table to take along, the month on show first and two years of months after it, each in the order that is shown.

    Figures are unrounded, in the unit named (yuan; 10 for 10 %).
    """
    months = (before(view.period, back) for back in range(MONTHS))
    return [
        row for month in months if month in found for row in _taken(policy, view, measure, found, meta, month)
    ]


def _taken(
    policy: Policy, view: View, measure: Measure, found: Standings, meta: Meta, month: str
) -> list[tuple[Cell, ...]]:
    now, then = found.get(month, {}), found.get(before(month), {})
    return [
        (
            month, measure.name, measure.basis, item.rank, policy.unit(item.unit).short,
            *_figure(policy, measure, item), then[item.unit].rank if item.unit in then else None,
            moved(item, then.get(item.unit)), words.STATUS[item.light.status] if item.light else None,
            *meta.ends,
        )
        for item in ordered(policy, now, then, view.sort)
    ]  # fmt: skip


def _figure(policy: Policy, measure: Measure, item: Standing) -> tuple[float | None, str]:
    if measure.kind == "money":
        return (None if item.value is None else float(item.value)), "元"
    value = None if item.value is None else float(item.value)
    if measure.kind == "light":
        level = policy.indicator(measure.id).county
        return format.scaled(level.kind, value), level.unit
    return format.scaled("growth", value), "%"
