"""The robots.txt of each host: fetched once a day, through the same guard as everything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from urllib3.util import parse_url

from include.eventwire.fetching.client import Client
from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.pacing import Pacer
from include.eventwire.fetching.robots import MAX_ROBOTS_BYTES, RobotsRules, parse_robots
from include.eventwire.fetching.state import SourceState

_KEPT_FOR: Final = timedelta(days=1)
# What makes a robots.txt unreachable, so that nothing may be fetched for now (RFC 9309, 2.3.1.4).
_UNREACHABLE: Final = ("no_connection", "timeout", "bad_response", "not_now", "too_large")


class RobotsCache:
    """Tells what may be fetched from each host."""

    def __init__(
        self,
        client: Client,
        state: SourceState,
        limits: FetchLimits,
        pacer: Pacer,
        moment: datetime,
    ) -> None:
        """Use what `state` keeps that is younger than a day at `moment`."""
        self._client = client
        self._state = state
        self._limits = limits
        self._pacer = pacer
        self._moment = moment
        self._known: dict[str, RobotsRules | FetchError] = {}

    def check(self, url: str) -> None:
        """Raise a FetchError when `url` may not be fetched, or not now."""
        parts = parse_url(url)
        origin = parts._replace(path=None, query=None, fragment=None).url
        rules = self._rules_of(origin)
        if rules.crawl_delay and parts.host:
            self._pacer.slow_down(parts.host.strip("[]"), rules.crawl_delay)
        if not rules.allow(parts.request_uri):
            raise FetchError("robots", f"{origin}/robots.txt forbids {parts.request_uri[:200]}")

    def _rules_of(self, origin: str) -> RobotsRules:
        if origin not in self._known:
            try:
                self._known[origin] = parse_robots(self._text_of(origin), self._limits.robots_name)
            except FetchError as error:
                self._known[origin] = error
        found = self._known[origin]
        if isinstance(found, FetchError):
            raise found
        return found

    def _text_of(self, origin: str) -> str:
        key = f"robots/{origin}"
        kept = self._state.get(key)
        if kept and self._moment - datetime.fromisoformat(kept["at"]) < _KEPT_FOR:
            return str(kept["text"])
        text = self._fetch(origin)
        self._state.put(key, {"at": self._moment.isoformat(), "text": text})
        return text

    def _fetch(self, origin: str) -> str:
        try:
            # Of a longer file the beginning counts; one that is far longer is no robots.txt.
            exchange = self._client.get(f"{origin}/robots.txt", max_bytes=8 * MAX_ROBOTS_BYTES)
        except FetchError as error:
            is_absent = error.status is not None and 400 <= error.status < 500
            if error.reason == "redirects" or (error.reason == "bad_status" and is_absent):
                return ""
            if error.reason in (*_UNREACHABLE, "bad_status"):
                raise FetchError(
                    "not_now",
                    f"{origin}/robots.txt cannot be had: {error}",
                    wait_seconds=error.wait_seconds,
                ) from error
            raise
        return exchange.body[:MAX_ROBOTS_BYTES].decode(errors="replace")
