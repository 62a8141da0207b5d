"""缺口与位次: a unit's coloured lights with gap, what each remaining month must bring, its weight and place. Pure."""

from collections.abc import Mapping
from fractions import Fraction

from dashboard import format, needs, words
from dashboard.address import View, href
from dashboard.board import Board, Light, before, exact, level_of
from dashboard.html import NOTHING, lamp, link, panel, scrolled, spans, text
from dashboard.needs import RULE, needed
from dashboard.parts.ranking import change
from dashboard.questions.measured import Inputs, history
from etl.decompose import WAY_OF, share_of_target
from etl.policy import Policy
from etl.spans import Ratios

HEADER = ("指标", "状态", "数值", "目标", "缺口", "剩余", "月均需", "占全市目标", "位次", "比上月")
WEIGHT = "占全市目标：本地数值在全市目标数中的份额；退税为本地办结件数占全市的份额。"


def sentence(
    board: Board, policy: Policy, view: View, lights: list[Light], inputs: Mapping[str, Inputs]
) -> str:
    """The unit's page in words: its place, and below it what each remaining month must bring for its red lights."""
    place = spans(needs.place(board, policy, view.unit, view.period))
    tasks = spans(needs.tasks(policy, lights, lambda item: history(inputs[item].own, view.unit)))
    return f'<div class="tk-sentence"><h1>{place}</h1>{f"<p>{tasks}</p>" if tasks else ""}</div>'


def section(
    board: Board, policy: Policy, view: View, lights: list[Light], inputs: Mapping[str, Inputs]
) -> str:
    """The panel: one row per coloured light."""
    rows = [_row(board, policy, view, light, inputs[light.indicator]) for light in lights if light.tone]
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in HEADER)
    table = f'<table class="tk-table tk-stacks"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    note = f'<p class="tk-note">{RULE}{WEIGHT}</p>'
    return panel("缺口与位次", scrolled("缺口与位次", table) + note, "tk-need")


def _row(board: Board, policy: Policy, view: View, light: Light, inputs: Inputs) -> str:
    indicator, level = level_of(policy, light)
    need = needed(policy, light, history(inputs.own, light.unit))
    goal = format.goal(indicator, level, light.target, light.value)
    then = board.light(light.indicator, light.unit, before(light.period))
    cells = (
        lamp(light, words.why(policy, light)),
        text(words.value(policy, light)),
        text(goal),
        text(_gap(policy, light)),
        f"{need.months}个月" if need else format.DASH,
        text(need.each if need else format.DASH),
        text(weight(board, policy, light, inputs.parts)),
        f"{light.rank or format.DASH}",
        change(then.rank - light.rank if light.rank and then and then.rank else None),
    )
    body = "".join(
        f"<td{_named(name)}{NOTHING if cell == format.DASH else ''}>{cell}</td>"
        for name, cell in zip(HEADER[1:], cells, strict=True)
    )
    name = link(href("indicator", view, indicator=indicator.id), text(indicator.name))
    return f'<tr><th scope="row">{name}</th>{body}</tr>'


def _named(name: str) -> str:
    """A phone shows the column's name beside a figure; a status says itself what it is."""
    return "" if name == "状态" else f' data-name="{name}"'


def _gap(policy: Policy, light: Light) -> str:
    """Work left in the indicator's unit; a dash where there is none."""
    _, level = level_of(policy, light)
    if light.gap is None or light.gap <= 0:
        return format.DASH
    return format.difference(level.kind, light.gap, level.unit)


def weight(board: Board, policy: Policy, light: Light, parts: Ratios) -> str:
    """The unit's share in the city's target; in the city's cases where less is better."""
    indicator = policy.indicator(light.indicator)
    city = board.light(light.indicator, policy.city.code, light.period)
    units = parts.get(light.period, {})
    whole, part = units.get(policy.city.code), units.get(light.unit)
    if city is None or city.target is None or whole is None or part is None:
        return format.DASH
    if indicator.city.kind == "days":
        if part.denominator is None or not whole.denominator:
            return format.DASH
        return f"办件占{format.decimal(float(Fraction(part.denominator) / Fraction(whole.denominator)) * 100, 1)}%"
    share = share_of_target(WAY_OF[indicator.city.kind], whole, part, exact(city.target))
    return format.DASH if share is None else f"{format.decimal(float(share) * 100, 1)}%"
