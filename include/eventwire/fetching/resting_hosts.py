"""Hosts that asked to be left alone for a while (Retry-After), also across runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from urllib3.util import parse_url

from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.state import SourceState


class RestingHosts:
    """Remembers until when each host is left alone."""

    def __init__(self, state: SourceState, moment: datetime) -> None:
        """Judge by what `state` keeps, as of `moment`, a time in UTC."""
        self._state = state
        self._moment = moment

    def rests(self, host: str) -> bool:
        """Return whether `host` is to be left alone at present."""
        until = self._state.get(_key(host)).get("until")
        return until is not None and datetime.fromisoformat(until) > self._moment

    def note(self, host: str, error: FetchError) -> None:
        """Remember what `error` says of how long to wait, if anything."""
        if error.wait_seconds is not None:
            until = self._moment + timedelta(seconds=error.wait_seconds)
            self._state.put(_key(host), {"until": until.isoformat()})


def host_of(url: str) -> str:
    """Return the host of an address; an empty text for one that has none."""
    try:
        return parse_url(url).host or ""
    except ValueError:  # the client says what is wrong with the address
        return ""


def _key(host: str) -> str:
    return f"rest/{host}"
