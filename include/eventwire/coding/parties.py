"""Who a word names: the phrase around it, its codes, and what a pronoun or a surname stands for.

Codes come from the phrase itself where it tells them ("Chinese President Xi Jinping"), else from what
the article says of the same name elsewhere, from an apposition, from a place after it ("police in
Lagos"), and last, for the country of a role, from the country that the story is about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from spacy.tokens import Doc, Token

from include.eventwire.actor_codes import ActorCode, resolve_actor, resolve_surname
from include.eventwire.places import resolve_place

_NAMING_LABELS: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
_NOUNS: Final = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM"})
_LEFT_PARTS: Final = frozenset({"compound", "amod", "nmod", "nummod", "poss", "quantmod", "appos"})
# Prepositions that tell which state or body a party belongs to: "forces of", "protesters in".
_BELONGING: Final = frozenset({"of", "in", "from", "for", "at"})
_SINGULAR: Final = frozenset({"he", "she", "him", "her", "himself", "herself", "his"})
_PLURAL: Final = frozenset({"they", "them", "themselves", "their"})
_NEUTER: Final = frozenset({"it", "itself", "its"})
_SPEAKER: Final = frozenset({"i", "we", "me", "us", "my", "our"})
_PRONOUNS: Final = _SINGULAR | _PLURAL | _NEUTER | _SPEAKER
_NEAREST_SENTENCES: Final = 2
_LONGEST_OF_PHRASE: Final = 6
_MONEY: Final = frozenset("dollar euro pound yen yuan rouble ruble rupee million billion".split())
_PERSONS: Final = frozenset(
    "people person man woman child boy girl civilian victim resident villager passenger tourist "
    "worker student protester demonstrator soldier officer policeman militant rebel migrant refugee "
    "journalist activist prisoner hostage detainee suspect member leader crowd pilgrim".split()
)


@dataclass(frozen=True, slots=True)
class Party:
    """A party of an event.

    Attributes:
        token: Head of the phrase.
        start_char: First character of the phrase that names the party.
        end_char: One past its last character.
        country_code: ISO 3166 alpha-3 or IGO, NGO, IMG, MNC; None when not known.
        sector_code: PLOVER sector; None when not known.
    """

    token: Token
    start_char: int
    end_char: int
    text: str
    country_code: str | None
    sector_code: str | None
    entity_id: str | None
    name: str | None

    @property
    def codes(self) -> str:
        """Country and sector ("CHN.GOV"), what is known of them ("CHN", ".GOV"), or nothing."""
        sector = f".{self.sector_code}" if self.sector_code else ""
        return f"{self.country_code or ''}{sector}"


class PartyFinder:
    """Names the parties of one article; every word is looked at once."""

    def __init__(self, doc: Doc, day: date | None) -> None:
        """Take the parsed article and its day of publication."""
        self._doc = doc
        self._day = day
        self._parties: dict[int, Party | None] = {}
        self._codes: dict[int, ActorCode] = {}
        self._by_name: dict[str, list[Token]] | None = None
        self._story_country: str | None | bool = False
        self._starts = [sentence.start for sentence in doc.sents]

    def find(self, token: Token) -> Party | None:
        """Return the party that the phrase headed by `token` names, or None when it names none."""
        if token.i not in self._parties:
            self._parties[token.i] = None  # a chain of pronouns must end
            self._parties[token.i] = self._make(token)
        return self._parties[token.i]

    def is_kind(self, token: Token, kind: str) -> bool:
        """Return whether `token` is of a kind that the lexicon's conditions name."""
        match kind:
            case "party":
                return self.find(token) is not None
            case "state":
                party = self.find(token)
                return party is not None and party.sector_code == "GOV"
            case "people":
                return self._is_people(token)
            case "place":
                return token.ent_type_ in _PLACE_LABELS
            case "money":
                return token.ent_type_ == "MONEY" or token.lemma_.lower() in _MONEY
        raise ValueError(f"unknown kind {kind!r}")

    @property
    def story_country(self) -> str | None:
        """The country that most of the article's names belong to, the opening counting more."""
        if isinstance(self._story_country, bool):
            counts: Counter[str] = Counter()
            for index, sentence in enumerate(self._doc.sents):
                for entity in sentence.ents:
                    if entity.label_ in ("GPE", "NORP") and (code := self._country_of(entity.text)):
                        counts[code] += 3 if index < 2 else 1
            ranked = counts.most_common(1)
            self._story_country = ranked[0][0] if ranked else None
        return self._story_country

    def country_near(self, token: Token) -> str | None:
        """Return the country of the nearest place or nationality named in the sentence."""
        sentence = token.sent
        found = [
            (abs(entity.root.i - token.i), code)
            for entity in sentence.ents
            if entity.label_ in ("GPE", "NORP") and (code := self._country_of(entity.text))
        ]
        return min(found)[1] if found else None

    def _make(self, token: Token) -> Party | None:
        if token.pos_ not in _NOUNS:
            return None
        if token.lower_ in _PRONOUNS:
            return self._antecedent(token)
        code = self._complete(token, self._own_code(token))
        if code.country_code is None and code.sector_code is None:
            if token.ent_type_ not in _NAMING_LABELS and not self._is_people(token):
                return None
        start, end = _name_span(token)
        return Party(
            token=token,
            start_char=start,
            end_char=end,
            text=self._doc.text[start:end],
            country_code=code.country_code,
            sector_code=code.sector_code,
            entity_id=code.entity_id,
            name=code.name,
        )

    def _own_code(self, token: Token) -> ActorCode:
        """Return what the phrase itself tells."""
        if token.i not in self._codes:
            self._codes[token.i] = resolve_actor(_full_phrase(token), self._day)
        return self._codes[token.i]

    def _complete(self, token: Token, code: ActorCode) -> ActorCode:
        """Return `code` with what is missing filled in from the article."""
        sources = (self._apposition_codes, self._namesake_codes)
        for source in sources:
            if code.country_code and code.sector_code:
                return code
            for other in source(token):
                code = _merge(code, other)
        if code.country_code is None and code.sector_code is not None:
            country = self._belonging(token) or self.country_near(token) or self.story_country
            return replace(code, country_code=country)
        if code.country_code is None and self._is_people(token):
            country = self._belonging(token) or self.country_near(token) or self.story_country
            return replace(code, country_code=country, sector_code=code.sector_code or "CVL")
        return code

    def _apposition_codes(self, token: Token) -> Iterator[ActorCode]:
        for child in token.children:
            if child.dep_ == "appos":
                yield self._own_code(child)
        if token.dep_ == "appos":
            yield self._own_code(token.head)

    def _namesake_codes(self, token: Token) -> Iterator[ActorCode]:
        """Yield what the article tells of the same name in other places, the nearest before first."""
        if token.pos_ != "PROPN":
            return
        others = self._names().get(token.lower_, [])
        before = [other for other in reversed(others) if other.i < token.i]
        for other in before:
            yield self._own_code(other)
            yield from self._apposition_codes(other)
        if not before and token.ent_type_ == "PERSON":
            known = resolve_surname(token.text, self._day)
            if known is not None:
                yield known

    def _names(self) -> dict[str, list[Token]]:
        if self._by_name is None:
            self._by_name = {}
            for token in self._doc:
                if token.pos_ == "PROPN" and token.dep_ not in ("compound", "nmod"):
                    self._by_name.setdefault(token.lower_, []).append(token)
        return self._by_name

    def _belonging(self, token: Token) -> str | None:
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in _BELONGING:
                for place in child.children:
                    if place.dep_ == "pobj" and (code := self._country_of(_full_phrase(place))):
                        return code
        return None

    def _country_of(self, text: str) -> str | None:
        code = resolve_actor(text, self._day).country_code
        if code is None:
            place = resolve_place(text)
            code = place.country_code if place else None
        return code if code and code not in ("IGO", "NGO", "IMG", "MNC") else None

    def _is_people(self, token: Token) -> bool:
        if token.ent_type_ in ("PERSON", "NORP"):
            return True
        lemma = token.lemma_.lower()
        if lemma in _PERSONS:
            return True
        return token.pos_ == "NUM" and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj") and not any(
            child.dep_ in ("quantmod", "npadvmod") and child.lower_ in ("%", "percent") for child in token.children
        ) and token.ent_type_ in ("CARDINAL", "")

    def _antecedent(self, pronoun: Token) -> Party | None:
        """Return the party that a pronoun stands for: the nearest before it that agrees."""
        if pronoun.lower_ in _SPEAKER:
            return self._speaker(pronoun)
        best: tuple[float, Party] | None = None
        here = self._sentence_of(pronoun)
        first = self._starts[max(0, here - _NEAREST_SENTENCES)]
        for token in self._doc[first : pronoun.i]:
            if token.dep_ in ("compound", "amod", "nmod") or token.lower_ in _PRONOUNS:
                continue
            if token.pos_ not in ("NOUN", "PROPN") or not _agrees(token, pronoun):
                continue
            if (party := self.find(token)) is None:
                continue
            score = self._salience(token, pronoun)
            if best is None or score >= best[0]:
                best = score, party
        return best[1] if best else None

    def _speaker(self, pronoun: Token) -> Party | None:
        verb = pronoun
        while verb.head != verb:
            verb = verb.head
        for child in verb.children:
            if child.dep_ == "nsubj" and child.lower_ not in _SPEAKER and child.i != pronoun.i:
                return self.find(child)
        return None

    def _salience(self, token: Token, pronoun: Token) -> float:
        """Return how likely a word is the antecedent: subjects first, then the nearest sentence."""
        distance = self._sentence_of(pronoun) - self._sentence_of(token)
        return (2.0 if token.dep_ in ("nsubj", "nsubjpass") else 0.0) - 1.5 * distance

    def _sentence_of(self, token: Token) -> int:
        return bisect_right(self._starts, token.i) - 1


def _agrees(token: Token, pronoun: Token) -> bool:
    plural = token.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in token.children)
    if pronoun.lower_ in _SINGULAR:
        return token.ent_type_ == "PERSON" or (not plural and token.ent_type_ not in ("GPE", "ORG"))
    if pronoun.lower_ in _PLURAL:
        return plural or token.ent_type_ in ("ORG", "NORP")
    return not plural and token.ent_type_ != "PERSON"


def _merge(code: ActorCode, other: ActorCode) -> ActorCode:
    return replace(
        code,
        country_code=code.country_code or other.country_code,
        sector_code=code.sector_code or other.sector_code,
        entity_id=code.entity_id or other.entity_id,
        name=code.name or other.name,
    )


def _name_span(token: Token) -> tuple[int, int]:
    """Return the characters of the shortest phrase that names the party with its title."""
    left = token
    for child in token.lefts:
        if child.dep_ in _LEFT_PARTS and child.left_edge.i < left.i:
            left = child.left_edge
    while left.i < token.i and (left.pos_ in ("DET", "PUNCT", "SPACE") or left.dep_ == "det"):
        left = left.nbor(1)
    return left.idx, token.idx + len(token)


def _full_phrase(token: Token) -> str:
    """Return the phrase with a short "of ..." after it, which often tells the country."""
    start, end = _name_span(token)
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for") and child.i == token.i + 1:
            edge = child.right_edge
            if edge.i - child.i <= _LONGEST_OF_PHRASE:
                end = edge.idx + len(edge)
    return token.doc.text[start:end]
