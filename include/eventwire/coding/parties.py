"""Who a word names: the phrase around it, and its codes.

Codes come from the phrase itself where it tells them ("Chinese President Xi Jinping"), else from
what the article says of the same name elsewhere, from an apposition, from a place after it
("police in Lagos"), and last, for the country of a role, from the country that the story is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.coding.article_view import ArticleView, find_country
from include.eventwire.coding.phrases_of_parties import full_phrase, name_span, partitive_of
from include.eventwire.coding.pronouns import PLURAL, PRONOUNS, find_antecedent
from include.eventwire.gazetteer.actor_codes import ActorCode, resolve_actor, resolve_surname
from include.eventwire.syntax.verbs import with_conjuncts

_NAMING_LABELS: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
# A month is no Prime Minister ("by May"), a sum no people.
_NEVER_PARTIES: Final = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL"})
_NOUNS: Final = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM"})
# "Russian airstrikes": an act or thing of the state, not of its people.
_ADJECTIVAL: Final = frozenset({"amod", "compound", "nmod"})
_ARGUMENTS: Final = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "conj"})
# Prepositions that tell which state or body a party belongs to: "forces of", "protesters in".
_BELONGING: Final = frozenset({"of", "in", "from", "for", "at"})
_DEFINITE: Final = frozenset({"the", "this", "that"})
# Who flees or smuggles seldom belongs to the country where it happens.
_OF_NO_COUNTRY: Final = frozenset({"REF", "CRM"})
# In the plural: states at large, and people of other states than the story's.
_STATES: Final = frozenset("country nation power state government donor foreigner".split())
_MONEY: Final = frozenset("dollar euro pound yen yuan rouble ruble rupee million billion".split())
_PERSONS: Final = frozenset(
    "people person man woman child boy girl civilian victim resident villager passenger "
    "tourist worker student protester demonstrator soldier officer policeman militant rebel "
    "migrant refugee journalist activist prisoner hostage detainee suspect member leader "
    "crowd pilgrim".split()
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

    def __init__(self, article: ArticleView) -> None:
        """Take the parsed article."""
        self._article = article
        self._parties: dict[int, tuple[Party, ...]] = {}
        self._codes: dict[int, ActorCode] = {}

    def find(self, token: Token) -> Party | None:
        """Return the party that the phrase headed by `token` names, or None when it names none."""
        found = self.find_all(token)
        return found[0] if found else None

    def find_all(self, token: Token) -> tuple[Party, ...]:
        """Return the parties that one phrase names: two in "Israeli and Palestinian officials"."""
        if token.i not in self._parties:
            self._parties[token.i] = ()  # a chain of pronouns must end
            self._parties[token.i] = tuple(self._make_all(token))
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

    def _make_all(self, token: Token) -> Iterator[Party]:
        if token.pos_ not in _NOUNS or token.ent_type_ in _NEVER_PARTIES:
            return
        if token.idx < self._article.story_start:
            return
        if token.pos_ == "PRON" and token.lower_ in PRONOUNS:
            antecedent = find_antecedent(token, self._article, self.find)
            if antecedent is not None:
                # Only "they" stands for joined words.
                words = with_conjuncts([antecedent]) if token.lower_ in PLURAL else [antecedent]
                for word in words:
                    yield from self.find_all(word)
            return
        if (part := partitive_of(token)) is not None and self.find(part) is not None:
            yield from self.find_all(part)
            return
        code = self._complete(token, self._own_code(token))
        if token.dep_ in _ADJECTIVAL and token.ent_type_ == "NORP" and code.sector_code == "CVL":
            code = replace(code, sector_code="GOV")
        if not self._is_named(token) and (code.sector_code is None or self._only_owned(token)):
            return
        yield from self._split_shared_head(token, code)

    def _split_shared_head(self, token: Token, code: ActorCode) -> Iterator[Party]:
        """Yield the party of a phrase; two in "*U.S.* and Swiss officials"."""
        span = name_span(token, self._article.story_start)
        owners = next((owners for owners in map(self._owners, token.lefts) if owners), [])
        if not owners:
            yield _make_party(token, span, code)
            return
        for word, country in owners[:-1]:
            shared = replace(code, country_code=country, entity_id=None, name=None)
            yield _make_party(word, token.doc[word.i : word.i + 1], shared)
        last, country = owners[-1]
        shared = replace(code, country_code=country, entity_id=None, name=None)
        yield _make_party(token, token.doc[last.i : span.end], shared)

    def _owners(self, modifier: Token) -> list[tuple[Token, str]]:
        """Return the countries that joined modifiers name, when they are of different ones."""
        if modifier.dep_ not in ("amod", "compound", "nmod", "poss"):
            return []
        words = with_conjuncts([modifier])
        codes = [(word, resolve_actor(word.text).country_code) for word in words]
        found = [(word, country) for word, country in codes if country]
        return found if len(found) == len(words) and len({c for _, c in found}) > 1 else []

    def _own_code(self, token: Token) -> ActorCode:
        """Return what the phrase itself tells."""
        if token.i not in self._codes:
            self._codes[token.i] = resolve_actor(self._phrase(token), self._article.published)
        return self._codes[token.i]

    def _phrase(self, token: Token) -> str:
        return full_phrase(token, self._article.story_start)

    def _complete(self, token: Token, code: ActorCode) -> ActorCode:
        """Return `code` with what is missing filled in from the article."""
        for source in (self._apposition_codes, self._namesake_codes, self._described_codes):
            for other in source(token):
                if code.country_code and code.sector_code:
                    return code
                code = _merge(code, other)
        if code.country_code is None and (
            code.sector_code in _OF_NO_COUNTRY or _is_several_states(token)
        ):
            return replace(code, country_code=self._belonging(token))
        if code.country_code is None and (code.sector_code or self._is_people(token)):
            country = self._belonging(token) or self._article.country_at(token)
            sector = code.sector_code or "CVL"
            return replace(code, country_code=country, sector_code=sector)
        return code

    def _apposition_codes(self, token: Token) -> Iterator[ActorCode]:
        for child in token.children:
            if child.dep_ == "appos":
                yield self._own_code(child)
        if token.dep_ == "appos":
            yield self._own_code(token.head)
        if token.dep_ == "nsubj" and token.head.lemma_ == "be":
            for child in token.head.children:
                if child.dep_ == "attr":
                    yield self._own_code(child)

    def _namesake_codes(self, token: Token) -> Iterator[ActorCode]:
        """Yield what the article tells of the same name, the first place that names it first."""
        if token.pos_ != "PROPN":
            return
        for other in self._names.get(token.lower_, []):
            if other.i != token.i:
                yield self._own_code(other)
                yield from self._apposition_codes(other)
        if token.ent_type_ == "PERSON":
            known = resolve_surname(token.text, self._article.published)
            if known is not None:
                yield known

    def _described_codes(self, token: Token) -> Iterator[ActorCode]:
        """Yield what is known of the named party that "the general", "the group" takes up again."""
        if token.pos_ != "NOUN" or not any(c.lower_ in _DEFINITE for c in token.lefts):
            return
        for other in self._described.get(token.lemma_.lower(), []):
            if other.i < token.i:
                yield self._own_code(other)

    @cached_property
    def _described(self) -> dict[str, list[Token]]:
        """Heads of the phrases that hold a name, by the common nouns beside it."""
        described: dict[str, list[Token]] = {}
        for span in self._article.doc.ents:
            if span.label_ not in _NAMING_LABELS:
                continue
            head = span.root
            if head.dep_ in ("compound", "poss", "nmod", "amod") and head.head.pos_ in (
                "NOUN",
                "PROPN",
            ):
                head = head.head
            for word in (head, *head.children):
                if word.dep_ in ("compound", "appos") or word == head:
                    described.setdefault(word.lemma_.lower(), []).append(head)
        return described

    @cached_property
    def _names(self) -> dict[str, list[Token]]:
        """Heads of the phrases that hold a name, by each word of the name."""
        names: dict[str, list[Token]] = {}
        for span in self._article.doc.ents:
            if span.label_ in ("PERSON", "ORG", "NORP", "GPE"):
                for token in span:
                    if token.pos_ == "PROPN":
                        names.setdefault(token.lower_, []).append(span.root)
        return names

    def _belonging(self, token: Token) -> str | None:
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in _BELONGING:
                for place in child.children:
                    if place.dep_ == "pobj" and (code := find_country(self._phrase(place))):
                        return code
        return None

    def _is_named(self, token: Token) -> bool:
        """Return whether a word without a known role can be a party: a name, or people."""
        return token.ent_type_ in _NAMING_LABELS or self._is_people(token)

    def _only_owned(self, token: Token) -> bool:
        """Return whether only its owner makes a phrase look like a party: "Iran's release"."""
        owner = next((child for child in token.lefts if child.dep_ == "poss"), None)
        if owner is None:
            return False
        bare = token.doc[owner.right_edge.i + 1 : token.i + 1].text
        return resolve_actor(bare, self._article.published).sector_code is None

    def _is_people(self, token: Token) -> bool:
        if token.ent_type_ in ("PERSON", "NORP") or token.lemma_.lower() in _PERSONS:
            return True
        return (
            token.pos_ == "NUM"
            and token.dep_ in _ARGUMENTS
            and token.ent_type_ in ("CARDINAL", "")
            and not any(child.lower_ in ("%", "percent") for child in token.children)
        )


def _is_several_states(token: Token) -> bool:
    return token.tag_ == "NNS" and token.lemma_.lower() in _STATES


def _make_party(token: Token, span: Span, code: ActorCode) -> Party:
    return Party(
        token=token,
        start_char=span.start_char,
        end_char=span.end_char,
        text=span.text,
        country_code=code.country_code,
        sector_code=code.sector_code,
        entity_id=code.entity_id,
        name=code.name,
    )


def _merge(code: ActorCode, other: ActorCode) -> ActorCode:
    return replace(
        code,
        country_code=code.country_code or other.country_code,
        sector_code=code.sector_code or other.sector_code,
        entity_id=code.entity_id or other.entity_id,
        name=code.name or other.name,
    )
