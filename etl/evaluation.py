"""综合评价: what takes part is scored by weighted criteria and ranked. Pure functions.

A criterion gives its weight times the participant's figure over the highest of the month: the best gets the whole
weight, one with half of it half the weight. A figure below zero or missing gives nothing. Who has no figure in the first
criterion, which says that there is anything to evaluate, has no score and no place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True)
class Criterion:
    """One criterion. figure: the measure's column; weight: points of 100; kind: how the figure is shown."""

    figure: str
    name: str
    weight: int
    kind: Literal["count", "money", "share", "growth"]


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
    best = {item.figure: max((_figure(row, item) for row in participants), default=Decimal(0)) for item in ranking.criteria}
    points = [
        {item.figure: _points(_figure(row, item), best[item.figure], item.weight) for item in ranking.criteria}
        for row in participants
    ]
    first = ranking.criteria[0].figure
    scores = [
        sum(got.values(), Decimal(0)) if row[first] is not None else None
        for row, got in zip(participants, points, strict=True)
    ]
    return [_result(score, scores, got, ranking.top) for score, got in zip(scores, points, strict=True)]


def _result(
    score: Decimal | None, scores: Sequence[Decimal | None], points: Mapping[str, Decimal], top: int
) -> Result:
    if score is None:
        return Result(None, None, False, {})
    place = 1 + sum(other is not None and other > score for other in scores)
    return Result(score, place, place <= top, {name: float(got) for name, got in points.items()})


def _figure(row: Mapping[str, Any], criterion: Criterion) -> Decimal:
    figure = row[criterion.figure]
    return Decimal(0) if figure is None else max(Decimal(0), Decimal(str(figure)))


def _points(figure: Decimal, best: Decimal, weight: int) -> Decimal:
    return weight * figure / best if best else Decimal(0)
