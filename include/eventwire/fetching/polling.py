"""Polling the feeds and sitemaps of a source: only what changed is transferred.

The library `reader` keeps the state and asks whoever is mounted for the documents and for what is
in them. Both are ours: `_Retriever` makes every request through the guarded client, `_Parser` reads
feeds as the readers of landed files do. They are mounted at `Reader._parser`, which reader
documents as its internal interface ("mount_retriever", "mount_parser_by_url"): it has no public
one for either. The release of reader is pinned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from reader import Content, ParseError, Reader
from reader._parser import HTTPInfo, NotModified, RetrievedFeed, RetrieveError
from reader._types import EntryData, FeedData
from reader.types import Author

from include.eventwire.fetching.client import Client, Exchange
from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.feed_parsing import NamedPage, parse_listing
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.resting_hosts import RestingHosts, host_of
from include.eventwire.fetching.state import SourceState
from include.eventwire.inputs.sources import SourceProfile

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_CHILDREN: Final = "sitemaps"
_LISTED: Final = "listed"


@dataclass(frozen=True, slots=True)
class Poll:
    """What polling one feed or sitemap brought.

    Attributes:
        exchange: The response, when the document changed, else None.
        n_new: Entries that were not known.
        n_modified: Entries that are known and have changed.
        n_left_out: Sitemaps of an index that are more than are polled.
    """

    exchange: Exchange | None = None
    n_new: int = 0
    n_modified: int = 0
    n_left_out: int = 0


class Poller:
    """Polls the feeds and sitemaps of one source."""

    def __init__(
        self,
        client: Client,
        state: SourceState,
        hosts: RestingHosts,
        profile: SourceProfile,
        limits: FetchLimits,
        is_over: Callable[[], bool],
    ) -> None:
        """Mount our retriever into the reader of `state`.

        `is_over` tells whether the time of the run is up.
        """
        self._reader: Reader = state.reader
        self._hosts = hosts
        self._is_over = is_over
        self._profile = profile
        self._limits = limits
        self._retriever = _Retriever(client, limits)
        # What reader would mount by itself stays away: no other retriever is there to be asked.
        self._reader._parser.lazy_init_funcs.clear()
        for prefix in ("http://", "https://"):
            self._reader._parser.mount_retriever(prefix, self._retriever)

    def poll_all(self) -> Iterator[tuple[str, Poll | FetchError]]:
        """Yield each address with what polling it brought or why it failed.

        A sitemap index is followed by the sitemaps that it lists. In the end, feeds that are no
        longer declared are forgotten with the entries that wait; sitemaps that an index no longer
        lists stay until none of their pages waits.
        """
        queue = deque([(url, False) for url in self._profile.feeds])
        queue.extend((url, True) for url in self._profile.sitemaps)
        known = {url for url, _ in queue}
        n_declared = len(known)
        while queue:
            url, is_sitemap = queue.popleft()
            outcome = self._poll(url, is_sitemap=is_sitemap)
            children = [child for child in self._children(url) if child not in known]
            n_room = max(0, self._limits.max_child_sitemaps - (len(known) - n_declared))
            known.update(children[:n_room])
            queue.extend((child, True) for child in children[:n_room])
            self._note_listed(children[:n_room])
            if isinstance(outcome, Poll) and len(children) > n_room:
                outcome = Poll(
                    outcome.exchange, outcome.n_new, outcome.n_modified, len(children) - n_room
                )
            yield url, outcome
        self._forget_all_but(known)

    def _poll(self, url: str, *, is_sitemap: bool) -> Poll | FetchError:
        self._reader.add_feed(url, exist_ok=True, allow_invalid_url=True)
        if self._is_over():
            return FetchError("no_time", "the time of the run was over before")
        if self._hosts.rests(host := host_of(url)):
            return FetchError("resting", f"{host} asked in an earlier run to be left alone")
        parser = _Parser(self._profile, self._limits, is_sitemap=is_sitemap)
        self._reader._parser.mount_parser_by_url(url, parser)
        try:
            updated = self._reader.update_feed(url)
        except ParseError as error:
            if isinstance(cause := error.__cause__, FetchError):
                self._hosts.note(host, cause)
                return cause
            return FetchError("bad_content", str(error))
        exchange, sitemaps = parser.take()
        if updated is None or exchange is None:
            return Poll()
        if is_sitemap:
            self._reader.set_tag(url, _CHILDREN, list(sitemaps))
        return Poll(exchange, updated.new, updated.modified)

    def _note_listed(self, children: list[str]) -> None:
        for child in children:
            self._reader.add_feed(child, exist_ok=True, allow_invalid_url=True)
            self._reader.set_tag(child, _LISTED, {})

    def _children(self, url: str) -> list[str]:
        """Return the sitemaps that an index listed when it was last read."""
        kept = self._reader.get_tag(url, _CHILDREN, None)
        return [str(child) for child in kept] if isinstance(kept, list) else []

    def _forget_all_but(self, known: set[str]) -> None:
        for url in [feed.url for feed in self._reader.get_feeds()]:
            if url not in known and not self._still_waits(url):
                self._reader.delete_feed(url)

    def _still_waits(self, url: str) -> bool:
        """Return whether `url` is a sitemap that an index dropped while pages of it wait."""
        is_child = self._reader.get_tag(url, _LISTED, None) is not None
        if not is_child or not self._profile.sitemaps:
            return False
        return bool(self._reader.get_entry_counts(feed=url, read=False).total)


class _Retriever:
    """Gets documents for reader through the guarded client."""

    def __init__(self, client: Client, limits: FetchLimits) -> None:
        self._client = client
        self._limits = limits

    @contextmanager
    def __call__(
        self, url: str, caching_info: Any = None, accept: str | None = None
    ) -> Iterator[RetrievedFeed[Exchange]]:
        headers = {"Accept": accept or _ACCEPT, **_conditions(caching_info)}
        try:
            exchange = self._client.get(url, max_bytes=self._limits.max_feed_bytes, headers=headers)
        except FetchError as error:
            raise RetrieveError(url, message=str(error)) from error
        info = HTTPInfo(exchange.status, dict(exchange.headers))
        if exchange.status == 304:
            raise NotModified(url, http_info=info)
        yield RetrievedFeed(exchange, None, _caching_info(exchange), info)

    def validate_url(self, url: str) -> None:
        """Leave it to the client to judge `url`."""


class _Parser:
    """Reads one document for reader, and keeps it until it is taken."""

    def __init__(self, profile: SourceProfile, limits: FetchLimits, *, is_sitemap: bool) -> None:
        self._profile = profile
        self._limits = limits
        self._is_sitemap = is_sitemap
        self._read: tuple[Exchange | None, tuple[str, ...]] = (None, ())

    def take(self) -> tuple[Exchange | None, tuple[str, ...]]:
        """Return the response that was read and the sitemaps it lists; they are kept no longer."""
        read, self._read = self._read, (None, ())
        return read

    def __call__(
        self,
        url: str,
        resource: Exchange,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 - as called
    ) -> tuple[FeedData, list[EntryData]]:
        try:
            listing = parse_listing(
                resource, self._profile, self._limits, is_sitemap=self._is_sitemap
            )
        except FetchError as error:
            raise ParseError(url, message=str(error)) from error
        self._read = (resource, listing.sitemaps)
        pages: dict[str, NamedPage] = {}
        for page in listing.pages:
            pages.setdefault(page.id, page)
        with_hash = not self._profile.fetch_pages
        return FeedData(url), [
            _make_entry(url, page, with_hash=with_hash) for page in pages.values()
        ]


def _make_entry(feed_url: str, page: NamedPage, *, with_hash: bool) -> EntryData:
    # No texts: that keeps the state small. Where they are what counts, their hash tells reader
    # when they change.
    language = (Content("", None, page.language),) if page.language else ()
    return EntryData(
        feed_url=feed_url,
        id=_storable(page.id),
        title=page.headline and _storable(page.headline),
        link=page.link and _storable(page.link),
        authors=(Author(_storable(page.byline)),) if page.byline else (),
        published=page.published_at,
        updated=page.updated_at,
        summary=page.content_hash if with_hash else None,
        content=language,
    )


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _conditions(caching_info: Any) -> dict[str, str]:
    kept = caching_info if isinstance(caching_info, dict) else {}
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return {header: str(kept[key]) for header, key in pairs if kept.get(key)}


def _caching_info(exchange: Exchange) -> dict[str, Any] | None:
    pairs = (("etag", "ETag"), ("last-modified", "Last-Modified"))
    return {key: value for key, name in pairs if (value := exchange.header(name))} or None
