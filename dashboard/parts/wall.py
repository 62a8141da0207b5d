"""大屏: the overview in screens that a wall shows one after the other, nothing to click or to choose."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from dashboard import format, map, matrix, widgets
from dashboard.address import View
from dashboard.board import Board, lights_of, summarise
from dashboard.html import panel, text
from dashboard.parts import gaps
from etl.policy import Policy

SECONDS = 15  # a screen stands
COLUMNS, ROWS = 4, 2  # of cards on a screen


def screens(
    board: Board, policy: Policy, view: View, stale: bool, city: Mapping[str, Any] | None
) -> list[Callable[[], str]]:
    """What is shown in turn, each under the sentence: what is red, what is not, who, and what moved."""
    lights = lights_of(board, policy, policy.city.code, view.period)
    red = [light for light in lights if light.tone == "red"]
    rest = [light for light in lights if light.tone != "red"]
    beside = len(red) < COLUMNS * ROWS  # there is room for whose they are
    parts: list[Callable[[], str]] = [
        lambda: widgets.cards(board, policy, view, rest, stale),
        lambda: (
            f'<div class="tk-wall-who">{matrix.matrix(board, policy, view)}'
            f"{panel(policy.indicator(view.indicator).name, map.draw(board, policy, view))}</div>"
        ),
        lambda: (
            f"{'' if red and beside else gaps.where(board, policy, view)}"
            f'<div class="tk-pair">{gaps.turns(board, policy, view)}{widgets.totals(city, view.period, "全市进出口")}</div>'
        ),
    ]
    if red:
        last = _filling(gaps.where(board, policy, view), len(red)) if beside else ""
        parts.insert(0, lambda: widgets.cards(board, policy, view, red, stale, last))

    def said() -> str:
        return widgets.sentence(policy, summarise(board, policy, view.period), stale)

    foot = f"数据截至{format.period(view.period)}"
    count = len(parts)
    return [functools.partial(_screen, said, part, foot, number, count) for number, part in enumerate(parts)]


def _filling(part: str, cards: int) -> str:
    """A part as wide as what the cards leave of their last row, or as a row of its own."""
    return f'<div style="grid-column: span {COLUMNS - cards % COLUMNS}">{part}</div>'


def _screen(said: Callable[[], str], draw: Callable[[], str], foot: str, number: int, screens: int) -> str:
    dots = "".join(f'<i class="{"tk-here" if at == number else ""}"></i>' for at in range(screens))
    label = text(f"第{number + 1}屏，共{screens}屏")
    dial = (
        f'<div class="tk-dial"><span>{text(foot)}</span><b role="img" aria-label="{label}">{dots}</b></div>'
    )
    return f'<div class="tk-wall">{said()}{draw()}{dial}</div>'
