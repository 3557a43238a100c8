"""What a run did for one source."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from include.eventwire.fetching.errors import FetchError

_MOST_FAILURES: Final = 200
_LONGEST_URL: Final = 2000


@dataclass(slots=True)
class FetchReport:
    """Counts of one run for one source, and what failed.

    Attributes:
        source: Name of the source.
        run: Name of the run, which its files bear.
        n_feeds: Feeds and sitemaps that were asked.
        n_not_modified: Of these, those without a change.
        n_feeds_failed: Of these, those that could not be had.
        n_feeds_resting: Of these, those whose host asked before to be left alone.
        n_sitemaps_left_out: Sitemaps of an index that are more than are polled.
        n_new_entries: Entries that were not known.
        n_pages: Pages that were fetched.
        n_given_up: Pages that failed and will not be tried again.
        n_without_link: Entries that name no page.
        n_waiting: Pages that wait for the next run.
        received_bytes: Bytes of bodies on the network.
        page_failures: How many pages failed, by reason.
        failures: What failed: `kind` ("feed" or "page"), `url`, `reason`, `detail`; of the pages
            the first 200.
        files: Files that were written, relative to the landing area.
    """

    source: str
    run: str
    n_feeds: int = 0
    n_not_modified: int = 0
    n_feeds_failed: int = 0
    n_feeds_resting: int = 0
    n_sitemaps_left_out: int = 0
    n_new_entries: int = 0
    n_pages: int = 0
    n_given_up: int = 0
    n_without_link: int = 0
    n_waiting: int = 0
    received_bytes: int = 0
    page_failures: dict[str, int] = field(default_factory=dict)
    failures: list[dict[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add_feed_failure(self, url: str, error: FetchError) -> None:
        """Count a feed or sitemap that could not be had."""
        if error.reason == "resting":
            self.n_feeds_resting += 1
        else:
            self.n_feeds_failed += 1
        self.failures.append(_describe("feed", url, error))

    def add_page_failure(self, url: str, error: FetchError) -> None:
        """Count a page that could not be had."""
        self.page_failures[error.reason] = self.page_failures.get(error.reason, 0) + 1
        if sum(self.page_failures.values()) <= _MOST_FAILURES:
            self.failures.append(_describe("page", url, error))

    def to_json(self) -> dict[str, Any]:
        """Return the report as it is written."""
        return asdict(self)

    def describe(self) -> str:
        """Return the report in one line."""
        parts = [
            f"{self.n_feeds:,} feeds",
            f"{self.n_not_modified:,} not modified",
            f"{self.n_new_entries:,} new entries",
            f"{self.n_pages:,} pages",
            f"{self.received_bytes:,} bytes",
        ]
        others = {
            "feeds failed": self.n_feeds_failed,
            "feeds resting": self.n_feeds_resting,
            "sitemaps left out": self.n_sitemaps_left_out,
            "entries without a link": self.n_without_link,
            **{f"pages {reason}": n for reason, n in sorted(self.page_failures.items())},
            "pages given up": self.n_given_up,
            "pages waiting": self.n_waiting,
        }
        parts += [f"{n:,} {what}" for what, n in others.items() if n]
        return f"{self.source}: {', '.join(parts)} -> {', '.join(self.files) or 'no file'}"


def _describe(kind: str, url: str, error: FetchError) -> dict[str, str]:
    return {"kind": kind, "url": url[:_LONGEST_URL], "reason": error.reason, "detail": error.detail}
