"""Which parties stand in the roles of a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from spacy.tokens import Token

from include.eventwire.coding.matching import FrameMatch
from include.eventwire.coding.parties import Party, PartyFinder
from include.eventwire.syntax.slots import fill_slot, find_governor
from include.eventwire.syntax.verbs import find_subjects

# Types whose complement tells what is promised, asked or refused, and so from whom.
SPEAKING: Final = frozenset({"AGREE", "CONCEDE", "REQUEST", "REJECT", "THREATEN"})
_COMPLEMENTS: Final = ("xcomp", "ccomp", "for", "to")
_ARGUMENTS: Final = tuple("subj obj to with on against for of from in".split())
# Whose a thing is that acts: "*Russian* aircraft bombed", "*the army*'s shells hit".
_OWNERS: Final = ("poss", "mod")
# What ties a thing to the party that it belongs to or is aimed at: "its blockade *of Gaza*".
_TIES: Final = ("poss", "mod", "of", "on", "against", "in", "to", "for", "with", "by")


def find_parties(
    match: FrameMatch, parties: PartyFinder
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Return the actors and the recipients of an act, each in text order."""
    roles = match.frame.roles
    actors = _find_side(match.head, roles.actors, parties, ())
    if not actors:
        owners = _tied(_side_words(match.head, roles.actors), _OWNERS)
        actors = _first(owners, parties, ())
    if not actors and match.head.dep_ == "acl":
        actors = _collect(_authors(match.head.head), parties, ())
    recipients = _find_side(match.head, roles.recipients, parties, actors)
    if not recipients and actors and roles.recipients:
        recipients = _behind(match, parties, actors)
    return actors, recipients


def _find_side(
    head: Token,
    alternatives: Sequence[Sequence[str]],
    parties: PartyFinder,
    taken: Iterable[Party],
) -> tuple[Party, ...]:
    """Return the parties in the first of `alternatives` that names any."""
    for slots in alternatives:
        words = [word for slot in slots for word in _role_words(head, slot)]
        if found := _collect(words, parties, taken):
            return found
    return ()


def _behind(
    match: FrameMatch, parties: PartyFinder, actors: tuple[Party, ...]
) -> tuple[Party, ...]:
    """Return the recipients that stand behind a thing, or in what is asked or promised."""
    things = [*_side_words(match.head, match.frame.roles.recipients), *fill_slot(match.head, "obj")]
    if found := _first(_tied(things, _TIES), parties, actors):
        return found
    if match.frame.event_type in SPEAKING:
        return _first(_complement_words(match.head), parties, actors)
    return ()


def _authors(document: Token) -> list[Token]:
    """Return who made a document that speaks: "*the party* released a statement denying ..."."""
    governor = find_governor(document)
    return find_subjects(governor) if governor is not None else []


def _side_words(head: Token, alternatives: Sequence[Sequence[str]]) -> list[Token]:
    return [word for slots in alternatives for slot in slots for word in _role_words(head, slot)]


def _tied(things: Iterable[Token], ties: Sequence[str]) -> Iterator[Token]:
    return (word for thing in things for tie in ties for word in fill_slot(thing, tie))


def _complement_words(head: Token) -> Iterator[Token]:
    for slot in _COMPLEMENTS:
        for word in fill_slot(head, slot):
            if word.pos_ in ("VERB", "AUX"):
                for inner in _ARGUMENTS:
                    yield from fill_slot(word, inner)
            else:
                for tie in _TIES:
                    yield from fill_slot(word, tie)


def _first(
    words: Iterator[Token], parties: PartyFinder, taken: tuple[Party, ...]
) -> tuple[Party, ...]:
    for word in words:
        if found := _collect([word], parties, taken):
            return found
    return ()


def _collect(
    words: Iterable[Token], parties: PartyFinder, taken: Iterable[Party]
) -> tuple[Party, ...]:
    others = {party.token.i for party in taken}
    found = {
        party.token.i: party
        for word in words
        for party in parties.find_all(word)
        if party.token.i not in others
    }
    return tuple(found[position] for position in sorted(found))


def _role_words(head: Token, slot: str) -> list[Token]:
    """Return the words in a slot; where that holds a verb that governs `head`, its subject."""
    words = fill_slot(head, slot)
    if slot not in ("light", "verb"):
        return words
    return [subject for verb in words for subject in find_subjects(verb)]
