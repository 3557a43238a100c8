"""Who is cited for the report of an act: "police said", "according to the ministry"."""

from __future__ import annotations

from typing import Final

from spacy.tokens import Span, Token

from include.eventwire.syntax.verbs import find_subjects

REPORTING: Final = frozenset(
    "say tell announce report state add claim note confirm explain write declare acknowledge "
    "admit reveal insist argue believe think estimate disclose testify comment observe "
    "recount quote describe mention assert affirm maintain suggest indicate show warn "
    "allege".split()
)
_COMPLEMENTS: Final = frozenset({"mark", "dobj", "ccomp", "xcomp"})
_VERBAL: Final = frozenset({"VERB", "AUX"})


def find_source(head: Token, sentence: Span) -> Token | None:
    """Return the head of the phrase that names who is cited, or None when nobody is."""
    for ancestor in head.ancestors:
        if ancestor.pos_ in _VERBAL and ancestor.lemma_ in REPORTING:
            subjects = find_subjects(ancestor)
            if subjects:
                return subjects[0]
    for child in sentence.root.children:
        if _is_put_in(child) and child != head:
            subjects = find_subjects(child)
            if subjects:
                return subjects[0]
    return _according_to(sentence)


def _is_put_in(clause: Token) -> bool:
    """Return whether a clause only names who says the rest: "the raid, *police said*, failed"."""
    return (
        clause.dep_ in ("parataxis", "ccomp")
        and clause.lemma_ in REPORTING
        and not any(child.dep_ in _COMPLEMENTS for child in clause.children)
    )


def _according_to(sentence: Span) -> Token | None:
    for token in sentence:
        if token.lower_ == "according":
            for child in token.children:
                if child.lower_ == "to":
                    return next((word for word in child.children if word.dep_ == "pobj"), None)
    return None
