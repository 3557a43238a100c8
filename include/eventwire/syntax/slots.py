"""The company of a word: what fills each slot that the lexicon's conditions and roles name.

`include/resources/lexicon/README.md` tells what each slot means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from spacy.tokens import Token

from include.eventwire.syntax.verbs import (
    RELATIVE_TAGS,
    find_agents,
    find_objects,
    find_passive_subjects,
    find_subjects,
    is_passive,
    with_conjuncts,
)

_VERBAL: Final = frozenset({"VERB", "AUX"})
# Particles that the parser often calls adverbs or prepositions without an object.
_PARTICLES: Final = frozenset(
    "up down out off back away over in on forward ahead aside apart together through".split()
)
_LINKS: Final = frozenset({"prep", "dative", "agent"})
_FINITE: Final = frozenset({"VBD", "VBZ"})
_MODIFIERS: Final = frozenset({"compound", "amod", "nmod", "nummod", "npadvmod"})


def fill_slot(head: Token, slot: str) -> list[Token]:
    """Return the words in `slot` of `head`, joined words included.

    Args:
        head: A verb or noun.
        slot: Name of a slot, of a preposition, or a path of them ("ccomp.subj", "obj.of").
    """
    first, _, rest = slot.partition(".")
    slots = _VERB_SLOTS if head.pos_ in _VERBAL else _NOUN_SLOTS
    find = slots.get(first)
    found = find(head) if find else find_after(head, first)
    if not rest:
        return found
    return [deeper for token in found for deeper in fill_slot(token, rest)]


def find_after(head: Token, preposition: str) -> list[Token]:
    """Return what follows `preposition` after `head`: nouns and gerunds.

    After a verb the prepositions of its object count as well, since the parser cannot tell to which
    of the two they belong.
    """
    hosts = [head]
    if head.pos_ in _VERBAL:
        hosts += [child for child in head.children if child.dep_ in ("dobj", "nsubjpass", "prt")]
        hosts += [child for child in head.children if child.dep_ == "acomp"]
        hosts += [c for c in head.children if c.dep_ != "prt" and _is_particle(c)]
    found = [
        token
        for host in hosts
        for link in host.children
        if link.dep_ in _LINKS and link.lower_ == preposition
        for token in _complements(link)
    ]
    return with_conjuncts(_antecedent(token) for token in found)


def find_governor(noun: Token) -> Token | None:
    """Return the verb that `noun` depends on as object, or by a preposition; None without one."""
    if noun.dep_ == "conj" and noun.head.pos_ in ("NOUN", "PROPN"):
        return find_governor(noun.head)
    if noun.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and noun.head.pos_ in _VERBAL:
        return noun.head
    if noun.dep_ == "pobj" and noun.head.head.pos_ in _VERBAL:
        return noun.head.head
    for child in noun.children:
        if child.dep_ == "relcl" and noun in find_objects(child):
            return child
        if child.dep_ == "acl" and child.tag_ == "VBN":
            return child
    return None


def _complements(link: Token) -> list[Token]:
    found: list[Token] = []
    for child in link.children:
        if child.dep_ in ("pobj", "pcomp"):
            found.append(child)
        elif child.dep_ == "prep":  # "out of", "because of"
            found.extend(_complements(child))
    return found


def _antecedent(token: Token) -> Token:
    if token.tag_ in RELATIVE_TAGS:
        clause = token.head.head
        if clause.dep_ == "relcl":
            return clause.head
    return token


def _labelled(*labels: str) -> Callable[[Token], list[Token]]:
    wanted = frozenset(labels)
    return lambda head: [child for child in head.children if child.dep_ in wanted]


def _particles(verb: Token) -> list[Token]:
    return [child for child in verb.children if _is_particle(child)]


def _is_particle(word: Token) -> bool:
    """Return whether a word is a particle: a preposition is none when a noun follows at once.

    In "drove them out of the valley" and "pulled back from the river" another preposition does.
    """
    if word.dep_ == "prt":
        return True
    if word.lower_ not in _PARTICLES:
        return False
    if word.dep_ == "prep":
        return all(child.dep_ == "prep" for child in word.children)
    return word.dep_ == "advmod"


def _verb_complements(verb: Token) -> list[Token]:
    """Return infinitives and gerunds, also those that the parser takes for clauses or purposes.

    The infinitive of an adjective counts as that of its verb: "is willing to *withdraw*".
    """
    hosts = [verb, *(child for child in verb.children if child.dep_ == "acomp")]
    found = with_conjuncts(
        child
        for host in hosts
        for child in host.children
        if child.dep_ == "xcomp"
        or (child.dep_ in ("ccomp", "advcl") and child.i > verb.i and _is_infinitive(child))
    )
    # "refused to swear loyalty and called for a vote": a past tense is joined to the verb itself.
    return [token for token in found if token.dep_ != "conj" or token.tag_ not in _FINITE]


def _clauses(verb: Token) -> list[Token]:
    return with_conjuncts(
        child for child in verb.children if child.dep_ == "ccomp" and not _is_infinitive(child)
    )


def _is_infinitive(verb: Token) -> bool:
    return any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children)


def _infinitives_of_noun(noun: Token) -> list[Token]:
    return [
        child
        for child in noun.children
        if child.dep_ in ("acl", "relcl", "xcomp", "advcl") and _is_infinitive(child)
    ]


def _clauses_of_noun(noun: Token) -> list[Token]:
    """Return the verb of a clause after a noun that tells its content: "claims *that he lied*"."""
    return [
        child
        for child in noun.children
        if child.dep_ in ("acl", "ccomp", "relcl")
        and any(c.lower_ == "that" and c.dep_ == "mark" for c in child.children)
    ]


def _governors(noun: Token) -> list[Token]:
    governor = find_governor(noun)
    return [governor] if governor is not None else []


def _predicates(verb: Token) -> list[Token]:
    return with_conjuncts(child for child in verb.children if child.dep_ in ("attr", "oprd"))


def _indirect(verb: Token) -> list[Token]:
    if is_passive(verb):
        kept = any(child.dep_ == "dobj" for child in verb.children)
        return find_passive_subjects(verb) if kept else []
    return [child for child in verb.children if child.dep_ == "dative" and child.pos_ != "ADP"]


_VERB_SLOTS: Final[Mapping[str, Callable[[Token], list[Token]]]] = {
    "subj": find_subjects,
    "obj": find_objects,
    "iobj": _indirect,
    "prt": _particles,
    "xcomp": _verb_complements,
    "ccomp": _clauses,
    "acomp": _labelled("acomp"),
    "attr": _predicates,
    "aux": _labelled("aux"),
    "mod": _labelled("advmod", "npadvmod"),
    "advcl": _labelled("advcl"),
    "neg": _labelled("neg"),
    "passive": lambda verb: [verb] if is_passive(verb) else [],
    "agent": lambda verb: find_agents(verb) if is_passive(verb) else [],
}
_NOUN_SLOTS: Final[Mapping[str, Callable[[Token], list[Token]]]] = {
    "poss": lambda noun: with_conjuncts(c for c in noun.children if c.dep_ == "poss"),
    "mod": lambda noun: with_conjuncts(c for c in noun.children if c.dep_ in _MODIFIERS),
    "xcomp": _infinitives_of_noun,
    "ccomp": _clauses_of_noun,
    "neg": _labelled("neg"),
    "verb": _governors,
    "light": _governors,
}
