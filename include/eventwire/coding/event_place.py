"""Where an act took place, as far as its sentence says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.places import Place, resolve_place

_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
_LOCATIVE: Final = frozenset("in at near outside inside around across throughout along within over on".split())


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A place as it is named, and what the gazetteer knows of it."""

    start_char: int
    end_char: int
    text: str
    place: Place | None


def find_place(head: Token, article: ArticleView) -> EventPlace | None:
    """Return the place of the act that `head` carries: the nearest that a preposition ties to it."""
    best: tuple[int, Span] | None = None
    for entity in article.entities_of(head):
        if entity.label not in _LABELS or not _is_location(entity.root):
            continue
        distance = _distance(entity.root, head)
        if best is None or distance < best[0]:
            best = distance, entity.span
    if best is None:
        return None
    span = best[1]
    text = span.text.removeprefix("the ").removeprefix("The ")
    start = span.start_char + len(span.text) - len(text)
    countries = (article.story_country,) if article.story_country else ()
    return EventPlace(start, start + len(text), text, resolve_place(text, countries=countries))


def _is_location(token: Token) -> bool:
    return token.dep_ == "pobj" and token.head.lower_ in _LOCATIVE


def _distance(word: Token, head: Token) -> int:
    """Return how many steps up from the place lead to the act or to what governs it."""
    ancestors = [head, *head.ancestors]
    for steps, token in enumerate(word.ancestors):
        if token in ancestors:
            return steps + 2 * ancestors.index(token)
    return 99
