"""Where the year would end by the rule; shown as an estimate, never coloured. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dashboard import format, words
from dashboard.board import Light, level_of
from dashboard.html import panel, scrolled, table, text
from etl.estimate import ESTIMATES, year_end
from etl.policy import Policy
from etl.spans import Ratio

RULE = "年末预估＝本年累计×（上年全年÷上年同月累计），只供参考，不亮灯。"
AMOUNTS = {
    "import_share": "进口、出口各自预估后相除",
    "cbec_growth": "预估全年电商额对基期全年的年均增速",
}


def estimated(policy: Policy, light: Light | None, own: Mapping[str, Ratio]) -> Light | None:
    """The light's value at the year's end as a light without colour; None where the rule does not apply.

    It does not in December, when the year is known, nor where last year's months are missing.
    """
    if light is None or light.period.endswith("-12"):
        return None
    rule = ESTIMATES.get(policy.indicator(light.indicator).measure)
    ratio = rule(own, light.period) if rule else None
    if ratio is None or ratio.value is None:
        return None
    return replace(light, value=float(ratio.value), pace=None, gap=None, status="monitor", note="", extra="")


def of_light(policy: Policy, light: Light | None, own: Mapping[str, Ratio]) -> str:
    """The panel for one indicator; empty where nothing can be estimated."""
    return _section([light] if light else [], policy, lambda _: own, [])


def of_unit(
    policy: Policy,
    lights: Sequence[Light],
    own: Callable[[str], Mapping[str, Ratio]],
    trade: Sequence[Mapping[str, Any]],
) -> str:
    """The panel for a place: its trade and those indicators that can be estimated. own: by indicator, by month."""
    return _section(lights, policy, own, _amounts(trade))


def _section(
    lights: Sequence[Light],
    policy: Policy,
    own: Callable[[str], Mapping[str, Ratio]],
    amounts: list[tuple[str, ...]],
) -> str:
    """Amounts first, then indicators; what cannot be estimated is left out."""
    ends = [(light, estimated(policy, light, own(light.indicator))) for light in lights]
    found = [(light, ended) for light, ended in ends if ended]
    rows = amounts + [_row(policy, light, ended) for light, ended in found]
    if not rows:
        return ""
    how = dict.fromkeys(AMOUNTS[policy.indicator(light.indicator).measure] for light, _ in found)
    listed = table("", ("项目", "本年累计", "年末预估", "目标", "预估与目标"), rows, stacks=True)
    note = RULE + "".join(f"{item}。" for item in how)
    return panel(
        "年末预估", f'{scrolled("年末预估", listed)}<p class="tk-note">{text(note)}</p>', "tk-estimate"
    )


def _row(policy: Policy, light: Light, ended: Light) -> tuple[str, ...]:
    """One indicator: now, estimated, target, and how far the estimate is from it."""
    indicator, level = level_of(policy, light)
    values = (str(words.value(policy, light)), str(words.value(policy, ended)))
    if light.target is None or ended.value is None:
        return indicator.name, *values, format.DASH, format.DASH
    delta = ended.value - light.target
    goal = format.goal(indicator, level, light.target)
    distance = f"{'高出' if delta > 0 else '差'} {format.difference(level.kind, delta, level.unit)}"
    return indicator.name, *values, goal, distance if delta else "正好达到"


def _amounts(trade: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Imports, exports and both together, each flow estimated alone; trade: rows up to the month in question."""
    by_month = {row["period"]: row for row in trade}
    now = trade[-1] if trade else None
    if now is None or now["period"].endswith("-12"):
        return []
    year = int(now["period"][:4]) - 1
    december, same = by_month.get(f"{year}-12"), by_month.get(f"{year}{now['period'][4:]}")
    if december is None or same is None:
        return []
    ends = {
        key: year_end(*(row[f"ytd_{key}"] for row in (now, december, same))) for key in ("export", "import")
    }
    known = [end for end in ends.values() if end is not None]
    ends["total"] = sum(known, Fraction(0)) if len(known) == len(ends) else None
    return [
        (name, format.money(now[f"ytd_{key}"]), format.money(float(end)), format.DASH, format.DASH)
        for key, name in words.COLUMNS.items()
        if (end := ends[key]) is not None
    ]
