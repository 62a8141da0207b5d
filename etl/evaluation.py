"""综合评价: what takes part is scored by weighted criteria and ranked. Pure functions.

A criterion gives its weight times the participant's figure over the figure that earns the whole weight: one that the
policy sets, or the month's best; never more than the whole. A figure below zero or missing gives nothing. Who has no
figure in the first criterion, which says that there is anything to evaluate, has no score and no place.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True)
class Criterion:
    """One criterion. figure: the measure's column; weight: points of 100; kind: how the figure is shown.

    full: the figure that earns the whole weight (growth as a fraction); None for the best participant's.
    """

    figure: str
    name: str
    weight: int
    kind: Literal["count", "money", "percent", "growth"]
    full: Decimal | None


@dataclass(frozen=True)
class Ranking:
    """How participants are ranked. top: how many the document rewards at most."""

    top: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Result:
    """What one participant got. points: by criterion; place: ties share the better one. None: not evaluated."""

    score: Decimal | None
    place: int | None
    top: bool
    points: Mapping[str, float]


def evaluate(participants: Sequence[Mapping[str, Any]], ranking: Ranking) -> list[Result]:
    """The results in the order of the participants."""
    columns = {
        item.figure: _points([row[item.figure] for row in participants], item) for item in ranking.criteria
    }
    first = ranking.criteria[0].figure
    scores = [
        None if row[first] is None else sum((points[n] for points in columns.values()), Decimal(0))
        for n, row in enumerate(participants)
    ]
    ascending = sorted(score for score in scores if score is not None)
    return [
        _result(score, ascending, {name: float(points[n]) for name, points in columns.items()}, ranking.top)
        for n, score in enumerate(scores)
    ]


def _result(
    score: Decimal | None, ascending: Sequence[Decimal], points: Mapping[str, float], top: int
) -> Result:
    if score is None:
        return Result(None, None, False, {})
    place = 1 + len(ascending) - bisect_right(ascending, score)
    return Result(score, place, place <= top, points)


def _points(figures: Sequence[Any], criterion: Criterion) -> list[Decimal]:
    exact = [Decimal(0) if figure is None else max(Decimal(0), Decimal(str(figure))) for figure in figures]
    full = max(exact, default=Decimal(0)) if criterion.full is None else criterion.full
    return [criterion.weight * min(Decimal(1), figure / full) if full else Decimal(0) for figure in exact]
