"""IPTC 7901, the text format of European wires, as dpa and others send it.

    SOH eca062 4 i 211 ccccb   dpa 061     service and number, priority, category, words, sender
        Germany-politics/                  slugline
    STX 1ST LEAD                           what the message is to another (any number of lines)
        Coalition talks could fail =       headline, closed by "="; a byline may follow it
        Berlin (dpa) - Negotiations ...    text, its lines as long as the paper was wide
    ETX 131137 GMT Nov 13                  day and time, zone, month, year

See https://iptc.org/std/IPTC7901/1.0/specification/7901V5.pdf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.wire_messages import (
    Message,
    join_lines,
    read_messages,
    split_lines,
)
from include.eventwire.records import Reject

_HEADER: Final = re.compile(
    r"(?P<service>[A-Za-z]{1,6})\s?(?P<number>\d{1,6})\s+(?P<priority>\d)\s+"
    r"(?P<category>[A-Za-z]{1,5})\b(?:\s+(?P<words>\d{1,6}))?(?:\s+(?P<rest>\S.*))?"
)
_SENDER: Final = re.compile(r"(?:^|\s)(?P<agency>[A-Za-z]{2,8})[ /-]?(?P<number>\d{2,6})$")
_TIME: Final = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Z]{1,4})?\s+"
    r"(?P<month>[^\W\d]{3,9})\.?\s+(?P<year>\d{4}|\d\d)\b"
)
# The first letters of months that are not the English ones.
_MONTHS: Final = {
    "ene": "Jan",
    "fév": "Feb",
    "fev": "Feb",
    "mär": "Mar",
    "mae": "Mar",
    "mrz": "Mar",
    "abr": "Apr",
    "avr": "Apr",
    "mai": "May",
    "ago": "Aug",
    "aoû": "Aug",
    "aou": "Aug",
    "set": "Sep",
    "okt": "Oct",
    "dez": "Dec",
    "déc": "Dec",
    "dic": "Dec",
}
# What stands above a headline has no more lines than this.
_MOST_TITLE_LINES: Final = 8
# Words above the text, which no slugline has: "Kenya-talks/Nairobi".
_HEADLINE_ABOVE: Final = re.compile(r"\S+(?: \S+){2,}")
_OPEN_TITLE: Final = re.compile(r"\S.{10,100}[^\s.!?:;\"'\u201d]\s*")
_BYLINE: Final = re.compile(r"(?:By|Von|Par|Por) \S", re.IGNORECASE)
# Where what is meant for editors only begins.
_NOTES: Final = re.compile(
    r"^#+ .*(?:notebook|notizblock|notes? to editors?|redaktionelle hinweise)"
    r"|^the following .*not (?:intended )?for publication"
    r"|^(?:die )?folgende.* nicht (?:zur|f(?:ü|ue)r die) ver(?:ö|oe)ffentlichung",
    re.IGNORECASE,
)
_STARS: Final = re.compile(r"[* _-]{3,}")
_SIGNATURE: Final = re.compile(r"[a-z]{2,6}(?: [a-z]{2,5}){1,8}")


def read_iptc7901(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the messages of a file; one that broke off on its way is a reject."""
    for message in read_messages(context):
        yield message if isinstance(message, Reject) else _read_message(message, context)


def _read_message(message: Message, context: ReadContext) -> RawArticle | Reject:
    metadata, slugline = _read_header(message.header)
    title, text_lines = _split_title(split_lines(message.body))
    flags, headline, byline = _read_title(title)
    if headline is None and _HEADLINE_ABOVE.fullmatch(slugline):
        headline = slugline
    text_lines, notes = _split_notes(text_lines)
    text = join_lines("\n".join(text_lines))
    if not text:
        detail = f"message {message.number} ({headline or slugline}) has no text below its headline"
        return context.reject(message.number, "empty_text", detail)
    stated = {
        "slugline": slugline,
        "editorial_note": join_lines("\n".join(notes)),
        "version": ", ".join(flags),
    }
    sender = metadata.get("agency")
    return RawArticle(
        record_number=message.number,
        text=text,
        source_id=_make_id(metadata),
        headline=headline,
        byline=byline,
        publisher=str(sender) if sender else None,
        published_at=_find_time(message.trailer),
        metadata={**metadata, **{name: value for name, value in stated.items() if value}},
    )


def _read_header(header: str) -> tuple[dict[str, object], str]:
    """Return the fields of the header, and the slugline below it."""
    first, *others = [line.strip() for line in split_lines(header) if line.strip()] or [""]
    slugline = " ".join(others).strip().rstrip("/")
    match = _HEADER.fullmatch(first)
    if match is None:
        return ({"header": first} if first else {}), slugline
    fields: dict[str, object] = {
        "service": match["service"],
        "provider_sequence": match["number"],
        "priority": int(match["priority"]),
        "urgency": int(match["priority"]),
        "category": match["category"],
    }
    if match["words"]:
        fields["word_count"] = int(match["words"])
    if match["rest"] and (sender := _SENDER.search(match["rest"])):
        fields["agency"] = sender["agency"]
        fields["agency_number"] = sender["number"]
    return fields, slugline


def _make_id(fields: dict[str, object]) -> str | None:
    return f"{fields['service']}{fields['provider_sequence']}" if "service" in fields else None


def _split_title(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of the title, which ends with "=", and those of the text."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    for index, line in enumerate(lines[first : first + _MOST_TITLE_LINES], first):
        if line.rstrip().endswith("="):
            title = [part.strip() for part in lines[first : index + 1]]
            title[-1] = title[-1].rstrip("= ")
            return [part for part in title if part], lines[index + 1 :]
        if not line.strip():
            # Not closed, as some wires leave it: a line alone that is no sentence.
            is_title = index == first + 1 and _OPEN_TITLE.fullmatch(lines[first])
            return ([lines[first].strip()], lines[index:]) if is_title else ([], lines)
    return [], lines


def _read_title(lines: list[str]) -> tuple[list[str], str | None, str | None]:
    """Return the flags above the headline, the headline and the byline below it."""
    byline = lines[-1] if len(lines) > 1 and _BYLINE.match(lines[-1]) else None
    rest = lines[:-1] if byline else lines
    flags = []
    while len(rest) > 1 and _is_flag(rest[0]):
        flags.append(rest[0])
        rest = rest[1:]
    return flags, " ".join(rest) or None, byline


def _is_flag(line: str) -> bool:
    """Return whether a line tells editors what the message is: "1ST LEAD", "(Achtung)"."""
    return line.startswith("(") or (line.upper() == line and len(line) <= 40)


def _split_notes(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines to be printed, and those for editors below them."""
    for index, line in enumerate(lines):
        if _NOTES.search(line):
            before = lines[:index]
            while before and (not before[-1].strip() or _STARS.fullmatch(before[-1].strip())):
                before.pop()
            return before, lines[index:]
    last = next((i for i in reversed(range(len(lines))) if lines[i].strip()), None)
    if last and not lines[last - 1].strip() and _SIGNATURE.fullmatch(lines[last].strip()):
        return lines[:last], lines[last:]
    return lines, []


def _find_time(trailer: str) -> str | None:
    """Return the time in the last line as RFC 822 writes it, or None when there is none."""
    match = _TIME.search(trailer)
    if match is None:
        return None
    month = match["month"]
    month = _MONTHS.get(month[:3].lower(), month[:3])
    clock = f"{match['hour']}:{match['minute']}"
    return f"{match['day']} {month} {match['year']} {clock} {match['zone'] or ''}".strip()
