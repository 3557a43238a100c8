"""The named entities of an article as rows of the table `mentions`, linked where they are known."""

from __future__ import annotations

from datetime import date
from typing import Final

from spacy.tokens import Doc, Span

from include.eventwire.actor_codes import resolve_actor
from include.eventwire.places import resolve_place
from include.eventwire.records import Mention

_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_ACTORS: Final = frozenset({"PERSON", "ORG", "NORP"})


def make_mentions(doc: Doc, article_id: str, published: date | None) -> list[Mention]:
    """Return the mentions of a parsed article, in text order.

    Args:
        doc: The article with sentences and named entities.
        article_id: Key of the article.
        published: Day of publication: who held an office then.
    """
    sentence_of = {token.i: number for number, s in enumerate(doc.sents) for token in s}
    return [
        _make_mention(entity, article_id, number, sentence_of[entity.start], published)
        for number, entity in enumerate(doc.ents)
    ]


def _make_mention(
    entity: Span, article_id: str, number: int, sentence_index: int, published: date | None
) -> Mention:
    fields = (article_id, number, sentence_index, entity.start_char, entity.end_char)
    if entity.label_ in _PLACES and (place := resolve_place(entity.text)):
        return Mention(
            *fields,
            entity.text,
            entity.label_,
            entity_id=place.entity_id,
            entity_name=place.name,
            country_code=place.country_code,
            latitude=place.latitude,
            longitude=place.longitude,
        )
    if entity.label_ not in _ACTORS:
        return Mention(*fields, entity.text, entity.label_)
    code = resolve_actor(entity.text, published)
    return Mention(
        *fields,
        entity.text,
        entity.label_,
        entity_id=code.entity_id,
        entity_name=code.name,
        country_code=code.country_code,
    )
