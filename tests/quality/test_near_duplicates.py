"""Where the evaluation data lies beside the project, near copies are found as docs say."""

import pytest

from benchmarks.near_duplicates import bulk_file, score_set
from benchmarks.open_gold import GOLD

pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"the evaluation data is not at {GOLD}"),
]


@pytest.mark.parametrize(
    ("name", "recall", "precision", "n_clustered"),
    [("reuters21578", 0.99, 0.985, 550), ("mixed", 0.98, 0.99, 200)],
)
def test_near_copies_are_found_and_others_are_not(name, recall, precision, n_clustered):
    scores = score_set(name)
    assert min(scores.recall, scores.direct_recall) >= recall
    assert min(scores.precision, scores.direct_precision) >= precision
    assert scores.n_clustered >= n_clustered, bulk_file(name)
