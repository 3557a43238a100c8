"""Articles of the sample and the rows that come of them, in a form that a person can review."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from include.eventwire.batches.chunk_coding import code_articles
from include.eventwire.batches.plan import Plan
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import load_sources
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Event, EventParty
from include.eventwire.settings import PROJECT_ROOT, Settings

FOLDER: Final = Path(__file__).parent
SAMPLE: Final = PROJECT_ROOT / "data" / "sample_landing"
SOURCES: Final = ("meridian_wire", "harbour_times")
# Ids and versions change with every change of the lexicon, the last digits of the confidence with
# the processor: neither says whether the rows are right.
_SHOWN: Final = (
    "trigger", "event_type", "event_mode", "realis", "event_date", "event_date_precision",
    "place_text", "place_country", "attributed_to",
)  # fmt: skip


def golden_file(source: str) -> Path:
    """Return the file that holds the accepted rows of a source."""
    return FOLDER / f"{source}.json"


def make_rows(source: str) -> str:
    """Return the rows of the articles of a source of the sample, as JSON text."""
    articles = list(_read_articles(source))
    rows = code_articles(articles, _plan())
    parties = [party for party in rows["event_parties"] if isinstance(party, EventParty)]
    events = [event for event in rows["events"] if isinstance(event, Event)]
    found = [
        {
            "input": f"{article.input_uri} {article.record_number}",
            "headline": article.headline,
            "events": [
                _show(event, parties) for event in events if event.article_id == article.article_id
            ],
        }
        for article in articles
    ]
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def _read_articles(source: str) -> Iterator[Article]:
    plan = _plan()
    sources = load_sources(plan.settings.sources)
    listed = list_inputs([SAMPLE / source], landing=SAMPLE, sources=sources)
    for file in listed.files:
        profile = sources.profile_for(file.path)
        for record in read_articles(ReadContext(file, profile, plan.settings, plan.not_after())):
            if isinstance(record, Article):
                yield record


def _show(event: Event, parties: list[EventParty]) -> dict[str, Any]:
    row = asdict(event)
    shown = {name: row[name] for name in _SHOWN if row[name] is not None}
    for role in ("actor", "recipient"):
        shown[f"{role}s"] = [
            f"{party.text} ({party.country_code or '?'} {party.sector_code or '?'})"
            for party in parties
            if party.event_id == event.event_id and party.role == role
        ]
    return shown


def _plan() -> Plan:
    return Plan(
        day=date(2018, 4, 24),
        batch="golden",
        run="golden",
        settings=Settings(),
        files=(),
        shards=(),
        rejects=(),
        publisher=None,
        limit=None,
        created_at="2026-01-01T00:00:00+00:00",
    )
