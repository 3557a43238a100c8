"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, RDF, CDF and the exports of WordPress; a record an entry.

feedparser reads them, well-formed or not. Its cleaning of HTML is left out, which would take five
times as long as all the rest: bodies become plain text by `markup.text_of_fragment`, which leaves
out scripts, and titles are stripped of tags. Which text of an entry counts and what is no article
is told in `feed_entry.py`, what is special in exports of WordPress in `wordpress.py`.

A feed that is no well-formed XML is read as far as possible, and its articles have the fault in
their metadata (`feed_fault`). Where it breaks off within an entry, that entry is a reject.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast
from xml.sax import SAXException, SAXParseException

import feedparser
from feedparser.encodings import convert_to_utf8

from include.eventwire.decoding import UndecodableError, decode_text
from include.eventwire.readers.feed_dates import date_as_written
from include.eventwire.readers.feed_entry import (
    FeedEntry,
    absolute_link,
    read_entry,
    text_of_title,
)
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.readers.wordpress import body_of_post, facts_of_post, find_unpublished
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
_ENTRY_BEGINS: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTRY_ENDS: Final = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_MOST_MEDIA: Final = 20

# What feedparser makes of an element: a dictionary of texts, lists and dictionaries.
_Values = Mapping[str, object]


class FeedError(ValueError):
    """A document is no feed that can be read.

    Attributes:
        reason: Code of the reject: "broken_record", "unsafe_input" or "undecodable_text".
    """

    def __init__(self, message: str, reason: str = "broken_record") -> None:
        """Make the error with its message for a person and the code of its reject."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, in its order.

    Attributes:
        entries: The whole entries.
        title: Title of the feed as plain text, or None.
        fault: What is wrong with the document, or None.
        is_cut_off: Whether the document ends within an entry, which is left out.
    """

    entries: tuple[FeedEntry, ...]
    title: str | None = None
    fault: str | None = None
    is_cut_off: bool = False


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
    if feed.is_cut_off:
        detail = f"the feed ends within this entry: {feed.fault}"
        yield context.reject(len(feed.entries) + 1, "broken_record", detail)


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
    """Return the whole entries of a feed; see `load_feed`."""
    return load_feed(data, content_type, location).entries


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
    try:
        document = _to_utf8(data, content_type or "application/xml")
        _check_entities(document)
        parsed = _parse(document, location)
    except (FeedError, TookTooLongError):
        raise
    except Exception as error:
        raise FeedError(f"feedparser fails: {type(error).__name__}: {error}") from error
    fault = _fault_of(parsed)
    entries = _list(parsed, "entries")
    if not entries and (fault or not parsed["version"]):
        raise FeedError(f"no feed that can be read: {fault or 'it has no element of a feed'}")
    is_cut_off = bool(entries) and fault is not None and _ends_within_entry(document)
    if is_cut_off:
        entries.pop()
    feed = cast("_Values", parsed["feed"])
    return Feed(
        entries=tuple(_make_entry(entry, feed, fault, location) for entry in entries),
        title=text_of_title(_text(feed, "title")),
        fault=fault,
        is_cut_off=is_cut_off,
    )


def _read_in_time(entry: FeedEntry, number: int, context: ReadContext) -> RawArticle | Reject:
    try:
        with time_limit(context.settings.max_article_seconds):
            return read_entry(entry, number, context)
    except TookTooLongError as error:
        return context.reject(number, "took_too_long", str(error))


def _to_utf8(data: bytes, content_type: str) -> bytes:
    """Return the document in UTF-8, as which it is then declared whatever its prolog says."""
    found: dict[str, object] = {}
    document: bytes = convert_to_utf8({"content-type": content_type}, data, found)
    if "bozo_exception" not in found or found["encoding"] not in _LAST_RESORTS:
        return document
    try:
        return decode_text(data)[0].encode()
    except UndecodableError as error:
        raise FeedError(str(error), "undecodable_text") from error


def _check_entities(document: bytes) -> None:
    for value in _ENTITY.findall(document):
        if not _SHORT_VALUE.fullmatch(value):
            raise FeedError(
                "the document declares long or nested entities, as XML bombs do; take its DOCTYPE "
                "out if it is to be trusted",
                "unsafe_input",
            )


def _parse(document: bytes, location: str | None) -> _Values:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if location:
        headers["content-location"] = location
    parsed: _Values = feedparser.parse(
        io.BytesIO(document),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    return parsed


def _fault_of(parsed: _Values) -> str | None:
    error = parsed.get("bozo_exception")
    if isinstance(error, SAXParseException):
        return f"line {error.getLineNumber()}: {error.getMessage()}"
    return str(error) if isinstance(error, SAXException) else None


def _ends_within_entry(document: bytes) -> bool:
    begins = max((match.start() for match in _ENTRY_BEGINS.finditer(document)), default=-1)
    return begins > max((match.start() for match in _ENTRY_ENDS.finditer(document)), default=-1)


def _make_entry(
    entry: _Values, feed: _Values, fault: str | None, location: str | None
) -> FeedEntry:
    base = absolute_link(_text(feed, "link"), location) or location
    link = _text(entry, "feedburner_origlink") or _text(entry, "link")
    title = text_of_title(_text(feed, "title"))
    content = _body(entry, "content")
    post = facts_of_post(entry)
    return FeedEntry(
        id=_text(entry, "id"),
        link=absolute_link(link, base),
        title=text_of_title(_text(entry, "title")),
        author=_authors(entry),
        published=_date(entry, "published") or _date(entry, "created"),
        updated=_date(entry, "updated"),
        language=_language(entry) or _text(feed, "language"),
        summary_html=_body(entry, "summary") or _text(entry, "excerpt_encoded"),
        content_html=body_of_post(content) if post and content else content,
        categories=tuple(_categories(entry)),
        publisher=_publisher(entry, feed),
        rights=_text(entry, "rights") or _text(feed, "rights"),
        media=tuple(_media(entry)),
        metadata=tuple({"feed_title": title, "feed_fault": fault, **post}.items()),
    )


def _text(values: object, name: str) -> str | None:
    # `dict.get`, since feedparser's own gives other fields in place of those that are missing.
    value = dict.get(values, name) if isinstance(values, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def _list(values: _Values, name: str) -> list[_Values]:
    found = values.get(name)
    return (
        [value for value in found if isinstance(value, Mapping)] if isinstance(found, list) else []
    )


def _date(entry: _Values, name: str) -> str | None:
    parsed = dict.get(entry, f"{name}_parsed") if isinstance(entry, dict) else None
    return date_as_written(_text(entry, name), parsed)


def _body(entry: _Values, name: str) -> str | None:
    """Return the content or the summary of an entry as HTML, of several the longest."""
    values = _list(entry, "content") if name == "content" else [entry.get("summary_detail")]
    bodies = [_as_html(value) for value in values if isinstance(value, Mapping)]
    return max(filter(None, bodies), key=len, default=None)


def _as_html(value: _Values) -> str | None:
    text, kind = _text(value, "value"), _text(value, "type") or "text/html"
    if text is None or not (kind.startswith("text/") or kind.endswith(("html", "xml"))):
        return None  # a picture in base64
    return html.escape(text, quote=False) if kind == "text/plain" else text


def _language(entry: _Values) -> str | None:
    details = (*_list(entry, "content"), entry.get("title_detail"), entry.get("summary_detail"))
    return next(filter(None, (_text(detail, "language") for detail in details)), None)


def _authors(entry: _Values) -> str | None:
    names = (_text(author, "name") for author in _list(entry, "authors"))
    return ", ".join(dict.fromkeys(filter(None, names))) or _text(entry, "author")


def _publisher(entry: _Values, feed: _Values) -> str | None:
    named = (
        _text(entry.get("source"), "title"),
        _text(entry, "publisher"),
        _text(feed, "publisher"),
        _text(feed, "title"),
    )
    return text_of_title(next(filter(None, named), None))


def _categories(entry: _Values) -> Iterator[dict[str, str]]:
    for tag in _list(entry, "tags"):
        term, label = (text_of_title(_text(tag, name)) for name in ("term", "label"))
        scheme = _text(tag, "scheme")
        found = {"code": term if label else None, "name": label or term, "scheme": scheme}
        if label or term:
            yield {name: value for name, value in found.items() if value}


def _media(entry: _Values) -> Iterator[str]:
    enclosed = [_text(value, "href") for value in _list(entry, "enclosures")]
    shown = [_text(value, "url") for value in _list(entry, "media_content")]
    yield from list(dict.fromkeys(filter(None, enclosed + shown)))[:_MOST_MEDIA]
