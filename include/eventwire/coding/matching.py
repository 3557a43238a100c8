"""Which frame of the lexicon a word of a sentence carries, if any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

from include.eventwire.codebook import load_codebook
from include.eventwire.coding.phrases_of_parties import partitive_of
from include.eventwire.lexicon import LIGHT_VERBS, NO_EVENT, Constraint, Frame, Lexicon
from include.eventwire.syntax.slots import fill_slot

_POS: Final = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun"}
_SIDES: Final = ("conflict", "cooperation")

IsKind = Callable[[Token, str], bool]
"""Tells whether a word is of a kind that the gazetteer or the named entities decide."""


@dataclass(frozen=True, slots=True)
class FrameMatch:
    """A frame and the word of the article that is its head."""

    head: Token
    frame: Frame


class Matcher:
    """Finds frames in one article; remembers what it found for each word."""

    def __init__(self, lexicon: Lexicon, is_kind: IsKind) -> None:
        """Take the lexicon and what decides on kinds of words."""
        self._lexicon = lexicon
        self._is_kind = is_kind
        self._light_verbs = lexicon.classes.get(LIGHT_VERBS, frozenset())
        self._found: dict[int, Frame | None] = {}
        # The frames of one word ask for the same few slots again and again.
        self._filled: dict[tuple[int, str], list[Token]] = {}
        self._named: dict[tuple[int, str], frozenset[str]] = {}
        self._near: dict[int, frozenset[str]] = {}

    def find_all(self, doc: Doc) -> Iterator[FrameMatch]:
        """Yield the match of every word that carries an event, in text order.

        A noun before another noun ("detention center", "coup plotters") only tells its kind.
        """
        for token in doc:
            if token.pos_ not in _POS or token.dep_ == "compound":
                continue
            if (frame := self.find(token)) and frame.event_type != NO_EVENT:
                yield FrameMatch(token, frame)

    def find(self, head: Token) -> Frame | None:
        """Return the most specific frame that matches `head`; also one that says it is no event."""
        if head.i not in self._found:
            self._found[head.i] = None  # a frame cannot depend on itself
            self._found[head.i] = self._search(head)
        return self._found[head.i]

    def _search(self, head: Token) -> Frame | None:
        pos = _POS.get(head.pos_)
        if pos is None:
            return None
        frames = self._lexicon.find(pos, head.lemma_.lower())
        if not frames:
            return None
        near = self._names_near(head)
        for frame in frames:
            # Most frames ask for a word that does not occur at all: seen before slots are filled.
            if any(map(near.isdisjoint, frame.demanded_words)):
                continue
            if all(self._holds(constraint, head) for constraint in frame.constraints):
                return frame
        return None

    def _names_near(self, head: Token) -> frozenset[str]:
        """Return what the words in the sentence of `head` may be called."""
        sentence = head.sent
        if sentence.start not in self._near:
            names = (name for token in sentence for name in _names(token))
            self._near[sentence.start] = frozenset(names)
        return self._near[sentence.start]

    def _holds(self, constraint: Constraint, head: Token) -> bool:
        return self._is_filled(constraint, head) != constraint.absent

    def _is_filled(self, constraint: Constraint, head: Token) -> bool:
        slots, lemmas, kinds = constraint.slots, constraint.lemmas, constraint.kinds
        if not (lemmas or kinds):
            return any(self._fill(head, slot) for slot in slots)
        if lemmas and not all(lemmas.isdisjoint(self._slot_names(head, slot)) for slot in slots):
            return True
        return any(
            self._is_of(token, kind)
            for slot in slots
            for kind in kinds
            for token in self._fill(head, slot)
        )

    def _fill(self, head: Token, slot: str) -> list[Token]:
        key = head.i, slot
        if key not in self._filled:
            self._filled[key] = self._look_up(head, slot)
        return self._filled[key]

    def _look_up(self, head: Token, slot: str) -> list[Token]:
        filled = fill_slot(head, slot)
        if slot == "light":
            return [verb for verb in filled if verb.lemma_.lower() in self._light_verbs]
        return filled

    def _slot_names(self, head: Token, slot: str) -> frozenset[str]:
        """Return what the words in a slot may be called."""
        key = head.i, slot
        if key not in self._named:
            filled = self._fill(head, slot)
            self._named[key] = frozenset(name for token in filled for name in _names(token))
        return self._named[key]

    def _is_of(self, token: Token, kind: str) -> bool:
        if not (kind.isupper() or kind in _SIDES):
            listed = self._lexicon.classes.get(kind, frozenset())
            return any(name in listed for name in _names(token)) or self._is_kind(token, kind)
        frame = self.find(token)
        if frame is None or frame.event_type == NO_EVENT:
            return False
        if kind.isupper():
            return frame.event_type == kind
        return load_codebook().types[frame.event_type].quad_class.endswith(kind)


def _names(token: Token) -> Iterator[str]:
    """Yield the lemma of `token`, its form, and the lemma with the word before it ("tear gas").

    A word that counts is known by what it counts as well: "thousands of *officers*".
    """
    lemma = token.lemma_.lower()
    yield lemma
    yield token.lower_
    if token.i > 0:
        before = token.nbor(-1)
        if before.dep_ in ("compound", "amod", "nmod") or before.head == token:
            yield f"{before.lower_} {lemma}"
    if (counted := partitive_of(token)) is not None:
        yield from _names(counted)
