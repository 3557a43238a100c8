"""Who does what to whom: the logical subject and object of a verb.

The parse says what stands before and after the verb; here passives, infinitives, participles,
relative clauses and joined verbs are led back to the words that take part in the act. Labels are
those of spaCy's English pipelines (ClearNLP style).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from spacy.tokens import Token

_SUBJECTS: Final = frozenset({"nsubj", "csubj", "expl"})
_PASSIVE_SUBJECTS: Final = frozenset({"nsubjpass", "csubjpass"})
RELATIVE_TAGS: Final = frozenset({"WDT", "WP"})
# Prepositions after which a gerund is done by the object: "accused Russia of shelling".
_OBJECT_CONTROL: Final = frozenset({"of", "from", "for", "into"})
# Verbs whose infinitive is done by the subject despite an object: "promised Kyiv to help".
_SUBJECT_CONTROL: Final = frozenset({"promise", "vow", "threaten", "pledge", "use", "hold", "take"})
# A chain of infinitives and joined verbs longer than this is a broken parse.
_DEEPEST: Final = 6


def is_passive(verb: Token) -> bool:
    """Return whether `verb` is in the passive: "was shot", "the man shot on Monday"."""
    for child in verb.children:
        if child.dep_ in ("auxpass", "nsubjpass"):
            return True
        if child.dep_ == "agent":
            return True
    if verb.tag_ != "VBN" or any(child.dep_ in ("aux", "dobj") for child in verb.children):
        return False
    if verb.dep_ == "acl":
        return not _is_main_verb(verb)
    return verb.dep_ == "conj" and verb.head.tag_ == "VBN" and is_passive(verb.head)


def _is_main_verb(verb: Token) -> bool:
    """Return whether a participle that the parser hung on its subject is the verb of the sentence.

    "Peru, which brokered the deal, *called* for calm": a clause stands between, or one follows that
    tells what was said.
    """
    noun = verb.head
    if noun.dep_ != "ROOT" or noun.i > verb.i:
        return False
    return any(child.dep_ == "ccomp" for child in verb.children) or any(
        child.dep_ == "relcl" and noun.i < child.i < verb.i for child in noun.children
    )


def find_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Return the heads of the phrases that do the act of `verb`, joined ones included."""
    if is_passive(verb):
        return find_agents(verb)
    return _find_first(verb, _SUBJECTS, depth)


def find_objects(verb: Token, depth: int = 0) -> list[Token]:
    """Return the heads of the phrases that undergo the act of `verb`, joined ones included.

    A passive may keep an object: in "was denied *entry*" the subject is the indirect object.
    """
    if is_passive(verb):
        kept = [child for child in verb.children if child.dep_ == "dobj"]
        return with_conjuncts(kept) if kept else find_passive_subjects(verb, depth)
    direct = [child for child in verb.children if child.dep_ in ("dobj", "oprd")]
    if direct:
        return with_conjuncts(_resolve_relative(child) for child in direct)
    if verb.dep_ == "relcl" and _has_own_subject(verb) and not _has_loose_preposition(verb):
        return [verb.head]
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") and depth < _DEEPEST:
        # "arrested and jailed the man": the object stands after the last verb; "the man whom they
        # arrested and jailed": it is that of the first.
        return _shared_object(verb, depth)
    later = [child for child in verb.children if child.dep_ == "conj" and child.pos_ == "VERB"]
    if later and not any(child.dep_ in ("prep", "ccomp", "xcomp") for child in verb.children):
        return [
            token
            for child in later
            if not _has_own_subject(child)
            for token in with_conjuncts(c for c in child.children if c.dep_ == "dobj")
        ]
    return []


def find_passive_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Return what stands as the subject of a passive verb."""
    return _find_first(verb, _PASSIVE_SUBJECTS, depth)


def find_agents(verb: Token) -> list[Token]:
    """Return who did what a passive verb tells: "by" whom."""
    found = [
        token
        for child in verb.children
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by")
        for token in child.children
        if token.dep_ == "pobj"
    ]
    if not found and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and is_passive(verb.head):
        return find_agents(verb.head)
    return with_conjuncts(found)


def with_conjuncts(tokens: Iterable[Token]) -> list[Token]:
    """Return `tokens`, each followed by the words that are joined to it."""
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        found.extend(with_conjuncts(child for child in token.children if child.dep_ == "conj"))
    return found


def _find_first(verb: Token, labels: frozenset[str], depth: int) -> list[Token]:
    """Return the subject of `verb`, its own or that of the words that govern it."""
    own = [child for child in verb.children if child.dep_ in labels]
    if own:
        return with_conjuncts(_resolve_relative(child) for child in own if child.dep_ != "expl")
    if depth >= _DEEPEST:
        return []
    return _inherit(verb, depth + 1)


def _inherit(verb: Token, depth: int) -> list[Token]:
    head, label = verb.head, verb.dep_
    if label in ("relcl", "acl"):
        return _from_noun(verb, depth)
    if label == "pcomp":
        return _from_preposition(verb, depth)
    if head.pos_ not in ("VERB", "AUX") or head == verb:
        return []
    if label in ("conj", "advcl", "dep", "parataxis"):
        return _whole_subject(head, depth)
    if label in ("xcomp", "ccomp"):
        return _controller(head, depth)
    return []


def _from_noun(verb: Token, depth: int) -> list[Token]:
    """Return the subject of a clause that modifies a noun."""
    noun = verb.head
    if verb.dep_ == "acl" and any(child.tag_ == "TO" for child in verb.children):
        owners = [child for child in noun.children if child.dep_ == "poss"]
        if owners:
            return with_conjuncts(owners)
        governor = noun.head
        return _whole_subject(governor, depth) if governor.pos_ in ("VERB", "AUX") else []
    return with_conjuncts([noun])


def _from_preposition(verb: Token, depth: int) -> list[Token]:
    """Return the subject of a gerund: "after *meeting* ...", "accused Russia of *shelling*"."""
    preposition = verb.head
    governor = preposition.head
    if governor.pos_ in ("NOUN", "PROPN"):
        owners = [child for child in governor.children if child.dep_ == "poss"]
        if owners:
            return with_conjuncts(owners)
        if governor.dep_ == "dobj":
            governor = governor.head
    if governor.pos_ not in ("VERB", "AUX"):
        return []
    if preposition.lower_ in _OBJECT_CONTROL and (objects := find_objects(governor, depth)):
        return objects
    return _whole_subject(governor, depth)


def _controller(head: Token, depth: int) -> list[Token]:
    if is_passive(head):
        return find_passive_subjects(head, depth)
    direct = [child for child in head.children if child.dep_ in ("dobj", "dative")]
    if direct and head.lemma_ not in _SUBJECT_CONTROL:
        return with_conjuncts(_resolve_relative(child) for child in direct if child.pos_ != "ADP")
    return find_subjects(head, depth)


def _whole_subject(verb: Token, depth: int) -> list[Token]:
    """Return what stands as the subject in the sentence, whether the verb is passive or not."""
    if is_passive(verb):
        return find_passive_subjects(verb, depth)
    return find_subjects(verb, depth)


def _shared_object(verb: Token, depth: int) -> list[Token]:
    head = verb.head
    if is_passive(head) or any(child.dep_ in ("prep", "ccomp", "xcomp") for child in verb.children):
        return []
    if head.dep_ == "relcl" and _has_own_subject(head):
        return find_objects(head, depth + 1)
    return []


def _resolve_relative(token: Token) -> Token:
    """Return the noun that a relative pronoun stands for, else `token` itself."""
    if token.tag_ not in RELATIVE_TAGS:
        return token
    clause = token.head
    for _ in range(_DEEPEST):
        if clause.dep_ == "relcl":
            return clause.head
        clause = clause.head
    return token


def _has_own_subject(verb: Token) -> bool:
    return any(
        child.dep_ in ("nsubj", "nsubjpass") and child.tag_ not in RELATIVE_TAGS
        for child in verb.children
    )


def _has_loose_preposition(verb: Token) -> bool:
    """Return whether the noun before a relative clause belongs to a preposition in it."""
    return any(
        child.dep_ == "prep"
        and (
            not any(True for _ in child.children)
            or any(c.tag_ in RELATIVE_TAGS for c in child.children)
        )
        for child in verb.children
    )
