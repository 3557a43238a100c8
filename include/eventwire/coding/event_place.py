"""Where an act took place, as far as its sentence says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.coding.article_view import PLACE_LABELS, ArticleView
from include.eventwire.coding.locations import is_location
from include.eventwire.gazetteer.places import Place, resolve_place

# Acts that are only words; people who meet and talk do so at a place.
_SAID: Final = frozenset("AGREE SUPPORT CONCEDE REQUEST ACCUSE REJECT THREATEN".split())
_FARTHEST_OF_SAID: Final = 2
# These happen on the spot that the story tells of.
_ON_THE_SCENE: Final = frozenset({"AID", "ASSAULT", "MOBILIZE", "PROTEST"})


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A place as it is named, and what the gazetteer knows of it."""

    start_char: int
    end_char: int
    text: str
    place: Place | None


def find_place(head: Token, event_type: str, article: ArticleView) -> EventPlace | None:
    """Return the place of the act that `head` carries, or None when the article leaves it open.

    It is the place that a preposition ties to the act; for what people say it must stand close by,
    since "accused Iran of the attack in Iraq" was said elsewhere. An act of bodies and arms that
    names no place happened where the story plays, if that is clear.
    """
    named = [
        (_distance(entity.root, head), entity.span.start, entity.span)
        for entity in article.entities_of(head)
        if entity.label in PLACE_LABELS and is_location(entity.root)
    ]
    best = min(named, default=None)
    if best is not None and (event_type not in _SAID or best[0] <= _FARTHEST_OF_SAID):
        return _make_place(best[2], article)
    if event_type in _ON_THE_SCENE and (scene := article.scene) is not None:
        return _make_place(scene, article)
    return None


def _make_place(span: Span, article: ArticleView) -> EventPlace:
    text = span.text.removeprefix("the ").removeprefix("The ")
    start = span.start_char + len(span.text) - len(text)
    countries = (article.story_country,) if article.story_country else ()
    return EventPlace(start, start + len(text), text, resolve_place(text, countries=countries))


def _distance(word: Token, head: Token) -> int:
    """Return how many steps up from the place lead to the act or to what governs it."""
    ancestors = [head, *head.ancestors]
    for steps, token in enumerate(word.ancestors):
        if token in ancestors:
            return steps + 2 * ancestors.index(token)
    return 99
