"""Whether an act is reported as done, yet to come, only possible, denied, or long past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from spacy.tokens import Token

_VERBAL: Final = frozenset({"VERB", "AUX"})
_FUTURE_AUXILIARIES: Final = frozenset({"will", "shall", "'ll", "wo"})
_POSSIBLE_AUXILIARIES: Final = frozenset({"could", "may", "might", "would", "should", "can", "'d"})
# Verbs that put their infinitive into the future.
_PLANNING: Final = frozenset(
    "plan intend expect schedule set prepare go aim vow pledge promise agree hope want seek decide "
    "slate threaten due ready poise plan order tell ask urge call demand".split()
)
_TRYING: Final = frozenset("consider mull discuss weigh contemplate try attempt propose suggest".split())
_CONDITIONS: Final = frozenset({"if", "unless", "whether", "should"})
_PLANNED_NOUNS: Final = frozenset("plan planned upcoming future scheduled proposed next coming possible potential".split())
_NEGATING_DETERMINERS: Final = frozenset({"no", "neither"})
_LONG_PAST: Final = timedelta(days=366)
_HIGHEST: Final = 4


def find_realis(
    head: Token, event_type: str, event_date: date | None, published: date | None
) -> str:
    """Return the realis of the act that `head` carries.

    Args:
        head: Verb or noun of the act.
        event_type: PLOVER type: AGREE and THREATEN speak of the future by themselves.
        event_date: Day of the act, where the sentence gives one.
        published: Day of publication.
    """
    if _is_negated(head):
        return "negated"
    if event_date and published and published - event_date > _LONG_PAST:
        return "historical"
    if _is_possible(head):
        return "hypothetical"
    if is_future(head) or (event_date and published and event_date > published):
        return "future"
    return "asserted"


def _is_negated(head: Token) -> bool:
    if any(child.dep_ == "neg" for child in head.children):
        return True
    if any(child.lower_ in _NEGATING_DETERMINERS and child.dep_ == "det" for child in head.children):
        return True
    if head.dep_ == "pcomp" and head.head.lower_ == "without":
        return True
    governor = _governor(head)
    return governor is not None and governor.lemma_ == "fail"


def is_future(head: Token) -> bool:
    """Return whether the sentence puts the act of `head` into the future."""
    if head.pos_ not in _VERBAL:
        if any(c.lower_ in _PLANNED_NOUNS and c.dep_ in ("amod", "compound") for c in head.children):
            return True
        governor = _noun_governor(head)
        return governor is not None and is_future(governor)
    auxiliaries = {child.lower_ for child in head.children if child.dep_ == "aux"}
    if auxiliaries & _FUTURE_AUXILIARIES:
        return True
    if head.dep_ == "conj" and head.head.pos_ in _VERBAL and not auxiliaries:
        return is_future(head.head)
    governor = _governor(head)
    if governor is None or "to" not in auxiliaries or head.dep_ == "advcl":
        return False  # "called to congratulate him" tells why, not what is to come
    if governor.lemma_ in _PLANNING or governor.lower_ in _PLANNED_NOUNS:
        return True
    return governor.lemma_ == "be" or is_future(governor)


def _is_possible(head: Token) -> bool:
    if head.pos_ not in _VERBAL:
        governor = _noun_governor(head)
        return governor is not None and _is_possible(governor)
    auxiliaries = {child.lower_ for child in head.children if child.dep_ == "aux"}
    if auxiliaries & _POSSIBLE_AUXILIARIES and not _is_reported_future(head):
        return True
    if any(child.dep_ == "mark" and child.lower_ in _CONDITIONS for child in head.children):
        return True
    if head.dep_ == "conj" and head.head.pos_ in _VERBAL and not auxiliaries:
        return _is_possible(head.head)
    governor = _governor(head)
    return governor is not None and governor.lemma_ in _TRYING


def _is_reported_future(head: Token) -> bool:
    """Return whether "would" is the future seen from the past: "said it would withdraw"."""
    auxiliaries = {child.lower_ for child in head.children if child.dep_ == "aux"}
    return auxiliaries <= {"would", "'d"} and head.dep_ == "ccomp"


def _governor(verb: Token) -> Token | None:
    """Return the word whose infinitive or gerund `verb` is."""
    if verb.dep_ in ("xcomp", "acl", "advcl", "ccomp") and verb.head != verb:
        return verb.head
    if verb.dep_ == "pcomp":
        return verb.head.head
    return None


def _noun_governor(noun: Token) -> Token | None:
    """Return the verb that a noun depends on as subject or object: "talks *will* be held"."""
    token = noun
    for _ in range(_HIGHEST):
        if token.dep_ in ("dobj", "nsubj", "nsubjpass", "attr") and token.head.pos_ in _VERBAL:
            return token.head
        if token.dep_ not in ("conj", "appos"):
            return None
        token = token.head
    return None
