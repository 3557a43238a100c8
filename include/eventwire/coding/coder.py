"""The event coder: from one parsed article to its events and their parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.candidates import find_candidates
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.confidence import choose, estimate, load_weights
from include.eventwire.coding.evidence import Company, Features, describe
from include.eventwire.coding.missing_parties import fill_missing_parties
from include.eventwire.lexicon import Lexicon, load_lexicon


@dataclass(frozen=True, slots=True)
class DescribedEvent:
    """A candidate event with what speaks for and against it."""

    event: CodedEvent
    features: Features


def code_events(
    doc: Doc,
    published: date | None,
    *,
    lexicon: Lexicon | None = None,
    weights: Mapping[str, float] | None = None,
) -> list[CodedEvent]:
    """Return the events of a parsed article, in text order.

    Args:
        doc: The article, with heads, tags, lemmas and named entities.
        published: Day of publication, the anchor of "on Monday".
        lexicon: Frames; the project's own when None.
        weights: Weights of the confidence model; the project's own when None.
    """
    used = load_weights() if weights is None else weights
    events = [
        replace(described.event, confidence=estimate(described.features, used))
        for described in describe_candidates(doc, published, lexicon=lexicon)
    ]
    kept = choose([event.confidence for event in events], sum(1 for _ in doc.sents))
    return [event for event, is_kept in zip(events, kept, strict=True) if is_kept]


def describe_candidates(
    doc: Doc, published: date | None, *, lexicon: Lexicon | None = None
) -> list[DescribedEvent]:
    """Return all candidates of a parsed article, also those that are too unlikely to be coded."""
    article = ArticleView(doc, published)
    candidates = find_candidates(article, lexicon or load_lexicon())
    events = fill_missing_parties([candidate.event for candidate in candidates])
    company = Company(events)
    return [
        DescribedEvent(event, describe(candidate.match, event, company, article))
        for candidate, event in zip(candidates, events, strict=True)
    ]
