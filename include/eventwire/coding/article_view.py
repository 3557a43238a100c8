"""A parsed article with what every question about its events needs: sentences and named places."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from spacy.tokens import Doc, Span, Token

from include.eventwire.cleaning.datelines import find_dateline_end
from include.eventwire.codebook import SUPRANATIONAL_CODES
from include.eventwire.coding.locations import is_location
from include.eventwire.gazetteer.actor_codes import resolve_actor
from include.eventwire.gazetteer.places import resolve_place

PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
# From this share of its names on it is clear which country a story is about.
_CLEAR_SHARE: Final = 0.4
_TELLS_COUNTRY: Final = frozenset({"GPE", "NORP", "LOC"})
_BELONGS_TO_COUNTRY: Final = frozenset({"PERSON", "ORG"})
# The opening says what a story is about.
_OPENING_SENTENCES: Final = 2
_OPENING_WEIGHT: Final = 3


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A named entity of the article.

    Attributes:
        country_code: ISO 3166 alpha-3 of the country that the name tells, or None.
    """

    span: Span
    root: Token
    label: str
    country_code: str | None


class ArticleView:
    """One parsed article; sentences and entities are looked up once."""

    def __init__(self, doc: Doc, published: date | None) -> None:
        """Take the parsed article and its day of publication."""
        self.doc = doc
        self.published = published
        self.sentences = list(doc.sents)
        self._starts = [sentence.start for sentence in self.sentences]
        self.story_start = find_dateline_end(doc.text)

    def sentence_index(self, token: Token) -> int:
        """Return the 0-based number of the sentence that holds `token`."""
        return bisect_right(self._starts, token.i) - 1

    def sentence_of(self, token: Token) -> Span:
        """Return the sentence that holds `token`."""
        return self.sentences[self.sentence_index(token)]

    def entities_of(self, token: Token) -> list[NamedEntity]:
        """Return the named entities in the sentence that holds `token`."""
        return self._entities.get(self.sentence_index(token), [])

    @property
    def entities(self) -> list[NamedEntity]:
        """All named entities, in text order."""
        return [entity for found in self._entities.values() for entity in found]

    @property
    def story_country(self) -> str | None:
        """The country that most of the names belong to; the dateline and the opening count more."""
        return self._story[0]

    def country_at(self, token: Token) -> str | None:
        """Return the country in which the sentence of `token` plays.

        It is that of the story, unless the sentence names a place elsewhere and the story's
        country not at all.
        """
        named = [entity for entity in self.entities_of(token) if entity.country_code]
        elsewhere = {e.country_code for e in named if e.label != "NORP" and is_location(e.root)}
        if len(elsewhere) != 1 or any(e.country_code == self.story_country for e in named):
            return self.story_country
        return elsewhere.pop()

    @property
    def story_share(self) -> float:
        """Share of the names that belong to that country, 0 to 1."""
        return self._story[1]

    @cached_property
    def scene(self) -> Span | None:
        """The first place in the country that clearly most of the story is about."""
        if self.story_share < _CLEAR_SHARE:
            return None
        places = [
            entity
            for entity in self.entities
            if entity.country_code == self.story_country and entity.label in PLACE_LABELS
        ]
        located = [entity for entity in places if is_location(entity.root)]
        return next((entity.span for entity in (*located, *places)), None)

    @cached_property
    def _story(self) -> tuple[str | None, float]:
        counts: Counter[str] = Counter()
        if country := self._dateline_country():
            counts[country] += _OPENING_WEIGHT
        for index, entities in self._entities.items():
            weight = _OPENING_WEIGHT if index < _OPENING_SENTENCES else 1
            for entity in entities:
                if entity.country_code and entity.root.idx >= self.story_start:
                    counts[entity.country_code] += weight
        if not counts:
            return None, 0.0
        country, weight = counts.most_common(1)[0]
        return country, weight / counts.total()

    def _dateline_country(self) -> str | None:
        town = self.doc.text[: self.story_start].strip(" -–—").partition("(")[0].partition(",")[0]
        place = resolve_place(town.strip().title()) if town else None
        return place.country_code if place else None

    @cached_property
    def _entities(self) -> dict[int, list[NamedEntity]]:
        found: dict[int, list[NamedEntity]] = {}
        for span in self.doc.ents:
            root = span.root
            label = span.label_
            country = self._country_of(span.text, label)
            entity = NamedEntity(span, root, label, country)
            found.setdefault(self.sentence_index(root), []).append(entity)
        return found

    def _country_of(self, text: str, label: str) -> str | None:
        if label in _TELLS_COUNTRY:
            return find_country(text)
        if label in _BELONGS_TO_COUNTRY:
            code = resolve_actor(text, self.published).country_code
            return None if code in SUPRANATIONAL_CODES else code
        return None


def find_country(text: str) -> str | None:
    """Return the country that the name of a place or people tells; no organisation's code."""
    code = resolve_actor(text).country_code
    if code is None:
        place = resolve_place(text)
        code = place.country_code if place else None
    return None if code in SUPRANATIONAL_CODES else code
