"""指标 as one piece of HTML, so that a click changes one element of the page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import map, spans, widgets
from dashboard.address import View
from dashboard.board import Board, Light
from dashboard.html import folded, panel, stacked
from dashboard.notes.record import Annotation
from dashboard.parts import contributions, estimate, lineage, span, trends
from dashboard.questions.lineage import Trace
from etl.policy import Policy
from etl.spans import Ratio, Ratios


@dataclass(frozen=True)
class Look:
    """One indicator at one place. board, policy: on its own basis, on which it is judged; seen: in the view's span.

    own: numerator and denominator of the place by month; measured: those of all places by span; rows: only if asked for;
    stale: whether the newest data are out of date.
    """

    board: Board
    policy: Policy
    view: View
    seen: spans.Shown
    offered: tuple[str, ...]
    own: Mapping[str, Ratio]
    measured: Mapping[str, Ratios]
    notes: tuple[Annotation, ...]
    rows: Trace | None
    stale: bool

    @property
    def judged(self) -> Light | None:
        """The light in question on its own basis."""
        return self.board.light(self.view.indicator, self.view.unit, self.view.period)

    @property
    def past(self) -> list[Light]:
        """It and the months before, in the span on show."""
        return self.seen.board.history(self.view.indicator, self.view.unit, self.view.period)


def page(look: Look, noted: str) -> str:
    """The whole page under its choosers. noted: the annotations as they are listed beside a chart."""
    return stacked(_head(look), _trend(look), noted, _below(look), _trace(look))


def _head(look: Look) -> str:
    now = look.seen.board.light(look.view.indicator, look.view.unit, look.view.period)
    tabs = span.switch(look.policy, look.view, look.offered, look.judged, now)
    return widgets.headcard(look.board, look.policy, look.view, look.judged, look.stale) + tabs


def _trend(look: Look) -> str:
    """The trend, or that there is no value to draw, with the map beside it."""
    policy, view = look.seen.policy, look.view
    indicator = policy.indicator(view.indicator)
    title = f"{policy.unit(view.unit).short}{indicator.name}走势（{indicator.basis}）"
    known = any(light.value is not None for light in look.past)
    none = panel(title, '<p class="tk-empty">还没有数值，画不出走势。</p>', "tk-chart")
    trend = trends.trend(policy, title, look.past, look.notes) if known else none
    return f'<div class="tk-third">{trend}{panel("分布", map.draw(look.seen.board, policy, view))}</div>'


def _below(look: Look) -> str:
    policy, view = look.seen.policy, look.view
    ranks = panel(
        f"{len(policy.counties)}个县市区位次",
        widgets.ranking(look.seen.board, policy, view),
        aside=policy.indicator(view.indicator).basis,
    )
    words = estimate.of_light(look.policy, look.judged, look.own)
    words += widgets.definition(look.policy, look.policy.indicator(view.indicator))
    moved = contributions.section(policy, view, spans.ratios(look.measured, view.span))
    return f'<div class="tk-pair">{ranks}<div class="tk-stack">{words}</div></div>{moved}'


def _trace(look: Look) -> str:
    months = folded("走势数据表", widgets.history_table(look.seen.policy, look.past))
    return months + lineage.section(look.policy, look.view, look.judged, look.rows)
