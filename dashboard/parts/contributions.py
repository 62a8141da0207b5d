"""What made the city's value move: a waterfall of the parts' contributions, and the same as a table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard import format
from dashboard.address import View, href
from dashboard.board import before
from dashboard.html import folded, link, panel, scrolled, table, text
from etl.decompose import REST, WAY_OF, Change, Contribution, Way, change
from etl.policy import Indicator, Kind, Policy
from etl.spans import Ratio, Ratios

RULES: dict[Way, str] = {
    "ratio": (
        "贡献＝自身变化（本地数值的变化×平均比重）＋比重变化（本地比重的变化×本地与全市之差），"
        "各项之和等于全市变化，含管理区、未归属；数字四舍五入，末位可能有差。"
    ),
    "growth": "贡献＝全市增速×本地增量÷全市增量，前后两期之差；各项之和等于全市增速的变化，含管理区、未归属。",
    "sum": "贡献＝各地数值的增减；各项之和等于全市变化，含管理区、未归属。",
}
REST_NAME = "其余差额"
SINCE = {"比上月": 1, "比上年同月": 12}


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall, from and to in the indicator's unit."""

    part: str
    start: Fraction
    end: Fraction


def steps(found: Change) -> list[Step]:
    """The bars in order, those that raise first, each from where the one before ended; none for a zero."""
    bars, at = [], found.before
    for item in sorted(found.contributions, key=lambda item: (-item.total, item.part)):
        if item.total:
            bars.append(Step(item.part, at, at + item.total))
            at += item.total
    return bars


def section(policy: Policy, view: View, ratios: Ratios) -> str:
    """Both waterfalls of the city's value, since last month and since a year ago, with their tables."""
    indicator = policy.indicator(view.indicator)
    way = WAY_OF[indicator.city.kind]
    parts = "".join(
        _compared(policy, view, indicator, ratios, name, months) for name, months in SINCE.items()
    )
    aside = f"单位：{format.delta_unit(indicator.city.kind, indicator.city.unit)}；实心为拉高，空心为拉低"
    inner = f'<div class="tk-pair">{parts}</div><p class="tk-note">{text(RULES[way])}</p>'
    return panel(f"全市变化由谁带来（{indicator.basis}）", inner, "tk-moves", text(aside))


def _compared(
    policy: Policy, view: View, indicator: Indicator, ratios: Ratios, name: str, months: int
) -> str:
    then = before(view.period, months)
    pairs = {unit: _pair(ratios, unit, then, view.period) for unit in _units(policy)}
    found = change(WAY_OF[indicator.city.kind], _pair(ratios, policy.city.code, then, view.period), pairs)
    head = f"<h3>{text(f'{name}（{then}）')}</h3>"
    if found is None:
        return f'<div>{head}<p class="tk-empty">{then} 或 {view.period} 没有全市数值，不能比较。</p></div>'
    title = f"{name}（{then}）：{_headline(indicator, found)}"
    listed = folded("数据表", scrolled(title, _table(policy, indicator, found, pairs)))
    return f"<div><h3>{text(title)}</h3>{_waterfall(policy, view, indicator, found)}{listed}</div>"


def _units(policy: Policy) -> list[str]:
    return [unit.code for unit in policy.units if unit.role != "city"]


def _pair(ratios: Ratios, unit: str, then: str, now: str) -> tuple[Ratio, Ratio]:
    missing = Ratio(None, None)
    return ratios.get(then, {}).get(unit, missing), ratios.get(now, {}).get(unit, missing)


def _headline(indicator: Indicator, found: Change) -> str:
    """「8.62% → 8.80%，上升 0.18 个百分点」."""
    kind, unit = indicator.city.kind, indicator.city.unit
    moved = found.after - found.before
    values = format.change(kind, float(found.before), float(found.after), unit)
    if not moved:
        return f"{format.figure(kind, float(found.after), unit)}，没有变化"
    return f"{values}，{'上升' if moved > 0 else '下降'} {format.difference(kind, float(moved), unit)}"


def _waterfall(policy: Policy, view: View, indicator: Indicator, found: Change) -> str:
    bars = steps(found)
    ends = [found.before, *(bar.end for bar in bars)]
    low, high = min(ends), max(ends)
    span = high - low

    def place(value: Fraction) -> float:
        return float((value - low) / span) * 96 + 2 if span else 50.0

    kind, unit = indicator.city.kind, indicator.city.unit
    rows = [_end("期初", format.figure(kind, float(found.before), unit), place(found.before))]
    most = _largest(found)
    rows += [_bar(policy, view, kind, bar, place(bar.start), place(bar.end), most) for bar in bars]
    rows.append(_end("期末", format.figure(kind, float(found.after), unit), place(found.after)))
    still = [item.part for item in found.contributions if not item.total and item.part != REST]
    note = f'<p class="tk-note">没有变化：{text(_names(policy, still))}</p>' if still else ""
    return f'<ol class="tk-fall">{"".join(rows)}</ol>{note}'


def _end(name: str, value: format.Figure, at: float) -> str:
    return (
        f'<li class="tk-step tk-end"><span>{name}</span>'
        f'<span class="tk-track"><i class="tk-at" style="left:{at:.2f}%"></i></span>'
        f'<span class="tk-num">{text(value)}</span></li>'
    )


def _largest(found: Change) -> float:
    """The largest figure of a column of contributions, the change itself among them, without its sign."""
    figures = (found.after - found.before, *(item.total for item in found.contributions))
    return float(max(abs(figure) for figure in figures))


def _bar(policy: Policy, view: View, kind: Kind, bar: Step, start: float, end: float, largest: float) -> str:
    left, width = min(start, end), max(abs(end - start), 0.4)
    rising = "tk-up" if bar.end > bar.start else "tk-down"
    inner = (
        f"<span>{text(_names(policy, [bar.part]))}</span>"
        f'<span class="tk-track"><i class="{rising}" style="left:{left:.2f}%;width:{width:.2f}%"></i></span>'
        f'<span class="tk-num">{text(format.delta(kind, float(bar.end - bar.start), largest))}</span>'
    )
    here = "tk-step tk-here" if bar.part == view.unit else "tk-step"
    if bar.part == REST or policy.unit(bar.part).role == "unassigned":
        return f'<li class="{here}">{inner}</li>'
    return f"<li>{link(href('indicator', view, unit=bar.part, trace=''), inner, here)}</li>"


def _names(policy: Policy, parts: list[str]) -> str:
    return "、".join(REST_NAME if part == REST else policy.unit(part).short for part in parts)


def _table(
    policy: Policy, indicator: Indicator, found: Change, pairs: Mapping[str, tuple[Ratio, Ratio]]
) -> str:
    """Every part with its values then and now, and its contribution; for quotients in its two halves."""
    kind = indicator.city.kind
    most = _largest(found)
    halves = ("自身变化", "比重变化") if WAY_OF[kind] == "ratio" else ()
    rows = [
        (
            _names(policy, [item.part]),
            *_values(indicator, pairs.get(item.part)),
            *_contributed(kind, item, bool(halves), most),
        )
        for item in found.contributions
    ]
    sums = (
        sum((getattr(item, name) for item in found.contributions), Fraction(0)) for name in ("within", "mix")
    )
    whole = Contribution(policy.city.code, *sums)
    ends = (
        str(format.figure(kind, float(value), indicator.city.unit)) for value in (found.before, found.after)
    )
    rows.append(("全市", *ends, *_contributed(kind, whole, bool(halves), most)))
    return table("", ("县市区", "期初", "期末", *halves, "贡献"), rows)


def _values(indicator: Indicator, pair: tuple[Ratio, Ratio] | None) -> tuple[str, str]:
    if pair is None:
        return format.DASH, format.DASH
    first, second = (
        str(
            format.figure(
                indicator.city.kind, None if ratio.value is None else float(ratio.value), indicator.city.unit
            )
        )
        for ratio in pair
    )
    return first, second


def _contributed(kind: Kind, item: Contribution, halves: bool, largest: float) -> tuple[str, ...]:
    figures = (item.within, item.mix, item.total) if halves else (item.total,)
    return tuple(format.delta(kind, float(figure), largest) for figure in figures)
