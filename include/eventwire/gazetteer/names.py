"""The names that the coder knows, found in the words of a phrase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from include.eventwire.gazetteer.phrases import Word, split_words
from include.eventwire.gazetteer.tables import (
    GAZETTEER_FOLDER,
    Entry,
    Kind,
    collector_paused,
    read_names,
)

# A name of up to three capitals is also an English word too often ("US", "IS", "WHO"): its
# capitals must stand in the text.
_ACRONYM_LETTERS: Final = 4
# What a bare name means first.
_ORDER: Final[tuple[Kind, ...]] = (
    "country", "government", "people", "body", "person", "group", "place", "role", "city",
)  # fmt: skip
# Where the family name comes first in the name as the news print it.
_FAMILY_NAME_FIRST: Final = frozenset({"CHN", "PRK", "KOR", "TWN", "VNM", "KHM", "HKG", "SGP"})


@dataclass(frozen=True, slots=True)
class Term:
    """A name as words, and everything that it may stand for."""

    keys: tuple[str, ...]
    entries: tuple[Entry, ...]
    exact: str | None
    capitalised: bool

    def fits(self, here: Sequence[Word]) -> bool:
        """Return whether the capitals of `here`, whose keys are the term's, allow the term."""
        if self.exact is not None:
            return " ".join(word.text for word in here) == self.exact
        return not self.capitalised or here[0].is_capitalised


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a phrase: words `start` to `end`, end exclusive."""

    start: int
    end: int
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """The first of the entries: the only one, except for persons and renamed bodies."""
        return self.entries[0]


@dataclass(frozen=True)
class Gazetteer:
    """All names, looked up by their words; and persons by their surname.

    Attributes:
        terms: Terms by their words; several where capitals decide.
        longest: Number of words of the longest term that opens with a word.
        surnames: Rows of persons by surname.
    """

    terms: Mapping[tuple[str, ...], tuple[Term, ...]]
    longest: Mapping[str, int]
    surnames: Mapping[str, tuple[Entry, ...]]

    def find(self, words: Sequence[Word]) -> list[Match]:
        """Return the names in `words`, leftmost and longest first, without overlaps."""
        matches: list[Match] = []
        position = 0
        while position < len(words):
            term = self._longest_term(words, position)
            if term is None:
                position += 1
                continue
            end = position + len(term.keys)
            matches.append(Match(position, end, term.entries))
            position = end
        return matches

    def _longest_term(self, words: Sequence[Word], start: int) -> Term | None:
        room = min(self.longest.get(words[start].key, 0), len(words) - start)
        for length in range(room, 0, -1):
            here = words[start : start + length]
            for term in self.terms.get(tuple(word.key for word in here), ()):
                if term.fits(here):
                    return term
        return None


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the project's gazetteer, read once per process."""
    with collector_paused():
        return read_gazetteer(GAZETTEER_FOLDER)


def read_gazetteer(folder: Path) -> Gazetteer:
    """Return the gazetteer that the files of `folder` hold.

    Raises:
        GazetteerError: A row cannot be right; the message names file and line.
    """
    names = list(read_names(folder))
    terms = _index(names)
    longest: dict[str, int] = {}
    for keys in terms:
        longest[keys[0]] = max(longest.get(keys[0], 0), len(keys))
    return Gazetteer(terms, longest, _surnames(entry for _, entry in names))


def _index(names: Iterable[tuple[str, Entry]]) -> dict[tuple[str, ...], tuple[Term, ...]]:
    grouped: dict[tuple[tuple[str, ...], str | None, bool], list[Entry]] = {}
    by_name: dict[str, list[Entry]] = {}
    for name, entry in names:
        by_name.setdefault(name, []).append(entry)
    for name, entries in by_name.items():
        words = split_words(name)
        text = " ".join(word.text for word in words)
        short = text.isupper() and len(text) < _ACRONYM_LETTERS
        keys = tuple(word.key for word in words)
        key = (keys, text if short else None, words[0].is_capitalised)
        grouped.setdefault(key, []).extend(entries)
    terms: dict[tuple[str, ...], list[Term]] = {}
    for (keys, exact, capitalised), entries in grouped.items():
        terms.setdefault(keys, []).append(Term(keys, _preferred(entries), exact, capitalised))
    # Of equal names the one that demands more of the text comes first.
    return {
        keys: tuple(sorted(group, key=lambda term: (term.exact is None, not term.capitalised)))
        for keys, group in terms.items()
    }


def _preferred(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries of the kind that a bare name means first; all rows of one thing stay."""
    if len(entries) == 1:
        return tuple(entries)
    first = min(entries, key=lambda entry: _ORDER.index(entry.kind))
    return tuple(dict.fromkeys(entry for entry in entries if entry.kind == first.kind))


def _surnames(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in dict.fromkeys(entry for entry in entries if entry.kind == "person"):
        words = split_words(entry.name)
        first = entry.country_code in _FAMILY_NAME_FIRST and len(words) > 1
        found.setdefault(words[0 if first else -1].key, []).append(entry)
    return {surname: tuple(rows) for surname, rows in found.items()}
