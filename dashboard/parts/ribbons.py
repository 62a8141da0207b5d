"""Places over time as ribbons: one line a unit, the one in question in the accent, names at the line ends. Pure.

The lines are SVG stretched by the page; numbers, names and months are HTML beside it, so that they keep their size.
"""

import math
from collections.abc import Mapping, Sequence

from dashboard import format
from dashboard.address import View, href
from dashboard.board import before
from dashboard.html import link, panel, text
from dashboard.parts.months import by_month
from dashboard.ranking import Measure, Standings
from dashboard.spark import HEIGHT, WIDTH, height_of, path
from etl.policy import Policy, Unit

MONTHS = 24
FEWEST = 2  # months that a line needs
TICKS = 4


def ribbons(policy: Policy, view: View, measure: Measure, found: Standings) -> str:
    """The 12 over two years to the period; below, the same as a table."""
    two_years = [before(view.period, back) for back in reversed(range(MONTHS))]
    known = [at for at in two_years if _places(policy, found, at)]
    title = f"位次变化（{measure.name}）"
    if len(known) < FEWEST:
        said = "只有一个月的位次，还看不出变化。" if known else "这两年没有位次。"
        return panel(title, f'<p class="tk-empty">{said}</p>', "tk-ribbonpanel")
    months = [at for at in two_years if at >= known[0]]
    places = {unit.code: [_place(found, at, unit.code) for at in months] for unit in policy.counties}
    last = len(policy.counties)
    slots = _slots(policy, places)
    lines = "".join(
        _ribbon(unit, places[unit.code], slots.get(unit.code), months, last, view)
        for unit in _drawn(policy, view)
    )
    scale = "".join(
        f'<span style="top:{_top(place, last):.1f}%">{place}</span>' for place in range(1, last + 1)
    )
    inner = (
        f'<div class="tk-ribbons"><div class="tk-scale" aria-hidden="true">{scale}</div>'
        f'<div class="tk-lines" aria-hidden="true"><svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">'
        f"{lines}</svg></div>{_names(policy, view, places, slots)}{_ticks(months)}</div>"
    )

    def cell(at: str, unit: str) -> str:
        return str(_place(found, at, unit) or format.DASH)

    return panel(
        title, inner + by_month(policy, f"逐月位次（{measure.name}）", months, cell), "tk-ribbonpanel"
    )


def _places(policy: Policy, found: Standings, period: str) -> bool:
    """Whether any of the 12 has a place in a month."""
    return any(_place(found, period, unit.code) for unit in policy.counties)


def _place(found: Standings, period: str, unit: str) -> int | None:
    standing = found.get(period, {}).get(unit)
    return standing.rank if standing else None


def _drawn(policy: Policy, view: View) -> list[Unit]:
    """The unit in question last, so that its line lies over the others."""
    return sorted(policy.counties, key=lambda unit: unit.code == view.unit)


def _top(place: float, last: int) -> float:
    return height_of(-place, -last, -1) / HEIGHT * 100


def _slots(policy: Policy, places: Mapping[str, Sequence[int | None]]) -> dict[str, int]:
    """Which line of the list of names is whose: by place, those that share one below each other."""
    ends = [
        (place, index, unit.code)
        for index, unit in enumerate(policy.counties)
        if (place := places[unit.code][-1]) is not None
    ]
    return {code: slot for slot, (_, _, code) in enumerate(sorted(ends), start=1)}


def _ribbon(
    unit: Unit, series: Sequence[int | None], slot: int | None, months: Sequence[str], last: int, view: View
) -> str:
    """A unit's line, and a thin one from its end to its name."""
    known = [(at, place) for at, place in zip(months, series, strict=True) if place is not None]
    if not known:
        return ""
    (first, began), (final, ended) = known[0], known[-1]
    said = f"{unit.short}：{first}第{began}位，{final}第{ended}位"
    drawn = _path([*series, None], last)
    leader = f'<path class="tk-leader" d="{_path([*[None] * (len(series) - 1), series[-1], slot], last)}"/>'
    here = " tk-here" if unit.code == view.unit else ""
    return (
        f'<g class="tk-ribbon{here}"><path class="tk-reach" d="{drawn}"/><path d="{drawn}"/>'
        f"{leader if slot else ''}<title>{text(said)}</title></g>"
    )


def _path(series: Sequence[int | None], last: int) -> str:
    return path([None if place is None else -place for place in series], -last, -1)


def _names(
    policy: Policy, view: View, places: Mapping[str, Sequence[int | None]], slots: Mapping[str, int]
) -> str:
    """Names at the line ends; a unit without a place now has none."""
    last = len(policy.counties)
    items = "".join(
        f'<li style="top:{_top(slot, last):.1f}%">{_name(policy, view, policy.unit(code), places[code][-1] or slot)}</li>'
        for code, slot in slots.items()
    )
    return f'<ol class="tk-ends">{items}</ol>'


def _name(policy: Policy, view: View, unit: Unit, place: int) -> str:
    here = unit.code == view.unit
    address = href("ranking", view, unit=policy.city.code if here else unit.code)
    return link(address, f"<span>{place}</span>{text(unit.short)}", "tk-here" if here else "")


def _ticks(months: Sequence[str]) -> str:
    step = math.ceil((len(months) - 1) / TICKS)
    shown = range(len(months) - 1, -1, -step)
    return (
        '<div class="tk-months" aria-hidden="true">'
        + "".join(
            f'<span style="left:{index / len(months) * 100:.1f}%">{months[index]}</span>' for index in shown
        )
        + "</div>"
    )
