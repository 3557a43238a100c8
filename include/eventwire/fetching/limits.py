"""What fetching allows itself: read from the environment once, then passed around."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from include.eventwire.settings import Settings, SettingsError

DEFAULT_USER_AGENT = "Eventwire/1.0 (news research; set EVENTWIRE_USER_AGENT to name yourself)"


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of time and size, and how the requests present themselves.

    Attributes:
        user_agent: Sent with every request (EVENTWIRE_USER_AGENT); its first word up to "/" is
            the name that robots.txt files are asked for.
        max_page_bytes: Largest page, also once decompressed (EVENTWIRE_MAX_PAGE_BYTES).
        max_feed_bytes: Largest feed or sitemap, also once decompressed
            (EVENTWIRE_MAX_FEED_BYTES).
        connect_seconds: For a connection to one address of a server.
        read_seconds: For the server to send anything at all.
        total_seconds: For one response from the connection to its last byte
            (EVENTWIRE_FETCH_SECONDS): a server that sends a byte now and then is cut off. Names
            are resolved by the system, which has limits of its own.
        max_redirects: How many redirects one request follows.
        max_attempts: In how many runs a page that failed is tried.
        max_wait_seconds: Longest Retry-After that is waited for within a run.
        max_run_seconds: After this time a run fetches no more pages; they wait for the next.
        max_failures_of_host: After so many failed connections in a row a host is left alone
            for the rest of the run.
        max_child_sitemaps: How many sitemaps that others list are polled, in their order.
        parse_seconds: For parsing one feed or sitemap.
        ca_bundle: File of the certificates that servers are believed by (EVENTWIRE_CA_BUNDLE);
            None = those of the package `certifi`.
    """

    user_agent: str = DEFAULT_USER_AGENT
    max_page_bytes: int = 5 * 1024 * 1024
    max_feed_bytes: int = 16 * 1024 * 1024
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_redirects: int = 5
    max_attempts: int = 3
    max_wait_seconds: float = 30.0
    max_run_seconds: float = 1800.0
    max_failures_of_host: int = 3
    max_child_sitemaps: int = 50
    parse_seconds: float = 120.0
    ca_bundle: str | None = None

    @property
    def robots_name(self) -> str:
        """Name by which robots.txt files know this program."""
        return self.user_agent.split("/", 1)[0].split()[0]

    @classmethod
    def from_environment(
        cls, settings: Settings, environment: Mapping[str, str] | None = None
    ) -> FetchLimits:
        """Return the limits that the variables `EVENTWIRE_...` ask for.

        Args:
            settings: Settings of the run.
            environment: Variables by name; those of the process when None.

        Raises:
            SettingsError: A value cannot be used; the message names the variable.
        """
        values = os.environ if environment is None else environment
        default = cls()
        return cls(
            user_agent=_header(values, "EVENTWIRE_USER_AGENT", DEFAULT_USER_AGENT),
            max_page_bytes=settings.max_page_bytes,
            max_feed_bytes=_number(values, "EVENTWIRE_MAX_FEED_BYTES", default.max_feed_bytes),
            total_seconds=_number(values, "EVENTWIRE_FETCH_SECONDS", int(default.total_seconds)),
            ca_bundle=_file(values, "EVENTWIRE_CA_BUNDLE"),
        )


def _header(values: Mapping[str, str], name: str, default: str) -> str:
    written = values.get(name, "").strip() or default
    if not (written.isascii() and written.isprintable()) or not written[0].isalnum():
        raise SettingsError(
            f"{name}={written!r} must be printable ASCII that begins with the program's name"
        )
    return written


def _file(values: Mapping[str, str], name: str) -> str | None:
    written = values.get(name, "").strip()
    if written and not Path(written).is_file():
        raise SettingsError(f"{name}={written!r} is no file")
    return written or None


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    written = values.get(name, "").strip()
    if not written:
        return default
    if not (written.isascii() and written.isdigit()) or int(written) < 1:
        raise SettingsError(f"{name}={written!r} is no whole number of 1 or more")
    return int(written)
