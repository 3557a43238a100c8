"""What speaks for and against a candidate event, as named features of the confidence model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from spacy.tokens import Token

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.confidence import SHORT_SENTENCES
from include.eventwire.coding.matching import FrameMatch
from include.eventwire.coding.parties import Party

_VERBAL: Final = frozenset({"VERB", "AUX"})
_QUOTES: Final = frozenset({'"', "“", "”"})
_WINDOW: Final = 6
_FUNCTION: Final = frozenset(
    {"PUNCT", "SPACE", "DET", "ADP", "PRON", "PART", "CCONJ", "SCONJ", "AUX", "NUM"}
)

Features = dict[str, float]


class Company:
    """All candidates of an article, counted once."""

    def __init__(self, events: Sequence[CodedEvent]) -> None:
        """Count the candidates."""
        self.n_events = len(events)
        self.n_by_type = Counter(event.event_type for event in events)
        self.by_sentence: dict[int, list[CodedEvent]] = {}
        for event in events:
            self.by_sentence.setdefault(event.sentence_index, []).append(event)


def describe(
    match: FrameMatch, event: CodedEvent, company: Company, article: ArticleView
) -> Features:
    """Return the features of a candidate event, by name.

    Args:
        match: The frame and its head.
        event: The candidate with its parties, date and place.
        company: All candidates of the article.
        article: The article.
    """
    head = match.head
    frame = match.frame
    features = {
        "bias": 1.0,
        "frame": math.log(frame.confidence / (1.001 - frame.confidence)),
        f"type={event.event_type}": 1.0,
        f"lemma={event.lemma}": 1.0,
        f"lemma={event.lemma}/{event.event_type}": 1.0,
        f"mode={event.event_type}/{event.event_mode}": 1.0,
        f"label={_kind(head)}/{head.dep_}": 1.0,
        f"tag={head.tag_}": 1.0,
        f"n_conditions={len(frame.constraints)}": 1.0,
        f"realis={event.realis}": 1.0,
        f"has_date={event.event_date is not None}": 1.0,
        f"has_place={event.place is not None}": 1.0,
        f"has_source={event.source is not None}": 1.0,
    }
    features |= _of_parties(event)
    features |= _of_words(head, event, article)
    if len(article.sentences) > SHORT_SENTENCES:
        features |= _of_company(event, company, article)
    else:
        features["short"] = 1.0
    return features


def _of_parties(event: CodedEvent) -> Features:
    features = {
        f"sides={bool(event.actors)}/{bool(event.recipients)}/{event.event_type}": 1.0,
        f"sides={bool(event.actors)}/{bool(event.recipients)}": 1.0,
    }
    for role, side in (("actor", event.actors), ("recipient", event.recipients)):
        for party in side[:2]:
            features[f"{role}={party.sector_code}"] = 1.0
            features[f"{role}_named={_is_name(party)}"] = 1.0
            features[f"{role}_country={party.country_code is not None}"] = 1.0
            features[f"{role}={party.sector_code}/{event.event_type}"] = 1.0
    return features


def _of_words(head: Token, event: CodedEvent, article: ArticleView) -> Features:
    """Return the words near the head, and those that the parse ties to it."""
    sentence = article.sentence_of(head)
    features: Features = {}
    first, last = max(sentence.start, head.i - _WINDOW), min(sentence.end, head.i + _WINDOW + 1)
    for token in article.doc[first:last]:
        if token.i != head.i and token.pos_ not in _FUNCTION:
            features[f"near={token.lemma_.lower()}"] = 1.0
    for child in head.children:
        if child.pos_ != "PUNCT":
            features[f"child={child.dep_}"] = 1.0
            if child.dep_ in ("det", "poss", "aux", "neg", "prep", "mark", "prt"):
                features[f"child={child.dep_}/{child.lower_}"] = 1.0
            if child.dep_ in ("dobj", "compound", "amod", "xcomp"):
                features[f"child={child.dep_}/{child.lemma_.lower()}/{event.event_type}"] = 1.0
    if head.head != head:
        features[f"above={head.head.lemma_.lower()}/{head.dep_}"] = 1.0
        features[f"above={head.head.pos_}/{head.dep_}"] = 1.0
    quotes = sum(token.text in _QUOTES for token in article.doc[sentence.start : head.i])
    features[f"quoted={quotes % 2 == 1}"] = 1.0
    return features


def _of_company(event: CodedEvent, company: Company, article: ArticleView) -> Features:
    """Return what the rest of the article makes likely."""
    beside = [other for other in company.by_sentence[event.sentence_index] if other is not event]
    return {
        "article_same": math.log1p(company.n_by_type[event.event_type] - 1),
        "article_density": company.n_events / max(1, len(article.sentences)),
        f"article_quiet={company.n_events < 3}": 1.0,
        f"beside={min(len(beside), 4)}": 1.0,
        f"beside_same={any(o.event_type == event.event_type for o in beside)}": 1.0,
        f"beside_earlier={any(o.trigger_span < event.trigger_span for o in beside)}": 1.0,
        f"early={min(event.sentence_index, 4)}": 1.0,
        f"caption={article.sentences[event.sentence_index].text.startswith('FILE')}": 1.0,
    }


def _kind(head: Token) -> str:
    return "verb" if head.pos_ in _VERBAL else "noun"


def _is_name(party: Party) -> bool:
    return party.token.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")
