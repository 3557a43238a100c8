"""An article's text with marks on what was found in it: colours on a terminal, else brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich.text import Text

from include.eventwire.cli.terminal import printable
from include.eventwire.explanation import choose_passage
from include.eventwire.lake.lookup import Found
from include.eventwire.records import CodedArticle, Event

# By the kind of mark: the style on a terminal, and what stands around the words elsewhere.
_STYLES: Final = {"mention": "cyan", "trigger": "bold black on yellow", "party": "underline",
                  "place": "green"}  # fmt: skip
_BRACKETS: Final = {
    "mention": ("[", "]"), "trigger": ("{", "}"), "party": ("<", ">"), "place": ("(", ")"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that are marked.

    Attributes:
        kind: "mention", "trigger", "party" or "place".
        label: What they are: "GPE", "0 ASSAULT", "0 actor".
    """

    start_char: int
    end_char: int
    kind: str
    label: str


def bracket_event(found: Found, event: Event) -> str:
    """Return the passage of an event on one line, its trigger, parties and place in brackets."""
    text = found.coded.article.text
    start, end = choose_passage(text, event)
    alone = CodedArticle(found.coded.article, (), (event,), tuple(found.parties_of(event)))
    marks = [
        replace(mark, start_char=mark.start_char - start, end_char=mark.end_char - start)
        for mark in find_marks(alone)
        if start <= mark.start_char and mark.end_char <= end
    ]
    before, after = "... " if start else "", " ..." if end < len(text) else ""
    return f"{before}{' '.join(bracket(text[start:end], marks).split())}{after}"


def find_marks(coded: CodedArticle) -> list[Mark]:
    """Return the marks of an article, in text order, the longer before what it holds."""
    marks = [Mark(m.start_char, m.end_char, "mention", m.label) for m in coded.mentions]
    indexes = {event.event_id: event.event_index for event in coded.events}
    for event in coded.events:
        label = f"{event.event_index} {event.event_type}"
        marks.append(Mark(event.trigger_start_char, event.trigger_end_char, "trigger", label))
        if event.place_start_char is not None and event.place_end_char is not None:
            label = f"{event.event_index} place"
            marks.append(Mark(event.place_start_char, event.place_end_char, "place", label))
    for party in coded.event_parties:
        label = f"{indexes[party.event_id]} {party.role}"
        marks.append(Mark(party.start_char, party.end_char, "party", label))
    return sorted(marks, key=lambda mark: (mark.start_char, -mark.end_char, mark.kind, mark.label))


def colour(text: str, marks: Sequence[Mark]) -> Text:
    """Return `text` with the styles of `marks`; the number of its event follows each trigger."""
    styled = Text(printable(text))
    for mark in marks:
        styled.stylize(_STYLES[mark.kind], mark.start_char, mark.end_char)
    triggers = {mark.end_char: mark for mark in marks if mark.kind == "trigger"}
    parts = styled.divide(sorted(triggers))
    whole = Text()
    for part, end in zip(parts, [*sorted(triggers), None], strict=False):
        whole.append_text(part)
        if end is not None:
            whole.append(f"[{triggers[end].label}]", style="bold yellow")
    return whole


def bracket(text: str, marks: Sequence[Mark]) -> str:
    """Return `text` with brackets around what is marked: "[Kyiv|GPE]", "{attacked|0 ASSAULT}".

    Where marks begin together the longest opens first; where they end together the last to open
    closes first.
    """
    inserted: list[tuple[int, int, int, str]] = []
    for order, mark in enumerate(marks):
        opening, closing = _BRACKETS[mark.kind]
        inserted.append((mark.start_char, 1, order, opening))
        inserted.append((mark.end_char, 0, -order, f"|{mark.label}{closing}"))
    parts: list[str] = []
    position = 0
    for place, _, _, written in sorted(inserted):
        parts += [text[position:place], written]
        position = place
    return printable("".join([*parts, text[position:]]))
