"""An article's text in pieces, each with what it takes part in, for a page to mark and link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from include.eventwire.records import CodedArticle, Mention

# A page holds so much of a text; longer ones are shown in parts.
PART_CHARS: Final = 40_000


@dataclass(frozen=True, slots=True)
class TextMark:
    """Words of an article that a page shows to mean something.

    Attributes:
        start_char: First code point in the text.
        end_char: One past the last.
        part: "trigger", "actor", "recipient", "place" or "mention".
        note: What is told of the words.
        event: Number of the event that they belong to, from 1; None for a mention.
    """

    start_char: int
    end_char: int
    part: str
    note: str
    event: int | None = None


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of text in which the same marks hold.

    Attributes:
        text: The words as they stand in the article.
        parts: What they are, without repetition; empty for none.
        events: Numbers of the events that they belong to, in order.
        note: What is told of them.
        begins: Number of the event whose trigger begins here, for a link to it; None for none.
    """

    text: str
    parts: tuple[str, ...] = ()
    events: tuple[int, ...] = ()
    note: str = ""
    begins: int | None = None


def list_marks(coded: CodedArticle) -> list[TextMark]:
    """Return the marks of an article: its events' words first, then what it mentions.

    Events count from 1 in the order of `coded.events`. Offsets that do not lie within the text are
    left out.
    """
    length = len(coded.article.text)
    marks = [*_mark_events(coded), *map(_mark_mention, coded.mentions)]
    return [mark for mark in marks if 0 <= mark.start_char < mark.end_char <= length]


def find_parts(text: str, most: int = PART_CHARS) -> list[tuple[int, int]]:
    """Return offsets of the parts in which a text is shown, cut at empty lines where there are any.

    Args:
        text: The text.
        most: Most code points of a part.
    """
    parts, start = [], 0
    while len(text) - start > most:
        cut = text.rfind("\n\n", start + most // 2, start + most)
        end = start + most if cut < 0 else cut + 2
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]


def cut_pieces(
    text: str, marks: Sequence[TextMark], start: int = 0, end: int | None = None
) -> list[MarkedPiece]:
    """Return `text[start:end]` in pieces, cut wherever a mark begins or ends.

    Marks may overlap. The pieces put together are the text.

    Args:
        text: Text of the article.
        marks: From `list_marks`.
        start: First code point that is shown.
        end: One past the last; None = the end of the text.
    """
    end = len(text) if end is None else end
    held = [mark for mark in marks if mark.start_char < end and start < mark.end_char]
    cuts = {start, end}
    for mark in held:
        cuts |= {max(start, mark.start_char), min(end, mark.end_char)}
    return list(_walk(text, sorted(cuts), sorted(held, key=lambda mark: mark.start_char)))


def _walk(text: str, cuts: Sequence[int], held: Sequence[TextMark]) -> Iterator[MarkedPiece]:
    open_marks: list[TextMark] = []
    coming = 0
    for left, right in pairwise(cuts):
        while coming < len(held) and held[coming].start_char <= left:
            open_marks.append(held[coming])
            coming += 1
        open_marks = [mark for mark in open_marks if mark.end_char > left]
        yield _make_piece(text[left:right], open_marks, left)


def _make_piece(words: str, marks: Iterable[TextMark], start: int) -> MarkedPiece:
    # Of an event's words it is said by whom, of others what they name.
    ordered = sorted(marks, key=lambda mark: (mark.event is None, mark.event or 0))
    begins = next(
        (mark.event for mark in ordered if mark.part == "trigger" and mark.start_char == start),
        None,
    )
    return MarkedPiece(
        text=words,
        parts=tuple(dict.fromkeys(mark.part for mark in ordered)),
        events=tuple(dict.fromkeys(mark.event for mark in ordered if mark.event is not None)),
        note="; ".join(dict.fromkeys(mark.note for mark in ordered)),
        begins=begins,
    )


def _mark_events(coded: CodedArticle) -> Iterator[TextMark]:
    numbers = {event.event_id: number for number, event in enumerate(coded.events, 1)}
    for number, event in enumerate(coded.events, 1):
        told = f"event {number}, {event.event_type}"
        yield TextMark(
            event.trigger_start_char, event.trigger_end_char, "trigger", f"{told}: the act", number
        )
        if event.place_start_char is not None and event.place_end_char is not None:
            yield TextMark(
                event.place_start_char, event.place_end_char, "place", f"{told}: where", number
            )
    for party in coded.event_parties:
        if (owner := numbers.get(party.event_id)) is not None:
            told = f"event {owner}: {party.role}"
            yield TextMark(party.start_char, party.end_char, party.role, told, owner)


def _mark_mention(mention: Mention) -> TextMark:
    named = f"{mention.label}: {mention.entity_name}" if mention.entity_name else mention.label
    country = f" ({mention.country_code})" if mention.country_code else ""
    return TextMark(mention.start_char, mention.end_char, "mention", f"{named}{country}")
