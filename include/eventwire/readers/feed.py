"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, RDF, CDF and the exports of WordPress; a record an entry.

feedparser reads them, well-formed or not. Its cleaning of HTML is left out, which would take five
times as long as all the rest: bodies become plain text by `markup.text_of_fragment`, which leaves
out scripts, and titles are stripped of tags. Which text of an entry counts and what is no article
is told in `feed_entry.py`, what is special in exports of WordPress in `wordpress.py`. Dates are
passed on as they are written: feedparser fills in what it does not understand ("2004-07" is its
first day, an unknown zone UTC).

A feed that is no well-formed XML is read as far as possible, and its articles have the fault in
their metadata (`feed_fault`). Where it breaks off within an entry, that entry is a reject, and so
is one that holds bytes which are no UTF-8 in a feed that otherwise is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast
from xml.sax import SAXException, SAXParseException

import feedparser
from feedparser.encodings import convert_to_utf8

from include.eventwire.decoding import UndecodableError, decode_text
from include.eventwire.readers.feed_entry import FeedEntry, read_entry, text_of_title
from include.eventwire.readers.feedparser_entry import Values, list_of, make_entry, text_of
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.readers.wordpress import find_unpublished
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

# A feed of 10,000 entries has about 10 MB, which take two seconds.
_BYTES_PER_SECOND: Final = 1024 * 1024
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
_LOST: Final = "\ufffd"
_UTF_8_SHARE: Final = 10
# The memory that feedparser needs grows with the tags, and the faster the deeper they are nested.
# A feed of 16 MB with 10,000 whole articles has a million tags, of which one in ten is not closed.
_MOST_TAGS: Final = 2_000_000
_MOST_OPEN_TAGS: Final = 300_000
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml")
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


_DAMAGED: Final = FeedError(
    "the entry holds bytes that are not UTF-8, as which the rest of the feed can be read",
    "undecodable_text",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, in its order.

    Attributes:
        entries: The entries, an error in place of each broken one.
        title: Title of the feed as plain text, or None.
        fault: What is wrong with the document, or None.
    """

    entries: tuple[FeedEntry | FeedError, ...]
    title: str | None = None
    fault: str | None = None


def read_feed(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the entries of a feed; the number of a record is its position among them."""
    data = read_whole_file(context)
    if isinstance(data, Reject):
        yield data
        return
    seconds = context.settings.max_article_seconds + len(data) / _BYTES_PER_SECOND
    encoding = context.profile.encoding
    try:
        with time_limit(seconds):
            feed = load_feed(data, encoding and f"application/xml; charset={encoding}")
    except FeedError as error:
        yield context.reject(None, error.reason, str(error))
        return
    except TookTooLongError as error:
        yield context.reject(None, "took_too_long", f"the feed as a whole: {error}")
        return
    yield from read_entries(feed.entries, context)


def read_entries(
    entries: Iterable[FeedEntry | FeedError], context: ReadContext
) -> Iterator[RawArticle | Reject]:
    """Yield the article or reject of each entry, numbered from 1."""
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, FeedError):
            yield context.reject(number, entry.reason, str(entry))
        elif unpublished := find_unpublished(dict(entry.metadata)):
            yield context.reject(number, "not_an_article", unpublished)
        else:
            yield _read_in_time(entry, number, context)


def parse_feed(
    data: bytes, content_type: str | None = None, location: str | None = None
) -> tuple[FeedEntry, ...]:
    """Return the entries of a feed that can be read; see `load_feed`."""
    entries = load_feed(data, content_type, location).entries
    return tuple(entry for entry in entries if isinstance(entry, FeedEntry))


def load_feed(data: bytes, content_type: str | None = None, location: str | None = None) -> Feed:
    """Return the feed that the document `data` is.

    Args:
        data: The document as received.
        content_type: Content-Type that it was served with; its charset comes before the encoding
            that the document declares.
        location: Address of the feed, for links that are not absolute.

    Raises:
        FeedError: Nothing can be read, or the document declares entities as bombs do.
    """
    document, is_damaged = _to_utf8(data, content_type or "application/xml")
    _check_tags(document)
    _check_entities(document)
    parsed = _parse(document, location)
    fault = _fault_of(parsed, has_prolog=_PROLOG.match(data[:64].replace(b"\0", b"")) is not None)
    entries = list_of(parsed, "entries")
    if not entries and (fault or not parsed["version"]):
        raise FeedError(f"no feed that can be read: {fault or 'it has no element of a feed'}")
    feed = cast("Values", parsed["feed"])
    made = [make_entry(entry, feed, fault, location) for entry in entries]
    read = [_DAMAGED if is_damaged and _LOST in repr(entry) else entry for entry in made]
    if read and fault and _ends_within_entry(document):
        read[-1] = FeedError(f"the feed ends within this entry: {fault}")
    return Feed(tuple(read), text_of_title(text_of(feed, "title")), fault)


def _read_in_time(entry: FeedEntry, number: int, context: ReadContext) -> RawArticle | Reject:
    try:
        with time_limit(context.settings.max_article_seconds):
            return read_entry(entry, number, context)
    except TookTooLongError as error:
        return context.reject(number, "took_too_long", str(error))


def _to_utf8(data: bytes, content_type: str) -> tuple[bytes, bool]:
    """Return the document in UTF-8, and whether some of its bytes are lost.

    Its prolog may still say something else.
    """
    found: dict[str, object] = {}
    with _failures_named():
        document: bytes = convert_to_utf8({"content-type": content_type}, data, found)
    if "bozo_exception" not in found or found["encoding"] not in _LAST_RESORTS:
        return document, False
    text = data.decode("utf-8", "replace")
    n_lost = text.count(_LOST)
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


def _parse(document: bytes, location: str | None) -> Values:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if location:
        headers["content-location"] = location
    with _failures_named():
        parsed: Values = feedparser.parse(
            io.BytesIO(document),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    return parsed


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn any error of feedparser, which stumbles over some broken feeds, into ours."""
    try:
        yield
    except TookTooLongError:
        raise
    except Exception as error:
        raise FeedError(f"feedparser fails: {type(error).__name__}: {error}") from error


def _fault_of(parsed: Values, *, has_prolog: bool) -> str | None:
    error = parsed.get("bozo_exception")
    if isinstance(error, SAXParseException):
        # feedparser puts a line in front of a document without a prolog.
        line = (error.getLineNumber() or 0) - (not has_prolog)
        return f"line {line}: {error.getMessage()}"
    return str(error) if isinstance(error, SAXException) else None


def _ends_within_entry(document: bytes) -> bool:
    begins = max((match.start() for match in _ENTRY_BEGINS.finditer(document)), default=-1)
    return begins > max((match.start() for match in _ENTRY_ENDS.finditer(document)), default=-1)
