"""When the next request to a host may be made."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from include.eventwire.fetching.errors import FetchError

_LONGEST_WAIT_SECONDS: Final = 24 * 3600.0
# A run does not wait longer for one request; the page waits for the next run instead.
_LONGEST_PAUSE_SECONDS: Final = 60.0


class Pacer:
    """Keeps the pause between two requests to one host, and leaves hosts alone that ask for it.

    Args:
        pause_seconds: Pause that the source asks for, a minute at most.
        sleep: Waits for some seconds.
        now: Returns the seconds of a clock that only goes forward.
    """

    def __init__(
        self,
        pause_seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin without having asked any host."""
        self._pause = pause_seconds
        self._pauses: dict[str, float] = {}
        self._next_at: dict[str, float] = {}
        self._sleep = sleep
        self._now = now

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Keep at least `pause_seconds` between requests to `host` (Crawl-delay)."""
        self._pauses[host] = max(pause_seconds, self._pauses.get(host, self._pause))

    def wait(self, host: str) -> None:
        """Wait until `host` may be asked again, and count this as a request.

        Raises:
            FetchError: That takes longer than a minute.
        """
        if (seconds := self._next_at.get(host, 0.0) - self._now()) > _LONGEST_PAUSE_SECONDS:
            raise FetchError("not_now", f"{host} asks for a pause of {seconds:.0f} seconds")
        if seconds > 0:
            self._sleep(seconds)
        self._next_at[host] = self._now() + self._pauses.get(host, self._pause)

    def rest(self, host: str, seconds: float) -> None:
        """Ask `host` nothing for `seconds`."""
        self._next_at[host] = max(self._next_at.get(host, 0.0), self._now() + seconds)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, a day at most, or None.

    Args:
        value: The header: seconds or an HTTP date.
        now: The present moment, with a zone.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)
