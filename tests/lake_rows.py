"""A small batch of rows that agree with each other, for tests of the lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from include.eventwire.article_ids import hash_text
from include.eventwire.deduplication import signatures
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import Record, write_rows
from include.eventwire.lake.receipts import Receipt
from include.eventwire.records import Article, Event, EventParty, Mention, Reject, Signature

DAY = date(2018, 4, 24)

# A letter with a combining accent and an emoji of several code points stand before the words that
# the offsets name: whoever counts bytes, UTF-16 units or graphemes is wrong by then.
TEXT = (
    "Cafe\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 news: "
    "China met Japan in Tokyo on Monday."
)


def make_article(text: str = TEXT, **changes: Any) -> Article:
    article_id = changes.pop("article_id", hash_text(text)[:32])
    article = Article(
        article_id=article_id,
        source_id="a-1",
        publisher="daily",
        url=None,
        headline="Ministers meet",
        byline=None,
        published_at=datetime(2018, 4, 24, 9, 30, tzinfo=UTC),
        language="en",
        language_score=0.5,
        text=text,
        n_chars=len(text),
        n_tokens=12,
        n_sentences=1,
        text_sha256=hash_text(text),
        cluster_id=article_id,
        is_canonical=True,
        duplicate_kind=None,
        input_uri="in/news.jsonl",
        input_format="jsonl",
        record_number=1,
    )
    return replace(article, **changes)


def make_mention(article: Article, surface: str = "China", **changes: Any) -> Mention:
    start = article.text.index(surface)
    mention = Mention(
        article_id=article.article_id,
        mention_index=0,
        sentence_index=0,
        start_char=start,
        end_char=start + len(surface),
        text=surface,
        label="GPE",
        entity_id="country:CHN",
        entity_name="China",
        country_code="CHN",
        latitude=35.0,
        longitude=105.0,
    )
    return replace(mention, **changes)


def make_event(article: Article, **changes: Any) -> Event:
    trigger, place = article.text.index("met"), article.text.index("Tokyo")
    event = Event(
        event_id="e" * 32,
        article_id=article.article_id,
        event_index=0,
        sentence_index=0,
        trigger="met",
        trigger_start_char=trigger,
        trigger_end_char=trigger + len("met"),
        event_type="CONSULT",
        event_mode="visit",
        quad_class="verbal cooperation",
        plover_score=4.0,
        contexts="diplomatic,military",
        realis="asserted",
        event_date=date(2018, 4, 23),
        event_date_precision="day",
        place_text="Tokyo",
        place_start_char=place,
        place_end_char=place + len("Tokyo"),
        place_name="Tokyo",
        place_country="JPN",
        latitude=35.6895,
        longitude=139.69171,
        attributed_to=None,
        actor_codes="CHN.GOV",
        recipient_codes="JPN|.MIL|IGO",
        confidence=0.75,
        coder_version="0.1.0",
        rule_id="consult.csv:1",
        model_version="en_core_web_sm-3.8.0",
        lexicon_version="0" * 12,
    )
    return replace(event, **changes)


def make_party(
    article: Article, event: Event, surface: str = "China", **changes: Any
) -> EventParty:
    start = article.text.index(surface)
    party = EventParty(
        event_id=event.event_id,
        article_id=article.article_id,
        party_index=0,
        role="actor",
        start_char=start,
        end_char=start + len(surface),
        text=surface,
        name="China",
        country_code="CHN",
        sector_code="GOV",
        entity_id="country:CHN",
    )
    return replace(party, **changes)


def make_reject(**changes: Any) -> Reject:
    reject = Reject("in/news.jsonl", 2, "check", "empty_text", "the article has no body text")
    return replace(reject, **changes)


def make_signature(article: Article, **changes: Any) -> Signature:
    signature = signatures.make_signature(article.article_id, article.text)
    return replace(signature, **{"cluster_id": article.cluster_id, **changes})


def make_batch(text: str = TEXT) -> dict[str, list[Record]]:
    """Return a batch that passes every check: one article, its rows and one reject."""
    article = make_article(text)
    event = make_event(article)
    return {
        "articles": [article],
        "mentions": [make_mention(article), make_mention(article, "Tokyo", mention_index=1)],
        "events": [event],
        "event_parties": [
            make_party(article, event),
            make_party(article, event, "Japan", role="recipient", country_code="JPN"),
        ],
        "rejects": [make_reject()],
        "signatures": [make_signature(article)],
    }


def stage_batch(folder: Path, batch: dict[str, list[Record]]) -> dict[str, Path]:
    """Write the tables of `batch` into `folder`; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {}
    for table, rows in batch.items():
        tables[table] = folder / f"{table}.parquet"
        write_rows(tables[table], table, rows)
    return tables


def stage_run(
    layout: LakeLayout, batch: dict[str, list[Record]], run: str, name: str = "daily"
) -> dict[str, Path]:
    """Stage `batch` as the run `run` of a lake; return the paths of its tables."""
    return stage_batch(layout.create_staging_run(DAY, name, run) / "tables", batch)


def make_receipt(name: str = "daily", **changes: Any) -> Receipt:
    receipt = Receipt(
        day=DAY,
        batch=name,
        inputs=[{"uri": "in/news.jsonl", "size": 10, "sha256": "0" * 64}],
        versions={"code": "0.1.0", "schema": "1"},
        tables={},
        counts={"records_in": 2},
        checks=(),
        run={"run_id": "manual"},
    )
    return replace(receipt, **changes)
