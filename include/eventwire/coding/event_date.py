"""Which of the dates in a sentence is that of an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spacy.tokens import Span, Token

from include.eventwire.coding.attribution import REPORTING
from include.eventwire.coding.dates import DateMention, Precision, find_dates
from include.eventwire.coding.realis import is_future

_VERBAL = frozenset({"VERB", "AUX"})
_FARTHEST = 8


def dates_of_sentence(
    sentence: Span, published: date | None, first_char: int = 0
) -> list[tuple[Token, DateMention]]:
    """Return the dates in `sentence`, each with the head of its expression.

    Args:
        sentence: The sentence.
        published: Day of publication.
        first_char: Where the story begins; the date in a dateline is not that of an act.
    """
    found = []
    for mention in find_dates(sentence.text, published):
        span = sentence.char_span(mention.start_char, mention.end_char, alignment_mode="expand")
        if span is not None and span.start_char >= first_char:
            found.append((span.root, mention))
    return found


def choose_date(
    head: Token, dates: Sequence[tuple[Token, DateMention]]
) -> tuple[date | None, Precision | None]:
    """Return the date of the act that `head` carries, and its precision; None where it has none.

    A date belongs to the act whose verb or noun it hangs on; one that hangs on the verb of saying
    ("said on Monday") is not the act's. A full date that stands alone, as under a photograph, is
    that of all that is seen in it.
    """
    future = is_future(head)
    for owner in (head, *_acts_above(head)):
        if future and {head.pos_, owner.pos_} <= _VERBAL and not is_future(owner):
            return None, None  # "agreed on Monday to withdraw": not withdrawn on that Monday
        for word, mention in dates:
            if _owner(word) == owner:
                return _resolve(mention, future=future)
    if len(dates) == 1 and dates[0][1].is_full and _owner(dates[0][0]).lemma_ not in REPORTING:
        return _resolve(dates[0][1], future=False)
    return None, None


def _resolve(mention: DateMention, *, future: bool) -> tuple[date, Precision]:
    return mention.next_day if future else mention.day, mention.precision


def _owner(word: Token) -> Token:
    """Return the verb or the event noun that a date hangs on."""
    token = word
    for _ in range(_FARTHEST):
        if token.head == token:
            break
        token = token.head
        if token.pos_ in _VERBAL:
            break
        if (
            token.pos_ in ("NOUN", "PROPN")
            and token.dep_ != "npadvmod"
            and token.ent_type_ != "DATE"
        ):
            break
    return token


def _acts_above(head: Token) -> list[Token]:
    """Return the words whose date is also that of `head`.

    These are the verb that governs a noun, a joined verb, and the verb of an infinitive.
    """
    found: list[Token] = []
    token = head
    for _ in range(3):
        if token.dep_ in (
            "dobj",
            "nsubj",
            "nsubjpass",
            "pobj",
            "conj",
            "xcomp",
            "advcl",
            "prep",
            "attr",
            "appos",
            "pcomp",
        ):
            token = token.head
            found.append(token)
        else:
            break
    return found
