from datetime import date

import pytest

from include.eventwire.summaries.source_days import count_sources
from include.eventwire.summaries.stories import StoryGroup
from tests.unit.summaries.rows import article_of, event_of, window_of


def test_volume_and_quality_of_each_source():
    one = article_of("a", n_chars=100, has_warnings=True)
    copy = article_of("b", n_chars=50, cluster_id="a", duplicate_kind="near", is_coded=False,
                      publisher="post", published_at=None)  # fmt: skip
    other = article_of("c", source="desk", headline=None, publisher=None)
    old = article_of("d", source="desk", day=date(2018, 4, 20))
    future = event_of("e2", "a", realis="future", confidence=None)
    window = window_of(
        [one, copy, other, old],
        [event_of("e1", "a"), future, event_of("e3", "d")],
        rejects={("wire", "empty_text"): 1, ("wire", "bad_date"): 1, ("mail", "empty_text"): 2},
    )
    groups = [StoryGroup((one, copy), one), StoryGroup((other,), other)]
    desk, mail, wire = count_sources(window, groups)
    assert (desk.source, mail.source, wire.source) == ("desk", "mail", "wire")
    assert (wire.n_articles, wire.n_canonical, wire.n_exact_copies, wire.n_near_copies) == (
        2,
        1,
        0,
        1,
    )
    assert (wire.n_coded, wire.n_undated, wire.n_with_warnings, wire.n_publishers) == (1, 1, 1, 2)
    assert (wire.n_events, wire.n_asserted_events, wire.mean_confidence) == (2, 1, 0.5)
    assert wire.mean_chars == pytest.approx(75)
    # Of equally frequent reasons the first in the alphabet.
    assert (wire.n_rejects, wire.main_reject_reason) == (2, "bad_date")
    assert (wire.n_stories, wire.n_first_articles) == (1, 1)
    assert (desk.n_articles, desk.n_without_headline, desk.n_publishers) == (1, 1, 0)
    # What stands alone was no first.
    assert (desk.n_stories, desk.n_first_articles, desk.main_reject_reason) == (1, 0, None)
    assert (mail.n_articles, mail.n_rejects, mail.mean_chars) == (0, 2, None)
