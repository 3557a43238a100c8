"""The named entities of an article as rows of the table `mentions`, linked where they are known.

Three faults that small models make again and again are mended where that is safe: titles within a
person's name, the second mention of a person by surname alone, and meetings taken for bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from spacy.tokens import Doc, Span

from include.eventwire.gazetteer.actor_codes import ActorCode, resolve_actor
from include.eventwire.gazetteer.places import resolve_place
from include.eventwire.records import Mention

_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_ACTORS: Final = frozenset({"PERSON", "ORG", "NORP"})
# What a surname alone is wrongly taken for.
_MISTAKEN_FOR: Final = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "PRODUCT"})
_TITLES: Final = frozenset(
    "president prime minister premier chancellor general colonel major captain king queen prince "
    "princess pope mr mrs ms dr sen senator rep gov governor sir secretary sheikh vice foreign "
    "ayatollah archbishop bishop cardinal mayor judge ambassador deputy".split()
)
_GATHERINGS: Final = frozenset(
    "summit conference forum congress games olympics festival championship cup expo".split()
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the article: its words and its label after mending."""

    span: Span
    label: str


def make_mentions(doc: Doc, article_id: str, published: date | None) -> list[Mention]:
    """Return the mentions of a parsed article, in text order.

    Args:
        doc: The article with sentences and named entities.
        article_id: Key of the article.
        published: Day of publication: who held an office then.
    """
    sentence_of = {token.i: number for number, s in enumerate(doc.sents) for token in s}
    mentions: list[Mention] = []
    persons: dict[str, ActorCode] = {}
    for name in _mend(doc):
        known = persons.get(name.span.text)
        if known is not None and name.label in _MISTAKEN_FOR:
            name = _Name(name.span, "PERSON")
        mentions.append(
            _make_mention(
                name, article_id, len(mentions), sentence_of[name.span.start], published, known
            )
        )
        if name.label == "PERSON" and len(name.span) > 1:
            code = resolve_actor(name.span.text, published)
            for surname in _surnames(name.span, code):
                persons[surname] = code
    return mentions


def _mend(doc: Doc) -> Iterator[_Name]:
    for entity in doc.ents:
        if entity.label_ == "PERSON":
            yield _Name(_without_titles(entity), "PERSON")
        elif entity.label_ in ("ORG", "FAC") and entity[-1].lower_ in _GATHERINGS:
            yield _Name(entity, "EVENT")
        else:
            yield _Name(entity, entity.label_)


def _without_titles(person: Span) -> Span:
    start = 0
    while start < len(person) - 1 and person[start].lower_.rstrip(".") in _TITLES:
        start += 1
    return person[start:]


def _surnames(person: Span, code: ActorCode) -> set[str]:
    """Return what a person may be called later on: the last word, or the first of "Wang Yi"."""
    last = person[-1].text
    named_first = code.name is not None and code.name.split()[0] == person[0].text
    family_first = code.country_code in ("CHN", "PRK", "KOR", "TWN", "VNM", "HKG")
    return {person[0].text} if named_first and family_first else {last}


def _make_mention(
    name: _Name,
    article_id: str,
    number: int,
    sentence_index: int,
    published: date | None,
    known: ActorCode | None,
) -> Mention:
    span = name.span
    fields = (article_id, number, sentence_index, span.start_char, span.end_char)
    if name.label in _PLACES and (place := resolve_place(span.text)):
        return Mention(
            *fields,
            span.text,
            name.label,
            entity_id=place.entity_id,
            entity_name=place.name,
            country_code=place.country_code,
            latitude=place.latitude,
            longitude=place.longitude,
        )
    if name.label not in _ACTORS:
        return Mention(*fields, span.text, name.label)
    code = known or resolve_actor(span.text, published)
    return Mention(
        *fields,
        span.text,
        name.label,
        entity_id=code.entity_id,
        entity_name=code.name,
        country_code=code.country_code,
    )
