"""What a pronoun stands for: the nearest party before it that agrees, subjects first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.coding.article_view import ArticleView

_SINGULAR: Final = frozenset({"he", "she", "him", "her", "himself", "herself", "his"})
PLURAL: Final = frozenset({"they", "them", "themselves", "their"})
_NEUTER: Final = frozenset({"it", "itself", "its"})
_SPEAKER: Final = frozenset({"i", "we", "me", "us", "my", "our"})
PRONOUNS: Final = _SINGULAR | PLURAL | _NEUTER | _SPEAKER
_FARTHEST_SENTENCES: Final = 2


def find_antecedent(
    pronoun: Token, article: ArticleView, find_party: Callable[[Token], object | None]
) -> Token | None:
    """Return the head of the phrase that `pronoun` stands for, or None.

    Args:
        pronoun: One of `PRONOUNS`.
        article: The article.
        find_party: Tells whether a word names a party.
    """
    if pronoun.lower_ in _SPEAKER:
        return _speaker(article.sentence_of(pronoun))
    here = article.sentence_index(pronoun)
    first = article.sentences[max(0, here - _FARTHEST_SENTENCES)].start
    best: tuple[float, int, Token] | None = None
    for token in article.doc[first : pronoun.i]:
        if not _can_be_named(token) or not _agrees(token, pronoun) or find_party(token) is None:
            continue
        distance = here - article.sentence_index(token)
        rank = (
            (2.0 if token.dep_ in ("nsubj", "nsubjpass") else 0.0) - 1.5 * distance,
            token.i,
            token,
        )
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def _can_be_named(token: Token) -> bool:
    if token.dep_ in ("compound", "amod", "nmod"):
        return False
    return token.pos_ in ("NOUN", "PROPN")


def _speaker(sentence: Span) -> Token | None:
    """Return who says a sentence with "I" or "we" in it."""
    for child in sentence.root.children:
        if child.dep_ == "nsubj" and child.lower_ not in _SPEAKER:
            return child
    return None


def _agrees(token: Token, pronoun: Token) -> bool:
    plural = token.tag_ in ("NNS", "NNPS") or any(child.dep_ == "conj" for child in token.children)
    if pronoun.lower_ in _SINGULAR:
        return token.ent_type_ == "PERSON" or (not plural and token.ent_type_ not in ("GPE", "ORG"))
    if pronoun.lower_ in PLURAL:
        return plural or token.ent_type_ in ("ORG", "NORP")
    return not plural and token.ent_type_ != "PERSON"
