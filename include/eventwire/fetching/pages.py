"""Fetching the pages that feeds and sitemaps name: each once, within limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from reader import Entry

from include.eventwire.fetching.client import Client
from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.report import FetchReport
from include.eventwire.fetching.resting_hosts import RestingHosts, host_of
from include.eventwire.fetching.robots_cache import RobotsCache
from include.eventwire.fetching.state import SourceState
from include.eventwire.fetching.warc_files import WarcFile

_HTML: Final = ("text/html", "application/xhtml+xml")
_ACCEPT: Final = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
# Failures of a host rather than of one of its pages.
_OF_HOST: Final = ("no_connection", "timeout", "not_now")


class PageFetcher:
    """Fetches the pages of one source that wait."""

    def __init__(
        self,
        client: Client,
        state: SourceState,
        robots: RobotsCache,
        hosts: RestingHosts,
        limits: FetchLimits,
        report: FetchReport,
        is_over: Callable[[], bool],
    ) -> None:
        """Fetch with `client`, ask `robots` before, and count in `report`.

        `is_over` tells whether the time of the run is up.
        """
        self._client = client
        self._state = state
        self._robots = robots
        self._hosts = hosts
        self._limits = limits
        self._report = report
        self._is_over = is_over
        self._failures: Counter[str] = Counter()
        self._left_alone: set[str] = set()

    def fetch_waiting(self, warc: WarcFile, max_pages: int, moment: datetime) -> None:
        """Fetch pages into `warc`, the newest first, until none waits or a limit is reached.

        Args:
            warc: File to which the pages are added.
            max_pages: How many addresses are tried at most.
            moment: Present moment, in UTC.
        """
        n_tried = 0
        for entry in self._state.waiting():
            if n_tried >= max_pages or self._is_over():
                return
            if entry.link is None or self._state.is_fetched(entry.link):
                self._report.n_without_link += entry.link is None
                self._state.finish(entry)
                continue
            if (host := host_of(entry.link)) in self._left_alone or self._hosts.rests(host):
                continue
            n_tried += 1
            self._try(entry, entry.link, host, warc, moment)

    def _try(self, entry: Entry, link: str, host: str, warc: WarcFile, moment: datetime) -> None:
        try:
            exchange = self._client.get(
                link,
                max_bytes=self._limits.max_page_bytes,
                headers={"Accept": _ACCEPT},
                before=self._robots.check,
                check=_check_type,
            )
        except FetchError as error:
            self._note_failure(entry, link, host, error, moment)
            return
        self._failures[host] = 0
        warc.add(exchange, _said_by_feed(entry))
        self._report.n_pages += 1
        self._report.received_bytes += exchange.received_bytes
        for url in {link, exchange.url}:
            self._state.mark_fetched(url, moment)
        self._state.finish(entry)

    def _note_failure(
        self, entry: Entry, link: str, host: str, error: FetchError, moment: datetime
    ) -> None:
        self._report.add_page_failure(link, error)
        if error.reason in _OF_HOST:
            self._note_host(host, error)
        if error.reason == "not_now":
            return  # the page itself was not tried
        if error.may_pass and self._state.count_attempt(entry) < self._limits.max_attempts:
            return
        self._report.n_given_up += 1
        self._state.mark_fetched(link, moment)
        self._state.finish(entry)

    def _note_host(self, host: str, error: FetchError) -> None:
        self._failures[host] += 1
        if error.reason == "not_now" or self._failures[host] >= self._limits.max_failures_of_host:
            self._left_alone.add(host)
        self._hosts.note(host, error)


def _check_type(url: str, headers: Mapping[str, str]) -> None:
    stated = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if stated and stated not in _HTML:
        raise FetchError("wrong_type", f"{url[:200]} is {stated[:80]}, no web page")


def _said_by_feed(entry: Entry) -> dict[str, str]:
    """Return what the feed says of a page, by the names that the reader of WARC knows."""
    said = {
        "headline": entry.title,
        "published_at": entry.published and entry.published.astimezone(UTC).isoformat(),
        "byline": ", ".join(author.name for author in entry.authors if author.name),
        "language": next((part.language for part in entry.content if part.language), None),
        "feed": entry.feed_url,
    }
    return {key: value for key, value in said.items() if value}
