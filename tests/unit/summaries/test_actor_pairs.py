from dataclasses import replace
from datetime import date

import pytest

from include.eventwire.summaries.actor_pairs import count_pairs
from include.eventwire.summaries.event_clusters import make_cluster
from tests.unit.summaries.rows import article_of, event_of, window_of

OLD = date(2018, 4, 20)
WINDOW = window_of([article_of("a"), article_of("b"), article_of("old", day=OLD)])


def cluster(name="e", **changes):
    made = make_cluster([event_of(name)], "a", WINDOW, {"a": ["a"]})
    return replace(made, event_cluster_id=name, **changes)


def pairs_of(*clusters):
    rows = count_pairs(clusters, WINDOW)
    return {
        (row.actor_country_code, row.actor_sector_code, row.recipient_country_code,
         row.recipient_sector_code, row.event_type): row
        for row in rows
    }  # fmt: skip


def test_every_actor_counts_with_every_recipient():
    found = pairs_of(cluster(actor_codes="CHN.GOV|.MIL|CHN.GOV", recipient_codes="JPN|IGO"))
    assert list(found) == [
        (None, "MIL", "IGO", None, "CONSULT"),
        (None, "MIL", "JPN", None, "CONSULT"),
        ("CHN", "GOV", "IGO", None, "CONSULT"),
        ("CHN", "GOV", "JPN", None, "CONSULT"),
    ]
    assert {row.n_events for row in found.values()} == {1}


def test_an_event_without_parties_counts_for_nobody_yet_counts():
    (row,) = pairs_of(cluster(actor_codes=None, recipient_codes=None)).values()
    assert (row.actor_country_code, row.recipient_country_code, row.n_events) == (None, None, 1)


def test_events_count_once_with_the_mean_of_their_scores():
    (row,) = pairs_of(
        cluster("one", plover_score=4.0, confidence=0.5, article_ids="a,b,old"),
        cluster("two", plover_score=-2.0, confidence=0.7, article_ids="b", first_date=OLD),
        cluster("three", plover_score=None, confidence=None, article_ids="a"),
    ).values()
    assert (row.n_events, row.n_new_events) == (3, 2)
    assert row.n_reports == 2  # what came in before the day is no report of the day
    assert (row.mean_plover_score, row.mean_confidence) == (1.0, pytest.approx(0.6))


def test_what_is_not_told_as_done_is_counted_apart():
    (row,) = pairs_of(cluster("one"), cluster("two", realis="negated", plover_score=-9.0)).values()
    assert (row.n_events, row.n_not_asserted, row.mean_plover_score) == (1, 1, 4.0)
    (row,) = pairs_of(cluster(realis="future")).values()
    assert (row.n_events, row.n_reports, row.n_not_asserted) == (0, 0, 1)
    assert row.mean_plover_score is None
