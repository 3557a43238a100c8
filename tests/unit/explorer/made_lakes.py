"""Tiny lakes for the pages, and a browser without scripts that looks at them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.explorer.app import make_app
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import Record
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.records import Article, Event, EventParty
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout
from include.eventwire.summaries.schemas import EVENT_CLUSTERS
from tests.lake_rows import (
    DAY,
    make_article,
    make_event,
    make_party,
    make_receipt,
    make_signature,
    stage_batch,
)

if TYPE_CHECKING:
    from starlette.testclient import TestClient

TEXT = "Talks began. China met Japan in Tokyo on Monday. Nothing was signed."


def publish(
    layout: LakeLayout,
    rows: dict[str, Sequence[Record]],
    *,
    day: date = DAY,
    name: str = "daily",
    profile: BatchProfile | None = None,
    **receipt: Any,
) -> None:
    """Publish a batch of the rows given; other tables are empty."""
    tables = ("articles", "mentions", "events", "event_parties", "rejects", "signatures")
    batch = {table: list(rows.get(table, ())) for table in tables}
    batch["signatures"] = [make_signature(article) for article in batch["articles"]]
    staged = stage_batch(layout.create_staging_run(day, name, "run") / "tables", batch)
    written = make_receipt(name, day=day, **receipt)
    if profile is not None:
        written = replace(written, profile=profile.to_json())
    publish_tables(layout, day, name, staged, written)


def make_story(
    text: str = TEXT, *, number: int = 0, **changes: Any
) -> tuple[Article, Event, list[EventParty]]:
    """Return an article of that text, the event in it and its parties.

    Args:
        text: Has "China", "met", "Japan" and "Tokyo" in it.
        number: Makes the ids of this story its own.
        changes: Fields of the article that differ.
    """
    article_id = f"{number:032x}"
    article = make_article(text, **{"article_id": article_id, "cluster_id": article_id, **changes})
    event = make_event(article, event_id=f"{number + 0xE0000:032x}")
    parties = [
        make_party(article, event),
        make_party(article, event, "Japan", role="recipient", country_code="JPN"),
    ]
    return article, event, parties


def rows_of(*stories: tuple[Article, Event, list[EventParty]]) -> dict[str, Sequence[Record]]:
    """Return the rows of stories by table."""
    return {
        "articles": [article for article, _, _ in stories],
        "events": [event for _, event, _ in stories],
        "event_parties": [party for _, _, parties in stories for party in parties],
    }


def look_at(lake: Path | str, **options: Any) -> TestClient:
    """Return a client of the pages over a lake; errors that no page tells are raised."""
    with warnings.catch_warnings():
        # It will want httpx2 some day, which Airflow does not install yet.
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    return TestClient(make_app(str(lake), **options))


def summarise(layout: LakeLayout, clusters: Sequence[dict[str, Any]], day: date = DAY) -> None:
    """Put the table `event_clusters` of a day into a lake; columns not given are null."""
    summaries = SummaryLayout(layout.root)
    path = summaries.table_file("event_clusters", day, SUMMARY)
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {
        field.name: pa.array([row.get(field.name) for row in clusters], field.type)
        for field in EVENT_CLUSTERS
    }
    pq.write_table(pa.table(columns), path)
    receipt = summaries.receipt_file(day, SUMMARY)
    receipt.parent.mkdir(parents=True, exist_ok=True)
    receipt.write_text("{}")
