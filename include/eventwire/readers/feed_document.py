"""The document of a feed in UTF-8, once it has been seen that feedparser can read it safely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from feedparser.encodings import convert_to_utf8

from include.eventwire.cleaning.decoding import UndecodableError, decode_text
from include.eventwire.time_limits import TookTooLongError

# What stands for bytes and references that are no characters.
LOST: Final = "\ufffd"

# A declared entity may stand for a character or a short word. Longer ones, and those that are made
# of others, are what bombs are built of.
_ENTITY: Final = re.compile(
    rb"<!ENTITY\s+(?:%\s+)?[^\s\"'>]+\s+(\"[^\"]*\"|'[^']*')", re.IGNORECASE
)
_SHORT_VALUE: Final = re.compile(rb".(?:[^&%<]|&#\w{1,8};){0,16}.", re.DOTALL)
# What feedparser falls back on when nothing that was declared fits.
_LAST_RESORTS: Final = ("", "windows-1252", "iso-8859-2")
# Bytes that are no UTF-8. A feed with ten times as many other characters beyond ASCII is in UTF-8,
# and was damaged on its way.
_UTF_8_SHARE: Final = 10
# References to no character, such as half a surrogate pair.
_REFERENCE: Final = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
# The memory that feedparser needs grows with the tags, and the faster the deeper they are nested.
# A feed of 16 MB with 10,000 whole articles has a million tags, of which one in ten is not closed.
_MOST_TAGS: Final = 2_000_000
_MOST_OPEN_TAGS: Final = 300_000
_ENTRY_BEGINS: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTRY_ENDS: Final = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")


class FeedError(ValueError):
    """A document is no feed that can be read.

    Attributes:
        reason: Code of the reject: "broken_record", "too_large", "unsafe_input" or
            "undecodable_text".
    """

    def __init__(self, message: str, reason: str = "broken_record") -> None:
        """Make the error with its message for a person and the code of its reject."""
        super().__init__(message)
        self.reason = reason


def read_document(data: bytes, content_type: str) -> tuple[bytes, bool]:
    """Return the document in UTF-8, and whether some of its characters are `LOST`.

    Its prolog may still name another encoding. A document in UTF-8 of which few bytes are none is
    read all the same.

    Args:
        data: The document as received.
        content_type: Content-Type that it was served with.

    Raises:
        FeedError: It has too many tags, declares entities as bombs do, or is no text.
    """
    document, is_damaged = _to_utf8(data, content_type)
    _check_tags(document)
    _check_entities(document)
    cleaned = _REFERENCE.sub(_keep_character, document)
    return cleaned, is_damaged or cleaned != document


def ends_within_entry(document: bytes) -> bool:
    """Return whether the last entry of a document is not closed."""
    begins = max((match.start() for match in _ENTRY_BEGINS.finditer(document)), default=-1)
    return begins > max((match.start() for match in _ENTRY_ENDS.finditer(document)), default=-1)


@contextmanager
def name_failures() -> Iterator[None]:
    """Turn any error of feedparser, which stumbles over some broken feeds, into ours."""
    try:
        yield
    except TookTooLongError:
        raise
    except Exception as error:
        raise FeedError(f"feedparser fails: {type(error).__name__}: {error}") from error


def _to_utf8(data: bytes, content_type: str) -> tuple[bytes, bool]:
    found: dict[str, object] = {}
    with name_failures():
        document: bytes = convert_to_utf8({"content-type": content_type}, data, found)
    if "bozo_exception" not in found or found["encoding"] not in _LAST_RESORTS:
        return document, False
    text = data.decode("utf-8", "replace")
    n_lost = text.count(LOST)
    if sum(not char.isascii() for char in text) > _UTF_8_SHARE * n_lost:
        return text.encode(), True
    try:
        return decode_text(data)[0].encode(), False
    except UndecodableError as error:
        raise FeedError(str(error), "undecodable_text") from error


def _check_tags(document: bytes) -> None:
    n_tags = document.count(b"<")
    n_open = n_tags - 2 * document.count(b"</") - document.count(b"/>")
    if n_tags > _MOST_TAGS or n_open > _MOST_OPEN_TAGS:
        raise FeedError(
            f"the document has {n_tags:,} tags, of which {n_open:,} are not closed; taken are "
            f"{_MOST_TAGS:,} and {_MOST_OPEN_TAGS:,}",
            "too_large",
        )


def _check_entities(document: bytes) -> None:
    for value in _ENTITY.findall(document):
        if not _SHORT_VALUE.fullmatch(value):
            raise FeedError(
                "the document declares long or nested entities, as XML bombs do; take its DOCTYPE "
                "out if it is to be trusted",
                "unsafe_input",
            )


def _keep_character(reference: re.Match[bytes]) -> bytes:
    digits = (reference[1] or reference[2]).lstrip(b"0")
    code = int(digits or b"0", 16 if reference[1] else 10) if len(digits) < 8 else -1
    is_character = 0 < code < 0xD800 or 0xDFFF < code < 0x110000
    return reference[0] if is_character else LOST.encode()
