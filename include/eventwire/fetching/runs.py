"""One run of fetching for one source: poll, fetch, land, remember. In this order.

The state is committed after the files are in place. A run that is killed before leaves at most
files, and the next one fetches again what they hold; the batch that reads both finds the copies.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from urllib3.util import parse_url

from include.eventwire.fetching.client import Client
from include.eventwire.fetching.errors import FetchError, SourceFailedError
from include.eventwire.fetching.guard import Guard
from include.eventwire.fetching.landing import Landing
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.pacing import Pacer
from include.eventwire.fetching.pages import PageFetcher
from include.eventwire.fetching.polling import Poll, Poller
from include.eventwire.fetching.report import FetchReport
from include.eventwire.fetching.resting_hosts import RestingHosts
from include.eventwire.fetching.robots_cache import RobotsCache
from include.eventwire.fetching.state import SourceState, open_state
from include.eventwire.fetching.warc_files import WarcFile, open_warc
from include.eventwire.inputs.sources import SourceProfile, SourcesError, load_sources
from include.eventwire.settings import Settings

_LOG = logging.getLogger(__name__)


def list_fetched(settings: Settings, names: Sequence[str] = ()) -> list[SourceProfile]:
    """Return the sources that have feeds or sitemaps, or those of them that are named.

    Raises:
        SourcesError: The file of sources cannot be used, a name is unknown, or a source that is
            named has neither feeds nor sitemaps.
    """
    sources = load_sources(settings.sources)
    chosen = [sources.named(name) for name in names] or sources.profiles
    fetched = [profile for profile in chosen if profile.feeds or profile.sitemaps]
    for profile in chosen if names else ():
        if profile not in fetched:
            raise SourcesError(f"source {profile.name!r} declares neither feeds nor sitemaps")
    return fetched


def make_guard(profile: SourceProfile) -> Guard:
    """Return the guard for the requests of a source."""
    parts = [parse_url(url) for url in (*profile.feeds, *profile.sitemaps)]
    named = {(part.host.strip("[]"), part.port) for part in parts if part.host and part.port}
    return Guard(allow_local=profile.local, named_hosts=frozenset(named))


class SourceRun:
    """A run for one source.

    Args:
        profile: The source.
        landing: The landing area.
        run_at: Moment that the run is for, in UTC: the same when it is tried again.
        limits: Limits of time and size.
        max_pages: How many pages are tried at most; None = as the source says.
        guard: Decides where requests may go; None = as the source says.
        pacer: Keeps the pauses; None = as the source says.
        now: Returns the present moment in UTC.
    """

    def __init__(
        self,
        profile: SourceProfile,
        landing: Path,
        run_at: datetime,
        limits: FetchLimits,
        *,
        max_pages: int | None = None,
        guard: Guard | None = None,
        pacer: Pacer | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare the run; nothing is asked or written yet."""
        self._profile = profile
        self._root = landing
        self._run_at = run_at
        self._limits = limits
        self._max_pages = max_pages or profile.max_pages_per_run
        self._guard = guard or make_guard(profile)
        self._pacer = pacer or Pacer(profile.seconds_between_requests)
        self._now = now

    def fetch(self) -> tuple[FetchReport, Path]:
        """Poll the feeds, fetch the pages, and return the report and where it was written.

        Raises:
            SourceBusyError: Another run fetches the source at this moment.
            SourceFailedError: None of its feeds and sitemaps could be had. What pages waited from
                earlier runs was fetched, and the report is written.
        """
        client = Client(self._guard, self._limits, self._pacer)
        with open_state(self._root, self._profile.folder) as state, closing(client):
            landing = Landing(self._root, self._profile, state, self._run_at)
            report = FetchReport(self._profile.name, landing.run)
            with open_warc(landing.hidden, f"{self._profile.folder}.warc.gz") as warc:
                self._fill(warc, client, state, landing, report)
                if warc.n_records:
                    path = landing.folder(self._now()) / f"{landing.run}.warc.gz"
                    warc.place(path)
                    report.files.append(path.relative_to(self._root).as_posix())
            landing.remember_run()
            state.commit()
            written = landing.write_report(report)
        _LOG.info("%s", report.describe())
        _check_outcome(report)
        return report, written

    def _fill(
        self,
        warc: WarcFile,
        client: Client,
        state: SourceState,
        landing: Landing,
        report: FetchReport,
    ) -> None:
        moment = self._now()
        ends_at = time.monotonic() + self._limits.max_run_seconds

        def is_over() -> bool:
            return time.monotonic() > ends_at

        hosts = RestingHosts(state, moment)
        poller = Poller(client, state, hosts, self._profile, self._limits, is_over)
        for url, outcome in poller.poll_all():
            self._note(url, outcome, warc, landing, report)
        if not self._profile.fetch_pages:
            return
        robots = RobotsCache(client, state, self._limits, self._pacer, moment)
        fetcher = PageFetcher(client, state, robots, hosts, self._limits, report, is_over)
        fetcher.fetch_waiting(warc, self._max_pages, moment)
        report.n_waiting = state.n_waiting()

    def _note(
        self,
        url: str,
        outcome: Poll | FetchError,
        warc: WarcFile,
        landing: Landing,
        report: FetchReport,
    ) -> None:
        """Count what polling `url` brought and keep the document if there is news in it."""
        report.n_feeds += 1
        if isinstance(outcome, FetchError):
            report.add_feed_failure(url, outcome)
            return
        report.n_new_entries += outcome.n_new
        report.n_sitemaps_left_out += outcome.n_left_out
        if outcome.exchange is None:
            report.n_not_modified += 1
            return
        report.received_bytes += outcome.exchange.received_bytes
        if self._profile.fetch_pages:
            if outcome.n_new:
                warc.add(outcome.exchange)
            return
        if not outcome.n_new and not outcome.n_modified:
            return
        path = landing.write_feed(outcome.exchange, url, self._now())
        report.files.append(path.relative_to(self._root).as_posix())


def _check_outcome(report: FetchReport) -> None:
    if report.n_feeds_failed and report.n_feeds_failed == report.n_feeds - report.n_feeds_resting:
        told = "; ".join(
            f"{failure['url']}: {failure['reason']}: {failure['detail']}"
            for failure in report.failures
            if failure["kind"] == "feed"
        )
        raise SourceFailedError(
            f"{report.source}: none of its {report.n_feeds} feeds and sitemaps could be had: "
            f"{told[:2000]}"
        )
