"""Which coded events are one and the same, and what is told of it."""

from datetime import date

import pytest

from include.eventwire.summaries.event_clusters import (
    cluster_events,
    list_countries,
    make_cluster,
)
from tests.unit.summaries.rows import DAY, article_of, at, event_of, window_of

EARLIER = date(2018, 4, 23)
NEAR_B = {"cluster_id": "b", "duplicate_kind": "near"}


def clusters_of(*changes, story_of=None):
    """Return which events are together; event n is of article n, at n o'clock."""
    articles = {str(n): article_of(str(n), published_at=at(n)) for n in range(len(changes))}
    events = [event_of(f"e{n}", str(n), **change) for n, change in enumerate(changes)]
    story_of = story_of or dict.fromkeys(articles, "story")
    found = cluster_events(reversed(events), articles, story_of)
    return [[event.event_id for event in cluster] for cluster in found]


def test_two_reports_of_one_meeting_are_one_event():
    assert clusters_of({}, {"trigger": "talks", "event_mode": None}) == [["e0", "e1"]]


@pytest.mark.parametrize(
    "change",
    [
        {"event_type": "AGREE"},
        {"realis": "future"},
        {"actor_codes": "KOR.GOV"},
        {"recipient_codes": "JPN|USA"},
        {"recipient_codes": None},
        {"event_date": date(2018, 4, 22)},
    ],
)
def test_another_type_realis_party_or_day_is_another_event(change):
    assert clusters_of({}, change) == [["e0"], ["e1"]]


def test_sectors_and_the_order_of_parties_make_no_difference():
    one, two = {"actor_codes": "CHN.GOV|RUS.MIL"}, {"actor_codes": "RUS|CHN.MIL|CHN"}
    assert clusters_of(one, two) == [["e0", "e1"]]


def test_two_stories_have_no_event_in_common():
    assert clusters_of({}, {}, story_of={"0": "dam", "1": "ferry"}) == [["e0"], ["e1"]]


def test_events_of_articles_without_a_story_are_left_out():
    assert clusters_of({}, {}, story_of={"1": "dam"}) == [["e1"]]


MONTH = {"event_date": date(2018, 4, 1), "event_date_precision": "month"}
YEAR = {"event_date": date(2018, 1, 1), "event_date_precision": "year"}
NO_DATE = {"event_date": None, "event_date_precision": None}
OTHER_DAY = {"event_date": date(2018, 4, 20)}


@pytest.mark.parametrize(
    ("changes", "together"),
    [
        (({}, MONTH), [["e0", "e1"]]),
        (({}, YEAR), [["e0", "e1"]]),
        (({}, NO_DATE), [["e0", "e1"]]),
        ((NO_DATE, NO_DATE), [["e0", "e1"]]),
        (({"event_date": date(2018, 3, 31)}, MONTH), [["e0"], ["e1"]]),
        # Two days stay two events, whatever vague report could be of either: it goes to the first.
        (({}, MONTH, OTHER_DAY), [["e0", "e1"], ["e2"]]),
        ((NO_DATE, {}, OTHER_DAY), [["e0", "e1"], ["e2"]]),
        ((MONTH, {"event_date": date(2017, 4, 1)}, YEAR), [["e0", "e2"], ["e1"]]),
    ],
)
def test_dates_must_overlap(changes, together):
    assert clusters_of(*changes) == together


def test_without_countries_the_words_of_the_act_must_be_the_same():
    bare = {"actor_codes": ".COP", "recipient_codes": None, "event_type": "COERCE"}
    arrested = bare | {"trigger": "arrested", "event_mode": "arrest"}
    seized = bare | {"trigger": "seized", "event_mode": "seize"}
    assert clusters_of(arrested, seized, arrested) == [["e0", "e2"], ["e1"]]


def test_one_act_told_twice_in_an_article_is_one_event_with_one_report():
    window = window_of([article_of()], [event_of("e1"), event_of("e2")])
    (events,) = cluster_events(window.events.values(), window.articles, {"a": "a"})
    row = make_cluster(events, "a", window, {"a": ["a"]})
    assert (row.event_ids, row.article_ids, row.n_reports) == ("e1,e2", "a", 1)


def test_what_is_told_of_an_event():
    articles = [
        article_of("a", day=EARLIER, published_at=at(8, EARLIER), publisher="harbour"),
        article_of("b", published_at=at(9), publisher="wire"),
        article_of("c", published_at=at(10), publisher="post", **NEAR_B),
        article_of("d", published_at=at(11), publisher="wire"),
    ]
    events = [
        event_of("ea", "a", **MONTH, plover_score=3.0, confidence=0.4, place_name="Oslo"),
        event_of("eb", "b", plover_score=6.0, confidence=0.9, actor_codes="CHN.MIL"),
        event_of("ed", "d", event_mode="phone", place_name="Bergen", place_country="NOR"),
    ]
    events.append(event_of("ee", "d", place_name="Bergen", place_country="NOR"))
    window = window_of(articles, events)
    (cluster,) = cluster_events(events, window.articles, dict.fromkeys("abcd", "a"))
    copies = {"a": ["a"], "b": ["b", "c"], "d": ["d"]}
    row = make_cluster(cluster, "a", window, copies)
    assert (row.event_cluster_id, row.story_id) == ("ea", "a")
    assert (row.event_ids, row.article_ids) == ("ea,eb,ed,ee", "a,b,c,d")
    assert (row.first_article_id, row.first_publisher) == ("a", "harbour")
    assert (row.first_date, row.last_date) == (EARLIER, DAY)
    assert (row.n_reports, row.n_new_reports) == (4, 3)
    # The post only has the wire's words.
    assert (row.n_publishers, row.n_independent_publishers) == (3, 2)
    assert (row.event_date, row.event_date_precision) == (date(2018, 4, 23), "day")
    assert (row.event_mode, row.place_name, row.place_country) == ("visit", "Bergen", "NOR")
    assert (row.actor_codes, row.confidence) == ("CHN.MIL", 0.9)
    assert row.plover_score == pytest.approx((3 + 6 + 4 + 4) / 4)
    assert (row.actor_country_codes, row.recipient_country_codes) == ("CHN", "JPN")


def test_an_event_without_a_report_of_the_day_has_no_row():
    window = window_of([article_of(day=EARLIER)], [event_of()])
    assert make_cluster([event_of()], "a", window, {"a": ["a"]}) is None


def test_a_copy_of_something_older_was_still_written_by_somebody():
    window = window_of([article_of(cluster_id="old", duplicate_kind="exact")], [event_of()])
    row = make_cluster([event_of()], "a", window, {"old": ["a"]})
    assert (row.n_publishers, row.n_independent_publishers) == (1, 1)


@pytest.mark.parametrize(
    ("codes", "countries"),
    [("JPN|.MIL|IGO.GOV", ["IGO", "JPN"]), ("CHN.GOV|CHN.MIL", ["CHN"]), (".COP", []), (None, [])],
)
def test_countries_of_codes(codes, countries):
    assert list_countries(codes) == countries
