"""Where the evaluation data lies beside the project, stories are found as docs say."""

import pytest

from benchmarks.open_gold import GOLD
from benchmarks.story_clusters import FILE, group, read_gold, score
from include.eventwire.summaries.parameters import PARAMETERS

pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not FILE.is_file(), reason=f"the evaluation data is not at {GOLD}"),
]


def test_stories_are_those_that_people_see():
    articles = read_gold(FILE)
    found = group(articles, PARAMETERS)
    scores = score(found, [article.happening for article in articles], range(len(articles)))
    assert scores.precision >= 0.96
    assert scores.recall >= 0.92
    assert scores.f1 >= 0.94
