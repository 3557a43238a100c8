"""Candidates for events: frames that match, with parties, realis, date, place and source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Token

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.attribution import find_source
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.contexts import find_contexts
from include.eventwire.coding.dates import DateMention
from include.eventwire.coding.event_date import choose_date, dates_of_sentence
from include.eventwire.coding.event_place import find_place
from include.eventwire.coding.matching import FrameMatch, Matcher
from include.eventwire.coding.parties import PartyFinder
from include.eventwire.coding.realis import find_realis, is_future
from include.eventwire.coding.roles import SPEAKING, find_parties
from include.eventwire.lexicon import Lexicon
from include.eventwire.syntax.slots import fill_slot

# Put into the future, an act of cooperation is a promise of it.
_PROMISED: Final = {
    "AID": "AGREE",
    "CONSULT": "AGREE",
    "COOPERATE": "AGREE",
    "RETREAT": "CONCEDE",
    "SUPPORT": "AGREE",
}
# A frame that demands the word has turned it into its type: "will not lift the ban" is a refusal.
_SPENT_BY: Final = {"negated": "neg", "future": "aux", "hypothetical": "aux"}
# "Will not end the strike": what is not to come is refused, in this mode.
_REFUSED: Final = {
    "AID": "assist",
    "CONCEDE": "yield",
    "CONSULT": "meet",
    "COOPERATE": "assist",
    "RETREAT": "yield",
}
# Tokens after "be" within which a predicate belongs to the trigger.
_LONGEST_TRIGGER: Final = 4
# Where the act that is asked, promised or refused stands: it is no act of its own.
_ABSORBED_SLOTS: Final = ("xcomp", "ccomp", "for", "to", "from", "of", "on", "with")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame that matched, and the event that it makes."""

    match: FrameMatch
    event: CodedEvent


def find_candidates(article: ArticleView, lexicon: Lexicon) -> list[Candidate]:
    """Return what the lexicon finds in an article, in text order, each act once a sentence."""
    parties = PartyFinder(article)
    matcher = Matcher(lexicon, parties.is_kind)
    matches = list(matcher.find_all(article.doc))
    absorbed = _absorbed(matches)
    by_sentence: dict[int, list[FrameMatch]] = {}
    for match in matches:
        if match.head.i not in absorbed:
            by_sentence.setdefault(article.sentence_index(match.head), []).append(match)
    candidates: list[Candidate] = []
    for number, found in by_sentence.items():
        dates = dates_of_sentence(article.sentences[number], article.published, article.story_start)
        # Verbs first: of two words for the same act the verb is the one that counts.
        found.sort(key=lambda match: match.head.pos_ not in ("VERB", "AUX"))
        distinct = _distinct([_code(match, dates, article, parties) for match in found])
        candidates += sorted(distinct, key=lambda candidate: candidate.event.trigger_span)
    return candidates


def _code(
    match: FrameMatch,
    dates: Sequence[tuple[Token, DateMention]],
    article: ArticleView,
    parties: PartyFinder,
) -> Candidate:
    head, frame = match.head, match.frame
    actors, recipients = find_parties(match, parties)
    day, precision = choose_date(head, dates)
    source = find_source(head, article.sentence_of(head))
    event_type, mode = frame.event_type, frame.mode
    realis = find_realis(head, day, precision, article.sentence_of(head), article)
    if realis in _SPENT_BY and frame.demands(_SPENT_BY[realis]):
        realis = "asserted"
    if realis == "future" and event_type in _PROMISED:
        event_type, mode, realis = _PROMISED[event_type], None, "asserted"
    elif realis == "negated" and event_type in _REFUSED and is_future(head):
        event_type, mode, realis = "REJECT", _REFUSED[event_type], "asserted"
    event = CodedEvent(
        trigger_span=_trigger_span(head),
        lemma=head.lemma_.lower(),
        sentence_index=article.sentence_index(head),
        event_type=event_type,
        event_mode=mode,
        contexts=find_contexts(article.sentence_of(head).text, frame.contexts),
        rule_id=frame.frame_id,
        actors=actors,
        recipients=recipients,
        realis=realis,
        event_date=day,
        event_date_precision=precision,
        place=find_place(head, event_type, article),
        source=parties.find(source) if source is not None else None,
        confidence=frame.confidence,
    )
    return Candidate(match, event)


def _absorbed(matches: Sequence[FrameMatch]) -> set[int]:
    heads = {match.head.i for match in matches}
    absorbed: set[int] = set()
    for match in matches:
        if match.frame.event_type in SPEAKING and match.head.i not in absorbed:
            slots = (
                (*_ABSORBED_SLOTS, "obj")
                if match.frame.event_type == "REQUEST"
                else _ABSORBED_SLOTS
            )
            for slot in slots:
                absorbed |= {token.i for token in fill_slot(match.head, slot)} & heads
    return absorbed


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return `candidates` without those that tell the act of another one again.

    That is so when both are of one type and the one names no party that the other does not: "an
    *attack killed* ten soldiers". Of two with the same parties the first stays.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        if any(_is_within(candidate.event, other.event) for other in kept):
            continue
        kept = [other for other in kept if not _is_within(other.event, candidate.event)]
        kept.append(candidate)
    return kept


def _is_within(event: CodedEvent, other: CodedEvent) -> bool:
    """Return whether `event` tells nothing that `other` does not."""
    return (
        event.event_type == other.event_type
        and {party.codes for party in event.actors} <= {party.codes for party in other.actors}
        and {party.codes for party in event.recipients}
        <= {party.codes for party in other.recipients}
    )


def _trigger_span(head: Token) -> tuple[int, int]:
    """Return the characters of the head and of what completes it close by.

    That is a particle that follows at once, and after "be" the word that tells what: "are *ready*",
    "have been on *strike*".
    """
    last = head
    for child in head.rights:
        if child.dep_ == "prt" and child.i == head.i + 1:
            last = child
    if head.lemma_ == "be":
        last = next(_predicates(head), head)
    return head.idx, last.idx + len(last)


def _predicates(verb: Token) -> Iterator[Token]:
    for child in verb.rights:
        ends = child.children if child.dep_ == "prep" else [child]
        for end in ends:
            is_told = end.dep_ in ("acomp", "attr", "pobj")
            if is_told and end.i - verb.i <= _LONGEST_TRIGGER:
                yield end
