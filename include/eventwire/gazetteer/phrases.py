"""Words of a short phrase, made comparable: accents, dotted abbreviations, hyphens, possessives."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

POSSESSIVE: Final = "'s"

_DETERMINERS: Final = frozenset({"a", "an", "the"})
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss",
        "æ": "ae", "Æ": "Ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'", "‘": "'", "ʼ": "'",
        "`": "'", "´": "'", "–": "-", "‑": "-", "—": " ",
    }
)  # fmt: skip
_WORD: Final = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)+)"
    r"|(?P<abbreviation>(?:[A-Za-z]\.){2,}(?:[A-Z]\b)?)"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<mark>[,'&/-])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a phrase.

    Attributes:
        key: Lower-case form without accents, for comparison.
        text: The same with its capitals; dots of an abbreviation are left out.
        joined: Whether a hyphen ties the word to the one before it.
    """

    key: str
    text: str
    joined: bool = False

    @property
    def is_capitalised(self) -> bool:
        """Whether the word opens with a capital letter or a digit."""
        return not self.text[0].islower()


def fold(text: str) -> str:
    """Return `text` without accents and with plain quotes and hyphens; capitals stay."""
    if text.isascii():
        return text.replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def split_words(text: str) -> tuple[Word, ...]:
    """Return the words of `text` without its articles (a, an, the).

    A possessive ending is a word of its own (`POSSESSIVE`), as is a comma. "U.S." becomes "US", so
    that capitals still tell it from "us".
    """
    words: list[Word] = []
    joined = False
    end = -1
    folded = fold(text)
    for match in _WORD.finditer(folded):
        piece = match[0]
        if match.lastgroup == "mark":
            joined = piece == "-" and match.start() == end
            words.extend(_mark(piece, attached=match.start() == end))
        else:
            words.extend(
                _pieces(piece, abbreviated=match.lastgroup == "abbreviation", joined=joined)
            )
            joined = False
        end = match.end()
    return tuple(word for word in words if word.key not in _DETERMINERS)


def _mark(piece: str, *, attached: bool) -> list[Word]:
    if piece == ",":
        return [Word(",", ",")]
    if piece == "'" and attached:  # the plural possessive: "rebels' demands"
        return [Word(POSSESSIVE, POSSESSIVE)]
    return [Word("and", "and")] if piece == "&" else []


def _pieces(piece: str, *, abbreviated: bool, joined: bool) -> list[Word]:
    if abbreviated:
        piece = piece.replace(".", "")
    stem, apostrophe, ending = piece.rpartition("'")
    if apostrophe and ending.lower() == "s":
        return [Word(stem.lower(), stem, joined), Word(POSSESSIVE, POSSESSIVE)]
    return [Word(piece.lower(), piece, joined)]
