"""What a sentence is about, beside the act: PLOVER's contexts by the words that tell them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from include.eventwire.codebook import CODEBOOK_FOLDER, CodebookError, load_codebook

WORDS: Final = CODEBOOK_FOLDER / "context_words.csv"


def find_contexts(text: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the contexts of a sentence in alphabetical order.

    Args:
        text: The sentence.
        known: Contexts that the frame of the event brings along.
    """
    pattern, contexts = _load_words()
    found = {contexts[match[0].lower()] for match in pattern.finditer(text)}
    return tuple(sorted({*known, *(context for group in found for context in group)}))


@cache
def _load_words(path: Path = WORDS) -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    contexts: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["context"] not in load_codebook().contexts:
                raise CodebookError(f"{path.name}: unknown context {row['context']!r}")
            for written in row["words"].split():
                word = written.replace("_", " ").lower()
                contexts[word] = (*contexts.get(word, ()), row["context"])
    # The longest first, so that "asylum seekers" is not read as "asylum" alone.
    words = sorted(contexts, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE), contexts
