"""大屏: the overview in screens that a wall shows one after the other, nothing to click or to choose."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard import format, map, matrix, widgets
from dashboard.address import View
from dashboard.board import Board, Light, lights_of, summarise
from dashboard.html import panel, text
from dashboard.parts import gaps
from etl.policy import Policy

SECONDS = 15  # a screen stands
COLUMNS = 4  # of cards
MOST_CARDS = 2 * COLUMNS  # that a screen has room for under the sentence
MOST_BESIDE = 5  # red cards beside which there is room for whose their gaps are


def screens(
    board: Board, policy: Policy, view: View, stale: bool, city: Mapping[str, Any] | None
) -> list[Callable[[], str]]:
    """What is shown in turn, each under the sentence: what is red, what is not, who, and what moved."""
    lights = lights_of(board, policy, policy.city.code, view.period)
    red = [light for light in lights if light.tone == "red"]
    rest = [light for light in lights if light.tone != "red"]
    beside = 0 < len(red) <= MOST_BESIDE
    where = _filling(gaps.where(board, policy, view), len(red)) if beside else ""
    groups = [*((group, where) for group in _groups(red)), *((group, "") for group in _groups(rest))]
    parts: list[Callable[[], str]] = [
        *(
            functools.partial(widgets.cards, board, policy, view, group, stale, last)
            for group, last in groups
        ),
        lambda: (
            f'<div class="tk-wall-who">{matrix.matrix(board, policy, view)}'
            f"{panel(policy.indicator(view.indicator).name, map.draw(board, policy, view))}</div>"
        ),
        lambda: _moved(board, policy, view, city),
    ]
    if len(red) > MOST_BESIDE:
        parts.insert(len(_groups(red)), lambda: gaps.where(board, policy, view))

    def said() -> str:
        return widgets.sentence(policy, summarise(board, policy, view.period))

    foot = f"数据截至{format.period(view.period)}"
    count = len(parts)
    return [functools.partial(_screen, said, part, foot, number, count) for number, part in enumerate(parts)]


def _groups(lights: Sequence[Light]) -> list[Sequence[Light]]:
    """The lights of each screen of cards; of none there is no screen."""
    return [lights[at : at + MOST_CARDS] for at in range(0, len(lights), MOST_CARDS)]


def _filling(part: str, cards: int) -> str:
    """A part as wide as what the cards leave of their last row; as a row of its own where that is narrow."""
    left = -cards % COLUMNS
    return f'<div style="grid-column: span {left if left > 1 else COLUMNS}">{part}</div>'


def _moved(board: Board, policy: Policy, view: View, city: Mapping[str, Any] | None) -> str:
    """What moved: turned lights and totals, beside the places of the 12."""
    turned, totals = gaps.turns(board, policy, view), widgets.totals(city, view.period, "全市进出口")
    title = f"{len(policy.counties)}个县市区位次（{policy.indicator(view.indicator).name}）"
    places = panel(title, widgets.ranking(board, policy, view))
    return f'<div class="tk-pair">{places}<div class="tk-stack">{turned}{totals}</div></div>'


def _screen(said: Callable[[], str], draw: Callable[[], str], foot: str, number: int, screens: int) -> str:
    dots = "".join(f'<i class="{"tk-here" if at == number else ""}"></i>' for at in range(screens))
    label = text(f"第{number + 1}屏，共{screens}屏")
    dial = (
        f'<div class="tk-dial"><span>{text(foot)}</span><b role="img" aria-label="{label}">{dots}</b></div>'
    )
    return f'<div class="tk-wall">{said()}{draw()}{dial}</div>'
