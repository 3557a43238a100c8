"""Whether an act is reported as done, yet to come, only possible, denied, or long past."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.coding.article_view import ArticleView

_VERBAL: Final = frozenset({"VERB", "AUX"})
_FUTURE_AUXILIARIES: Final = frozenset({"will", "shall", "'ll", "wo"})
_POSSIBLE_AUXILIARIES: Final = frozenset({"could", "may", "might", "would", "should", "can", "'d"})
# Verbs that put their infinitive into the future.
_PLANNING: Final = frozenset(
    "plan intend expect schedule set prepare go aim vow pledge promise agree hope want seek "
    "decide slate threaten due ready poise order tell ask urge call demand".split()
)
# Verbs whose object is yet to come: "planned a rally".
_PLANNING_AN_ACT: Final = frozenset("plan schedule prepare promise vow pledge expect await".split())
_WEIGHING: Final = frozenset("consider mull discuss weigh contemplate propose suggest".split())
_CONDITIONS: Final = frozenset({"if", "unless", "whether", "should"})
_PLANNED_NOUNS: Final = frozenset(
    "plan planned upcoming future scheduled proposed next coming possible potential".split()
)
_NEGATING_DETERMINERS: Final = frozenset({"no", "neither"})
_NOBODY: Final = frozenset({"nobody", "none"})
_ARGUMENTS: Final = frozenset({"nsubj", "nsubjpass", "dobj"})
_OWNING_UP: Final = frozenset({"responsibility"})
# "More than about a year": a fortnight over a year is still told as news.
_LONG_PAST: Final = timedelta(days=420)
_LENGTHS: Final = {"day": timedelta(0), "month": timedelta(days=30), "year": timedelta(days=365)}
_YEAR: Final = re.compile(r"\b(?:1[89]|20)\d\d\b(?!s)")
_LONG_AGO: Final = re.compile(
    r"(?:\b(?:[2-9]|[1-9]\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|some)\s+years?|"
    r"\b(?:a |two |three |four |five |several )?(?:decades?|centur(?:y|ies)))"
    r"\s+(?:ago|earlier|before)\b|"
    r"\b(?:during|in|of|throughout) the (?:early |mid-?|late )?(?:1[89]|20)\d0s\b|\bCold War\b|"
    r"\bWorld War\b|\bVietnam War\b"
)
_HIGHEST: Final = 4


def find_realis(
    head: Token, day: date | None, precision: str | None, sentence: Span, article: ArticleView
) -> str:
    """Return the realis of the act that `head` carries.

    Args:
        head: Verb or noun of the act.
        day: Day of the act, or first day of its period, where the sentence gives one.
        precision: "day", "month" or "year" with a day.
        sentence: The sentence of the act.
        article: The article, whose day of publication tells what is long past.
    """
    published = article.published
    if _is_negated(head):
        return "negated"
    if _is_long_past(head, day, precision, sentence, published):
        return "historical"
    if _is_possible(head):
        return "hypothetical"
    if is_future(head) or (day and published and day > published):
        return "future"
    return "asserted"


def _is_long_past(
    head: Token, day: date | None, precision: str | None, sentence: Span, published: date | None
) -> bool:
    if day is not None and published is not None:
        return published - (day + _LENGTHS[precision or "day"]) > _LONG_PAST
    if not _tells_the_past(head):
        return False
    if published is not None and (years := [int(year) for year in _YEAR.findall(sentence.text)]):
        # All that is told beside one old year is of that time.
        return max(years) < published.year - 1
    return _LONG_AGO.search(sentence.text) is not None


def _tells_the_past(head: Token) -> bool:
    """Return whether a verb stands in the past tense; a noun may."""
    if head.pos_ not in _VERBAL or head.tag_ == "VBD":
        return True
    return head.tag_ == "VBN" and not any(
        child.dep_ in ("aux", "auxpass") and child.lower_ in ("has", "have", "is", "are")
        for child in head.children
    )


def _is_negated(head: Token) -> bool:
    if any(child.lemma_ in _OWNING_UP and child.dep_ == "dobj" for child in head.children):
        return False  # an attack for which nobody claims responsibility took place all the same
    if any(child.dep_ == "neg" for child in head.children):
        return True
    if _names_nobody(head):
        return True
    if head.pos_ in _VERBAL and any(
        child.dep_ in _ARGUMENTS and _names_nobody(child) for child in head.children
    ):
        return True
    if head.dep_ == "conj" and any(child.lower_ in ("or", "nor") for child in head.head.children):
        return _is_negated(head.head)
    if head.dep_ == "pcomp" and head.head.lower_ == "without":
        return True
    governor = _governor(head)
    return governor is not None and governor.lemma_ == "fail"


def _names_nobody(word: Token) -> bool:
    """Return whether a word is "nobody" or has "no" before it: "*no* talks", "*no* one"."""
    return word.lower_ in _NOBODY or any(
        child.lower_ in _NEGATING_DETERMINERS and child.dep_ == "det" for child in word.children
    )


def is_future(head: Token) -> bool:
    """Return whether the sentence puts the act of `head` into the future."""
    if head.pos_ not in _VERBAL:
        if any(
            c.lower_ in _PLANNED_NOUNS and c.dep_ in ("amod", "compound") for c in head.children
        ):
            return True
        if any(c.dep_ == "acl" and c.lemma_ in _PLANNING_AN_ACT for c in head.children):
            return True  # "a rally planned for Saturday"
        governor = _noun_governor(head)
        if governor is None:
            return False
        return governor.lemma_ in _PLANNING_AN_ACT or is_future(governor)
    auxiliaries = {child.lower_ for child in head.children if child.dep_ == "aux"}
    if auxiliaries & _FUTURE_AUXILIARIES or _is_reported_future(head):
        return True
    if head.dep_ == "conj" and head.head.pos_ in _VERBAL and not auxiliaries:
        return is_future(head.head)
    governor = _governor(head)
    if governor is None or "to" not in auxiliaries:
        return False
    if head.dep_ == "advcl" and governor.lemma_ == "call":
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
    return governor is not None and governor.lemma_ in _WEIGHING


def _is_reported_future(head: Token) -> bool:
    """Return whether "would" is the future seen from the past: "said it would withdraw"."""
    auxiliaries = {child.lower_ for child in head.children if child.dep_ == "aux"}
    return bool(auxiliaries) and auxiliaries <= {"would", "'d"} and head.dep_ == "ccomp"


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
        if (
            token.dep_ == "pobj"
            and token.head.dep_ == "prep"
            and token.head.lower_ in ("on", "for")
        ):
            return token.head.head if token.head.head.pos_ in _VERBAL else None
        if token.dep_ not in ("conj", "appos"):
            return None
        token = token.head
    return None
