"""The event coder: from one parsed article to its events and their parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from spacy.tokens import Doc, Token

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.attribution import find_source
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.dates import DateMention
from include.eventwire.coding.event_date import choose_date, dates_of_sentence
from include.eventwire.coding.event_place import find_place
from include.eventwire.coding.matching import FrameMatch, Matcher
from include.eventwire.coding.missing_parties import fill_missing_parties
from include.eventwire.coding.parties import PartyFinder
from include.eventwire.coding.realis import find_realis
from include.eventwire.coding.roles import SPEAKING, find_parties
from include.eventwire.lexicon import Lexicon, load_lexicon
from include.eventwire.syntax.slots import fill_slot

# The act inside one of these is what is asked, promised or refused: no act of its own.
# Put into the future, an act of cooperation is a promise of it.
_PROMISED: Final = {
    "AID": "AGREE",
    "CONSULT": "AGREE",
    "COOPERATE": "AGREE",
    "RETREAT": "CONCEDE",
    "SUPPORT": "AGREE",
}
_ABSORBED_SLOTS: Final = ("xcomp", "ccomp", "for", "to", "from", "of", "on", "with")


def code_events(
    doc: Doc, published: date | None, *, lexicon: Lexicon | None = None
) -> list[CodedEvent]:
    """Return the events of a parsed article, in text order.

    Args:
        doc: The article, with heads, tags, lemmas and named entities.
        published: Day of publication, the anchor of "on Monday".
        lexicon: Frames; the project's own when None.
    """
    article = ArticleView(doc, published)
    parties = PartyFinder(article)
    matcher = Matcher(lexicon or load_lexicon(), parties.is_kind)
    matches = list(matcher.find_all(doc))
    absorbed = _absorbed(matches)
    events: list[CodedEvent] = []
    by_sentence: dict[int, list[FrameMatch]] = {}
    for match in matches:
        if match.head.i not in absorbed:
            by_sentence.setdefault(article.sentence_index(match.head), []).append(match)
    for number, found in by_sentence.items():
        dates = dates_of_sentence(article.sentences[number], published)
        # Verbs first: of two words for the same act the verb is the one that counts.
        found.sort(key=lambda match: match.head.pos_ not in ("VERB", "AUX"))
        coded = [_code(match, dates, article, parties) for match in found]
        events.extend(sorted(_distinct(coded), key=lambda event: event.trigger_span))
    return fill_missing_parties(events)


def _code(
    match: FrameMatch,
    dates: Sequence[tuple[Token, DateMention]],
    article: ArticleView,
    parties: PartyFinder,
) -> CodedEvent:
    head, frame = match.head, match.frame
    actors, recipients = find_parties(match, parties)
    day, precision = choose_date(head, dates)
    source = find_source(head, article.sentence_of(head))
    event_type, mode = frame.event_type, frame.mode
    realis = find_realis(head, event_type, day, article.published)
    if realis == "future" and event_type in _PROMISED:
        event_type, mode, realis = _PROMISED[event_type], None, "asserted"
    return CodedEvent(
        trigger_span=_trigger_span(head),
        lemma=head.lemma_.lower(),
        sentence_index=article.sentence_index(head),
        event_type=event_type,
        event_mode=mode,
        contexts=frame.contexts,
        rule_id=frame.frame_id,
        actors=actors,
        recipients=recipients,
        realis=realis,
        event_date=day,
        event_date_precision=precision,
        place=find_place(head, article),
        source=parties.find(source) if source is not None else None,
        confidence=frame.confidence,
    )


def _absorbed(matches: Sequence[FrameMatch]) -> set[int]:
    heads = {match.head.i for match in matches}
    absorbed: set[int] = set()
    for match in matches:
        if match.frame.event_type in SPEAKING and match.head.i not in absorbed:
            for slot in _ABSORBED_SLOTS:
                absorbed |= {token.i for token in fill_slot(match.head, slot)} & heads
    return absorbed


def _distinct(events: Sequence[CodedEvent]) -> list[CodedEvent]:
    """Return `events` without those that tell the same act between the same parties again."""
    kept: dict[tuple[str, frozenset[str], frozenset[str]], CodedEvent] = {}
    for event in events:
        key = (
            event.event_type,
            frozenset(party.codes for party in event.actors),
            frozenset(party.codes for party in event.recipients),
        )
        kept.setdefault(key, event)
    return list(kept.values())


def _trigger_span(head: Token) -> tuple[int, int]:
    """Return the characters of the head and of a particle that follows it at once."""
    end = head.idx + len(head)
    for child in head.rights:
        if child.dep_ == "prt" and child.i == head.i + 1:
            end = child.idx + len(child)
    return head.idx, end
