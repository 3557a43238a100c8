"""Which phrases tell where something happens: "in Lagos", "near the town of Bentiu"."""

from __future__ import annotations

from typing import Final

from spacy.tokens import Token

_LOCATIVE: Final = frozenset(
    "in at near outside inside around across throughout along within over on".split()
)
# "the town of Bentiu", "the airport of Hodeidah": what stands before "of" tells that it is a place.
_SITES: Final = frozenset(
    "town city village district province region state suburb quarter neighborhood neighbourhood "
    "capital port airport harbour harbor island outskirts area county valley camp airfield".split()
)


def is_location(token: Token) -> bool:
    """Return whether a preposition makes the phrase headed by `token` the place of something."""
    if token.dep_ == "conj":
        return is_location(token.head)
    if token.dep_ != "pobj":
        return False
    if token.head.lower_ == "of":
        return token.head.head.lemma_.lower() in _SITES
    return token.head.lower_ in _LOCATIVE
