"""What feedparser makes of one entry of a feed, under our names."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Final

from include.eventwire.readers.feed_entry import FeedEntry, absolute_link, text_of_title
from include.eventwire.readers.wordpress import body_of_post, facts_of_post

# What feedparser makes of an element: a dictionary of texts, lists and dictionaries.
Values = Mapping[str, object]

_MOST_MEDIA: Final = 20


def make_entry(entry: Values, feed: Values, fault: str | None, location: str | None) -> FeedEntry:
    """Return what an entry says.

    Args:
        entry: The entry as feedparser has it.
        feed: What feedparser has of the feed as a whole.
        fault: What is wrong with the document, or None.
        location: Address of the feed, for links that are not absolute.
    """
    base = absolute_link(text_of(feed, "link"), location) or location
    link = text_of(entry, "feedburner_origlink") or text_of(entry, "link")
    title = text_of_title(text_of(feed, "title"))
    content = _body(entry, "content")
    post = facts_of_post(entry)
    return FeedEntry(
        id=text_of(entry, "id"),
        link=absolute_link(link, base),
        title=text_of_title(text_of(entry, "title")),
        author=_authors(entry),
        published=text_of(entry, "published") or text_of(entry, "created"),
        updated=text_of(entry, "updated"),
        language=_language(entry) or text_of(feed, "language"),
        summary_html=_body(entry, "summary") or text_of(entry, "excerpt_encoded"),
        content_html=body_of_post(content) if post and content else content,
        categories=tuple(_categories(entry)),
        publisher=_publisher(entry, feed),
        rights=text_of(entry, "rights") or text_of(feed, "rights"),
        media=tuple(_media(entry)),
        metadata=tuple({"feed_title": title, "feed_fault": fault, **post}.items()),
    )


def text_of(values: object, name: str) -> str | None:
    """Return the text that `values` have under `name`, without spaces around it, or None."""
    # `dict.get`, since feedparser's own gives other fields in place of those that are missing.
    value = dict.get(values, name) if isinstance(values, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def list_of(values: Values, name: str) -> list[Values]:
    """Return the dictionaries in the list that `values` have under `name`; none without one."""
    found = values.get(name)
    return (
        [value for value in found if isinstance(value, Mapping)] if isinstance(found, list) else []
    )


def _body(entry: Values, name: str) -> str | None:
    """Return the content or the summary of an entry as HTML, of several the longest."""
    values = list_of(entry, "content") if name == "content" else [entry.get("summary_detail")]
    bodies = [_as_html(value) for value in values if isinstance(value, Mapping)]
    return max(filter(None, bodies), key=len, default=None)


def _as_html(value: Values) -> str | None:
    text, kind = text_of(value, "value"), text_of(value, "type") or "text/html"
    if text is None or not (kind.startswith("text/") or kind.endswith(("html", "xml"))):
        return None  # a picture in base64
    return html.escape(text, quote=False) if kind == "text/plain" else text


def _language(entry: Values) -> str | None:
    details = (*list_of(entry, "content"), entry.get("title_detail"), entry.get("summary_detail"))
    return next(filter(None, (text_of(detail, "language") for detail in details)), None)


def _authors(entry: Values) -> str | None:
    names = (text_of(author, "name") for author in list_of(entry, "authors"))
    return ", ".join(dict.fromkeys(filter(None, names))) or text_of(entry, "author")


def _publisher(entry: Values, feed: Values) -> str | None:
    named = (
        text_of(entry.get("source"), "title"),
        text_of(entry, "publisher"),
        text_of(feed, "publisher"),
        text_of(feed, "title"),
    )
    return text_of_title(next(filter(None, named), None))


def _categories(entry: Values) -> Iterator[dict[str, str]]:
    for tag in list_of(entry, "tags"):
        term, label = (text_of_title(text_of(tag, name)) for name in ("term", "label"))
        scheme = text_of(tag, "scheme")
        found = {"code": term if label else None, "name": label or term, "scheme": scheme}
        if label or term:
            yield {name: value for name, value in found.items() if value}


def _media(entry: Values) -> Iterator[str]:
    enclosed = [text_of(value, "href") for value in list_of(entry, "enclosures")]
    shown = [text_of(value, "url") for value in list_of(entry, "media_content")]
    yield from list(dict.fromkeys(filter(None, enclosed + shown)))[:_MOST_MEDIA]
