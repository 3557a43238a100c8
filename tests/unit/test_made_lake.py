"""A made lake is sound: offsets hold, ids fit together, the same arguments make the same rows."""

from dataclasses import replace
from datetime import date

import pytest

from benchmarks.made_lake import Size, make_lake, plan_articles
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.verification import verify_lake
from tests.lake_rows import (
    DAY,
    make_article,
    make_event,
    make_mention,
    make_party,
    make_receipt,
    make_reject,
    make_signature,
    stage_batch,
)

SIZE = Size(n_articles=200, n_events=130, n_days=4, first_day=date(2023, 1, 1))
WORDS = " ".join(f"word{number}" for number in range(60))


@pytest.fixture
def sample(tmp_path):
    """Publish a lake of two articles, one with an event and one without."""
    layout = LakeLayout(tmp_path / "sample")
    told = make_article(f"China met Japan in Tokyo on Monday. {WORDS}")
    silent = make_article(f"Nothing came of it. {WORDS}")
    event = make_event(told, event_date=DAY)
    parties = [
        make_party(told, event),
        make_party(told, event, "Japan", role="recipient", country_code="JPN"),
    ]
    event = replace(event, actor_codes="CHN.GOV", recipient_codes="JPN.GOV", contexts=None)
    batch = {
        "articles": [told, silent],
        "mentions": [make_mention(told)],
        "events": [event],
        "event_parties": parties,
        "rejects": [make_reject()],
        "signatures": [make_signature(told), make_signature(silent)],
    }
    staged = stage_batch(layout.create_staging_run(DAY, "daily", "run") / "tables", batch)
    publish_tables(layout, DAY, "daily", staged, make_receipt())
    return layout.root


def rows_of(lake, table):
    layout = LakeLayout(lake)
    return [row for _, path in layout.published_files(table) for row in read_rows(path, table)]


def test_a_made_lake_is_sound_and_as_large_as_wanted(sample, tmp_path):
    lake = tmp_path / "made"
    days = list(make_lake(sample, lake, SIZE))  # each day passes the audit, or this fails
    assert days == [date(2023, 1, day) for day in (1, 2, 3, 4)]
    assert verify_lake(LakeLayout(lake)) == []
    articles = rows_of(lake, "articles")
    events = rows_of(lake, "events")
    assert len(articles) == len({article.article_id for article in articles}) == SIZE.n_articles
    assert len(events) == len({event.event_id for event in events})
    assert abs(len(events) - SIZE.n_events) < 30
    assert {article.duplicate_kind for article in articles} == {None, "exact", "near"}


def test_rows_of_a_made_lake_fit_together(sample, tmp_path):
    lake = tmp_path / "made"
    list(make_lake(sample, lake, SIZE))
    articles = {article.article_id: article for article in rows_of(lake, "articles")}
    events = {event.event_id: event for event in rows_of(lake, "events")}
    for party in rows_of(lake, "event_parties"):
        event = events[party.event_id]
        assert party.article_id == event.article_id
        text = articles[party.article_id].text
        assert text[party.start_char : party.end_char] == party.text
        codes = event.actor_codes if party.role == "actor" else event.recipient_codes
        assert party.country_code in codes
    assert len({event.actor_codes for event in events.values()}) > 5
    assert {event.event_date for event in events.values()} == {
        articles[event.article_id].published_at.date() for event in events.values()
    }


def test_the_plan_is_the_same_every_time():
    assert plan_articles(SIZE, [1, 0]).equals(plan_articles(SIZE, [1, 0]))


def test_copies_are_of_articles_that_are_none():
    plan = plan_articles(replace(SIZE, n_articles=5_000, n_events=3_000), [1, 0])
    copy_of = plan["copy_of"].to_pylist()
    copies = [number for number, of in enumerate(copy_of) if of is not None]
    assert 150 < len(copies) < 350
    assert all(copy_of[number] < number for number in copies)
    assert all(copy_of[copy_of[number]] is None for number in copies)


def test_more_events_than_the_sample_has_are_refused():
    with pytest.raises(ValueError, match="events an article cannot be made"):
        plan_articles(replace(SIZE, n_events=1_000), [1, 0])
