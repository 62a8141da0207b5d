"""时间轴: a place's lights month by month, and the snapshots that are kept, each as it was known then."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, Light, lights_of
from dashboard.html import link, panel, scrolled, shape, spans, text
from dashboard.matrix import LEGEND, brief
from dashboard.questions.snapshots import Past
from dashboard.words import Span
from etl.policy import Indicator, Policy

MONTHS = 24
# Beside a light that the newest snapshot has otherwise.
REVISED = '<span class="tk-mark" aria-hidden="true">改</span>'
COLOURS = {"green": "绿", "red": "红", "grey": "灰"}


def sentence(board: Board, policy: Policy, view: View, newest: Board | None) -> str:
    """How the place stands in the month, between which counts it moved, and what has been revised since."""
    months, greens = window(board, view.period), green_counts(board, policy, view.unit)
    lights = [light for light in lights_of(board, policy, view.unit, view.period) if light.tone]
    reds, greys = (sum(light.tone == tone for light in lights) for tone in ("red", "grey"))
    said = [
        Span(f"{policy.unit(view.unit).name}{format.period(view.period)}："),
        Span(f"{len(lights)}项目标中"),
        Span(f"{greens.get(view.period, 0)}项达标或序时达标", "green", True),
        Span("，"),
        Span(f"{reds}项滞后", "red", True) if reds else Span("没有滞后"),
        *([Span("，"), Span(f"{greys}项暂无数据", "grey", True)] if greys else []),
        Span(_range(board, greens, months)),
    ]
    since = _since(len(changed(board, newest, view.unit, months))) if newest else ""
    return f'<div class="tk-sentence"><h1>{spans(said)}</h1>{since}</div>'


def window(board: Board, period: str) -> Sequence[str]:
    """The months on show: the newest, or where the period is older, as many from it on."""
    at = board.periods.index(period) if period in board.periods[:-MONTHS] else -MONTHS
    return board.periods[at:][:MONTHS]


def _span(board: Board, months: Sequence[str]) -> str:
    """What the months are called: 「近24个月」, or from when to when where they are older."""
    if months[-1] == board.periods[-1]:
        return f"近{len(months)}个月"
    return f"{format.period(months[0])}—{format.period(months[-1])}"


def _range(board: Board, greens: Mapping[str, int], months: Sequence[str]) -> str:
    """Between which counts of green lights the place moved; of a single month there is nothing to say."""
    if len(months) < 2:
        return "。"
    said = f"；{_span(board, months)}绿灯"
    if len({greens[month] for month in months}) == 1:
        return f"{said}一直是{greens[months[0]]}项。"
    return f"{said}最少{_extreme(greens, months, min)}、最多{_extreme(greens, months, max)}。"


def _since(count: int) -> str:
    became = f"有{count}盏灯后来变了，表中带「改」字" if count else "这些灯一盏都没有变"
    return f"<p>与最新快照相比，{became}。</p>"


def green_counts(board: Board, policy: Policy, unit: str) -> dict[str, int]:
    """How many lights of a place are green, by period."""
    return {
        period: sum(light.tone == "green" for light in lights_of(board, policy, unit, period))
        for period in board.periods
    }


def _extreme(greens: Mapping[str, int], months: Sequence[str], best: Callable[[Iterable[int]], int]) -> str:
    """The fewest or most, and the last month that had so many: 「4项（2024-11）」."""
    most = best(greens[month] for month in months)
    return f"{most}项（{max(month for month in months if greens[month] == most)}）"


def changed(board: Board, newest: Board, unit: str, months: Sequence[str]) -> set[tuple[str, str]]:
    """The (indicator, month) whose light the newest snapshot has otherwise."""
    return {
        (indicator, month)
        for (indicator, place), series in board.series.items()
        for month in months
        if place == unit
        and month in series
        and (later := newest.light(indicator, unit, month))
        and later.status != series[month].status
    }


def strip(board: Board, policy: Policy, view: View, newest: Board | None) -> str:
    """Indicators × the last months: each cell leads to that month's indicator, each month to its overview.

    newest: the newest snapshot's lights where an older one is on show; what became of a light since is marked.
    """
    months = window(board, view.period)
    heads = "".join(_month(view, month) for month in months)
    years = "".join(
        f'<th scope="colgroup" colspan="{sum(month[:4] == year for month in months)}"><b>{year}</b></th>'
        for year in dict.fromkeys(month[:4] for month in months)
    )
    rows = "".join(_row(board, policy, view, indicator, months, newest) for indicator in policy.indicators)
    greens = green_counts(board, policy, view.unit)
    foot = "".join(f"<td{_here(view, month)}>{greens[month]}</td>" for month in months)
    inner = (
        f'<table class="tk-matrix tk-strip"><thead><tr><td></td>{years}</tr>'
        f'<tr><th scope="col">指标</th>{heads}</tr></thead>'
        f'<tbody>{rows}</tbody><tfoot><tr><th scope="row">绿灯数</th>{foot}</tr></tfoot></table>'
    )
    title = f"{policy.unit(view.unit).name}{_span(board, months)}"
    aside = f'<span class="tk-legend">{LEGEND}<span>数字为监测值；点月份看那个月的总览，点灯看那个月的指标</span></span>'
    onward = " tk-onward" * (months[0] == view.period)
    return panel(title, scrolled(f"{title}各项指标的灯", inner), f"tk-timeline{onward}", aside)


def _here(view: View, month: str) -> str:
    return ' class="tk-here"' if month == view.period else ""


def _month(view: View, month: str) -> str:
    inner = f"{int(month[5:])}月"
    label = f"看{format.period(month)}的总览"
    address = href("", view, period=month)
    return f'<th scope="col"{_here(view, month)}>{link(address, inner, title=label, label=label)}</th>'


def _row(
    board: Board,
    policy: Policy,
    view: View,
    indicator: Indicator,
    months: Sequence[str],
    newest: Board | None,
) -> str:
    name = link(href("indicator", view, indicator=indicator.id), text(indicator.short), title=indicator.name)
    cells = (
        _cell(
            policy,
            view,
            board.light(indicator.id, view.unit, month),
            newest.light(indicator.id, view.unit, month) if newest else None,
        )
        for month in months
    )
    return f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>'


def _cell(policy: Policy, view: View, light: Light | None, later: Light | None) -> str:
    if light is None:
        return "<td></td>"
    classes = f"tk-{light.tone or 'none'}" + " tk-here" * (light.period == view.period)
    why = f"{format.period(light.period)}{words.why(policy, light)}"
    inner = shape(light) if light.tone else text(brief(policy, light))
    if later and later.status != light.status:
        why += f"；最新快照为{words.STATUS[later.status]} {words.value(policy, later)}"
        inner += REVISED
    address = href("indicator", view, indicator=light.indicator, period=light.period)
    return f'<td class="{classes}">{link(address, inner, title=why, label=why)}</td>'


def snapshots(view: View, kept: Sequence[Past]) -> str:
    """Every snapshot with the way into it; the newest, and the one on show, are named."""
    rows = "".join(_snapshot(view, item) for item in kept)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("生成时间", "查看", "数据截至", "全市的灯", "快照")
    )
    inner = f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    note = "每次加载生成一个快照，内容不再改变。打开后各页都是当时所见，页顶有标记，可随时回到最新。"
    return panel(
        "快照", scrolled("快照", inner) + f'<p class="tk-note">{note}</p>', "tk-snapshots", f"{len(kept)}个"
    )


def _snapshot(view: View, item: Past) -> str:
    here = item.id == view.snapshot or (item.published and not view.snapshot)
    state = " · ".join(["当前发布"] * item.published + ["正在查看"] * here)
    until = format.period(item.told.latest_period) if item.told and item.told.latest_period else format.DASH
    cells = (text(state) if here else _way(view, item, state), until, lamps(item), text(item.id))
    row = ' class="tk-here"' if here else ""
    return (
        f'<tr{row}><th scope="row">{made(item.id)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    )


def _way(view: View, item: Past, state: str) -> str:
    if item.told is None:
        return "其他版本生成或已损坏，不能打开"
    snapshot = "" if item.published else item.id
    label = f"看{made(item.id)}生成的快照"
    words_ = f"{state}，回到最新" if item.published else "看当时所见"
    address = href("", view, snapshot=snapshot, period=item.told.latest_period)
    return link(address, words_, "tk-more", label=label)


def made(id: str) -> str:
    """When a snapshot was made, from its id: 「2026-11-25 09:30:12」."""
    return f"{id[:4]}-{id[4:6]}-{id[6:8]} {id[9:11]}:{id[11:13]}:{id[13:15]}"


def lamps(item: Past) -> str:
    """The city's lights by colour: 「8绿 5红」."""
    if item.told is None:
        return format.DASH
    counts = item.told.colours
    return " ".join(
        f'<b class="tk-ink-{tone}">{counts[tone]}{name}</b>'
        for tone, name in COLOURS.items()
        if counts.get(tone)
    )
