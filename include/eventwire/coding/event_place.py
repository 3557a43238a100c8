"""Where an act took place, as far as its sentence says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.places import Place, resolve_place

_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
_LOCATIVE: Final = frozenset("in at near outside inside around across throughout along within over on".split())
_HIGHEST: Final = 3


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A place as it is named, and what the gazetteer knows of it."""

    start_char: int
    end_char: int
    text: str
    place: Place | None


def find_place(head: Token, countries: tuple[str, ...] = ()) -> EventPlace | None:
    """Return the place of the act that `head` carries: the nearest that a preposition ties to it.

    Args:
        head: Verb or noun of the act.
        countries: Countries of the story, which decide between places of one name.
    """
    best: tuple[int, Span] | None = None
    for entity in head.sent.ents:
        if entity.label_ not in _LABELS or not _is_location(entity.root):
            continue
        distance = _distance(entity.root, head)
        if best is None or distance < best[0]:
            best = distance, entity
    if best is None:
        return None
    span = best[1]
    start = span[0]
    text = span.text.removeprefix("the ").removeprefix("The ")
    offset = start.idx + len(span.text) - len(text)
    return EventPlace(offset, offset + len(text), text, resolve_place(text, countries=countries))


def _is_location(token: Token) -> bool:
    return token.dep_ == "pobj" and token.head.lower_ in _LOCATIVE


def _distance(word: Token, head: Token) -> int:
    """Return how many steps up from the place lead to the act or to what governs it."""
    ancestors = [head, *head.ancestors]
    for steps, token in enumerate(word.ancestors):
        if token in ancestors:
            return steps + 2 * ancestors.index(token)
    return 99
