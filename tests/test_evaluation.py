"""综合评价 worked out by hand."""

from decimal import Decimal

from etl.evaluation import Criterion, Ranking, evaluate

RANKING = Ranking(
    2,
    (
        Criterion("value", "规模", 60, "money", None),
        Criterion("growth", "增长", 40, "growth", Decimal("0.3")),
    ),
)


def row(value, growth):
    return {"value": None if value is None else Decimal(value), "growth": growth}


def scores(*rows):
    return [result.score for result in evaluate(rows, RANKING)]


def places(*rows):
    return [(result.place, result.top) for result in evaluate(rows, RANKING)]


def test_a_score_is_the_weight_times_the_share_of_the_best_or_of_the_full_figure():
    assert scores(row(200, 0.15), row(50, 0.3)) == [60 + 20, 15 + 40]


def test_more_than_the_full_figure_earns_no_more_than_the_whole_weight():
    assert scores(row(200, 9.0), row(200, 0.3)) == [100, 100]


def test_a_loss_or_a_missing_growth_gives_nothing_and_takes_nothing():
    assert scores(row(100, -0.5), row(100, None)) == [60, 60]


def test_who_has_nothing_to_be_evaluated_by_has_no_score_and_no_place():
    assert scores(row(None, 0.3), row(100, 0)) == [None, 60]
    assert places(row(None, 0.3), row(100, 0)) == [(None, False), (1, True)]


def test_ties_share_the_better_place_and_only_the_top_is_marked():
    assert places(row(100, 0), row(100, 0), row(50, 0)) == [(1, True), (1, True), (3, False)]


def test_nobody_or_nothing_at_all_is_no_error():
    assert evaluate([], RANKING) == []
    assert scores(row(0, 0)) == [0]
