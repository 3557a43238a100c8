"""Rows of a window and of a lake, for the tests of summaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from include.eventwire.article_ids import hash_text
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import Record, read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.records import Article, Event
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES
from include.eventwire.summaries.window import Window, WindowArticle, WindowEvent
from tests.lake_rows import make_article as make_lake_article
from tests.lake_rows import make_event, make_receipt, make_reject, make_signature, stage_batch

DAY = date(2018, 4, 24)
DAM = (
    "Engineers shut the sluices of the Harrowgate dam after a crack was found in its wall. "
    "Villagers of Lower Harrowgate were told to leave for the school on the hill."
)
ORCHESTRA = (
    "The Pellworm orchestra played without a conductor after Anna Lindqvist resigned over pay. "
    "Musicians said that the concert in the old tramway depot was their best in years."
)
FERRY = (
    "A ferry ran aground off Skarholm in thick fog and its passengers were taken off by fishermen. "
    "The captain of the Nordlys had asked for a pilot, the coast guard wrote."
)


def at(hour: int, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def article_of(article_id: str = "a", **changes: Any) -> WindowArticle:
    article = WindowArticle(
        article_id=article_id,
        day=DAY,
        source="wire",
        publisher="wire",
        headline="Dam shut",
        published_at=at(9),
        cluster_id=article_id,
        duplicate_kind=None,
        is_coded=True,
        n_chars=100,
        has_warnings=False,
    )
    return replace(article, **changes)


def event_of(event_id: str = "e", article_id: str = "a", **changes: Any) -> WindowEvent:
    event = WindowEvent(
        event_id=event_id,
        article_id=article_id,
        event_type="CONSULT",
        event_mode="visit",
        quad_class="verbal cooperation",
        plover_score=4.0,
        realis="asserted",
        event_date=date(2018, 4, 23),
        event_date_precision="day",
        place_name=None,
        place_country=None,
        actor_codes="CHN.GOV",
        recipient_codes="JPN",
        confidence=0.5,
        trigger="met",
    )
    return replace(event, **changes)


def window_of(articles: list[WindowArticle], events: list[WindowEvent] = [], **more: Any) -> Window:  # noqa: B006 - not changed
    ordered = sorted(articles, key=lambda article: article.order)
    return Window(
        day=DAY,
        articles={article.article_id: article for article in ordered},
        words=more.pop("words", {}),
        events={event.event_id: event for event in events},
        rejects=more.pop("rejects", {}),
        delivered=tuple(article for article in ordered if article.day == DAY),
    )


def article(text: str, **changes: Any) -> Article:
    """Return an article of a lake: "a story." with words that make it unlike others."""
    day = changes.pop("day", DAY)
    return make_lake_article(
        text,
        **{
            "headline": text.split(" after ")[0],
            "published_at": at(9, day),
            "input_uri": f"wire/dt={day}/news.jsonl",
            **changes,
        },
    )


def meeting(of: Article, **changes: Any) -> Event:
    """Return an event of an article of which no words are needed."""
    event_id = hash_text(f"{of.article_id} {sorted(changes.items())}")[:32]
    stand_in = make_lake_article()  # has the words that the offsets name
    return replace(make_event(stand_in), event_id=event_id, article_id=of.article_id, **changes)


def publish(
    layout: LakeLayout,
    articles: list[Article],
    events: list[Event] | None = None,
    *,
    day: date = DAY,
    batch: str = "daily",
) -> None:
    """Publish a batch of articles and events."""
    rows: dict[str, list[Record]] = {
        "articles": list(articles),
        "mentions": [],
        "events": list(events or []),
        "event_parties": [],
        "rejects": [make_reject(input_uri=f"wire/dt={day}/news.jsonl")],
        "signatures": [make_signature(row) for row in articles],
    }
    staging = layout.create_staging_run(day, batch, "run")
    tables = stage_batch(staging / "tables", rows)
    counts = {"records_in": len(articles) + 1}
    publish_tables(layout, day, batch, tables, make_receipt(batch, day=day, counts=counts))


def rows_of(layout: LakeLayout, table: str, day: date = DAY) -> list[Any]:
    """Return the rows of a day's summary."""
    return list(read_rows(SummaryLayout(layout.root).table_file(table, day, SUMMARY), table))


def hashes_of(layout: LakeLayout, day: date = DAY) -> dict[str, str]:
    """Return the hash of each file of a day's summary, as its receipt tells them."""
    receipt = read_receipt(SummaryLayout(layout.root).receipt_file(day, SUMMARY))
    assert set(receipt.tables) == set(SUMMARY_TABLES)
    return {table: file.sha256 for table, file in receipt.tables.items()}
