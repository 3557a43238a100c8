"""The score by which stories are measured, worked out by hand."""

import pytest

from benchmarks.story_clusters import score


@pytest.mark.parametrize(
    ("found", "gold", "precision", "recall"),
    [
        ([1, 1, 2], [5, 5, 6], 1.0, 1.0),
        # All in one: of two articles two thirds are right, of the third one third.
        ([1, 1, 1], [5, 5, 6], (2 / 3 + 2 / 3 + 1 / 3) / 3, 1.0),
        # All alone: each is right, of two articles half is found.
        ([1, 2, 3], [5, 5, 6], 1.0, (1 / 2 + 1 / 2 + 1) / 3),
    ],
)
def test_b_cubed(found, gold, precision, recall):
    scores = score(found, gold, range(3))
    assert (scores.precision, scores.recall) == pytest.approx((precision, recall))
    assert scores.f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_some_articles_may_be_scored_among_all():
    scores = score([1, 1, 1], [5, 5, 6], [2])
    assert (scores.precision, scores.recall) == pytest.approx((1 / 3, 1.0))
