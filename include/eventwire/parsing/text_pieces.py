"""Very long texts in pieces, since the memory that parsing takes grows with the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Ends of paragraphs, lines, sentences and words: the first kind that occurs is where to cut.
_ENDS: Final = tuple(
    re.compile(pattern) for pattern in (r"\n\s*\n\s*", r"\n\s*", r"[.!?][\"'”’)]*\s+", r"\s+")
)


def cut_text(text: str, most_chars: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `most_chars` characters; together they are the text.

    A piece ends with a paragraph where one ends in its second half, else with a line, a sentence or
    a word, else anywhere.
    """
    start = 0
    while len(text) - start > most_chars:
        end = _find_end(text, start + most_chars // 2, start + most_chars)
        yield text[start:end]
        start = end
    yield text[start:]


def _find_end(text: str, earliest: int, latest: int) -> int:
    """Return the last good place to cut between two offsets."""
    for ends in _ENDS:
        found = [match.end() for match in ends.finditer(text, earliest, latest)]
        if found:
            return found[-1]
    return latest
