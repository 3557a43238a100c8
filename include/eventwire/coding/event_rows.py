"""From coded events to rows of the tables `events` and `event_parties`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from include.eventwire.codebook import load_codebook
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.parties import Party
from include.eventwire.records import Article, Event, EventParty
from include.eventwire.versions import CODER_VERSION, lexicon_version


def make_event_rows(
    article: Article, events: Sequence[CodedEvent], model_version: str
) -> tuple[list[Event], list[EventParty]]:
    """Return the rows of the events of `article`, and those of their parties, in text order."""
    rows: list[Event] = []
    parties: list[EventParty] = []
    for index, event in enumerate(events):
        event_id = make_event_id(article.article_id, event)
        rows.append(_make_event(article, event, event_id, index, model_version))
        for role, side in (("actor", event.actors), ("recipient", event.recipients)):
            parties += [
                _make_party(article, party, event_id, number, role)
                for number, party in enumerate(side)
            ]
    return rows, parties


def make_event_id(article_id: str, event: CodedEvent) -> str:
    """Return the id of an event: the first 32 hexadecimal digits of a SHA-256.

    It is made of the article's id, the place of the trigger, the type and the offsets of the
    parties, so that the same coding has the same id on every machine.
    """
    parts = [article_id, *map(str, event.trigger_span), event.event_type]
    for role, side in (("actor", event.actors), ("recipient", event.recipients)):
        parts += [f"{role}:{party.start_char}:{party.end_char}" for party in side]
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:32]


def _make_event(
    article: Article, event: CodedEvent, event_id: str, index: int, model_version: str
) -> Event:
    codebook = load_codebook()
    start, end = event.trigger_span
    found, known = event.place, event.place.place if event.place else None
    source = event.source
    return Event(
        event_id=event_id,
        article_id=article.article_id,
        event_index=index,
        sentence_index=event.sentence_index,
        trigger=article.text[start:end],
        trigger_start_char=start,
        trigger_end_char=end,
        event_type=event.event_type,
        event_mode=event.event_mode,
        quad_class=codebook.types[event.event_type].quad_class,
        plover_score=codebook.score(event.event_type, event.event_mode),
        contexts=",".join(event.contexts) or None,
        realis=event.realis,
        event_date=event.event_date,
        event_date_precision=event.event_date_precision,
        place_text=found.text if found else None,
        place_start_char=found.start_char if found else None,
        place_end_char=found.end_char if found else None,
        place_name=known.name if known else None,
        place_country=known.country_code if known else None,
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        attributed_to=source.text if source else None,
        actor_codes=_join_codes(event.actors),
        recipient_codes=_join_codes(event.recipients),
        confidence=event.confidence,
        coder_version=CODER_VERSION,
        rule_id=event.rule_id,
        model_version=model_version,
        lexicon_version=lexicon_version(),
    )


def _make_party(
    article: Article, party: Party, event_id: str, number: int, role: str
) -> EventParty:
    return EventParty(
        event_id=event_id,
        article_id=article.article_id,
        party_index=number,
        role=role,
        start_char=party.start_char,
        end_char=party.end_char,
        text=article.text[party.start_char : party.end_char],
        name=party.name,
        country_code=party.country_code,
        sector_code=party.sector_code,
        entity_id=party.entity_id,
    )


def _join_codes(parties: Sequence[Party]) -> str | None:
    return "|".join(party.codes for party in parties if party.codes) or None
