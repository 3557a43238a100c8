"""The words around an event, cut out of an article and marked, for a page to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# A sentence that is longer is cut; a table or a list has none at all.
_MOST_CHARS_ASIDE: Final = 280
# Where a sentence ends: at an end mark before a capital, a quotation mark or a figure, and at an
# empty line. Coders keep the number of a sentence but not where it begins.
_BOUNDARY: Final = re.compile(r"""(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[]*[A-Z0-9])|\s*\n\s*\n\s*""")
# No sentence ends after these, nor after a single letter, as of a first name.
_ABBREVIATION: Final = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|Rev|Jan|Feb|Aug|Sept?|"
    r"Oct|Nov|Dec|No|vs|[A-Z]\.[A-Z])\.$"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of an article that play a part.

    Attributes:
        start_char: First code point in the text.
        end_char: One past the last.
        part: "trigger", "actor", "recipient" or "place".
    """

    start_char: int
    end_char: int
    part: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in which the same marks hold.

    Attributes:
        text: The words as they stand in the article.
        parts: The parts that they play, in the order of the marks; empty for none.
    """

    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentence of an event.

    Attributes:
        pieces: The text in order.
        is_cut_before: Whether the article goes on before it within the sentence.
        is_cut_after: The same after it.
        elsewhere: Parts and words that stand in another sentence of the article.
    """

    pieces: tuple[Piece, ...]
    is_cut_before: bool
    is_cut_after: bool
    elsewhere: tuple[tuple[str, str], ...]


def cut_passage(text: str, marks: Iterable[Mark]) -> Passage:
    """Return the sentence around the trigger among `marks`, with all marks that it holds.

    Args:
        text: Text of the article.
        marks: What is marked, the trigger among it; marks outside the text are left out.

    Raises:
        ValueError: There is no trigger.
    """
    sound = [mark for mark in marks if 0 <= mark.start_char < mark.end_char <= len(text)]
    trigger = next((mark for mark in sound if mark.part == "trigger"), None)
    if trigger is None:
        raise ValueError("an event's passage is cut around its trigger, which is missing")
    start, end = find_sentence(text, trigger.start_char, trigger.end_char)
    first = _cut_before(text, start, trigger.start_char)
    last = _cut_after(text, end, trigger.end_char)
    within = [mark for mark in sound if first <= mark.start_char and mark.end_char <= last]
    return Passage(
        pieces=tuple(split_pieces(text, first, last, within)),
        is_cut_before=first > start,
        is_cut_after=last < end,
        elsewhere=tuple(
            (mark.part, text[mark.start_char : mark.end_char])
            for mark in sound
            if mark not in within
        ),
    )


def find_sentence(text: str, start_char: int, end_char: int) -> tuple[int, int]:
    """Return where the sentence around some words begins and ends, blanks at its ends left out."""
    before = max(0, start_char - 4 * _MOST_CHARS_ASIDE)
    after = min(len(text), end_char + 4 * _MOST_CHARS_ASIDE)
    begin, end = before, after
    for found in _BOUNDARY.finditer(text, before, after):
        if "\n" not in found[0] and _ABBREVIATION.search(
            text[max(0, found.start() - 6) : found.start()]
        ):
            continue
        if found.end() <= start_char:
            begin = found.end()
        elif found.start() >= end_char:
            end = found.start() + len(found[0].rstrip())
            break
    while begin < start_char and text[begin].isspace():
        begin += 1
    while end > end_char and text[end - 1].isspace():
        end -= 1
    return begin, end


def split_pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """Return `text[start:end]` in pieces, cut wherever a mark begins or ends."""
    held = [mark for mark in marks if mark.start_char < end and start < mark.end_char]
    cuts = {start, end}
    for mark in held:
        cuts |= {max(start, mark.start_char), min(end, mark.end_char)}
    return [
        Piece(
            text[left:right],
            tuple(
                dict.fromkeys(
                    mark.part for mark in held if mark.start_char <= left and right <= mark.end_char
                )
            ),
        )
        for left, right in pairwise(sorted(cuts))
    ]


def _cut_before(text: str, start: int, trigger: int) -> int:
    """Return `start`, or when that is far before the trigger the beginning of a word near it."""
    least = trigger - _MOST_CHARS_ASIDE
    if start >= least:
        return start
    blank = re.search(r"\s\S", text[least:trigger])
    return least + blank.start() + 1 if blank else least


def _cut_after(text: str, end: int, trigger: int) -> int:
    """Return `end`, or when that is far behind the trigger the end of a word near it."""
    most = trigger + _MOST_CHARS_ASIDE
    if end <= most:
        return end
    blank = re.search(r"\S\s(?!.*\S\s)", text[trigger:most], re.DOTALL)
    return trigger + blank.start() + 1 if blank else most
