"""ANPA 1312, the text format of North American wires, as the AP sent it until 2023.

    SYN SYN SOH W2607 US asian             service, number of the story, selector
    r a DC3 DC1 BC-US--Harvest  11-13 0420 priority, category, format, keyword, day, words
    STX ^BC-US--Harvest, 1st Ld-Writethru,420<    keyword, version, words
        ^Farmers bring in a late harvest<         headline
        ^Eds: Adds detail. With AP Photos.<       for editors
        ^By JANE ROE=                             byline
        <tab>FARGO, N.D. (AP) _ Farmers ...       paragraphs
    ETX AP-WF-11-13-13 0745GMT<                   agency, wire, day and time

"^" begins a line, "<" ends one at the left, "=" in the middle. Where ASCII has brackets, the
standard has other characters: a brace is a half. Quotes are doubled, a dash is an underscore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.wire_messages import Message, read_messages, split_lines
from include.eventwire.records import Reject

_HEADER: Final = re.compile(
    r"(?P<service>[A-Za-z]{1,3})(?P<number>\d{2,5})[\x1f ]?(?P<selector>[^\r\n\x1f]*?)\s*[\r\n]+"
    r"(?P<priority>[A-Za-z])[ ]?(?P<category>[A-Za-z])(?P<format>[\x11-\x14]{0,2})[ ]*"
    r"(?P<keyword>[^\r\n]*?)\s+(?P<day>\d\d-\d\d)(?:\s+(?P<words>\d{1,5}))?\s*"
)
# The second of the characters that tell the format: DC2 stands for tables, DC1 for text.
_TABULAR: Final = "\x12"
_TIME: Final = re.compile(
    r"(?P<agency>[A-Z]{2,6})-(?P<wire>[A-Z]{1,4})-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d)"
    r"\s+(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Z]{1,4})"
)
_ROUTING: Final = re.compile(r"^\*\d+<?\s*\^?")
_KEYWORD: Final = re.compile(
    r"(?P<slug>.*?)(?:,\s*(?P<version>[^,]*\b(?:Ld|Lead|Add|Sub|Writethru|Correct\w*|Insert)\b"
    r"[^,]*))?(?:,\s*(?P<words>\d{1,5})?)?"
)
_PHOTOS: Final = re.compile(r"(?:AP |With )?(?:Photo|Graphic|Video|Audio|Interactive)s?\b", re.I)
_FOR_EDITORS: Final = re.compile(r"\(?(?:Eds|Editors)\b[.:]", re.I)
_BYLINE: Final = re.compile(r"By \S", re.I)
_POST: Final = re.compile(r"\b(?:Press|Writer|Correspondent|Editor|Reporter|Columnist|News)\b")
_QUOTES: Final = (("``", "\u201c"), ("''", "\u201d"))
_DASH: Final = re.compile(r"(?<![^\s\d])_(?=\s)|(?<=\s)_(?![^\s])")
_HALF: Final = re.compile(r"\{(?![^;<{}]*\})")
# Lines and marks of the end that are no text.
_RULE: Final = re.compile(r"[_\u2014\s-]*|END|-0-|-30-|#+")
_SPACES: Final = re.compile(r"[ \t]+")


@dataclass(slots=True)
class _Title:
    """What stands above the first paragraph."""

    headline: str | None = None
    byline: str | None = None
    abstract: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    # Whether the byline stood in the line above: the office of its reporter may follow.
    is_byline_above: bool = False


def read_anpa(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the stories of a file; one that broke off on its way is a reject."""
    for message in read_messages(context):
        yield message if isinstance(message, Reject) else _read_message(message, context)


def _read_message(message: Message, context: ReadContext) -> RawArticle | Reject:
    metadata = _read_header(message.header)
    lines = [line for line in split_lines(message.body) if line.strip()]
    if lines and lines[0].lstrip().startswith("^"):
        metadata |= _read_keyword(lines.pop(0))
    title, rest = _read_title(lines)
    text = _join(title.text + _make_paragraphs(rest))
    if not text:
        detail = f"message {message.number} ({metadata.get('slugline')}) has no text"
        return context.reject(message.number, "empty_text", detail)
    published_at, agency = _find_time(message.trailer)
    stated = {
        "agency": agency,
        "abstract": "\n".join(title.abstract),
        "editorial_note": "\n".join(title.notes),
    }
    return RawArticle(
        record_number=message.number,
        text=text,
        source_id=_make_id(metadata),
        headline=title.headline,
        byline=title.byline,
        publisher=agency,
        published_at=published_at,
        metadata={**metadata, **{name: value for name, value in stated.items() if value}},
    )


def _read_header(header: str) -> dict[str, object]:
    match = _HEADER.fullmatch(header)
    if match is None:
        stated = " ".join(header.split())
        return {"header": stated} if stated else {}
    keyword = match["keyword"].strip()
    fields = {
        "service": match["service"],
        "provider_sequence": match["number"],
        "selector": match["selector"].strip(" -"),
        "priority": match["priority"],
        "category": match["category"],
        "slugline": keyword,
        "keywords": keyword.split()[:1],
        "format": "tabular" if _TABULAR in match["format"] else "",
        "word_count": int(match["words"] or 0),
    }
    return {name: value for name, value in fields.items() if value}


def _make_id(fields: dict[str, object]) -> str | None:
    return f"{fields['service']}{fields['provider_sequence']}" if "service" in fields else None


def _read_keyword(line: str) -> dict[str, object]:
    """Return what the first line of a text states: slugline, version and words."""
    written = _ROUTING.sub("", line.strip().lstrip("^")).rstrip(" <=")
    match = _KEYWORD.fullmatch(written)
    if match is None:
        return {"slugline": written}
    fields = {
        "slugline": match["slug"].strip(" ,"),
        "version": match["version"],
        "word_count": int(match["words"] or 0),
    }
    return {name: value for name, value in fields.items() if value}


def _read_title(lines: list[str]) -> tuple[_Title, list[str]]:
    """Return what the lines above the first paragraph say, and the lines below them."""
    title = _Title()
    for index, line in enumerate(lines):
        closed = line.rstrip()
        if not closed.startswith("^") or closed[-1] not in "<=":
            return title, lines[index:]
        _add_title_line(title, _clean(closed.strip("^<= ")), is_left=closed[-1] == "<")
    return title, []


def _add_title_line(title: _Title, line: str, *, is_left: bool) -> None:
    is_office = title.is_byline_above and not is_left and _POST.search(line)
    title.is_byline_above = title.byline is None and bool(_BYLINE.match(line))
    if _PHOTOS.match(line) or _FOR_EDITORS.match(line):
        title.notes.append(line)
    elif title.is_byline_above:
        title.byline = line
    elif is_office:
        title.byline = f"{title.byline}, {line}"
    elif title.headline is None and not title.text:
        title.headline = line
    elif is_left and title.byline is None and not title.text and not line.startswith("EDITOR"):
        title.abstract.append(line)
    else:
        title.text.append(line)


def _make_paragraphs(lines: list[str]) -> list[str]:
    """Return the paragraphs of a text: those that a tab, blanks or "^" begin."""
    paragraphs: list[str] = []
    for line in lines:
        if line[0] in "\t ^" or not paragraphs:
            paragraphs.append(line)
        else:
            paragraphs[-1] += f" {line}"
    return [_clean(paragraph.strip().strip("^<= ")) for paragraph in paragraphs]


def _join(paragraphs: list[str]) -> str:
    """Return the text: rows of a table below each other, other paragraphs with a blank line."""
    kept = [paragraph for paragraph in paragraphs if not _RULE.fullmatch(paragraph)]
    parts = kept[:1]
    for above, paragraph in pairwise(kept):
        is_table = above.count(";") > 1 and paragraph.count(";") > 1
        parts += ["\n" if is_table else "\n\n", paragraph]
    return "".join(parts)


def _clean(line: str) -> str:
    """Return `line` with the characters that its typesetting characters stand for."""
    for written, meant in _QUOTES:
        line = line.replace(written, meant)
    line = _HALF.sub("\u00bd", _DASH.sub("\u2014", line))
    return _SPACES.sub(" ", line).strip()


def _find_time(trailer: str) -> tuple[str | None, str | None]:
    """Return the time in the last line in ISO 8601, and the agency before it."""
    match = _TIME.search(trailer)
    if match is None:
        return None, None
    # The AP has sent in this format from 1979 to 2023.
    century = "19" if int(match["year"]) > 70 else "20"
    day = f"{century}{match['year']}-{match['month']}-{match['day']}"
    return f"{day}T{match['hour']}:{match['minute']} {match['zone']}", match["agency"]
