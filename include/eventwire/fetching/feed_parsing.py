"""What a feed or sitemap names: its pages, and further sitemaps."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from include.eventwire.fetching.bodies import gunzip_file
from include.eventwire.fetching.client import Exchange
from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers.feed import parse_feed
from include.eventwire.readers.feed_document import FeedError
from include.eventwire.readers.feed_entry import FeedEntry
from include.eventwire.readers.json_feed import parse_json_feed
from include.eventwire.readers.published import read_published_at
from include.eventwire.readers.safe_xml import XmlError
from include.eventwire.readers.sitemap import SitemapEntry, parse_sitemap
from include.eventwire.time_limits import TookTooLongError, time_limit


@dataclass(frozen=True, slots=True)
class NamedPage:
    """An article that a feed or sitemap names.

    Attributes:
        id: What the feed calls it; its address where it has no name.
        link: Address of its page, or None.
        headline: Headline as plain text, or None.
        published_at: Time of publication in UTC, or None.
        updated_at: Time of the last change in UTC, or None.
        byline: Authors, or None.
        language: Language as written, or None.
        content_hash: Hash of what the feed holds of its text; empty without any.
    """

    id: str
    link: str | None = None
    headline: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    byline: str | None = None
    language: str | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document names.

    Attributes:
        pages: Articles, in its order.
        sitemaps: Addresses of further sitemaps.
    """

    pages: tuple[NamedPage, ...]
    sitemaps: tuple[str, ...] = ()


def parse_listing(
    exchange: Exchange, profile: SourceProfile, limits: FetchLimits, *, is_sitemap: bool
) -> Listing:
    """Return what the response holds.

    Args:
        exchange: The response with a feed or sitemap.
        profile: Its source, for the zone of times that name none.
        limits: Limits of size and time.
        is_sitemap: Whether it is a sitemap and no feed.

    Raises:
        FetchError: It cannot be read.
    """
    zone = ZoneInfo(profile.time_zone)
    try:
        with time_limit(limits.parse_seconds):
            if is_sitemap:
                return _parse_sitemap(gunzip_file(exchange.body, limits.max_feed_bytes), zone)
            return Listing(tuple(_of_feed(entry, zone) for entry in _parse_feed(exchange)))
    except (FeedError, XmlError) as error:
        raise FetchError("bad_content", str(error)) from error
    except TookTooLongError as error:
        detail = f"reading it takes longer than {limits.parse_seconds:g} seconds"
        raise FetchError("bad_content", detail) from error


def _parse_sitemap(body: bytes, zone: ZoneInfo) -> Listing:
    sitemap = parse_sitemap(body)
    return Listing(tuple(_of_sitemap(entry, zone) for entry in sitemap.entries), sitemap.sitemaps)


def _parse_feed(exchange: Exchange) -> tuple[FeedEntry, ...]:
    if exchange.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return parse_json_feed(exchange.body)
    return parse_feed(exchange.body, exchange.header("Content-Type"), exchange.url)


def _of_feed(entry: FeedEntry, zone: ZoneInfo) -> NamedPage:
    content = f"{entry.summary_html or ''}\0{entry.content_html or ''}"
    content_hash = hashlib.sha256(content.encode(errors="replace")).hexdigest()
    return NamedPage(
        id=entry.id or entry.link or content_hash,
        link=entry.link,
        headline=entry.title,
        published_at=_time(entry.published, zone),
        updated_at=_time(entry.updated, zone),
        byline=entry.author,
        language=entry.language,
        content_hash=content_hash,
    )


def _of_sitemap(entry: SitemapEntry, zone: ZoneInfo) -> NamedPage:
    return NamedPage(
        id=entry.loc,
        link=entry.loc,
        headline=entry.title,
        published_at=_time(entry.publication_date, zone),
        updated_at=_time(entry.lastmod, zone),
        language=entry.language,
    )


def _time(written: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a time in UTC, or None where it cannot be read: the page states its own."""
    if written is None:
        return None
    try:
        return read_published_at(written, zone).astimezone(UTC)
    except ValueError:
        return None
