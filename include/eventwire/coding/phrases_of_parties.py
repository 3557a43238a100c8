"""The words of a phrase that name a party: the shortest that do, and those that tell its codes."""

from __future__ import annotations

from typing import Final

from spacy.tokens import Span, Token

_LEFT_PARTS: Final = frozenset({"compound", "amod", "nmod", "nummod", "poss", "quantmod"})
_LONGEST_OF_PHRASE: Final = 6
# Words that only count or collect what stands after "of".
_PARTITIVES: Final = frozenset(
    "hundred thousand dozen score ten million majority minority number lot handful couple "
    "pair group crowd part some most many several half all none both each one two three four "
    "five six seven eight nine team wave list series band bunch mass throng plurality rest "
    "remainder".split()
)


def name_span(token: Token, first_char: int = 0) -> Span:
    """Return the shortest phrase that names the party with its title.

    Args:
        token: Head of the phrase.
        first_char: Where the story begins; what stands before it is the dateline.
    """
    left = token
    for child in token.lefts:
        if child.dep_ in _LEFT_PARTS and child.left_edge.i < left.i:
            left = child.left_edge
    while left.i < token.i and (left.dep_ == "det" or left.pos_ in ("PUNCT", "SPACE")):
        left = left.nbor(1)
    while left.i < token.i and left.idx < first_char:
        left = left.nbor(1)
    return token.doc[left.i : token.i + 1]


def full_phrase(token: Token, first_char: int = 0) -> str:
    """Return the phrase with a short "of ..." after it, which often tells the country."""
    span = name_span(token, first_char)
    end = span.end
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for") and child.i == token.i + 1:
            edge = child.right_edge.i
            if edge - child.i <= _LONGEST_OF_PHRASE:
                end = edge + 1
    return token.doc[span.start : end].text


def partitive_of(token: Token) -> Token | None:
    """Return what a counting word counts: "tens of thousands of *protesters*"."""
    if token.lemma_.lower() not in _PARTITIVES and not token.like_num:
        return None
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of":
            for counted in child.children:
                if counted.dep_ == "pobj":
                    return partitive_of(counted) or counted
    return None
