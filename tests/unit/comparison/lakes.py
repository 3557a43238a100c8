"""Two small lakes with the events that a test names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.records import Article, Event
from tests.lake_rows import (
    DAY,
    make_article,
    make_event,
    make_party,
    make_receipt,
    make_signature,
    stage_batch,
)

VERSIONS = {"coder": "1", "lexicon": "abc", "model": "m-1"}


def article_of(number: int, **changes: Any) -> Article:
    return make_article(f"Number {number}: China met Japan in Tokyo on Monday.", **changes)


def event_of(article: Article, event_id: str, word: str = "met", **changes: Any) -> Event:
    """Return an event whose trigger is `word`; without a place, so that the type decides alone."""
    start = article.text.index(word)
    return make_event(
        article,
        **{
            "event_id": event_id * 32,
            "trigger": word,
            "trigger_start_char": start,
            "trigger_end_char": start + len(word),
            **changes,
        },
    )


def publish(
    root: Path,
    articles: list[Article],
    events: list[Event],
    *,
    day: date = DAY,
    name: str = "daily",
    versions: dict[str, str] | None = None,
) -> LakeLayout:
    layout = LakeLayout(root)
    by_id = {article.article_id: article for article in articles}
    batch = {
        "articles": articles,
        "mentions": [],
        "events": events,
        "event_parties": [make_party(by_id[event.article_id], event) for event in events],
        "rejects": [],
        "signatures": [make_signature(article) for article in articles],
    }
    staging = layout.create_staging_run(day, name, "run") / "tables"
    receipt = make_receipt(name, day=day, versions=versions or VERSIONS)
    publish_tables(layout, day, name, stage_batch(staging, batch), receipt)
    return layout
