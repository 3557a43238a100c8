"""spaCy's attribute ruler with a memory: the same parts of speech, features and lemmas, sooner.

The ruler matches a hundred patterns against every token, a tenth of the time of a small English
pipeline. What its patterns look at in one token (tag, lower-case form, dependency, whether it is
white space) has few values, once the words that no pattern names are taken for one and the same.
What they set is asked once for each and looked up afterwards. Tokens that may begin one of the few
patterns over two tokens are asked together with the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, POS, TAG
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

NAME: Final = "cached_attribute_ruler"
RULER: Final = "attribute_ruler"

# All that the patterns may look at for the memory to be right.
_LOOKED_AT: Final = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})
_KEY: Final = [TAG, LOWER, DEP, IS_SPACE]
_SET: Final = [POS, MORPH, LEMMA]
# Stand for all words that no pattern names, and for all white space.
_UNNAMED: Final = 0
_WORD: Final = "x"
_SPACE: Final = " "
# Words of news are without end; beyond this the memory starts anew.
_MOST_REMEMBERED: Final = 500_000

_Key = tuple[int, ...]
_Values = tuple[int, int, int]


class CachedAttributeRuler:
    """Sets what an `AttributeRuler` sets, remembering what it set before."""

    def __init__(self, ruler: AttributeRuler) -> None:
        """Take the ruler of a loaded pipeline.

        Raises:
            ValueError: Its patterns look at more of a token than is remembered, or set other
                attributes.
        """
        if not is_cacheable(ruler):
            raise ValueError("the patterns of this attribute ruler cannot be remembered")
        self._ruler = ruler
        self._known: dict[tuple[_Key, ...], tuple[_Values, ...]] = {}
        self._names = list(_read_names(ruler))
        self._is_named: dict[int, bool] = {}
        # Tokens that may begin a pattern over several: such stretches are asked as a whole.
        self._opens: dict[_Key, bool] = {}
        self._openings = Matcher(ruler.vocab)
        longer = [pattern for pattern in _patterns(ruler) if len(pattern) > 1]
        self._openings.add("opening", [pattern[:1] for pattern in longer])
        self._longest = max(map(len, longer), default=1)

    def __call__(self, doc: Doc) -> Doc:
        """Set part of speech, morphological features and lemma of every token of `doc`."""
        if not len(doc):
            return doc
        self._forget_when_full()
        named = self._named
        keys = [
            (tag, lower if named(lower) else _UNNAMED, dep, is_space)
            for tag, lower, dep, is_space in doc.to_array(_KEY).tolist()
        ]
        values = [self._known.get((key,)) or self._ask((key,)) for key in keys]
        rows = [row for (row,) in values]
        for start, end in self._find_stretches(keys):
            rows[start:end] = self._ask(tuple(keys[start:end]))
        doc.from_array(_SET, cast("Any", np.array(rows, dtype=np.uint64)))
        self._mark_spaces(doc, keys)
        return doc

    def _forget_when_full(self) -> None:
        """Start anew, between texts: the keys of one text are looked up more than once."""
        if max(len(self._known), len(self._is_named)) >= _MOST_REMEMBERED:
            self._known.clear()
            self._opens.clear()
            self._is_named.clear()

    def _ask(self, keys: tuple[_Key, ...]) -> tuple[_Values, ...]:
        """Return what the ruler sets for tokens with `keys` that follow each other."""
        known = self._known.get(keys)
        if known is None:
            doc = self._make_doc(keys)
            if len(keys) == 1:
                self._opens[keys[0]] = bool(self._openings(doc, allow_missing=True))
            known = tuple(tuple(row) for row in self._ruler(doc).to_array(_SET).tolist())
            self._known[keys] = known
        return known

    def _named(self, lower: int) -> bool:
        """Return whether a pattern may name the word that is `lower` in the string store."""
        is_named = self._is_named.get(lower)
        if is_named is None:
            word = self._ruler.vocab.strings[lower]
            is_named = any(names(word) for names in self._names)
            self._is_named[lower] = is_named
        return is_named

    def _make_doc(self, keys: tuple[_Key, ...]) -> Doc:
        strings = self._ruler.vocab.strings
        words = [strings[key[1]] if key[1] else _SPACE if key[3] else _WORD for key in keys]
        doc = Doc(self._ruler.vocab, words=words)
        for token, (tag, _, dep, _) in zip(doc, keys, strict=True):
            token.tag, token.dep = tag, dep
        return doc

    def _find_stretches(self, keys: Sequence[_Key]) -> Iterator[tuple[int, int]]:
        """Yield the stretches of tokens that a pattern over several may meet, none overlapping."""
        stretch: tuple[int, int] | None = None
        for start, key in enumerate(keys):
            if not self._opens[key]:
                continue
            end = min(start + self._longest, len(keys))
            if stretch is not None and start < stretch[1]:
                stretch = stretch[0], end
                continue
            if stretch is not None:
                yield stretch
            stretch = start, end
        if stretch is not None:
            yield stretch

    def _mark_spaces(self, doc: Doc, keys: Sequence[_Key]) -> None:
        # The only tokens whose tag and dependency the rulers of English change.
        for number, (_, _, dep, is_space) in enumerate(keys):
            if is_space:
                doc[number].tag_ = "_SP"
                if dep:
                    doc[number].dep_ = "dep"


def is_cacheable(ruler: AttributeRuler) -> bool:
    """Return whether what the patterns of `ruler` look at and set is what is remembered."""
    looked_at = {name for pattern in _patterns(ruler) for token in pattern for name in token}
    set_ = {name for entry in ruler.patterns for name in cast("dict[str, object]", entry["attrs"])}
    return looked_at <= _LOOKED_AT and set_ <= {"POS", "MORPH", "LEMMA", "TAG", "DEP"}


def _read_names(ruler: AttributeRuler) -> Iterator[Callable[[str], object]]:
    """Yield a test of a lower-cased word for every word or expression that a pattern names."""
    words: set[str] = set()
    for pattern in _patterns(ruler):
        for token in pattern:
            match token.get("LOWER"):
                case None:
                    pass
                case str(word):
                    words.add(word)
                case {"IN": list(several), **rest} if not rest:
                    words |= set(several)
                case {"REGEX": str(expression), **rest} if not rest:
                    yield re.compile(expression).search
                case other:
                    raise ValueError(f"a pattern names words in a way that is not known: {other}")
    yield words.__contains__


def _patterns(ruler: AttributeRuler) -> Iterator[list[dict[str, object]]]:
    for entry in ruler.patterns:
        yield from cast("list[list[dict[str, object]]]", entry["patterns"])


@Language.factory(NAME, assigns=["token.pos", "token.morph", "token.lemma"])
def make_cached_ruler(nlp: Language, name: str) -> CachedAttributeRuler:  # noqa: ARG001 - spaCy's signature
    """Return a memory for the attribute ruler of `nlp`."""
    return CachedAttributeRuler(cast("AttributeRuler", nlp.get_pipe(RULER)))


def remember_attributes(nlp: Language) -> None:
    """Put a memory in the place of the attribute ruler of `nlp`, where it has one that fits."""
    if RULER in nlp.pipe_names and is_cacheable(cast("AttributeRuler", nlp.get_pipe(RULER))):
        nlp.add_pipe(NAME, after=RULER)
        nlp.disable_pipe(RULER)
