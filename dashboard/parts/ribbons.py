"""Places over time as ribbons: one line a unit, the one in question in the accent, names at the line ends. Pure.

The lines are SVG stretched by the page; numbers, names and months are HTML beside it, so that they keep their size.
"""

from collections.abc import Sequence

from dashboard import format
from dashboard.address import View, href
from dashboard.board import before
from dashboard.html import folded, link, panel, scrolled, table, text
from dashboard.ranking import Measure, Standings
from dashboard.spark import HEIGHT, WIDTH, height_of, path
from etl.policy import Policy, Unit

MONTHS = 24
TICKS = 4


def ribbons(policy: Policy, view: View, measure: Measure, found: Standings) -> str:
    """The 12 over two years to the period; below, the same as a table."""
    months = [before(view.period, back) for back in reversed(range(MONTHS))]
    places = {unit.code: [_place(found, at, unit.code) for at in months] for unit in policy.counties}
    title = f"位次变化（{measure.name}）"
    if not any(place for series in places.values() for place in series):
        return panel(title, '<p class="tk-empty">这两年没有位次。</p>', "tk-ribbonpanel")
    last = len(policy.counties)
    lines = "".join(_ribbon(unit, places[unit.code], months, last, view) for unit in _drawn(policy, view))
    scale = "".join(
        f'<span style="top:{_top(place, last):.1f}%">{place}</span>' for place in range(1, last + 1)
    )
    inner = (
        f'<div class="tk-ribbons"><div class="tk-scale" aria-hidden="true">{scale}</div>'
        f'<div class="tk-lines" aria-hidden="true"><svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">'
        f"{lines}</svg></div>{_names(policy, view, places, last)}{_ticks(months)}</div>"
    )
    return panel(
        title, inner + folded("数据表", scrolled(title, _data(policy, places, months))), "tk-ribbonpanel"
    )


def _place(found: Standings, period: str, unit: str) -> int | None:
    standing = found.get(period, {}).get(unit)
    return standing.rank if standing else None


def _drawn(policy: Policy, view: View) -> list[Unit]:
    """The unit in question last, so that its line lies over the others."""
    return sorted(policy.counties, key=lambda unit: unit.code == view.unit)


def _top(place: float, last: int) -> float:
    return height_of(-place, -last, -1) / HEIGHT * 100


def _ribbon(unit: Unit, series: Sequence[int | None], months: Sequence[str], last: int, view: View) -> str:
    drawn = path([None if place is None else -place for place in series], -last, -1)
    known = [(at, place) for at, place in zip(months, series, strict=True) if place is not None]
    if not known:
        return ""
    first, final = known[0], known[-1]
    said = f"{unit.short}：{first[0]}第{first[1]}位，{final[0]}第{final[1]}位"
    here = " tk-here" if unit.code == view.unit else ""
    return f'<g class="tk-ribbon{here}"><path class="tk-reach" d="{drawn}"/><path d="{drawn}"/><title>{text(said)}</title></g>'


def _names(policy: Policy, view: View, places: dict[str, list[int | None]], last: int) -> str:
    """Names at the line ends, one below the other where places are shared; without a place now, none."""
    ends = sorted(
        (place, index, unit)
        for index, unit in enumerate(policy.counties)
        if (place := places[unit.code][-1]) is not None
    )
    items = "".join(
        f'<li style="top:{_top(slot, last):.1f}%">{_name(policy, view, unit, place)}</li>'
        for slot, (place, _, unit) in enumerate(ends, start=1)
    )
    return f'<ol class="tk-ends">{items}</ol>'


def _name(policy: Policy, view: View, unit: Unit, place: int) -> str:
    here = unit.code == view.unit
    address = href("ranking", view, unit=policy.city.code if here else unit.code)
    return link(address, f"<span>{place}</span>{text(unit.short)}", "tk-here" if here else "")


def _ticks(months: Sequence[str]) -> str:
    step = max(1, (len(months) - 1) // TICKS)
    shown = range(len(months) - 1, -1, -step)
    return (
        '<div class="tk-months" aria-hidden="true">'
        + "".join(
            f'<span style="left:{index / (len(months) - 1) * 100:.1f}%">{months[index]}</span>'
            for index in shown
        )
        + "</div>"
    )


def _data(policy: Policy, places: dict[str, list[int | None]], months: Sequence[str]) -> str:
    rows = [
        (at, *(str(places[unit.code][index] or format.DASH) for unit in policy.counties))
        for index, at in reversed(list(enumerate(months)))
    ]
    return table("逐月位次", ("统计月份", *(unit.short for unit in policy.counties)), rows)
