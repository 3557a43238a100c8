"""A week of invented news for the pages: several countries, copies, hostile and endless words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY, make_mention, make_reject
from tests.unit.explorer.made_lakes import make_story, publish

DAYS = tuple(DAY + timedelta(days=number) for number in range(7))
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 6

_TEXTS = (
    "China met Japan in Tokyo on Monday. Ministers spoke of trade, fishing and little else.",
    "Rain kept the harbour shut. China met Japan in Tokyo, and an accord was put off once more.",
    "After a week of silence China met Japan in Tokyo. Both sides praised the weather.",
)
_PAIRS = (("CHN", "JPN"), ("FRA", "DEU"), ("RUS", "UKR"), ("BRA", "ARG"), ("KEN", "ETH"))
_PUBLISHERS = ("harbour_times", "meridian_wire", "pacific_daily")
_KINDS = (
    ("CONSULT", "visit", "verbal cooperation", 4.0),
    ("AID", "economic", "material cooperation", 7.0),
    ("ACCUSE", "disapprove", "verbal conflict", -2.0),
    ("ASSAULT", "aerial", "material conflict", -10.0),
)


def publish_news(folder: Path) -> LakeLayout:
    """Make a lake of seven days with twelve articles each, and return it."""
    layout = LakeLayout(folder)
    for number, day in enumerate(DAYS):
        stories = [_make_story(number * 12 + place, number) for place in range(12)]
        articles = [article for article, _, _ in stories]
        publish(
            layout,
            {
                "articles": articles,
                "mentions": [make_mention(article) for article in articles],
                "events": [event for _, event, _ in stories],
                "event_parties": [party for _, _, parties in stories for party in parties],
                "rejects": [make_reject(detail=HOSTILE)],
            },
            day=day,
            profile=_count(stories),
            counts={"records_in": 13, "articles": 12, "events": 12, "rejects": 1},
            run={"dag_id": "code_news", "run_id": f"manual__{day}",
                 "published_at": f"{day}T23:00:00+00:00"},
        )  # fmt: skip
    return layout


def _make_story(number: int, day: int) -> tuple[Any, Any, Any]:
    actor, recipient = _PAIRS[number % len(_PAIRS)]
    kind, mode, quad, score = _KINDS[number % len(_KINDS)]
    text = f"{_TEXTS[number % len(_TEXTS)]} It was report {number}."
    headline = f"Ministers meet for the {number}th time"
    if number % 12 == 5:
        text, headline = f"{HOSTILE} {text} {ENDLESS} {HOSTILE}", f"{HOSTILE} {ENDLESS}"
    article, event, parties = make_story(
        text,
        number=number,
        headline=headline,
        publisher=_PUBLISHERS[number % len(_PUBLISHERS)],
        url=f"https://news.example/{number}",
        published_at=datetime(2018, 4, 24, 9, tzinfo=UTC) + timedelta(days=day),
        input_uri=f"{_PUBLISHERS[number % len(_PUBLISHERS)]}/dt={DAYS[day]}/news.jsonl",
    )
    event = replace(
        event, event_type=kind, event_mode=mode, quad_class=quad, plover_score=score,
        event_date=DAYS[day], event_date_precision="day", actor_codes=f"{actor}.GOV",
        recipient_codes=f"{recipient}.GOV", confidence=0.5 + number % 5 / 10,
    )  # fmt: skip
    codes = (actor, recipient)
    parties = [
        replace(party, country_code=code, name=None, entity_id=None)
        for party, code in zip(parties, codes, strict=True)
    ]
    return article, event, parties


def _count(stories: list[tuple[Any, Any, Any]]) -> BatchProfile:
    sources: dict[str, SourceCounts] = {}
    types: dict[str, int] = {}
    for article, event, _ in stories:
        before = sources.get(article.publisher, SourceCounts())
        sources[article.publisher] = replace(before, articles=before.articles + 1)
        types[event.event_type] = types.get(event.event_type, 0) + 1
    first = next(iter(sources))
    sources[first] = replace(sources[first], rejects={"empty_text": 1})
    return BatchProfile(sources, types)
