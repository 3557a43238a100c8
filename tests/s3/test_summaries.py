"""Summaries of a lake in a bucket: made, left, verified, made anew without what is forgotten."""

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.summaries.layout import SummaryLayout
from tests.unit.summaries.test_jobs import (  # noqa: F401 - collected here
    test_a_damaged_batch_is_not_summarised,
    test_a_story_goes_on_from_day_to_day_under_one_id,
    test_what_was_forgotten_meanwhile_is_not_published,
    three_days,
)
from tests.unit.summaries.test_upkeep import (  # noqa: F401 - collected here
    gone,
    test_a_summary_that_was_half_published_is_made_anew,
    test_forgetting_makes_the_summaries_anew_that_look_back_to_the_article,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def place(layout):
    return SummaryLayout(layout.root)
