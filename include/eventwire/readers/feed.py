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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast
from xml.sax import SAXException, SAXParseException

import feedparser

from include.eventwire.readers.feed_document import (
    LOST,
    FeedError,
    ends_within_entry,
    name_failures,
    read_document,
)
from include.eventwire.readers.feed_entry import FeedEntry, read_entry, text_of_title
from include.eventwire.readers.feedparser_entry import Values, list_of, make_entry, text_of
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.readers.wordpress import find_unpublished
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

# A feed of 10,000 entries has about 10 MB, which take two seconds.
_BYTES_PER_SECOND: Final = 1024 * 1024
_DAMAGED: Final = FeedError(
    "the entry holds bytes or references that are no characters; the rest of the feed can be read",
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
    document, is_damaged = read_document(data, content_type or "application/xml")
    parsed = _parse(document, location)
    fault = _fault_of(parsed, has_prolog=b"<?xml" in data[:64].replace(b"\0", b""))
    entries = list_of(parsed, "entries")
    if not entries and (fault or not parsed["version"]):
        raise FeedError(f"no feed that can be read: {fault or 'it has no element of a feed'}")
    feed = cast("Values", parsed["feed"])
    made = [make_entry(entry, feed, fault, location) for entry in entries]
    read = [_DAMAGED if is_damaged and LOST in repr(entry) else entry for entry in made]
    if read and fault and ends_within_entry(document):
        read[-1] = FeedError(f"the feed ends within this entry: {fault}")
    return Feed(tuple(read), text_of_title(text_of(feed, "title")), fault)


def _read_in_time(entry: FeedEntry, number: int, context: ReadContext) -> RawArticle | Reject:
    try:
        with time_limit(context.settings.max_article_seconds):
            return read_entry(entry, number, context)
    except TookTooLongError as error:
        return context.reject(number, "took_too_long", str(error))


def _parse(document: bytes, location: str | None) -> Values:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if location:
        headers["content-location"] = location
    with name_failures():
        parsed: Values = feedparser.parse(
            io.BytesIO(document),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    return parsed


def _fault_of(parsed: Values, *, has_prolog: bool) -> str | None:
    error = parsed.get("bozo_exception")
    if isinstance(error, SAXParseException):
        # feedparser puts a line in front of a document without a prolog.
        line = (error.getLineNumber() or 0) - (not has_prolog)
        return f"line {line}: {error.getMessage()}"
    return str(error) if isinstance(error, SAXException) else None
