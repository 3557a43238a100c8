"""JSON Feed 1.0 and 1.1 (jsonfeed.org): a record an item.

Which text of an item counts and what is no article is told in `feed_entry.py`; of HTML and plain
text the HTML counts. Addresses that are not absolute are completed by that of the site.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Final

from include.eventwire.cleaning.decoding import UndecodableError, decode_text
from include.eventwire.readers.feed import read_entries
from include.eventwire.readers.feed_document import FeedError
from include.eventwire.readers.feed_entry import FeedEntry, absolute_link, text_of_title
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject

_VERSION: Final = "jsonfeed.org/version/"

_Values = Mapping[str, object]


def read_json_feed(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the items of a JSON Feed; the number of a record is its position among them."""
    data = read_whole_file(context)
    if isinstance(data, Reject):
        yield data
        return
    try:
        items = load_items(data, context.profile.encoding)
    except FeedError as error:
        yield context.reject(None, error.reason, str(error))
        return
    yield from read_entries(items, context)


def parse_json_feed(data: bytes) -> tuple[FeedEntry, ...]:
    """Return the items of a JSON Feed that can be read.

    Raises:
        FeedError: The document is no JSON Feed.
    """
    return tuple(item for item in load_items(data) if isinstance(item, FeedEntry))


def load_items(data: bytes, encoding: str | None = None) -> list[FeedEntry | FeedError]:
    """Return the items of a JSON Feed in its order, an error in place of each broken one.

    Raises:
        FeedError: The document is no JSON Feed.
    """
    try:
        feed = json.loads(decode_text(data, encoding)[0])
    except UndecodableError as error:
        raise FeedError(str(error), "undecodable_text") from error
    except ValueError as error:
        raise FeedError(f"no JSON: {error}") from error
    except RecursionError as error:
        raise FeedError("the document is nested too deeply") from error
    if not isinstance(feed, dict) or _VERSION not in str(feed.get("version")):
        raise FeedError(f"no JSON Feed: its 'version' does not name {_VERSION}")
    if not isinstance(feed.get("items"), list):
        raise FeedError("the feed has no list 'items'")
    return [_read_item(item, feed) for item in feed["items"]]


def _read_item(item: object, feed: _Values) -> FeedEntry | FeedError:
    if not isinstance(item, dict):
        return FeedError("the item is no JSON object")
    try:
        return _make_entry(item, feed)
    except FeedError as error:
        return error


def _make_entry(item: _Values, feed: _Values) -> FeedEntry:
    base = _text(feed, "home_page_url") or _text(feed, "feed_url")
    external = absolute_link(_text(item, "external_url"), base)
    plain = _text(item, "content_text")
    title = text_of_title(_text(feed, "title"))
    summary = _text(item, "summary")
    return FeedEntry(
        id=_id(item),
        link=absolute_link(_text(item, "url"), base) or external,
        title=text_of_title(_text(item, "title")),
        author=_authors(item) or _authors(feed),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        language=_text(item, "language") or _text(feed, "language"),
        summary_html=summary and html.escape(summary, quote=False),
        content_html=_text(item, "content_html") or (plain and html.escape(plain, quote=False)),
        categories=tuple(
            {"name": tag} for tag in _list(item, "tags") if isinstance(tag, str) and tag
        ),
        publisher=title,
        media=tuple(_media(item)),
        metadata=tuple({"feed_title": title, "external_url": external}.items()),
    )


def _text(values: _Values, name: str) -> str | None:
    value = values.get(name)
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise FeedError(f"{name!r} is no text")


def _id(item: _Values) -> str | None:
    value = item.get("id")  # 1.0 asks readers to take numbers for texts
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else _text(item, "id")


def _list(values: _Values, name: str) -> list[object]:
    value = values.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise FeedError(f"{name!r} is no list")


def _authors(values: _Values) -> str | None:
    # 1.0 has one author, 1.1 a list of them.
    authors = _list(values, "authors") or [values.get("author")]
    names = (_text(author, "name") for author in authors if isinstance(author, dict))
    return ", ".join(filter(None, names)) or None


def _media(item: _Values) -> Iterator[str]:
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict) and (address := _text(attachment, "url")):
            yield address
